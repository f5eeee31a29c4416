"""One judge: which numbers may be compared, whether a difference is real, and in which words."""
