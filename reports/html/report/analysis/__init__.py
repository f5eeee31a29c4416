"""The section that shows where the difference lies: its values and its scripts."""
