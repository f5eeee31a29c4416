"""Plants errors into good human translations and counts how many the data check finds.

Run with ``python benchmarks/check.py [--count 30] [--show KIND]``. Pairs are read where they lie (``../shared/data``
beside the repository, or ``$XINDAYA_DATA``): references of WMT sets, parallel annual reports (JSON lines with
``zh`` and ``en``) and articles (``zh ||| en``). Both directions are measured: each pair is also checked
with its sides exchanged.

With ``--against PYTHON``, the interpreter of a virtualenv that holds another version, the CPU time of both
is compared instead: all WMT sets in both directions, in child processes that take turns.

The first table says what share of the planted errors is met by a warning or an error that the pair
did not have before; the second how many warnings of each kind the good pairs have, per 1,000.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from xindaya.pairs import Corpus, Segment
from xindaya.pairs.checks import check_corpus_data

DATA = Path(
    os.environ.get("XINDAYA_DATA", Path(__file__).resolve().parents[1] / ".." / "shared" / "data")
)
Pairs = list[tuple[str, str]]
NUMERIC = [
    "year",
    "month",
    "day",
    "digit",
    "magnitude",
    "left-out",
    "word",
    "decimal",
    "ten-times",
    "doubled-measure",
]
UNITS = ["unit", "currency", "point"]
MEANING = ["direction", "negation", "name", "last-clause", "first-clause", "half", "doubled"]

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_UNIT_EN = {
    "kilometers": "miles", "kilometres": "miles", "meters": "kilometers", "metres": "kilometres", "km": "m", "kilograms": "tonnes", "kg": "tons", "tons": "kilograms",
    "tonnes": "kilograms", "hectares": "acres", "mu": "hectares", "hours": "days", "days": "weeks", "minutes": "hours", "months": "years", "years": "months", "weeks": "months",
    "square meters": "square kilometers", "acres": "hectares", "miles": "kilometers",
}  # fmt: skip
_MONEY_EN = (("US$", "HK$"), ("HK$", "US$"), (" yuan", " dollars"), (" US dollars", " yuan"), (" euros", " yuan"), (" dollars", " yuan"), ("RMB", "US$"), ("$", "€"))  # fmt: skip
_WAY_EN = {
    "rose": "fell", "fell": "rose", "increased": "decreased", "decreased": "increased", "grew": "shrank",
    "declined": "increased", "dropped": "rose", "rising": "falling", "falling": "rising",
}  # fmt: skip
_WAY_ZH = {
    "上升": "下降", "下降": "上升", "增长": "减少", "减少": "增加", "增加": "减少", "上涨": "下跌", "下跌": "上涨", "提高": "降低", "降低": "提高", "下滑": "上升", "回落": "上升",
    "增長": "減少", "減少": "增加",
}  # fmt: skip
_UNIT_ZH = {"公里": "英里", "公斤": "吨", "吨": "公斤", "亩": "公顷", "公顷": "亩", "小时": "天", "分钟": "小时", "个月": "年", "平方米": "平方公里", "天": "周"}  # fmt: skip
_MONEY_ZH = (
    ("美元", "欧元"),
    ("港元", "美元"),
    ("欧元", "美元"),
    ("万元", "万美元"),
    ("亿元", "亿美元"),
)
_PAUSE = {
    "en": re.compile(r"[,;:.!?]+[\"'”’)]*(?:\s+|$)"),
    "zh": re.compile("[，；。！？]+[”’」』）]*"),
}


class Draw(random.Random):
    """Random choices, with the other side of the pair: what is spoiled there must stand here, too."""

    other = ""

    def stands(self, written: str) -> bool:
        """True if a figure, or a month by its name, stands on the other side as well."""
        if written in _MONTHS:
            return f"{_MONTHS.index(written) + 1}月" in self.other
        figures = written.strip(" ,.%").rstrip("万亿億").replace(",", "")
        if not figures[:1].isdigit():
            return True
        plain = re.sub(r"(?<=\d),(?=\d{3})", "", self.other)
        return re.search(rf"(?<![\d.]){re.escape(figures)}(?![\d])", plain) is not None


Planter = Callable[[str, Draw], str | None]


def _swap(pattern: str, new: Callable[[re.Match[str], Draw], str | None]) -> Planter:
    compiled = re.compile(pattern)

    def plant(text: str, draw: Draw) -> str | None:
        found = [m for m in compiled.finditer(text) if draw.stands(m[0])]
        if not found:
            return None
        match = draw.choice(found)
        became = new(match, draw)
        return (
            None
            if became is None or became == match[0]
            else text[: match.start()] + became + text[match.end() :]
        )

    return plant


def _table(words: dict[str, str], before: str = r"\b", after: str = r"\b") -> Planter:
    listed = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return _swap(f"{before}(?:{listed}){after}", lambda m, _: words[m[0]])


def _money(pairs: tuple[tuple[str, str], ...]) -> Planter:
    def plant(text: str, draw: Draw) -> str | None:
        for old, new in pairs:
            if old in text and re.search(r"\d", text):
                return text.replace(old, new)
        return None

    return plant


def _digit(m: re.Match[str], draw: Draw) -> str:
    place = draw.randrange(len(m[0]))
    while not m[0][place].isdigit():
        place = draw.randrange(len(m[0]))
    other = draw.choice([d for d in "123456789" if d != m[0][place]])
    return m[0][:place] + other + m[0][place + 1 :]


def _clauses(text: str, lang: str) -> list[str]:
    cuts = [0, *(m.end() for m in _PAUSE[lang].finditer(text)), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(cuts) if text[a:b].strip()]


def _cut(lang: str, which: str) -> Planter:
    least, stop = (20, ".") if lang == "en" else (7, "。")

    def plant(text: str, draw: Draw) -> str | None:
        parts = _clauses(text, lang)
        if which == "half":
            words = text.split() if lang == "en" else list(text)
            return (" " if lang == "en" else "").join(words[: len(words) // 2]) if len(words) > 11 else None  # fmt: skip
        if which == "doubled":
            sentences = [p for p in re.split(r"(?<=[.!?。！？])\s*", text) if len(p) > least]
            one = draw.choice(sentences) if sentences else ""
            return text.replace(one, f"{one}{' ' if lang == 'en' else ''}{one}", 1) if one[-1:] in ".!?。！？" and one else None  # fmt: skip
        if len(parts) < 2 or len(parts[-1 if which == "last" else 0]) < least:
            return None
        if which == "last":
            return "".join(parts[:-1]).rstrip(" ,;:，；：") + stop
        rest = "".join(parts[1:]).strip()
        return rest[:1].upper() + rest[1:]

    return plant


def _negation_en(text: str, draw: Draw) -> str | None:
    lost = re.sub(r"\b(not|never)\s|n['’]t\b", "", text.replace("cannot", "can"), count=1)
    if lost != text:
        return lost
    m = re.search(r"\b(is|are|was|were|will|can|should|must|has|have)\b(?! not)", text)
    return f"{text[: m.end()]} not{text[m.end() :]}" if m and draw.random() < 0.3 else None


_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]+)*\b")
_NAME_ZH = re.compile(
    "美国|英国|日本|法国|德国|俄罗斯|北京|上海|香港|印度|韩国|欧盟|联合国|广东|浙江|[A-Z][a-zA-Z]{3,}"
)
PLANTERS: dict[str, dict[str, Planter]] = {
    "en": {
        "year": _swap(r"\b(?:19|20)\d\d\b", lambda m, d: str(int(m[0]) + d.choice([-3, -2, -1, 1, 2, 3]))),
        "month": _swap(rf"\b(?:{'|'.join(_MONTHS)})\b(?= \d)", lambda m, d: d.choice(_MONTHS)),
        "day": _swap(r"(?<=[a-z]{3} )[1-9]\d?(?=[,. ]|st|nd|rd|th)(?! percent| million| billion)", lambda m, d: str((int(m[0]) + d.randrange(1, 20)) % 28 + 1)),
        "digit": _swap(r"(?<![A-Za-z-])\d[\d,]*\d", _digit),
        "magnitude": _table({"million": "billion", "billion": "million", "trillion": "billion", "thousand": "million"}),
        "left-out": _swap(r"\b\d[\d,.]*\d\b ?", lambda m, d: ""),
        "word": _swap(rf"\b(?:{'|'.join(_WORDS)})\b(?= [a-z])", lambda m, d: d.choice(_WORDS)),
        "decimal": _swap(r"\d+\.\d+", lambda m, d: m[0].replace(".", "")),
        "ten-times": _swap(r"\d+(?:\.\d+)?(?=%| percent| per cent)", lambda m, d: f"{float(m[0]) * d.choice([10, 0.1, 100]):g}"),
        "doubled-measure": _swap(r"\d+(?= (?:k?m|kilomet|met|tons|tonnes|mu|hectares|kg|hours|days|years|minutes))", lambda m, d: str(int(m[0]) * d.choice([2, 3, 1000]))),
        "unit": _table(_UNIT_EN, r"(?<=\d )"),
        "currency": _money(_MONEY_EN),
        "point": _swap(r"(?<=\d) ?(?:percentage points?|percent(?!age)|%)", lambda m, d: " percent" if "point" in m[0] else " percentage points"),
        "direction": _table(_WAY_EN),
        "negation": _negation_en,
        "name": _swap(_NAME.pattern, lambda m, d: d.choice(["Jefferson", "Okavango", "Lindqvist"])),
        "last-clause": _cut("en", "last"), "first-clause": _cut("en", "first"), "half": _cut("en", "half"), "doubled": _cut("en", "doubled"),
    },
    "zh": {
        "year": _swap(r"(?:19|20)\d\d(?=年)", lambda m, d: str(int(m[0]) + d.choice([-3, -1, 1, 2]))),
        "month": _swap(r"(?<!\d)\d{1,2}(?=月)", lambda m, d: str((int(m[0]) + d.randrange(1, 11)) % 12 + 1)),
        "day": _swap(r"(?<!\d)\d{1,2}(?=日)", lambda m, d: str((int(m[0]) + d.randrange(1, 20)) % 28 + 1)),
        "digit": _swap(r"(?<![A-Za-z-])\d[\d,]*\d", _digit),
        "magnitude": _table({"万": "亿", "亿": "万", "億": "萬"}, r"(?<=\d)", ""),
        "left-out": _swap(r"(?<![\d.,A-Za-z])\d[\d,.]*\d(?:万|亿|億)?%?", lambda m, d: ""),
        "word": _swap("[二三四五六七八九两](?=[个名年天家位次])", lambda m, d: d.choice("三四五六七八九")),
        "decimal": _swap(r"\d+\.\d+", lambda m, d: m[0].replace(".", "")),
        "ten-times": _swap(r"\d+(?:\.\d+)?(?=%)", lambda m, d: f"{float(m[0]) * d.choice([10, 0.1, 100]):g}"),
        "doubled-measure": _swap(r"\d+(?=公里|吨|亩|米|公斤|小时|天|分钟)", lambda m, d: str(int(m[0]) * d.choice([2, 3, 1000]))),
        "unit": _table(_UNIT_ZH, r"(?<=\d)", ""),
        "currency": _money(_MONEY_ZH),
        "point": _swap(r"(?<=\d)(?:个百分点|個百分點|%)", lambda m, d: "%" if "分" in m[0] else "个百分点"),
        "direction": _table(_WAY_ZH, "", ""),
        "negation": _swap("不能|没有|不得|不会|无法|並非|沒有", lambda m, d: {"不能": "能", "没有": "有", "不得": "可以", "不会": "会", "无法": "可以", "沒有": "有"}.get(m[0])),
        "name": _swap(_NAME_ZH.pattern, lambda m, d: ""),
        "last-clause": _cut("zh", "last"), "first-clause": _cut("zh", "first"), "half": _cut("zh", "half"), "doubled": _cut("zh", "doubled"),
    },
}  # fmt: skip


def pairs_of() -> Iterator[tuple[str, Pairs]]:
    """Yields names and (Chinese, English) pairs of good human translations."""
    for source in sorted(DATA.glob("*/*.zh-en.src.zh")):
        stem = source.name.removesuffix(".src.zh")
        for reference in sorted(source.parent.glob(f"{stem}.ref.*.en")):
            lines = [p.read_text("utf-8").split("\n") for p in (source, reference)]
            yield reference.name, [(z, e) for z, e in zip(*lines, strict=True) if z.strip() and e.strip()]  # fmt: skip
    reports: Pairs = []
    for path in sorted(DATA.glob("*/references/*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            record = json.loads(line) if line else {"zh": "", "en": ""}
            both = zip(record["zh"].split("\n"), record["en"].split("\n"), strict=True)
            reports += [(z, e) for z, e in both if z.strip() and e.strip()]
    yield "annual reports", reports
    articles: Pairs = []
    for path in sorted(DATA.glob("*/zh2en_raw/*.txt")):
        rows = [line.split(" ||| ") for line in path.read_text("utf-8").split("\n")]
        articles += [(r[0], r[1]) for r in rows if len(r) == 2 and all(x.strip() for x in r)]
    yield "articles", articles


def check(pairs: Pairs, lang: str) -> dict[str, set[str]]:
    """Returns the kinds of warnings and errors by segment."""
    source = "zh" if lang == "en" else "en"
    segments = tuple(Segment(str(n), s, (), "d") for n, (s, _) in enumerate(pairs))
    corpus = Corpus("pairs", source, lang, segments, (), {"out": tuple(t for _, t in pairs)})
    found: dict[str, set[str]] = defaultdict(set)
    for finding in check_corpus_data(corpus):
        if finding.severity != "note" and finding.text == "out":
            found[finding.segment].add(finding.kind)
    return found


def measure(name: str, pairs: Pairs, lang: str, count: int, show: str) -> tuple[dict[str, str], Counter[str]]:  # fmt: skip
    """Plants `count` errors of each kind; returns shares found, and the warnings of the good pairs."""
    before = check(pairs, lang)
    warned = Counter(kind for kinds in before.values() for kind in kinds)
    draw = Draw(f"{name} {lang}")
    shares: dict[str, str] = {}
    bad, planted = list(pairs), []
    free = [k for k in range(len(pairs)) if str(k) not in before]
    draw.shuffle(free)
    for kind, plant in PLANTERS[lang].items():
        done = 0
        for k in list(free):
            if done == count:
                break
            draw.other = pairs[k][0]
            changed = plant(pairs[k][1], draw)
            if changed and changed != pairs[k][1]:
                bad[k] = (pairs[k][0], changed)
                planted.append((k, kind))
                free.remove(k)
                done += 1
    after = check(bad, lang)
    total: Counter[str] = Counter(kind for _, kind in planted)
    met: Counter[str] = Counter(kind for k, kind in planted if after.get(str(k)))
    for k, kind in planted:
        if kind == show and not after.get(str(k)):
            print(f"  missed {kind}: {bad[k][0]}\n      was {pairs[k][1]}\n      now {bad[k][1]}", file=sys.stderr)  # fmt: skip
    shares = {kind: f"{met[kind]}/{total[kind]}" for kind in PLANTERS[lang]}
    return shares, warned


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=30, help="errors of each kind and set")
    parser.add_argument("--show", default="", help="kind whose missed errors are printed")
    parser.add_argument("--only", default="", help="part of a set's name")
    parser.add_argument("--against", default="", metavar="PYTHON", help="time another version, too")
    parser.add_argument("--time", action="store_true", help="print the CPU seconds of one pass")
    options, _ = parser.parse_known_args()
    if options.time:
        print(f"{_seconds(options.only or '2022'):.3f}")
        return
    if options.against:
        _compare(options.against, options.only or "2022")
        return
    sets = [
        (n, [(z, e) if lang == "en" else (e, z) for z, e in pairs], lang)
        for n, pairs in pairs_of()
        for lang in ("en", "zh")
        if pairs and options.only in n
    ]
    if not sets:
        raise SystemExit(f"no pairs in {DATA}")
    columns = [measure(n, pairs, lang, options.count, options.show) for n, pairs, lang in sets]
    heads = [f"{n.removesuffix('.en').replace('.zh-en', '')} →{lang}" for n, _, lang in sets]
    print(
        "| planted | " + " | ".join(heads) + " | all |\n|---" * 1 + "|---" * (len(heads) + 1) + "|"
    )
    for group in (NUMERIC, UNITS, MEANING):
        for kind in group:
            cells = [shares[kind] for shares, _ in columns]
            print(f"| {kind} | " + " | ".join(cells) + f" | {_share(cells)} |")
        together = [shares[kind] for kind in group for shares, _ in columns]
        print(f"| **{', '.join(group)}** |" + " |" * len(columns) + f" **{_share(together)}** |")
    print("\nWarnings per 1,000 good pairs:")
    for kind in sorted({k for _, warned in columns for k in warned}):
        cells = [f"{1000 * w[kind] / len(p):.1f}" for (_, w), (_, p, _) in zip(columns, sets, strict=True)]  # fmt: skip
        print(f"| {kind} | " + " | ".join(cells) + " |")


def _seconds(only: str) -> float:
    """Returns the CPU time of checking the sets whose name has a part, both ways."""
    sets = [pairs for name, pairs in pairs_of() if only in name]
    start = time.process_time()
    for pairs in sets:
        check(pairs, "en")
        check([(e, z) for z, e in pairs], "zh")
    return time.process_time() - start


def _cost(python: str, only: str) -> float:
    command = [python, __file__, "--time", "--only", only]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)


def _compare(python: str, only: str, rounds: int = 5) -> None:
    ratios = []
    for _ in range(rounds):
        mine, other = _cost(sys.executable, only), _cost(python, only)
        ratios.append(other / mine)
        print(f"CPU {mine:.2f} s, the other {other:.2f} s: {other / mine:.1f} ×")
    print(f"median of {rounds}: {statistics.median(ratios):.1f} × faster")


def _share(cells: list[str]) -> str:
    met, total = (sum(int(c.split("/")[k]) for c in cells) for k in (0, 1))
    return f"{met / total:.1%}" if total else "–"


if __name__ == "__main__":
    main()
