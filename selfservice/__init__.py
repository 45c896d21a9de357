"""The member self-service portal."""
