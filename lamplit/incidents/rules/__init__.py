"""Rules of incidents: what may be said, what is promised, which duties run."""
