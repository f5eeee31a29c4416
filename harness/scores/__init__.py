"""Scores from elsewhere: a file, or a command that computes them, for the outputs of a corpus."""

from xindaya.scores.sources import Source, load_scores, source_of

__all__ = ["Source", "load_scores", "source_of"]
