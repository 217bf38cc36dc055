"""The door for firms' own systems: HACT repairs messages as JSON, in and out, under `/api/v1`."""
