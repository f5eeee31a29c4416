"""What ``xindaya init`` writes: templates, sample texts, and a baseline measured on the spot."""

from xindaya.starter.place import place
from xindaya.starter.suite import CI, Suite, make_suite
from xindaya.starter.texts import FOLDER, Texts, sample_texts

__all__ = ["CI", "FOLDER", "Suite", "Texts", "make_suite", "place", "sample_texts"]
