"""Each kind of finding, from the smallest termbase that has it, and from the nearest without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from xindaya.pairs import Case, Concept, Match, Status, Term, Termbase, read_termbase
from xindaya.pairs.account import LeftOut
from xindaya.pairs.lint import KINDS, LintFinding, Severity, lint, split_forms
from xindaya.pairs.lint_text import forms_in
from xindaya.pairs.termbase import SEVERAL_STATUSES, UNKNOWN_STATUS


def zh(text: str, **fields: object) -> Term:
    return Term(text, "zh", **fields)  # type: ignore[arg-type]


def en(text: str, status: str = "preferred", **fields: object) -> Term:
    return Term(text, "en", Status(status), **fields)  # type: ignore[arg-type]


def found(*concepts: Concept) -> list[LintFinding]:
    return lint(Termbase("t", concepts))


def one(*terms: Term, context: str = "") -> Concept:
    return Concept("c", terms, context)


def two(first: tuple[Term, ...], second: tuple[Term, ...]) -> tuple[Concept, Concept]:
    return Concept("a", first), Concept("b", second)


EXACT, PATTERN = Case.EXACT, Match.PATTERN
CASES = [
    ("homonym", two((zh("出院"), en("A")), (zh("出院"), en("B"))), "stands in a, b"),
    ("homonym", two((zh("IPO制"), en("A")), (zh("ＩＰＯ制"), en("B"))), "stands in a, b"),
    ("shared-rendering", two((zh("网信办"), en("Rule X")), (zh("网信委"), en("rule-x", "admitted"))),
     "'Rule X' stands in a, b"),
    ("contradiction", (one(zh("治网"), en("A"), en("A", "forbidden")),), "preferred and forbidden"),
    ("contradiction", (one(zh("治网"), en("Sci-Tech"), en("sci tech", "deprecated")),), "at once"),
    ("contradiction", (one(zh("治网"), zh("治网", status=Status.FORBIDDEN), en("A")),), "at once"),
    ("inflection", (one(zh("治网"), en("data law"), en("data laws", "forbidden")),), "same stems"),
    ("duplicate", (one(zh("治网"), en("A"), en("A")),), "'A' twice"),
    ("duplicate", (one(zh("治网"), en("net work"), en("Net-Work", "admitted")),), "cannot tell"),
    ("duplicate", (one(zh("治网A"), zh("治网Ａ"), en("A")),), "cannot tell"),
    ("stray-space", (one(zh("治网 "), en("A")),), "at an end"),
    ("stray-space", (one(zh("治网"), en("a  b")),), "more than one space"),
    ("stray-space", (one(zh("治网"), en("a\u00a0b")),), "U+00A0 NO-BREAK SPACE"),
    ("invisible-character", (one(zh("治\u200b网"), en("A")),), "U+200B ZERO WIDTH SPACE"),
    ("invisible-character", (one(zh("治网"), en("a\u202eb")),), "U+202E"),
    ("invisible-character", (one(zh("治网"), en("a\x07b")),), "U+0007"),
    ("homoglyph", (one(zh("治网"), en("сyber law")),), "U+0441 CYRILLIC SMALL LETTER ES"),
    ("homoglyph", (one(zh("ΑI法"), en("A")),), "U+0391 GREEK CAPITAL LETTER ALPHA"),
    ("chinese-in-english", (one(zh("治网"), en("govern 网")),), "网 in an English form"),
    ("full-width", (one(zh("ＡＩ法"), en("x")),), "full-width ＡＩ"),
    ("mixed-characters", (one(zh("國际"), en("x")),), "际 is simplified, 國 traditional"),
    ("several-forms", (one(zh("治网"), en("reserve ratio; RRR")),), "2 forms: reserve ratio, RRR"),
    ("no-chinese", (one(en("x")),), "no Chinese form"),
    ("no-english", (one(zh("治网")),), "no English form"),
    ("no-preferred", (one(zh("治网"), en("x", "admitted")),), "no preferred"),
    ("acronym-case", (one(zh("治网"), en("SAFE")),), "SAFE matches safe too"),
    ("unknown-expansion", (one(zh("治网"), en("CAC", case=EXACT, expansion="x")),), "no form"),
    ("bad-pattern", (one(zh("治网"), en("a(", match=PATTERN)),), "no regular expression"),
    ("bad-pattern", (one(zh("治网"), en("a*", match=PATTERN)),), "the empty string"),
    ("bad-pattern", (one(zh("治网"), en("x"), context="["),), "the context '['"),
    ("short-form", (one(zh("网"), en("x")),), "one character"),
    ("formula", (one(zh("治网"), en("=A1")),), "formula"),
    ("contains-other", two((zh("网络安全法"), en("Network Laws")), (zh("网络安全"), en("law"))),
     "contains '网络安全' of b"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "concepts", "message"), CASES)
def test_found(kind: str, concepts: tuple[Concept, ...], message: str) -> None:
    (finding,) = [f for f in found(*concepts) if f.kind == kind][:1]
    assert message in finding.message
    assert finding.severity is KINDS[kind][0]


def test_every_kind_is_tested() -> None:
    # What a reader says is a finding of its own: below.
    read = {"unknown-status", "variant-status", "left-out"}
    assert {kind for kind, _, _ in CASES} == set(KINDS) - read


@pytest.mark.parametrize(
    "concepts",
    [
        (one(zh("治网"), en("govern the internet"), en("rule the web", "forbidden")),),
        (Concept("a", (zh("出院"), en("x")), "医院"), Concept("b", (zh("出院"), en("y")), "剧院")),
        (Concept("a", (zh("出院"), en("x")), "医院"), Concept("b", (zh("出院"), en("y")))),
        (one(zh("治网"), en("SAFE", case=EXACT), en("safe", "forbidden")),),
        (one(zh("治网"), en("CAC", case=EXACT, expansion="the office"), en("The office")),),
        (one(zh("治网"), en("laws?", match=PATTERN), en("law", "admitted")),),
        two((zh("鉴别"), en("x")), (zh("鉴定"), en("y", "preferred"), en("x", "forbidden"))),
        (one(zh("高达±5°C"), en("naïve “café” – 5 µm")),),
    ],
)
def test_nothing_found(concepts: tuple[Concept, ...]) -> None:
    assert found(*concepts) == []


def test_contained_forms_on_both_sides() -> None:
    concepts = two(
        (zh("网络安全法"), en("Cybersecurity Laws")), (zh("网络安全"), en("cybersecurity"))
    )
    assert [(f.concept, f.term) for f in found(*concepts)] == [
        ("a", "网络安全法"), ("a", "Cybersecurity Laws"),
    ]  # fmt: skip


def test_ids_are_unique_and_order_is_by_severity() -> None:
    concept = one(zh("网"), *[en("A")] * 3, en("B\u200b", "forbidden"))
    findings = found(concept)
    assert len({f.id for f in findings}) == len(findings)
    order = [list(Severity).index(f.severity) for f in findings]
    assert order == sorted(order)
    assert findings == found(concept)


def test_the_sample_has_no_error() -> None:
    from xindaya.samples import SAMPLE_TERMBASE

    findings = lint(read_termbase(SAMPLE_TERMBASE, lenient=True))
    assert not [f for f in findings if f.severity is Severity.ERROR]


def test_lenient_reading_shows_what_is_otherwise_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(
        "concept\tzh\ten\tstatus\na\t甲乙 \tA b\t\na\t甲乙\tA b\tforbidden\n"
        "b\t丙丁\tC\t\nb\t丙丁\tC\t\nb\t丙戊\tC\t\n"
    )
    kinds = Counter((f.concept, f.kind) for f in lint(read_termbase(path, lenient=True)))
    assert kinds == {
        ("a", "stray-space"): 1, ("a", "contradiction"): 1, ("a", "duplicate"): 1,
        ("b", "duplicate"): 1,
    }  # fmt: skip


def test_large_termbases_take_no_more_steps_than_they_are_larger(
    calls: Callable[[Callable[[], object]], int],
) -> None:
    digits = "零一二三四五六七八九"
    concepts = tuple(
        Concept(
            str(n),
            (zh("".join(digits[int(d)] for d in str(10_000 + n))), en(f"term {n} of the base")),
        )
        for n in range(2_000)
    )
    assert found(*concepts) == []
    assert calls(lambda: found(*concepts)) < 2.5 * calls(lambda: found(*concepts[:1_000]))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("RRR; reserve ratio", ["RRR", "reserve ratio"]),
        ("准备金率；存准率", ["准备金率", "存准率"]),
        ("reserve ratio / RRR", ["reserve ratio", "RRR"]),
        ("准备金率/存准率", ["准备金率", "存准率"]),
        ("reserve requirement ratio (RRR)", ["reserve requirement ratio", "RRR"]),
        ("RRR (reserve requirement ratio)", ["RRR", "reserve requirement ratio"]),
        ("准备金率（RRR）", ["准备金率", "RRR"]),
        ("a\nb|c", ["a", "b", "c"]),
        ("A; A", ["A; A"]),
        ("A/B test", ["A/B test"]),
        ("和/或", ["和/或"]),
        ("二、三线城市", ["二、三线城市"]),
        ("中国（上海）自由贸易试验区", ["中国（上海）自由贸易试验区"]),
        ("bank (finance)", ["bank (finance)"]),
        ("term(s)", ["term(s)"]),
        ("Beijing, China", ["Beijing, China"]),
    ],
)
def test_forms_in_one_text(text: str, forms: list[str]) -> None:
    assert forms_in(text) == forms


def test_split_keeps_what_is_known_of_the_whole() -> None:
    whole = en("A; B; C", "forbidden", note="n", extra={"xml:lang": "en-GB", "owner": "x"})
    pattern = en("a;b", match=PATTERN)
    termbase = split_forms(Termbase("t", (one(zh("治网"), whole, en("C", "forbidden"), pattern),)))
    english = termbase.concepts[0].terms[1:]
    assert [(t.text, t.status.value, t.note) for t in english] == [
        ("A", "forbidden", "n"), ("B", "forbidden", ""), ("C", "forbidden", ""),
        ("C", "forbidden", ""), ("a;b", "preferred", ""),
    ]  # fmt: skip
    assert [t.tag for t in english] == ["en-GB", "en-GB", "en-GB", "en", "en"]


def test_what_the_reader_said_is_a_finding() -> None:
    said = (
        LeftOut("line 2, 'A': 'x'", UNKNOWN_STATUS), LeftOut("concept c: A", SEVERAL_STATUSES),
        LeftOut("line 1", "rows above the headings", "Title"),
    )  # fmt: skip
    findings = lint(Termbase("t", (one(zh("治网"), en("A")),), said))
    assert [(f.kind, f.severity.value, f.concept) for f in findings] == [
        ("unknown-status", "warning", ""), ("variant-status", "note", ""), ("left-out", "note", ""),
    ]  # fmt: skip
    assert findings[2].message == "line 1 (Title): rows above the headings"
