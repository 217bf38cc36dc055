"""Playing a case's dated events through a scratch landlord."""
