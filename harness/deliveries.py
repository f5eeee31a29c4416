"""The last delivery: an earlier run whose terms this one is compared with."""

from __future__ import annotations

from pathlib import Path

from xindaya.metrics import Evaluation, check_corpus
from xindaya.metrics.terminology.deliveries import Delivery, compare_deliveries
from xindaya.pairs import ComparabilityError, UsageError
from xindaya.runs import load_run


def last_delivery(evaluation: Evaluation, run: str | Path) -> Delivery:
    """Compares the terms of an evaluation with those of an earlier run.

    The earlier texts are checked against the present termbase, whatever theirs was: a rendering is
    judged alike on both sides.

    Args:
        evaluation: The present one.
        run: Folder of the earlier run; its name is what the delivery is called.

    Raises:
        UsageError: If the evaluation has no termbase, or no system is in both.
        ComparabilityError: If the two translate in different directions.
        InputError: If the folder is no run folder.
    """
    if evaluation.terminology is None:
        raise UsageError("an earlier run shows how terms changed, and this run has no termbase")
    earlier = load_run(run)
    corpora = earlier.corpus, evaluation.corpus
    directions = [f"{c.source_lang} to {c.target_lang}" for c in corpora]
    if directions[0] != directions[1]:
        raise ComparabilityError(
            f"{run}: it translates {directions[0]}, this run {directions[1]}"
            "\n  hint: choose an earlier run in the same direction"
        )
    present = evaluation.terminology
    checked = check_corpus(
        earlier.corpus,
        present.termbase,
        waivers=earlier.terminology.waivers if earlier.terminology else (),
        fold_scripts="scripts:folded" in evaluation.signatures["Terms"],
        seed=present.seed,
    )
    return compare_deliveries(
        (earlier.corpus, checked),
        (evaluation.corpus, present),
        name=Path(run).resolve().name,
        seed=present.seed,
    )
