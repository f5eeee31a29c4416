"""Inputs that hurt, and the comparison of an engine with sacrebleu: every integer, every bit.

Used by ``tests/metrics/test_engine.py`` (a few seconds), ``tests/fuzz/test_engine_fuzz.py`` (as
long as one likes), and, as a script, by the runs under sanitizers and with mutated kernels, where
the kernel to be tested comes from another place::

    python tests/fuzz/engine_cases.py --kernel DIR/_kernel.abi3.so --seed 1 --cases 2000
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

Outputs = Sequence[Sequence[str]]
References = Sequence[Sequence[str | None]]

PIECES = (
    # what the tokenizers look at
    *".,-.,-'’\"&<>;:!?()[]{}/\\*+=~`^_|@#$%",
    *"0123456789", "1.5", "1,000", "5-6", "..", ",.", ".,.", "...", "3.", ".3", "-5", "5-", "5.-",
    "&amp;", "&lt;", "&gt;", "&quot;", "&amp;lt;", "&amp;amp;quot;", "&am", "amp;", "&",
    "<skipped>", "<ski<skipped>pped>", "<skip", "-\n", "\n", "\n-", "<", "-<skipped>\n", "'s ", "'s",
    # whitespace that str.split knows, and some that it does not
    " ", " ", " ", "  ", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0",
    "\u1680", "\u2000", "\u2001", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
    "\u200b", "\ufeff", "\u180e",
    # Chinese, and the edges of sacrebleu's ranges
    *"的一是不了人我网信办国家，。！？、「」《》（）：；“”‘’…—·", "国家网信办", "\u2a6d", "\u2a6e", "\u2e7f",
    "\u2e80", "\u4db5", "\u4db6", "\u9fa5", "\u9fbb", "\u9fbc", "\uf8ff", "\uf900", "\ufa2e",
    "\uffef", "\ufff0", "\u303f", "\u3040", "\u30ab\u30bf", "\u3042", "\u31ff",
    # astral, control, combining, and what is no character at all
    "\U00020000", "\U0002a6d6", "\U0002f800", "\U0001f600", "\U0010ffff", "\0", "\x01", "\x7f",
    "\u0301", "e\u0301", "\u0130", "Σ", "ß", "\ud800", "\udfff", "\udc80",
    # letters, so that something matches
    *"aaabbcAB", "the", "the ", "a b", "cat ", "the cat ", "abcabc", "aaaa",
)  # fmt: skip

WORDS = ("a", "b", "c", "d", "e", "f", "g", "A", "the", "the", ".", "网", "信")

HOSTILE: tuple[tuple[Outputs, References], ...] = (
    ([[""], [" "], ["a"]], [[""]]),
    ([[""], ["a"]], [[" \u3000"]]),
    ([["a"], ["a"]], [[None, "a", None]]),
    ([["", "a b"], ["a", ""]], [["", None], [None, ""]]),
    ([["a.5", "5.5", "5.a", "a..5", "5..5", "5...a", ".5", "5.", "."]], [["a . 5"]] * 9),
    ([["1,000.5 - 6-7 --8", "a,b,,c", "-", "5-", "--5-"]], [["1,000.5"]] * 5),
    ([["&amp;lt;x&gt;", "a<skipped>b", "x-\ny\nz", "<ski<skipped>pped>", "-<skipped>\n"]],
     [["<x>", "< x >"]] * 5),
    # two references, equally close in length; equal F-scores; a better second one
    ([["a b c"]], [["a b", "a b c d"]]),
    ([["a b c"]], [["a b c d", "a b"]]),
    ([["abcd"]], [["abcx", "xbcd"]]),
    ([["the cat sat"]], [["the dog", "the cat sat", "the cat"]]),
    # one n-gram often, one n-gram in both references
    ([["aaaaaaaaaa", "a a a a a a a a"]], [["aaaa", "aaaaaa"], ["a a a", "a a a a a", "b a"]]),
    ([["abababab", "ab ab ab ab"]], [["ababab", "abab"], ["ab ab", "ab ab ab"]]),
    # longer than any counter of bytes
    ([["ab" * 700, "ab " * 700]], [["abb" * 500], ["ab b " * 400]]),
    # more different characters than a small table holds; a text beyond 16 bits
    ([["".join(map(chr, range(0x4E00, 0x4E00 + 3000)))]],
     [["".join(map(chr, range(0x4E05, 0x4E00 + 2800))) + "的一的一" * 50]]),
    ([["的一是abc" * 7000]], [["的一abcd" * 6000]]),
)  # fmt: skip


@lru_cache(1)
def shuffled() -> tuple[tuple[Outputs, References], ...]:
    """TER's limits: the beam, the longest shift, and the number of candidates."""
    rng = random.Random(3)
    cases = []
    for n, kinds, mix in (
        (30, 40, 8), (70, 60, 25), (90, 12, 30), (110, 300, 12), (12, 4, 9), (50, 20, 20),
        (50, 10, 20), (50, 15, 20), (40, 15, 12),
    ):  # fmt: skip
        reference = [rng.choice([f"w{k}" for k in range(kinds)]) for _ in range(n)]
        output = list(reference)
        for _ in range(mix):
            at, to = rng.randrange(len(output)), rng.randrange(len(output))
            size = rng.randrange(1, 14 if n > 60 else 6)
            block = output[at : at + size]
            del output[at : at + size]
            output[to:to] = block
        cases.append(([[" ".join(output)], [" ".join(output[: n // 3])]], [[" ".join(reference)]]))
    # Just inside and just outside the beam; blocks as long as a shift may be, and longer.
    numbered = [f"n{k}" for k in range(60)]
    for junk in (24, 25, 26):
        ahead = [f"x{k}" for k in range(junk)]
        behind = [f"y{k}" for k in range(junk)]
        cases.append(([[" ".join(ahead + numbered)]], [[" ".join(numbered + behind)]]))
    for size in (9, 10, 11):
        moved = numbered[20:40] + numbered[:size] + numbered[40:]
        cases.append(([[" ".join(moved)]], [[" ".join(numbered[:size] + numbered[20:])]]))
    for distance in (49, 50, 51):
        reference = [*numbered[:distance], "z", *numbered[distance:]]
        cases.append(([[" ".join(["z", *numbered])]], [[" ".join(reference)]]))
    long, short = " ".join(f"w{k % 7}" for k in range(400)), "w1 w2 x w0"
    return (*cases, ([[long]], [[short]]), ([[short]], [[long, short]]), ([["x"]], [[long]]))


# ---- Comparison ------------------------------------------------------------------------------


def differences(
    engine: Any, outputs: Outputs, references: References, *,
    ter: Iterable[int] = (0, 3, 7, 8, 14),
) -> Iterator[str]:  # fmt: skip
    """Yields a line for each metric whose rows are not exactly sacrebleu's.

    `ter` lists what to compute of TER: sums of 1 normalized, 2 asian_support, 4 no_punct, 8
    case_sensitive.
    """
    from xindaya.metrics.engine import sacre
    from xindaya.metrics.engine.interface import add_up

    def check(metric: str, **kwargs: Any) -> Iterator[str]:
        rows = getattr(engine, f"{metric}_rows")(outputs, references, **kwargs)
        wanted = getattr(sacre, f"{metric}_rows")(outputs, references, **kwargs)
        totals = getattr(engine, f"{metric}_totals")(outputs, references, **kwargs)
        sums = [[add_up(column) for column in system.T.tolist()] for system in wanted]
        if rows.dtype != wanted.dtype or rows.shape != wanted.shape or (rows != wanted).any():
            yield f"{metric} {kwargs}: {rows.tolist()} is not {wanted.tolist()}"
        if totals != sums:
            yield f"{metric} {kwargs}: sums {totals} are not {sums}"

    for tokenize in ("13a", "zh", "char", "none"):
        yield from check("bleu", tokenize=tokenize)
    for char_order, word_order, beta in ((6, 0, 2), (6, 2, 2), (1, 1, 1), (3, 4, 3), (8, 0, 2)):
        yield from check("chrf", char_order=char_order, word_order=word_order, beta=beta)
    names = ("normalized", "asian_support", "no_punct", "case_sensitive")
    for flags in ter:
        yield from check("ter", **{name: bool(flags >> k & 1) for k, name in enumerate(names)})


# ---- Without hypothesis, for children that run a kernel from elsewhere -----------------------


def random_case(rng: random.Random) -> tuple[Outputs, References]:
    """One to four segments of two systems with one to three references."""
    pieces = rng.choice((PIECES, PIECES, rng.sample(PIECES, 6), [w + " " for w in WORDS]))

    def text() -> str:
        return "".join(rng.choices(pieces, k=rng.choice((0, 1, 3, 8, 20))))

    def near(original: str) -> str:
        if rng.random() < 0.3:
            return text()
        at = rng.randrange(len(original) + 1)
        cut = rng.randrange(at, len(original) + 1)
        moved = original[:at] + original[cut:] + original[at:cut]
        return moved + rng.choice(pieces) if rng.random() < 0.5 else moved

    references: list[list[str | None]] = []
    outputs: list[list[str]] = [[], []]
    for _ in range(rng.randrange(1, 5)):
        first = text()
        others = [rng.choice((None, near(first))) for _ in range(rng.randrange(3))]
        segment = [first, *others]
        rng.shuffle(segment)
        references.append(segment)
        for stream in outputs:
            stream.append(near(first))
        if rng.random() < 0.2:
            outputs[1][-1] = outputs[0][-1]
    return outputs, references


def load_kernel(path: str) -> Any:
    """Returns the kernel backend with the extension at `path` inside."""
    full_name = "xindaya.metrics.engine._kernel"
    spec = importlib.util.spec_from_file_location(full_name, path)
    assert spec
    assert spec.loader
    sys.modules[full_name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[full_name])
    from xindaya.metrics.engine import kernel

    assert kernel._kernel.__file__ == path
    return kernel


def main() -> int:
    """Compares a kernel with sacrebleu; returns 1 at the first difference."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=500)
    chosen = parser.parse_args()
    engine = load_kernel(chosen.kernel)
    rng = random.Random(chosen.seed)
    for outputs, references in (
        *HOSTILE[:-2],
        *(random_case(rng) for _ in range(chosen.cases)),
        *HOSTILE[-2:],
    ):
        long = max(len(text) for stream in outputs for text in stream) > 1000
        for difference in differences(engine, outputs, references, ter=() if long else range(16)):
            sys.stdout.write(ascii(difference)[:2000] + "\n")
            return 1
    from xindaya.metrics.engine import sacre

    for outputs, references in shuffled():
        if (engine.ter_rows(outputs, references) != sacre.ter_rows(outputs, references)).any():
            sys.stdout.write(f"ter {outputs} {references}"[:2000] + "\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
