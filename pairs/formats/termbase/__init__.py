"""Termbases: one module a format, what they share, and the registry that chooses among them."""
