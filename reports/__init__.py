"""Views of a finished evaluation; nothing is computed here."""
