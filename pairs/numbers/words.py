"""The number words of English."""

from __future__ import annotations

from decimal import Decimal

from xindaya.pairs.numbers.model import COUNT, Reading

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
WORDS: dict[str, Decimal] = {
    word: Decimal(n) for n, words in enumerate(_ONES.split(",")) for word in words.split()
} | {word: Decimal(10 * n) for n, words in enumerate(_TENS.split(","), 2) for word in words.split()}
ENDINGS = frozenset(w for w in WORDS if w in _ORDINALS or w.endswith(("th", "ies")))
"""Words that end a number: nothing is added to "first" in "first three"."""
SCALES: dict[str, Decimal] = {
    "tens": Decimal(10), "hundred": Decimal(10**2), "hundreds": Decimal(10**2), "hundredth": Decimal(10**2), "thousand": Decimal(10**3), "thousands": Decimal(10**3),
    "thousandth": Decimal(10**3), "million": Decimal(10**6), "millions": Decimal(10**6), "millionth": Decimal(10**6), "mln": Decimal(10**6),
    "billion": Decimal(10**9), "billions": Decimal(10**9), "bln": Decimal(10**9), "trillion": Decimal(10**12), "trillions": Decimal(10**12),
    "lakh": Decimal(10**5), "lakhs": Decimal(10**5), "crore": Decimal(10**7), "crores": Decimal(10**7),
    "dozen": Decimal(12), "dozens": Decimal(12), "exaflops": Decimal(10**18), "eflops": Decimal(10**18), "petaflops": Decimal(10**15),
    "pflops": Decimal(10**15), "teraflops": Decimal(10**12), "tflops": Decimal(10**12),
}  # fmt: skip
PARTS: dict[str, Decimal] = {
    "half": Decimal(2), "halves": Decimal(2), "third": Decimal(3), "fourth": Decimal(4), "quarter": Decimal(4), "fifth": Decimal(5), "sixth": Decimal(6),
    "seventh": Decimal(7), "eighth": Decimal(8), "ninth": Decimal(9), "tenth": Decimal(10), "hundredth": Decimal(100), "thousandth": Decimal(1000),
}  # fmt: skip
MULTIPLES: dict[str, Decimal] = {
    word: Decimal(n)
    for n, words in (
        (2, "doubled doubles doubling twofold redoubled"), (3, "tripled triples tripling threefold trebled trebling trebles"),
        (4, "quadrupled quadruples quadrupling fourfold"), (5, "fivefold quintupled"), (6, "sixfold"),
        (7, "sevenfold"), (8, "eightfold"), (9, "ninefold"), (10, "tenfold"), (100, "hundredfold"),
    )
    for word in words.split()
}  # fmt: skip
"""Verbs and adverbs of multiplication, in small letters."""


def _suggest(table: str) -> dict[str, tuple[Reading, ...]]:
    """Reads lines of a word and the values that it suggests; a letter before one names its kind."""
    kinds = {"%": "percentage", "n": "time", "y": "time", "h": "time", "m": "time", "d": "time"}
    units = {"n": "minute", "y": "year", "h": "hour", "m": "month", "d": "day"}
    result = {}
    for line in table.strip().split("\n"):
        word, *values = line.split()
        result[word.replace("_", " ")] = tuple(
            Reading(kinds.get(v[0], COUNT), Decimal(v.lstrip("%nyhmd")), units.get(v[0], ""))
            for v in values
        )
    return result


# Words that say a number without being one: they answer a number of the other side.
SUGGESTIONS: dict[str, tuple[Reading, ...]] = _suggest(
    """
half 0.5 %0.5 50 m6 n30 d15 h0.5 y0.5
halved 0.5 %0.5 50 2
halves 0.5 %0.5 2
quarter 0.25 %0.25 25 3 4 15 m3 h0.25
quarters 0.25 25 4 m3
both 2
pair 2
pairs 2
couple 2
twin 2
twins 2
dual 2
double 2 %1 %2 100 200 1
doubled 100 1 200
doubling 100 1
bilateral 2
either 2
neither 2
duo 2
triple 3 2 300 %3
trilateral 3
trio 3
quadruple 4 3
decade 10 y10
decades 10 20 y10 y20
century 100 y100
centuries 100 y100
fortnight 14 2 15 d14
noon 12
midday 12
midnight 12 24 0
single 1
sole 1
only 1
an 1
clock 24
night 24
top 1
teens 10
teenage 10
semester 6 m6
biennial 2 y2
triennial 3 y3
annual y1
annually y1
yearly y1
daily d1
monthly m1
weekly 7 d7
hourly h1
triplets 3
firstly 1
secondly 2
thirdly 3
fourthly 4
fifthly 5
hexadecimal 16
centenary 100 y100
centennial 100 y100
bicentennial 200 y200
"""
)
MONTHS: dict[str, Decimal] = {
    name: Decimal(n)
    for n, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS: dict[str, Decimal] = {
    name: Decimal(n)
    for n, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1
    )
}
ROMAN: dict[str, Decimal] = {
    name: Decimal(n)
    for n, name in enumerate(
        ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"],
        2,
    )
}
TRIGGERS = frozenset().union(
    WORDS, SCALES, MULTIPLES, SUGGESTIONS, MONTHS, ROMAN, WEEKDAYS, (f"{day}s" for day in WEEKDAYS)
) - {"an"}
"""Words where a number may begin, in small letters."""
DEMANDING = frozenset().union((w for w, n in WORDS.items() if n > 10), SCALES, MONTHS, PARTS)
"""Words without which a text has no number that demands a counterpart."""
