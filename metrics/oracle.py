"""What is sacrebleu's: the spelling of signatures, and tokenizers that the engine does not have.

The statistics come from `xindaya.metrics.engine`, which is proven equal to sacrebleu's; sacrebleu
is also one of its backends. The dependency is pinned to 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from xindaya.metrics.metric import reference_counts

if TYPE_CHECKING:
    from xindaya.pairs import Segment

_SHORT = {
    "nrefs": "#", "case": "c", "eff": "e", "smooth": "s", "space": "s", "norm": "nr", "punct": "pn",
    "asian": "as", "version": "v",
}  # fmt: skip
"""Keys of sacrebleu's signatures and what it shortens them to."""


def signature(segments: Sequence[Segment], **said: str | int | bool) -> str:
    """Returns a signature over these segments as sacrebleu spells it, without loading it.

    Args:
        segments: They say how many references there are.
        **said: What else the signature says, in sacrebleu's order.
    """
    counts = reference_counts(segments)
    known = {
        "nrefs": counts.pop() if len(counts) == 1 else "var",
        **said,
        "version": _version(),
    }
    words = {True: "yes", False: "no"}
    return "|".join(
        f"{key}:{words[value] if isinstance(value, bool) else value}"
        for key, value in known.items()
    )


@cache
def _version() -> str:
    from importlib import metadata  # not at the top: bare scores need no signature

    return metadata.version("sacrebleu")


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
    import logging

    from sacrebleu.metrics.bleu import BLEU

    # Its warnings repeat what our own checks report with more care.
    logging.getLogger("sacrebleu").setLevel(logging.ERROR)
    cut: Callable[[str], str] = BLEU(tokenize=name, force=True)._preprocess_segment
    return cut
