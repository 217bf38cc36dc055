"""E-mail that comes in: `listener` takes it from the landlord's relay, `reading` reads it, `landing` says where it belongs."""
