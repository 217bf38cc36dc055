"""A made-up landlord with years of history and a living present, told as facts: the same number gives the same landlord."""
