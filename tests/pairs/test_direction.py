"""Which way a corpus goes: stated, said by the data, or shown by the texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xindaya.pairs import Corpus, InputError, UsageError, read_corpus, read_parallel
from xindaya.pairs.direction import DEFAULT, Direction, language_of, said, settled, stated

ZH = ["国家网信办今天发布了新的管理办法。", "这项规定从明年一月一日起施行。", "各地已经开始准备。"]
EN = ["The office issued new rules today.", "They take effect on January 1.", "Work has begun."]


def tsv(source: list[str], target: list[str], *heads: str) -> str:
    names = heads or ("source", "reference:A")
    rows = [f"{n}\t{a}\t{b}\n" for n, (a, b) in enumerate(zip(source, target, strict=True), 1)]
    return "\t".join(("id", *names)) + "\n" + "".join(rows)


def jsonl(source: list[str], target: list[str]) -> str:
    rows = enumerate(zip(source, target, strict=True))
    return "".join(f'{{"id": "{n}", "source": "{a}", "reference": "{b}"}}\n' for n, (a, b) in rows)


def po(source: list[str], target: list[str], head: str = "Language: zh_CN\\n") -> str:
    pairs = "".join(f'\nmsgid "{a}"\nmsgstr "{b}"\n' for a, b in zip(source, target, strict=True))
    return f'msgid ""\nmsgstr ""\n"{head}"\n{pairs}'


def xliff(source: list[str], target: list[str], tags: str = 'source-language="en-US"') -> str:
    units = "".join(
        f'<trans-unit id="{n}"><source>{a}</source><target>{b}</target></trans-unit>'
        for n, (a, b) in enumerate(zip(source, target, strict=True))
    )
    return f'<xliff version="1.2"><file original="f" {tags}><body>{units}</body></file></xliff>'


def tmx(source: list[str], target: list[str], srclang: str = "en-US") -> str:
    units = "".join(
        f'<tu><tuv xml:lang="zh-CN"><seg>{b}</seg></tuv><tuv xml:lang="en"><seg>{a}</seg></tuv></tu>'
        for a, b in zip(source, target, strict=True)
    )
    return f'<tmx version="1.4"><header srclang="{srclang}"/><body>{units}</body></tmx>'


def wmt(source: list[str], target: list[str]) -> str:
    def block(kind: str, lang: str, texts: list[str]) -> str:
        segments = "".join(f'<seg id="{n}">{text}</seg>' for n, text in enumerate(texts))
        return f'<{kind} lang="{lang}"><p>{segments}</p></{kind}>'

    return (
        f'<dataset id="t"><doc id="d">{block("src", "en", source)}{block("ref", "zh", target)}'
        "</doc></dataset>"
    )


FORMATS: dict[str, Callable[[list[str], list[str]], str]] = {
    "a.tsv": tsv, "a.jsonl": jsonl, "a.po": po, "a.xlf": xliff, "a.tmx": tmx, "a.xml": wmt,
    "a.csv": lambda a, b: tsv(a, b).replace("\t", ","),
}  # fmt: skip
NEUTRAL = ("a.tsv", "a.csv", "a.jsonl")


def way(corpus: Corpus) -> str:
    return f"{corpus.source_lang} to {corpus.target_lang}"


@pytest.mark.parametrize("name", FORMATS)
def test_from_english_without_a_word(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FORMATS[name](EN, ZH), "utf-8")
    corpus = read_corpus(tmp_path / name)
    assert way(corpus) == "en to zh"
    assert [s.source for s in corpus.segments] == EN
    assert list(corpus.reference("A")) == ZH
    assert corpus == read_corpus(tmp_path / name, source_lang="en", target_lang="zh")
    assert corpus == read_corpus(tmp_path / name, target_lang="zh")


@pytest.mark.parametrize("name", NEUTRAL)
def test_texts_that_decide_are_named(tmp_path: Path, name: str) -> None:
    notes: list[str] = []
    (tmp_path / name).write_text(FORMATS[name](EN, ZH), "utf-8")
    read_corpus(tmp_path / name, notes=notes)
    assert notes == [f"{tmp_path / name}: read as en to zh, as its texts show (-sl en states it)"]
    (tmp_path / name).write_text(FORMATS[name](ZH, EN), "utf-8")
    notes.clear()
    assert way(read_corpus(tmp_path / name, notes=notes)) == "zh to en"
    assert notes == []


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "a.tmx"])
def test_a_statement_against_the_data_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FORMATS[name](EN, ZH), "utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(tmp_path / name, source_lang="zh", target_lang="en")
    message = str(caught.value)
    assert str(tmp_path / name) in message
    assert "as stated" in message
    assert "\n  hint: " in message


def test_a_memory_is_read_either_way(tmp_path: Path) -> None:
    path = tmp_path / "a.tmx"
    path.write_text(tmx(EN, ZH), "utf-8")
    assert way(read_corpus(path, source_lang="zh")) == "zh to en"
    path.write_text(tmx(EN, ZH, "*all*"), "utf-8")
    assert way(read_corpus(path)) == "zh to en"


def test_a_little_text_is_a_warning(tmp_path: Path) -> None:
    path, notes = tmp_path / "a.tsv", []
    path.write_text(tsv(["A rainy day"], ["下雨天"]), "utf-8")
    assert way(read_corpus(path, source_lang="zh", notes=notes)) == "zh to en"
    (note,) = notes
    assert note.startswith(f"{path}: read as zh to en, as stated, and yet it has English in the")


def test_swapped_sides_behind_a_tag_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    path.write_text(xliff(ZH, EN), "utf-8")
    with pytest.raises(InputError, match=r"Chinese in the source and English in the target.*says"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("heads", "source", "target", "expected"),
    [
        (("zh", "en"), ZH, EN, "zh to en"),
        (("en", "zh"), EN, ZH, "en to zh"),
        (("source", "zh"), EN, ZH, "en to zh"),
        (("source", "en"), ZH, EN, "zh to en"),
        (("en", "system:vendor"), EN, ZH, "en to zh"),
        (("zh", "system:vendor"), ZH, EN, "zh to en"),
        (("reference:B", "en"), ZH, EN, "en to zh"),
        (("en", "reference"), EN, ZH, "en to zh"),
    ],
)
def test_columns_called_after_languages(
    tmp_path: Path, heads: tuple[str, str], source: list[str], target: list[str], expected: str
) -> None:
    (tmp_path / "a.tsv").write_text(tsv(source, target, *heads), "utf-8")
    corpus = read_corpus(tmp_path / "a.tsv")
    assert way(corpus) == expected
    assert [s.source for s in corpus.segments] == (ZH if expected == "zh to en" else EN)


def test_outputs_decide_between_two_named_columns(tmp_path: Path) -> None:
    head = "id\tzh\ten\tsystem:vendor\n"
    rows = zip(ZH, EN, reversed(ZH), strict=True)
    path = tmp_path / "a.tsv"
    path.write_text(head + "".join(f"{a}\t{a}\t{b}\t{c}\n" for a, b, c in rows), "utf-8")
    corpus = read_corpus(path)
    assert way(corpus) == "en to zh"
    assert list(corpus.reference("A")) == ZH


def test_names_of_line_files(tmp_path: Path) -> None:
    for name, texts in (
        ("s.en", EN),
        ("r.zh-CN.txt", ZH),
        ("source.en", EN),
        ("reference.A.zh", ZH),
    ):
        (tmp_path / name).write_text("".join(f"{t}\n" for t in texts), "utf-8")
    files = {"source": tmp_path / "s.en", "references": {"A": tmp_path / "r.zh-CN.txt"}}
    assert way(read_parallel(**files, systems={})) == "en to zh"  # type: ignore[arg-type]
    assert way(read_corpus(tmp_path)) == "en to zh"
    with pytest.raises(InputError, match=r"source\.en is called.*expected zh to en, as stated"):
        read_corpus(tmp_path, source_lang="zh")
    (tmp_path / "source.zh").write_text("".join(f"{t}\n" for t in ZH), "utf-8")
    (tmp_path / "reference.A.en").write_text("".join(f"{t}\n" for t in EN), "utf-8")
    with pytest.raises(InputError, match="files of both directions"):
        read_corpus(tmp_path)
    notes: list[str] = []
    corpus = read_corpus(tmp_path, target_lang="zh", notes=notes)
    assert (way(corpus), list(corpus.reference("A"))) == ("en to zh", ZH)
    assert notes == ["reference.A.en is no translation from en to zh, left out"]


def test_a_misleading_name_gives_way_to_a_statement(tmp_path: Path) -> None:
    path = tmp_path / "from.zh"
    path.write_text("".join(f"{t}\n" for t in EN * 2), "utf-8")
    read = {"source": None, "references": {"A": path}, "systems": {}}
    corpus = read_parallel(**read, target_lang="en")  # type: ignore[arg-type]
    assert way(corpus) == "zh to en"
    with pytest.raises(InputError, match=r"English in the target.*from\.zh say by their names"):
        read_parallel(**read)  # type: ignore[arg-type]


def test_a_manifest_says_it(tmp_path: Path) -> None:
    (tmp_path / "s.tsv").write_text("id\ttext\n" + "".join(f"{t}\t{t}\n" for t in EN), "utf-8")
    manifest = tmp_path / "corpus.toml"
    manifest.write_text('name = "m"\nsource = "s.tsv"\nsource_lang = "en"\ntarget_lang = "zh"\n')
    assert way(read_corpus(tmp_path)) == "en to zh"
    with pytest.raises(InputError, match=r"en to zh \(as corpus\.toml says\); expected zh to en"):
        read_corpus(tmp_path, source_lang="zh")
    manifest.write_text('name = "m"\nsource = "s.tsv"\n')
    assert way(read_corpus(tmp_path)) == "en to zh"


@pytest.mark.parametrize(
    ("sources", "targets", "expected"),
    [
        ([], ZH, "en to zh"),
        ([], EN, "zh to en"),
        (EN, [], "en to zh"),
        (EN, EN, "zh to en"),
        (["12", "…"], ["", None], "zh to en"),
        (EN, ["用 Python 和 NumPy 写的 API 网关 server"], "en to zh"),
    ],
)
def test_texts_alone(sources: list[str], targets: list[str | None], expected: str) -> None:
    assert str(settled("x", None, sources, targets)) == expected


@pytest.mark.parametrize("sources", [ZH, []])
def test_texts_that_do_not_tell_are_refused(sources: list[str]) -> None:
    mixed = ZH if sources else ["国务院 State Council 办公厅 General Office of the Council"]
    with pytest.raises(InputError, match=r"-sl zh -tl en"):
        settled("x", None, sources, mixed)


def test_what_is_stated() -> None:
    assert stated(None, None) is None
    assert str(stated("en", None)) == str(stated(None, "zh")) == "en to zh"
    for languages in (("de", "en"), ("zh", "zh"), (None, "fr"), ("", None)):
        with pytest.raises(UsageError, match="expected zh to en, or en to zh"):
            stated(*languages)


def test_what_tags_say() -> None:
    assert said("zh-Hans-CN", "eng", "x") == Direction("zh", "en", "x")
    assert said("de", "zh", "x") is said(None, None, "x") is said("zh", "zh", "x") is None
    assert said(None, "cmn", "x") == Direction("en", "zh", "x")
    assert DEFAULT.agrees(Direction("zh", "en"))
    assert language_of(["𠀀𠀁"]) == "zh"
