"""`make drill`: main is destroyed while tenants use it, the standby takes over, a clean folder brings all of it back."""
