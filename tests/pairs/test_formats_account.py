"""Every character of a TMX or XLIFF file is in a segment, a column or the account, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xindaya.pairs import Corpus, NothingToEvaluateError, read_corpus

# Letters of neither language: they stand in texts alone, never in names or values of attributes.
GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
WORD = st.text(GREEK, min_size=1, max_size=4)


class Draft:
    """Draws the pieces of a document, and remembers the texts in it."""

    def __init__(self, draw: Callable[[st.SearchStrategy[object]], object]) -> None:
        self._draw = draw
        self.said: list[str] = []
        self._units = 0

    def some(self, piece: Callable[[], str], most: int = 3) -> str:
        return "".join(piece() for _ in range(int(str(self._draw(st.integers(0, most))))))

    def one(self, *choices: str) -> str:
        return str(self._draw(st.sampled_from(choices)))

    def word(self) -> str:
        word = str(self._draw(WORD))
        self.said.append(word)
        return word

    def number(self) -> int:
        self._units += 1
        return self._units

    def blank(self) -> str:
        return self.one("", " ", "\n")


def tmx_text(d: Draft) -> str:
    pieces = ("{}", "{}<ph type='lb'>&lt;br/></ph>", "{}<hi><bpt i='1'/> <ept i='1'/></hi>",
              "{}<ph/>", "<ph x='2'>code<sub>{}</sub></ph>")  # fmt: skip
    return d.some(lambda: d.one(*pieces).format(d.word()))


def tmx(d: Draft) -> str:
    def variant() -> str:
        tag = d.one("zh", "zh-CN", "zh-TW", "en", "en-GB", "de")
        fields = ("<note>{}</note>", "<prop type='x'>{}</prop>", "<prop type='domain'>{}</prop>")
        before = d.some(lambda: d.one(*fields).format(d.word()), 2)
        again = d.some(lambda: f"<seg>{d.word()}</seg>", 1)
        return f"<tuv xml:lang='{tag}'>{before}<seg>{tmx_text(d)}</seg>{again}</tuv>"

    def unit() -> str:
        before = d.some(d.word, 1)
        notes = note(d)
        return f"{before}<tu>{notes}{d.some(variant, 4)}</tu>"

    header = note(d)
    return f"<tmx version='1.4'><header>{header}</header><body>{d.some(unit, 4)}</body></tmx>"


def tagged(d: Draft, *more: str) -> str:
    """Inline content of XLIFF 1.2."""
    pieces = ("{}", "{}<x id='1' ctype='lb'/>", "<g id='2'>{}</g>", "<ph id='3'>c<sub>{}</sub></ph>", *more)  # fmt: skip
    return d.some(lambda: d.one(*pieces).format(d.word()))


def unit_12(d: Draft, text: Callable[[], str], more: Callable[[], str], values: str = "") -> str:
    source, target = text(), text()
    shape = d.one("whole", "marked", "marked", "no target")
    if shape == "whole":
        texts = f"<source>{source}</source><target>{target}</target>"
    elif shape == "no target":
        texts = f"<source>{source}</source><alt-trans><target>{target}</target></alt-trans>"
    else:
        mids = d.one("12", "11", "1 ", "12").ljust(2)
        outside = d.some(d.word, 1)
        second = text()
        marks = [
            f'<mrk mtype="seg" mid="{m.strip()}">{t}</mrk>'
            for m, t in zip(mids, (source, second), strict=True)
        ]
        plain = f"{outside}{source}{second}"
        segmented = d.one(f'<mrk mtype="seg" mid="{mids[0]}">{target}</mrk>', target,
                          f'<mrk mtype="seg">{target}</mrk>', f'<mrk mtype="seg" mid="9">{target}</mrk>')  # fmt: skip
        texts = (
            f"<source>{plain}</source><seg-source>{outside}{''.join(marks)}</seg-source>"
            f"<target>{segmented}</target>"
        )
    own = d.one(f"id='i{d.number()}' ", "")
    locked = d.one("", "", " translate='no'")
    return f"<trans-unit {own}{values}{locked}>{texts}{more()}</trans-unit>"


def note(d: Draft) -> str:
    return d.some(lambda: f"<note>{d.word()}</note>", 2)


def alternative(d: Draft) -> str:
    def one() -> str:
        source = d.some(lambda: f"<source>{d.word()}</source>", 1)
        return f"<alt-trans origin='tm'>{source}<target>{d.word()}</target></alt-trans>"

    return d.some(one, 2)


def file_12(d: Draft, units: Callable[[], str], space: str = "", before: str = "") -> str:
    def file() -> str:
        header = d.some(lambda: f"<header><note>{d.word()}</note></header>", 1)
        group = d.some(lambda: f"<context-group><context>{d.word()}</context></context-group>", 1)
        body = f"<body><group>{group}{d.some(units)}</group>{d.some(d.word, 1)}</body>"
        return (
            f"<file original='{d.one('a', 'b')}' source-language='zh-CN' target-language='en'>"
            f"{header}{body}</file>{d.blank()}"
        )

    return (
        f'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"{space}>{before}'
        f"{d.some(file, 2)}</xliff>"
    )


def xliff(d: Draft) -> str:
    return file_12(
        d, lambda: unit_12(d, lambda: tagged(d), lambda: note(d) + alternative(d), "approved='yes'")
    )


def sdlxliff(d: Draft) -> str:
    comment = f"<Comments><Comment user='x'>{d.word()}</Comment></Comments>"
    before = f"<doc-info><cmt-defs><cmt-def id='c'>{comment}</cmt-def></cmt-defs></doc-info>"
    deleted = "<mrk mtype='x-sdl-deleted'>{}</mrk>"
    point = d.one(*["<mrk mtype='x-sdl-comment' sdl:cid='c'>{}</mrk>", deleted])
    first = [point]

    def text() -> str:
        return tagged(d, deleted, *[first.pop()] if first else [])

    def definitions() -> str:
        return "<sdl:seg-defs><sdl:seg id='1' conf='Draft'/></sdl:seg-defs>"

    space = ' xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0"'
    return file_12(d, lambda: unit_12(d, text, definitions), space, before)


def mqxliff(d: Draft) -> str:
    def more() -> str:
        comment = d.some(lambda: f"<mq:comment>{d.word()}</mq:comment>")
        return f"<mq:comments>{comment}</mq:comments><mq:warning>{d.word()}</mq:warning>"

    code = "{}<bpt id='1'>&lt;b></bpt><ept id='1'>&lt;/b></ept>"

    def unit() -> str:
        return unit_12(d, lambda: tagged(d, code), more, "mq:status='Edited'")

    return file_12(d, unit, ' xmlns:mq="MQXliff"')


def mxliff(d: Draft) -> str:
    def text() -> str:
        return d.some(lambda: d.one("{}", "{}{{1}}", "{{b&gt;{}&lt;b}}").format(d.word()))

    space = ' xmlns:m="http://www.memsource.com/mxlf/2.0"'
    return file_12(d, lambda: unit_12(d, text, lambda: alternative(d), "m:confirmed='1'"), space)


def xliff_2(d: Draft) -> str:
    def text() -> str:
        return d.some(lambda: d.one("{}", "<pc id='1'>{}</pc>", "<ph id='2' type='fmt' subType='xlf:lb'/>{}",
                                    "<mrk id='m' type='comment' value='x'>{}</mrk>").format(d.word()))  # fmt: skip

    def segment() -> str:
        target = d.some(lambda: f"<target>{text()}</target>", 1)
        return f"<segment state='final'><source>{text()}</source>{target}</segment>"

    def unit() -> str:
        notes = f"<notes>{note(d)}</notes>"
        match = d.some(lambda: f"<source>{d.word()}</source><target>{d.word()}</target>", 1)
        matches = f"<matches><match>{match}</match></matches>"
        ignorable = d.some(lambda: f"<ignorable><source>{d.word()}</source></ignorable>", 1)
        own = f"id='i{d.number()}'"
        return f"<unit {own}>{notes}{matches}{d.some(segment)}{ignorable}</unit>"

    def file() -> str:
        return f"<file id='f'><notes>{note(d)}</notes>{d.some(unit)}</file>"

    return (
        '<xliff version="2.1" srcLang="zh" trgLang="en" '
        f'xmlns="urn:oasis:names:tc:xliff:document:2.0">{d.some(file, 2)}</xliff>'
    )


def characters(corpus: Corpus) -> Counter[str]:
    texts = [text for s in corpus.segments for text in (s.source, *s.references)]
    texts += [
        v for s in corpus.segments for k, v in s.extra.items() if not k.startswith("display:")
    ]
    # A sub-flow is of its unit's domain, too.
    texts += [s.domain for s in corpus.segments if ".sub" not in s.id]
    texts += [out.text for out in corpus.left_out]
    return Counter(c for text in texts for c in text or "" if c in GREEK)


@pytest.mark.parametrize("kind", [tmx, xliff, sdlxliff, mqxliff, mxliff, xliff_2])
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_character_once(
    tmp_path_factory: pytest.TempPathFactory, kind: Callable[[Draft], str], data: st.DataObject
) -> None:
    draft = Draft(data.draw)
    content = kind(draft)
    path = tmp_path_factory.mktemp("account") / "x.dat"
    path.write_text(content, "utf-8")
    try:
        corpus = read_corpus(path, source_lang="zh")
    except NothingToEvaluateError:
        return
    assert characters(corpus) == Counter("".join(draft.said)), content
