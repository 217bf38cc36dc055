"""What staff fill in. A form checks the shape of what was typed; whether it may be done, the actions say."""
