"""Discovery as a whole: on text made here, on the user's documents, on annotated articles."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from xindaya.metrics.terminology.discovery import Discovery, Model1Aligner, Passage, discover
from xindaya.metrics.terminology.discovery.words import cluster_key
from xindaya.pairs import Termbase

# Page furniture of the two seeds, as numbers of non-empty lines.
ZH_FURNITURE, EN_FURNITURE = {2, 36}, {1, 3, 4}

VERBS = [("加强", "strengthen"), ("推动", "promote"), ("研究", "study"), ("支持", "support")]
THINGS = [
    ("农业", "agriculture"),
    ("教育", "education"),
    ("医疗", "medicine"),
    ("交通", "transport"),
]


def made(drifting: int = 0) -> list[Passage]:
    """Sixteen sentences about 量子计算; the last `drifting` ones call it something else."""
    passages = []
    for k in range(16):
        (verb, does), (thing, what) = VERBS[k % 4], THINGS[(k + k // 4) % 4]
        english = "qubit arithmetic" if k >= 16 - drifting else "quantum computing"
        passages.append(
            Passage(
                f"我们{verb}{thing}领域的量子计算。",
                f"We {does} {english} in {what}.",
                f"d{k // 8}",
            )
        )
    return passages


def test_consistent_text() -> None:
    found = discover(made())
    term = found.term("量子计算")
    assert term is not None
    assert (term.occurrences, term.resolved, term.drifts) == (16, 16, False)
    assert [r.text for r in term.renderings] == ["quantum computing"]
    assert term.measures["ltcr"] == 1.0
    assert found.noise.inconsistency == 0.0


@pytest.mark.parametrize("drifting", [2, 5])
def test_drift_is_found_and_comes_first(drifting: int) -> None:
    found = discover(made(drifting))
    term = found.terms[0]
    assert (term.term, term.drifts) == ("量子计算", True)
    usual, other = term.renderings
    assert (usual.text, other.text) == ("quantum computing", "qubit arithmetic")
    assert other.segments == tuple(range(16 - drifting, 16))
    assert other.example[slice(*other.span)] == other.text
    same = (16 - drifting) * (15 - drifting) + drifting * (drifting - 1)
    assert term.measures["ltcr"] == pytest.approx(same / (16 * 15))
    inside = 8 * 7 + (8 - drifting) * (7 - drifting) + drifting * (drifting - 1)
    assert term.measures["ltcr_within_documents"] == pytest.approx(inside / (2 * 8 * 7))


def test_too_few_occurrences_are_no_drift() -> None:
    found = discover(made(5), minimum=17)
    assert found.drifting == ()
    assert found.term("量子计算") is not None


def test_the_reference_is_read_by_the_same_aligner() -> None:
    reference = [passage.target for passage in made(5)]
    assert discover(made(), reference=reference).noise.reference == pytest.approx(0.45, abs=0.3)
    assert discover(made()).noise.reference is None


def test_another_aligner_can_be_plugged_in() -> None:
    seen: list[int] = []

    class Spy(Model1Aligner):
        def train(self, source, target, *, background=None):  # type: ignore[no-untyped-def]
            seen.append(len(background[0]) if background else 0)
            return super().train(source, target, background=background)

    discover(made(), background=made()[:3], aligner=Spy())
    assert seen == [3]


def test_same_arguments_same_result() -> None:
    assert discover(made(2)) == discover(made(2))


def test_progress_counts_terms() -> None:
    started: list[tuple[str, int]] = []
    done: list[int] = []

    def start(label: str, total: int):  # type: ignore[no-untyped-def]
        started.append((label, total))
        return done.append

    found = discover(made(), progress=start)
    assert started == [("terms", len(found.terms))]
    assert sum(done) == len(found.terms)


@pytest.mark.parametrize(
    "passages", [[], [Passage("", "")], [Passage("网络", "")], [Passage("", "x")]]
)
def test_nothing_to_find(passages: list[Passage]) -> None:
    found = discover(passages)
    assert [t.resolved for t in found.terms] in ([], [0])
    assert found.noise.inconsistency is None


def test_termbase_terms_are_always_listed(termbase: Termbase) -> None:
    found = discover([Passage("网信办表示。", "The CAC said.")], termbase=termbase)
    assert found.term("网信办") is not None


def lines(path: Path, furniture: set[int]) -> list[str]:
    """The non-empty lines, without those of the given numbers from 1."""
    text = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    return [line for number, line in enumerate(text, 1) if number not in furniture]


@pytest.fixture(scope="module")
def seeds(data: Path) -> Discovery:
    chinese = lines(next((data / "seeds").glob("001*")), ZH_FURNITURE)
    english = lines(next((data / "seeds").glob("000*")), EN_FURNITURE)
    return discover([Passage(zh, en) for zh, en in zip(chinese, english, strict=True)])


def test_seeds_the_term_that_drifts(seeds: Discovery) -> None:
    assert seeds.terms[0].term == "网信"
    term = seeds.terms[0]
    assert term.drifts
    assert {
        "cybersecurity and informatization",
        "cybersecurity and information",
        "Internet and information technology",
        "Internet and information",
    } <= {r.text for r in term.renderings[:10]}


@pytest.mark.parametrize(
    "name", ["网络强国", "网络综合治理体系", "生成式人工智能", "高质量发展", "互联网"]
)
def test_seeds_the_terms_that_do_not(seeds: Discovery, name: str) -> None:
    term = seeds.term(name)
    assert term is not None
    assert not term.drifts
    assert len(term.renderings) == 1


def test_seeds_multi_word_terms(seeds: Discovery) -> None:
    for name in ("管网治网", "网信办"):
        assert seeds.term(name) is not None
    for fragment in ("坚持", "推动", "综合治理体系"):
        assert seeds.term(fragment) is None


def test_annotated_articles(data: Path) -> None:
    """Twenty articles whose repeated words are rendered consistently: little may drift."""
    folder = data / "lexical-consistency"
    passages: list[Passage] = []
    annotated: Counter[tuple[str, str]] = Counter()
    for path in sorted((folder / "res").iterdir())[:20]:
        pairs = (folder / "zh2en_raw" / path.name).read_text("utf-8").split("\n")
        passages += [Passage(*p.split("|||"), path.name) for p in pairs if p.strip()]
        for row in map(ast.literal_eval, path.read_text("utf-8").strip().split("\n")):
            annotated[row[0].split("/")[0], row[-1]] += len(row) - 1
    found = discover(passages)
    right = total = 0
    for (word, english), count in annotated.items():
        term = found.term(word)
        if term is not None and count >= 3:
            head = cluster_key(english.split()[-1:])
            total += 1
            right += any(set(head) <= set(r.key) for r in term.renderings[:2])
    assert total >= 40
    assert right / total >= 0.9
    assert found.noise.inconsistency is not None
    assert found.noise.inconsistency < 0.06
