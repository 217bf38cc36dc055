"""Files in and out: what other systems hand over as a file, and what they are handed."""
