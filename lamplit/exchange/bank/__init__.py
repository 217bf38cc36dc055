"""What banks and payment firms hand over, read all or nothing: statements, Bacs credits, and files that a landlord maps."""
