"""Measures document alignment on real documents with known answers.

Run with ``python benchmarks/alignment.py [--conditions 0,0.1,0+f] [--seeds 3]``. Documents are read from
``../shared/data`` beside the repository, or from ``$XINDAYA_DATA``; they are never copied here.

Each document is given as two raw texts. At a rate of 10 %, every line of either side is, with
that chance, deleted or merged with the next (half each), so about a fifth of all pairs are
disturbed. "+f" adds page furniture (menus, date lines, credits) to both sides: at the start, at the
end and in three places between, unrelated to each other. Scores are precision, recall and F1 over links: pairs (Chinese line, English line) that
hold parts of the same original pair. "tuning" documents were looked at while parameters were
chosen; "held-out" ones were not.

Beside it stands nltk's Gale–Church on the same input, where nltk is installed; where that stops with
a math error, it has found no link.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from xindaya.pairs.align import align_documents

DATA = Path(
    os.environ.get("XINDAYA_DATA", Path(__file__).resolve().parents[1] / ".." / "shared" / "data")
)
Links = set[tuple[int, int]]


class Document(NamedTuple):
    """Line-parallel text: line k of one side translates line k of the other."""

    corpus: str
    half: str
    name: str
    zh: list[str]
    en: list[str]


class Sample(NamedTuple):
    """A disturbed document and its true links, lines counted from 1."""

    zh: list[str]
    en: list[str]
    gold: Links


class Counts:
    """True, found and right links, added up over documents."""

    def __init__(self) -> None:
        self.right = self.found = self.true = 0
        self.seconds = 0.0

    def add(self, found: Links, gold: Links, seconds: float) -> None:
        """Adds one document."""
        self.right += len(found & gold)
        self.found += len(found)
        self.true += len(gold)
        self.seconds += seconds

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, self.found + self.true)

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.true)
        return f"{precision:.4f} {recall:.4f} {self.f1:.4f} {self.seconds:6.1f}s"


def documents() -> Iterator[Document]:
    """Yields all documents; halves are whole years, and every other article."""
    for path in sorted((DATA / "wmt25-terminology" / "references").glob("*.jsonl")):
        half = "held-out" if "2018" in path.name or "2022" in path.name else "tuning"
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                record = json.loads(line)
                pairs = zip(record["zh"].split("\n"), record["en"].split("\n"), strict=True)
                both = [(z, e) for z, e in pairs if z.strip() and e.strip()]
                yield Document("wmt25-terminology", half, f"{path.stem}:{number}",
                               [z for z, _ in both], [e for _, e in both])  # fmt: skip
    for number, path in enumerate(sorted((DATA / "lexical-consistency/zh2en_raw").glob("*.txt"))):
        rows = [r.split(" ||| ") for r in path.read_text(encoding="utf-8").split("\n") if r.strip()]
        both = [(r[0], r[1]) for r in rows if len(r) == 2 and r[0].strip() and r[1].strip()]
        yield Document("lexical-consistency", "held-out" if number % 2 else "tuning", path.stem,
                       [z for z, _ in both], [e for _, e in both])  # fmt: skip


def disturb(document: Document, rate: float, seed: int) -> Sample:
    """Merges or deletes lines of either side at random."""
    draw = random.Random(f"{seed} {document.name} {rate}")
    zh = _disturb_side(document.zh, rate, draw, "")
    en = _disturb_side(document.en, rate, draw, " ")
    gold = {
        (a, b)
        for a, (_, own) in enumerate(zh, 1)
        for b, (_, other) in enumerate(en, 1)
        if own & other
    }
    return Sample([text for text, _ in zh], [text for text, _ in en], gold)


ZH_FURNITURE = (
    "首页 > 新闻 > 正文", "发布时间:2023-05-06 08:15:22 来源: 本站综合", "字号:大 中 小",
    "微信 微博 QQ空间 复制链接", "(责编:张三、李四)", "上一篇:没有了", "点击查看更多精彩内容",
    "京ICP备12345678号-9", "扫一扫下载客户端,随时随地看新闻。", "第3页 共8页", "简体|繁体",
    "用户名 密码 登录 注册", "您的位置:网站首页", "文章关键词:", "- 12 -", "2023年05月06日 星期六",
)  # fmt: skip
EN_FURNITURE = (
    "Menu",
    "About us",
    "2021-03-04",
    "Follow @thedesk on Twitter",
    "Cookie settings",
    "EnglishDeutschFrançais日本語Português한국어",
    "Page 4 of 9",
    "Advertisement",
    "Most popular",
    "Sign up for our newsletter and have the best of it in your inbox every morning.",
    "By The Desk",
    "Updated 7:45 pm, Thursday",
    "Read our terms of use",
    "Skip to main content",
    "Photo: Handout",
    "Copyright 2021. All rights reserved.",
)


def furnish(sample: Sample, seed: int) -> Sample:
    """Adds page furniture to both sides, each by itself."""
    draw = random.Random(f"{seed} {len(sample.zh)} {sample.zh[:1]}")
    zh, zh_places = _furnish_side(sample.zh, ZH_FURNITURE, draw)
    en, en_places = _furnish_side(sample.en, EN_FURNITURE, draw)
    return Sample(zh, en, {(zh_places[a], en_places[b]) for a, b in sample.gold})


def _furnish_side(
    lines: list[str], furniture: tuple[str, ...], draw: random.Random
) -> tuple[list[str], dict[int, int]]:
    spots = [0, len(lines), *(draw.randint(0, len(lines)) for _ in range(3))]
    result: list[str] = []
    places: dict[int, int] = {}
    for number in range(len(lines) + 1):
        for _ in range(spots.count(number)):
            result.extend(draw.sample(furniture, draw.randint(1, 5)))
        if number < len(lines):
            result.append(lines[number])
            places[number + 1] = len(result)
    return result, places


def _disturb_side(
    lines: list[str], rate: float, draw: random.Random, joint: str
) -> list[tuple[str, set[int]]]:
    result: list[tuple[str, set[int]]] = []
    merging = False
    for number, line in enumerate(lines):
        if merging:
            text, own = result.pop()
            result.append((text + joint + line, own | {number}))
            merging = False
            continue
        chance = draw.random()
        if chance < rate / 2:
            continue
        merging = chance < rate
        result.append((line, {number}))
    return result


def by_xindaya(unit: str) -> Callable[[Sample], Links]:
    """Returns this project's aligner."""

    def align(sample: Sample) -> Links:
        beads = align_documents(sample.zh, sample.en, unit=unit)
        return {(z, e) for bead in beads for z in bead.zh_lines for e in bead.en_lines}

    return align


