"""Termbases as tables: TSV and CSV round trips, DeepL, memoQ, WMT25, and which format is chosen."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs import (
    Case,
    Concept,
    InputError,
    Match,
    NothingToEvaluateError,
    Status,
    Term,
    Termbase,
    UsageError,
    read_termbase,
    write_termbase,
)

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\t\n\r"), min_size=1)
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
HOSTILE = st.sampled_from(
    ["=1+1", "+a", "-a", "@a", "'=a", "''=a", "'a", "＝a", '"', 'a"b', "a,b", "a;b", "NA", "007"]
)


def termbases(cell: st.SearchStrategy[str]) -> st.SearchStrategy[Termbase]:
    """Termbases as a table can hold them: forms without white space at their ends."""
    text = cell | HOSTILE
    form = text.map(str.strip).filter(bool)
    name = form.filter(lambda n: not any(c in n for c in "\t\n\r"))
    fields = st.dictionaries(name | st.sampled_from(["note", "term:x", "owner"]), text, max_size=2)
    term = st.builds(
        Term, form, st.sampled_from(["zh", "en"]), st.sampled_from(Status), st.sampled_from(Case),
        st.sampled_from(Match), st.just("") | form, st.just("") | text, fields,
    )  # fmt: skip
    concept = st.builds(
        Concept, form,
        st.lists(term, min_size=1, max_size=4, unique_by=lambda t: (t.lang, t.text)).map(tuple),
        st.just("") | text, st.booleans(), fields,
    )  # fmt: skip
    concepts = st.lists(concept, min_size=1, max_size=3, unique_by=lambda c: c.id).map(tuple)
    return concepts.map(lambda some: Termbase("t", some))


@given(termbases(CELL))
def test_tsv_is_identity(tmp_path_factory: pytest.TempPathFactory, termbase: Termbase) -> None:
    path = tmp_path_factory.mktemp("tsv") / "t.tsv"
    assert write_termbase(termbase, path) == []
    assert read_termbase(path) == termbase


@given(termbases(LINES))
def test_csv_is_identity(tmp_path_factory: pytest.TempPathFactory, termbase: Termbase) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    assert write_termbase(termbase, path) == []
    assert read_termbase(path) == termbase


def test_csv_runs_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    note = '=HYPERLINK("http://x")'
    termbase = Termbase("t", (Concept("-c", (Term("＝甲", "zh", note=note),)),))
    write_termbase(termbase, tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").split("\r\n")[1].startswith('"\'-c","\'＝甲"')
    assert '"\'=HYPERLINK(""http://x"")"' in raw.decode("utf-8-sig")
    assert read_termbase(tmp_path / "t.csv") == termbase


def test_tsv_refuses_tabs_and_names_concepts_without_a_term(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a tab or line break in 'zh'"):
        write_termbase(Termbase("t", (Concept("c", (Term("a\tb", "zh"),)),)), tmp_path / "t.tsv")
    losses = write_termbase(
        Termbase("t", (Concept("c", ()), Concept("d", (Term("甲", "zh"),)))), tmp_path / "t.tsv"
    )
    assert losses == ["concepts without a term: 1 (c)"]


def test_columns_nobody_knows_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(
        "concept\tzh\ten\tdomain\tsource\n"
        "a\t甲\tA\tlaw\tx\n"
        "a\t\tB\t\ty\n"
        "b\t乙\tC\t\t\n"
        "b\t\tD\t\tz\n"
    )
    termbase = read_termbase(path)
    a, b = termbase.concepts
    assert a.extra == {"domain": "law"}
    assert [dict(t.extra) for t in a.in_language("en")] == [{"source": "x"}, {"source": "y"}]
    assert [dict(t.extra) for t in b.in_language("en")] == [{}, {"source": "z"}]
    write_termbase(termbase, path)
    assert read_termbase(path) == termbase
    header, *rows = [line.split("\t") for line in path.read_text().split("\n")[:-1]]
    source = {row[header.index("en")]: row[header.index("source")] for row in rows}
    assert source == {"": "", "A": "x", "B": "y", "C": "", "D": "z"}


def test_a_stated_chinese_form_beats_an_implied_one(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("concept\tzh\ten\tstatus\na\t甲\tA\t\na\t甲\t\tdeprecated\na\t乙\tA\t\n")
    zh = read_termbase(path).concepts[0].in_language("zh")
    assert [(t.text, t.status.value) for t in zh] == [("乙", "preferred"), ("甲", "deprecated")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.csv", 'concept,zh,en\na,甲,"A\n', "line 2: found no valid CSV"),
        ("t.csv", "concept,zh,en\na,甲\n", "line 2: found 2 fields; expected 3"),
        ("t.csv", "concept,zh,en,zh\n", "column 'zh' twice"),
        ("t.csv", 'concept,zh,en\n"a\nb",甲,A\nc,乙\n', "line 4: found 2 fields"),
        ("t.csv", "concept,zh,en\na,甲,\0\n", "line 2: found a NUL"),
        ("t.csv", "a,b,c\n", "a column named 'concept'"),
        ("t.tsv", "a\tb\nc\t \n", "line 2: found an empty target form"),
        ("t.tsv", "\tb\n", "'b' for an empty source form"),
        ("t.tsv", "A\t甲\n", "line 1: found no Chinese character"),
        ("t.tsv", "甲\tA\n乙\n", "line 2: found 1 columns .*; expected two"),
        ("t.json", '{"甲": 1}', "'甲': '1'; expected a list of targets"),
        ("t.json", '{"甲": ["A"], "甲": ["B"]}', "key '甲' twice"),
        ("t.json", '{"甲": ["A"]', "no valid JSON"),
        ("t.json", "[1]", r"found '\[1\]'; expected {source"),
        ("t.json", '{"random": {"甲": ["A"]}}', "dictionaries named random; expected one named 'p"),
        ("t.csv", "zh,en,forbidden\n甲,A,maybe\n", "forbidden 'maybe'; expected yes or no"),
        ("t.csv", "zh,en,match\n甲,A,often\n", "match 'often'"),
        ("t.csv", "zh,en,case\n甲,A,often\n", "case 'often'"),
        ("t.csv", "zh,en\n甲,A,x\n", "found 3 fields; expected at most 2"),
    ],
)  # fmt: skip
def test_broken_tables(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_bytes(text.encode())
    with pytest.raises(InputError, match=message):
        read_termbase(tmp_path / name)


def test_missing_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_termbase(tmp_path / "none.tbx")
    (tmp_path / "t.tsv").write_text("")
    with pytest.raises(InputError, match="an empty file"):
        read_termbase(tmp_path / "t.tsv")
    (tmp_path / "t.json").write_text("{}")
    with pytest.raises(NothingToEvaluateError):
        read_termbase(tmp_path / "t.json")
    (tmp_path / "t.csv").write_bytes("concept,zh,en\na,甲,A\n".encode("gb18030"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_termbase(tmp_path / "t.csv")


def forms(termbase: Termbase) -> dict[str, list[str]]:
    """Concept id to forms with the first letters of their statuses."""
    return {c.id: [f"{t.status[0]} {t.text}" for t in c.terms] for c in termbase.concepts}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.tsv", "网信办\tCAC\n央行\tPBOC\n央行\tcentral bank\n"),
        ("g.csv", '网信办,CAC\r\n央行,PBOC\r\n央行,"central bank"\r\n'),
        ("g.csv", "\ufeff网信办;CAC\n央行;PBOC\n央行;central bank\n"),
        ("g.json", '{"网信办": "CAC", "": ["x"], "央行": ["PBOC", "central bank"]}'),
        ("g.txt", "Chinese,English\n网信办,CAC\n央行,PBOC\n央行,central bank\n"),
    ],
)
def test_pairs(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8", newline="")
    assert forms(read_termbase(tmp_path / name)) == {
        "网信办": ["p 网信办", "p CAC"],
        "央行": ["p 央行", "p PBOC", "a central bank"],
    }


def test_english_first(tmp_path: Path) -> None:
    (tmp_path / "g.tsv").write_text("CAC\t网信办\n")
    termbase = read_termbase(tmp_path / "g.tsv", source_lang="en")
    assert forms(termbase) == {"CAC": ["p CAC", "p 网信办"]}
    assert [t.lang for t in termbase.concepts[0].terms] == ["en", "zh"]
    with pytest.raises(UsageError, match="expected zh or en"):
        read_termbase(tmp_path / "g.tsv", source_lang="fr")


def test_wmt25_documents_and_modes(tmp_path: Path) -> None:
    rows = [
        {"en": "x", "zh": "y", "proper": {"甲": ["A"]}, "random": {"好": ["good"]}, "noterm": {}},
        {"en": "x", "zh": "y", "proper": {"甲": ["A", "B"], "乙": []}, "random": {}},
    ]
    path = tmp_path / "full.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert forms(read_termbase(path)) == {"甲": ["p 甲", "p A", "a B"], "乙": ["p 乙"]}
    assert forms(read_termbase(path, mode="random")) == {"好": ["p 好", "p good"]}


def test_wmt25_published_data(data: Path) -> None:
    folder = data / "wmt25-terminology" / "references"
    if not folder.is_dir():
        pytest.skip("the WMT25 terminology data are absent")
    termbase = read_termbase(folder / "full_data_2016.jsonl")
    assert len(termbase.concepts) == 948  # as the task counts its terms of that year


MEMOQ = (
    "Entry_ID;Entry_Subject;Entry_Note;Chinese_PRC_Def;Chinese_PRC;Term_Info;Term_Example;"
    "English_United_States_Def;English_United_States;Term_Info;Term_Example;"
    "English_United_States;Term_Info;Term_Example;German;Term_Info;Term_Example\n"
    '7;internet;"to check";;网信办;CaseInsense;;;CAC;"CaseSense;NoPrefix";"The CAC said";'
    'network office;"CasePermissive;HalfPrefix;Forbidden";;Amt;CaseSense;\n'
)


def test_memoq(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(MEMOQ.encode("utf-16"))
    (concept,) = read_termbase(tmp_path / "m.csv").concepts
    zh, cac, office = concept.terms
    assert (concept.id, concept.extra["Entry_Subject"]) == ("7", "internet")
    assert concept.extra["Entry_Note"] == "to check"
    assert (concept.extra["German"], concept.extra["German Term_Info"]) == ("Amt", "CaseSense")
    assert (zh.text, zh.extra["xml:lang"]) == ("网信办", "zh-CN")
    assert (cac.text, cac.case, cac.match) == ("CAC", Case.EXACT, Match.EXACT)
    assert cac.extra["Term_Example"] == "The CAC said"
    assert (office.status, office.match) == (Status.FORBIDDEN, Match.INFLECTED)
    assert office.extra["Term_Info"] == "CasePermissive"  # a rule we do not have


def test_named_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Source,Target,Forbidden,Case sensitive,Match,Owner\n"
        "网信办,CAC,no,yes,exact,Jo\n网信办,network office,TRUE,,fuzzy,\n,only English,,,,\n"
    )
    first, second = read_termbase(tmp_path / "t.csv").concepts
    assert [(t.text, t.status.value, t.case.value, t.match.value) for t in first.terms] == [
        ("网信办", "preferred", "insensitive", "inflected"),
        ("CAC", "preferred", "exact", "exact"),
        ("network office", "forbidden", "insensitive", "inflected"),
    ]
    assert first.extra == {"Owner": "Jo"}
    assert second.id == "only English"


def test_deepl_says_what_it_drops(tmp_path: Path, termbase: Termbase) -> None:
    losses = write_termbase(termbase, tmp_path / "g.tsv", format="deepl")
    assert (tmp_path / "g.tsv").read_text("utf-8").split("\n")[:3] == [
        "国家网信办\tCyberspace Administration of China",
        "网信办\tCyberspace Administration of China",
        "中央网信办\tOffice of the Central Cyberspace Affairs Commission",
    ]
    (loss,) = losses
    assert loss == (
        "forms besides the preferred one: 4 (CAC, State Internet Information Office, "
        "network information office, …)"
    )
    hostile = Termbase(
        "t",
        (
            Concept("a", (Term("甲", "zh"), Term("A", "en"))),
            Concept("b", (Term("甲", "zh"), Term("B", "en")), context="x"),
            Concept("c", (Term("丙", "zh"), Term("C\x07", "en"))),
            Concept("d", (Term("丁" * 400, "zh"), Term("D", "en"))),
        ),
    )
    losses = write_termbase(hostile, tmp_path / "h.tsv", format="deepl")
    assert (tmp_path / "h.tsv").read_text("utf-8") == "甲\tA\n"
    assert [loss.rpartition(" (")[0] for loss in losses] == [
        "concepts without a source form and a preferred target form: 2",
        "forms with a control character, or over 1,024 bytes: 2",
        "source forms that stand in several concepts (the first is kept): 1",
        "concepts lose the condition on their context: 1",
    ]
    swapped = write_termbase(termbase, tmp_path / "e.tsv", format="deepl", source_lang="en")
    assert (
        (tmp_path / "e.tsv").read_text("utf-8").startswith("Cyberspace Administration of China\t国")
    )
    assert swapped
    with pytest.raises(InputError, match="no pair that a DeepL glossary can hold"):
        write_termbase(
            replace(hostile, concepts=hostile.concepts[2:]), tmp_path / "i.tsv", format="deepl"
        )
    assert not (tmp_path / "i.tsv").exists()


@pytest.mark.parametrize("name", ["t.odt", "t", "t.json"])
def test_unknown_formats(tmp_path: Path, name: str, termbase: Termbase) -> None:
    with pytest.raises(
        UsageError, match="expected one of tsv, csv, xlsx, tbx, tbx-basic, tbx-v2, deepl"
    ):
        write_termbase(termbase, tmp_path / name)
    with pytest.raises(UsageError, match="the format 'odt'"):
        read_termbase(tmp_path / name, format="odt")


@pytest.mark.parametrize("suffix", ["tsv", "csv", "tbx"])
def test_content_decides(tmp_path: Path, suffix: str, termbase: Termbase) -> None:
    write_termbase(termbase, tmp_path / f"t.{suffix}")
    (tmp_path / f"t.{suffix}").rename(tmp_path / "terms.txt")
    assert read_termbase(tmp_path / "terms.txt").sha256 == termbase.sha256


def listed(termbase: Termbase) -> list[tuple[str, ...]]:
    """Every concept as its id and its forms, Chinese first, without order in the file."""
    return [
        (c.id, *(t.text for t in c.in_language("zh")), *(t.text for t in c.in_language("en")))
        for c in termbase.concepts
    ]


@pytest.mark.parametrize(
    "head",
    ["Term,Translation", "中文术语,英文术语", "术语,译文", "Chinese term,English term", "原文,译名",
     "Source (zh-CN),Target (en-US)", '"Chinese (Simplified, China)",English', "Term,English",
     "简体中文,Translation", "中文名称,英文名称", "Term_zh,Term_en", "源术语,目标术语"],
)  # fmt: skip
def test_headings_people_use(tmp_path: Path, head: str) -> None:
    (tmp_path / "t.csv").write_text(f"{head}\n降准,RRR cut\n逆回购,reverse repo\n", "utf-8")
    assert listed(read_termbase(tmp_path / "t.csv")) == [
        ("降准", "降准", "RRR cut"), ("逆回购", "逆回购", "reverse repo"),
    ]  # fmt: skip


def test_the_forms_say_what_term_and_translation_are(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Term,Translation\nRRR cut,降准\n", "utf-8")
    assert listed(read_termbase(tmp_path / "t.csv")) == [("RRR cut", "降准", "RRR cut")]


def test_source_beside_languages_is_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("zh,en,Source\n降准,RRR cut,PBOC\n", "utf-8")
    (concept,) = read_termbase(tmp_path / "t.csv").concepts
    assert ([t.text for t in concept.terms], concept.extra) == (
        ["降准", "RRR cut"],
        {"Source": "PBOC"},
    )


def test_deepl_with_languages(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(
        '"RRR cut","降准","EN-GB","ZH-HANS"\n"逆回购","reverse repo","zh","en"\n'
        '"Zins","interest","DE","EN"\n', "utf-8",
    )  # fmt: skip
    termbase = read_termbase(path)
    assert listed(termbase) == [
        ("RRR cut", "降准", "RRR cut"), ("reverse repo", "逆回购", "reverse repo"),
    ]  # fmt: skip
    assert [t.tag for t in termbase.concepts[0].terms] == ["EN-GB", "ZH-HANS"]
    assert [(i.place, i.text) for i in termbase.left_out] == [("line 3", "Zins interest DE EN")]
    path.write_text("降准,RRR cut,zh,en\na,b,c\n", "utf-8")
    with pytest.raises(InputError, match=r"line 2: found 3 columns .*; expected two"):
        read_termbase(path)
    # A heading that ends in two languages is none of DeepL's.
    path.write_text("No,Topic,zh,en\n1,banking,降准,RRR cut\n", "utf-8")
    assert listed(read_termbase(path)) == [("降准", "降准", "RRR cut")]


PHRASE = (
    "CID,concept_note,TID,zh_cn,status,note,forbidden,preferred,TID,en_us,status,note,forbidden,preferred\n"
    "C7,money,t1,降准,Approved,n1,FALSE,TRUE,t2,RRR cut,Approved,n2,FALSE,TRUE\n"
    "C7,policy,,,,,,,t3,reserve slash,Approved,n3,TRUE,FALSE\n"
    "C7,,,,,,,,t4,cut in RRR,Approved,,FALSE,FALSE\n"
)


def test_phrase(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(PHRASE, "utf-8")
    (concept,) = read_termbase(tmp_path / "t.csv").concepts
    assert concept.id == "C7"
    assert concept.extra == {"concept_note": "money", "concept_note#2": "policy"}
    assert [(t.text, t.status.value, t.extra["TID"], t.note) for t in concept.terms] == [
        ("降准", "preferred", "t1", "n1"), ("RRR cut", "preferred", "t2", "n2"),
        ("reserve slash", "forbidden", "t3", "n3"), ("cut in RRR", "admitted", "t4", ""),
    ]  # fmt: skip


def test_fields_named_after_a_language(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Entry ID,Chinese,English,Chinese Status,English Status,English Note,词性\n"
        "1,降准,RRR cut,,deprecated,old,noun\n", "utf-8",
    )  # fmt: skip
    zh, en = read_termbase(tmp_path / "t.csv").concepts[0].terms
    assert (zh.status, en.status, en.note) == (Status.PREFERRED, Status.DEPRECATED, "old")
    assert en.extra == {"termNote:partOfSpeech": "noun"}


def test_the_delimiter_is_that_of_the_heading(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("From A; by B\n\nTerm,Translation\n降准,RRR cut\n", "utf-8")
    termbase = read_termbase(tmp_path / "t.csv")
    assert listed(termbase) == [("降准", "降准", "RRR cut")]
    assert [(i.place, i.text) for i in termbase.left_out] == [("line 1", "From A; by B")]


def test_rows_that_are_no_terms_are_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Glossary 2024,,,\n,,,\nzh,en,status,note\n降准,RRR cut,under review,n\n,,,section B\n",
        "utf-8",
    )
    termbase = read_termbase(tmp_path / "t.csv")
    assert listed(termbase) == [("降准", "降准", "RRR cut")]
    assert [(i.place, i.text) for i in termbase.left_out] == [
        ("line 1", "Glossary 2024"), ("line 4, 'RRR cut': 'under review'", ""), ("line 5", "section B"),
    ]  # fmt: skip
    assert termbase.concepts[0].terms[1].extra == {"status": "under review"}


def test_of_several_columns_the_stricter_status_holds(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("zh,en,status,forbidden\n降准,RRR cut,preferred,yes\n", "utf-8")
    assert read_termbase(tmp_path / "t.csv").concepts[0].terms[1].status is Status.FORBIDDEN


NAMES = st.lists(
    st.sampled_from(
        ["Note", "note", "Status", "Owner", "词性", "备注", "English Status", "x", "Note"]
    ),
    max_size=4,
)
CELLS = st.text("abc甲乙;() ", max_size=4)


@given(NAMES, st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=4))
def test_every_cell_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    head = ["Chinese", "English", *names]
    # The forms are all different, so that none is said twice.
    body = [
        [f"{c}{'汉' * n if c.strip() else ''}" for c in r[:2]] + r[2 : len(head)]
        for n, r in enumerate(rows, 1)
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["A banner"], head, *body])
    try:
        termbase = read_termbase(path, lenient=True)
    except NothingToEvaluateError:
        return
    found = [item.text for item in termbase.left_out if item.text]
    for concept in termbase.concepts:
        found += concept.extra.values()
        for term in concept.terms:
            found += [term.text, term.note, *term.extra.values()]
    text = Counter("".join("".join(["A banner", *(c for r in body for c in r)]).split()))
    # A cell about a row with both forms may stand with each.
    assert text <= Counter("".join("".join(found).split()))


def test_xlsx_is_written(tmp_path: Path, termbase: Termbase) -> None:
    assert write_termbase(termbase, tmp_path / "t.xlsx") == []
    assert read_termbase(tmp_path / "t.xlsx") == replace(termbase, name="t")
    hostile = Termbase("t", (Concept("c", (Term("=1+1", "zh"), Term("007", "en", note=" a\nb "))),))
    write_termbase(hostile, tmp_path / "t.xlsx")
    assert read_termbase(tmp_path / "t.xlsx") == hostile
    with pytest.raises(InputError, match="U\\+0000"):
        write_termbase(Termbase("t", (Concept("c", (Term("a\0", "zh"),)),)), tmp_path / "x.xlsx")
