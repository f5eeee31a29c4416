"""The vendor review: put together from a run, read back from its reviewers, and concluded."""
