"""Reviewed segments of a triage: which were looked at, and which are bad."""

from __future__ import annotations

import math
from pathlib import Path

from xindaya.agreement.join import Choice, join
from xindaya.metrics.mqm import preset
from xindaya.pairs import Corpus, InputError, UsageError
from xindaya.pairs.ratings import read_ratings


def reviewed(
    corpus: Corpus, system: str, path: Path, limit: float, *, chosen: bool
) -> dict[int, bool]:
    """Reads which segments people scored, and which of them are bad.

    Args:
        corpus: With the outputs.
        system: Whose are meant.
        path: The scores, in any form that `agree` takes.
        limit: A score as bad as this, or worse, makes a segment bad.
        chosen: Whether somebody chose the limit; only MQM penalties have one of their own.

    Returns:
        Position of each scored segment to whether it is bad.

    Raises:
        InputError: If the file is malformed, of other texts, or scores systems only.
        UsageError: If a limit must be chosen.
    """
    languages = {"source_lang": corpus.source_lang, "target_lang": corpus.target_lang}
    ratings = read_ratings(path, **languages)
    joined = join(path, ratings, corpus, Choice((system,), True, None, preset("wmt")))
    if joined.human.scores is None:
        raise InputError(path, "scores of systems", "scores of segments")
    if not chosen and ratings.kind != "mqm":
        raise UsageError(
            f"{path}: --bad: say which score makes a segment bad: {joined.file.measure}"
        )
    sign = joined.human.sign
    return {
        place: sign * score <= sign * limit
        for place, score in enumerate(joined.human.scores[0].tolist())
        if not math.isnan(score)
    }
