"""What is asked of sacrebleu itself: signatures, and tokenizers that the engine does not have.

The statistics come from `xindaya.metrics.engine`, which is proven equal to sacrebleu's; sacrebleu
is also one of its backends. The dependency is pinned to 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from xindaya.metrics.metric import reference_counts

if TYPE_CHECKING:
    from xindaya.pairs import Segment

_SHORT = {
    "nrefs": "#", "case": "c", "eff": "e", "smooth": "s", "space": "s", "norm": "nr", "punct": "pn",
    "asian": "as", "version": "v",
}  # fmt: skip
"""Keys of sacrebleu's signatures and what it shortens them to."""


def metric(name: str, **options: Any) -> Any:
    """Makes a sacrebleu metric.

    Args:
        name: ``BLEU``, ``CHRF`` or ``TER``.
        **options: As in sacrebleu.
    """
    # Not at the top: bare scores need no signature, and hence no sacrebleu.
    import logging

    from sacrebleu import metrics

    # Its warnings repeat what our own checks report with more care.
    logging.getLogger("sacrebleu").setLevel(logging.ERROR)
    return getattr(metrics, name)(**options)


def signature(theirs: Any, segments: Sequence[Segment]) -> str:
    """Returns sacrebleu's signature of one of its metrics over these segments."""
    counts = reference_counts(segments)
    theirs.num_refs = counts.pop() if len(counts) == 1 else -1
    return str(theirs.get_signature().format())


def shortened(text: str) -> str:
    """Returns a signature as sacrebleu shortens it; keys that are not its own stay.

    Args:
        text: A signature in full.
    """
    tercom = "tok:tercom" in text
    pairs = (part.partition(":") for part in text.split("|"))
    return "|".join(
        f"{'t' if tercom and key == 'tok' else _SHORT.get(key, key)}:{value}"
        for key, _, value in pairs
    )


def tokenizer(name: str) -> Callable[[str], str]:
    """Returns a function that cuts a text as sacrebleu does and joins the words with spaces."""
    cut: Callable[[str], str] = metric("BLEU", tokenize=name, force=True)._preprocess_segment
    return cut
