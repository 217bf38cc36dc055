"""Files to and from Bacs: what we collect and pay, and what its reports say became of it."""