def by_nltk() -> Callable[[Sample], Links] | None:
    """Returns nltk's Gale–Church with the ratio of the document, or None without nltk."""
    try:
        from nltk.translate import gale_church
    except ImportError:
        return None

    class Indicators(gale_church.LanguageIndependent):  # type: ignore[misc]
        AVERAGE_CHARACTERS = 1.0

    def align(sample: Sample) -> Links:
        zh, en = [len(t) for t in sample.zh], [len(t) for t in sample.en]
        if not zh or not en:
            return set()
        Indicators.AVERAGE_CHARACTERS = sum(en) / sum(zh)
        try:
            return {(z + 1, e + 1) for z, e in gale_church.align_blocks(zh, en, Indicators)}
        except ValueError:  # math domain error inside nltk on extreme lengths
            return set()

    return align


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--conditions", default="0,0.1,0+f,0.1+f")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--half", default="")
    parser.add_argument("--corpus", default="")
    parser.add_argument("--units", default="passage,sentence")
    parser.add_argument("--worst", type=int, default=0, help="also name the worst documents")
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no documents in {DATA}: set XINDAYA_DATA to the folder that holds them")
    aligners: dict[str, Callable[[Sample], Links]] = {
        f"by {unit}": by_xindaya(unit) for unit in options.units.split(",")
    }
    if nltk := by_nltk():
        aligners["Gale–Church (nltk)"] = nltk
    else:
        print("nltk is not installed: no comparison with its Gale–Church")
    table: dict[tuple[str, str, str, str], Counts] = {}
    worst: list[tuple[float, str]] = []
    for document in documents():
        if options.half not in document.half or options.corpus not in document.corpus:
            continue
        for condition in options.conditions.split(","):
            rate = float(condition.removesuffix("+f"))
            for seed in range(options.seeds if condition != "0" else 1):
                sample = disturb(document, rate, seed)
                if condition.endswith("+f"):
                    sample = furnish(sample, seed)
                for name, align in aligners.items():
                    start = time.perf_counter()
                    links = align(sample)
                    seconds = time.perf_counter() - start
                    key = document.corpus, document.half, condition, name
                    table.setdefault(key, Counts()).add(links, sample.gold, seconds)
                    if name.startswith("by"):
                        wrong = len(links ^ sample.gold)
                        worst.append((wrong, f"{document.name} {condition} seed {seed} {name}"))
    print(f"{'corpus':20} {'half':9} {'disturbed':>9}  {'aligner':20} precision recall F1   time")
    for (corpus, half, condition, name), counts in sorted(table.items()):
        print(f"{corpus:20} {half:9} {condition:>9}  {name:20} {counts}")
    for wrong, name in sorted(worst, reverse=True)[: options.worst]:
        print(f"{wrong} wrong links: {name}")


if __name__ == "__main__":
    main()
