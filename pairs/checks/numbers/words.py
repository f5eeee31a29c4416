"""The number words of English."""

from __future__ import annotations

from collections.abc import Iterable


def alternatives(words: Iterable[str]) -> str:
    """Returns a pattern, for verbose mode too, that matches the longest of the words."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(longest_first).replace(" ", r"\s")


_ORDINALS = frozenset(
    [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "once",
        "twice",
        "thrice",
    ]
)
_ONES = """
zero nil, one first once, two second twice, three third thrice, four fourth, five fifth, six sixth,
seven seventh, eight eighth, nine ninth, ten tenth, eleven eleventh, twelve twelfth, thirteen
thirteenth, fourteen fourteenth, fifteen fifteenth, sixteen sixteenth, seventeen seventeenth,
eighteen eighteenth, nineteen nineteenth
"""
_TENS = """
twenty twentieth twenties, thirty thirtieth thirties, forty fortieth forties, fifty fiftieth fifties,
sixty sixtieth sixties, seventy seventieth seventies, eighty eightieth eighties, ninety ninetieth
nineties
"""
WORDS: dict[str, float] = {
    word: float(n) for n, words in enumerate(_ONES.split(",")) for word in words.split()
} | {word: 10.0 * n for n, words in enumerate(_TENS.split(","), 2) for word in words.split()}
ENDINGS = frozenset(w for w in WORDS if w in _ORDINALS or w.endswith(("th", "ies")))
"""Words that end a number: nothing is added to "first" in "first three"."""
SCALES: dict[str, float] = {
    "hundred": 1e2, "hundreds": 1e2, "hundredth": 1e2, "thousand": 1e3, "thousands": 1e3,
    "thousandth": 1e3, "million": 1e6, "millions": 1e6, "millionth": 1e6, "mln": 1e6,
    "billion": 1e9, "billions": 1e9, "bln": 1e9, "trillion": 1e12, "trillions": 1e12,
    "dozen": 12.0, "dozens": 12.0, "exaflops": 1e18, "eflops": 1e18, "petaflops": 1e15,
    "pflops": 1e15, "teraflops": 1e12, "tflops": 1e12,
}  # fmt: skip
PARTS: dict[str, float] = {
    "half": 2, "halves": 2, "third": 3, "fourth": 4, "quarter": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
# Words that say a number without being one: they explain a number of the other side.
SUGGESTIONS: dict[str, tuple[float, ...]] = {
    "half": (0.5, 50, 2, 6, 30), "halved": (0.5, 50, 2), "halves": (0.5, 2), "quarter": (0.25, 25, 3, 4, 15),
    "quarters": (0.25, 25, 4), "both": (2,), "pair": (2,), "pairs": (2,), "couple": (2,), "twin": (2,),
    "twins": (2,), "dual": (2,), "double": (2, 100, 200, 1), "doubled": (2, 100, 1, 200),
    "doubles": (2,), "doubling": (2, 100, 1), "bilateral": (2,), "two-way": (2,), "either": (2,),
    "neither": (2,), "duo": (2,), "triple": (3, 2, 300), "tripled": (3, 2, 200), "trilateral": (3,),
    "trio": (3,), "threefold": (3, 2), "twofold": (2, 1), "fourfold": (4, 3), "fivefold": (5, 4),
    "tenfold": (10, 9), "quadruple": (4, 3), "quadrupled": (4, 3), "decade": (10,),
    "decades": (10, 20), "century": (100,), "centuries": (100,), "fortnight": (14, 2, 15),
    "noon": (12,), "midday": (12,), "midnight": (12, 24, 0), "single": (1,), "sole": (1,), "only": (1,),
    "around the clock": (24,), "round the clock": (24,), "round-the-clock": (24,),
    "around-the-clock": (24,), "day and night": (24,), "top": (1,), "year-old": (1,), "teens": (10,), "teenage": (10,), "semester": (6,), "biennial": (2,),
    "quarterly": (3,), "percentage": (100,), "triplets": (3,), "quarter-final": (8,), "semi-final": (4,),
}  # fmt: skip
MONTHS: dict[str, float] = {
    name: float(n)
    for n, names in enumerate(
        ["january jan", " february feb", " march mar", " april apr", " may", " june jun", " july jul", " august aug", " september sept sep", " october oct", " november nov", " december dec"], 1
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS: dict[str, float] = {
    name: float(n)
    for n, name in enumerate(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], 1
    )
}
UNITS: dict[str, str] = {
    "year": "year", "month": "month", "week": "week", "day": "day", "hour": "hour", "hr": "hour",
    "minute": "minute", "min": "minute", "second": "second", "sec": "second",
}  # fmt: skip
ROMAN: dict[str, float] = {
    name: float(n)
    for n, name in enumerate(
        ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"],
        2,
    )
}
