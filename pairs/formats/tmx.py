"""Reading TMX 1.4, one unit at a time, whatever the size of the file.

Of each ``<tu>`` one ``<tuv>`` in the source language is the source; the ``<tuv>`` in the target
language are its translations. If a unit of the file has them in two variants (``zh-CN`` and
``zh-TW``), each is named by its tag, ``reference:zh-TW``, in all units; stating a variant chooses
one. Otherwise they are ``reference:A`` and, if there are more, B, C, …. What a
``<prop type="x-side">`` says goes before (`write_tmx` writes one).

Columns: ``document`` and ``domain`` from properties of these names, ``translator`` (``changeid``,
else ``creationid``), ``note``, ``prop:TYPE``, and other attributes as ``tu:NAME``, ``source:NAME``,
``target:NAME``, of a further translation ``target:B:NAME``; ``lang:source`` and ``lang:target`` where
the tag says more than ``zh`` or ``en``. Other languages, the header and units without both languages
are left out by name.

Units with one text in either language are taken by the hundred, as columns; any other is walked
through element by element. That is what keeps reading nearly as fast as parsing.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import (
    canonical,
    is_variant,
    language,
)
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.inline import (
    DISPLAY,
    Content,
    UnknownInlineError,
    add_columns,
    is_tags_alone,
    native_codes,
    read_inline,
    sub_flows,
)
from xindaya.pairs.formats.records import Record, Run, build_corpus
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.formats.tmx_batches import (
    ODD,
    Level,
    Plan,
    Rows,
    Said,
    contents_of,
    level_of,
    marked,
    rows_of,
)
from xindaya.pairs.formats.tmx_columns import SIDE, Columns, Fields, fields_of, side_of
from xindaya.pairs.formats.tmx_languages import direction_of_tmx, has_variants
from xindaya.pairs.formats.xml import (
    attributes,
    line_of,
    local_name,
    open_xml,
    texts_within,
)
from xindaya.pairs.formats.xml_stream import Batch, Form, UnusualError, batches_of
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import counted, lettered

_FORM = Form("body", "tu")
_BETWEEN = etree.XPath("boolean((text() | tu/text() | tu/tuv/text())[normalize-space()])")
_KEPT, _SHORT = 1_000, 1_000  # kinds of units that are remembered, and how long one may be


class _Variant(NamedTuple):
    values: dict[str, str]
    fields: Fields
    content: Content
    element: etree._Element | None = None
    again: Sequence[str] = ()  # texts of further <seg>

    @property
    def tag(self) -> str:
        return self.values.get("lang", "")


@dataclass
class TmxReader:
    """Reads the units of a TMX file as records.

    Args:
        path: The file.
        source_lang: A tag of Chinese or English; one with a variant chooses it.
        target_lang: One of the other language.
        target: What the first translation of a unit is, unless it says so itself.
        max_chars: Longest text accepted.

    Attributes:
        left_out: What is no part of a record, so far.
    """

    path: Path
    source_lang: str = "zh"
    target_lang: str = "en"
    target: str = TARGET
    max_chars: int = MAX_SEGMENT_CHARS
    left_out: list[LeftOut] = field(default_factory=list)
    ids: Ids = field(default_factory=Ids)
    _known: dict[tuple[str, ...], Said | None] = field(default_factory=dict)
    _plans: dict[tuple[tuple[str, ...], ...], Plan | None] = field(default_factory=dict)
    _before: int = 0  # lines that the line numbers of the parser lack
    _by_tag: bool = False
    _source_tag: str = ""

    def __post_init__(self) -> None:
        self._codes: set[str] = set()
        self._languages = language(self.source_lang), language(self.target_lang)

    def __iter__(self) -> Iterator[Record]:
        """Yields the records.

        Raises:
            InputError: If the file is no TMX, or a text is too long.
        """
        for item in self.batches():
            if isinstance(item, Run):
                yield from item.records()
            else:
                yield item

    def batches(self) -> Iterator[Run | Record]:
        """Yields the records, plain ones as runs.

        Raises:
            InputError: As iterating does.
        """
        self._by_tag = has_variants(self.path, self.target_lang)
        with open_xml(self.path, "tmx") as stream:
            for batch in batches_of(self.path, stream, _FORM, self._look_at):
                yield from self._taken(batch)
        self.left_out += native_codes(self._codes)

    def notes(self) -> list[str]:
        """Says which units had to be named."""
        if not self.ids.generated:
            return []
        return [
            f"{counted(self.ids.generated, 'unit')} without an own id, called after their place"
        ]

    def _look_at(self, root: etree._Element, before: int, part: str) -> None:
        """Leaves out, by name, what stands around the units."""
        if not any(local_name(element) == "body" for element in root.iter()):
            raise InputError(self.path, "no <body>", "TMX: a <tmx> with a <body>")
        self._before = before
        for element in root:
            if texts := texts_within(element):
                self._leave_at(element, f"texts in the {part}", "\n".join(texts))
        self._stray_text(root, [root.text, *(element.tail for element in root)])

    def _leave_at(self, element: etree._Element, reason: str, text: str) -> None:
        line = line_of(element) or 0
        self.left_out.append(LeftOut(f"line {line + self._before}", reason, text))

    def _leave(self, unit: str, reason: str, element: etree._Element | None) -> None:
        texts = [] if element is None else texts_within(element)
        self.left_out.append(LeftOut(f"unit {unit}", reason, "\n".join(texts)))

    def _taken(self, batch: Batch) -> Iterator[Run | Record]:
        """Yields units."""
        self._before = batch.before
        for text, check in batch.spellings():
            with contextlib.suppress(UnusualError):
                rows = rows_of(text, check)
                if rows and not (any(rows.others) and len(batch.body) != len(rows.units)):
                    *known, codes = contents_of([*rows.first_segs, *rows.second_segs])
                    heads = list(zip(rows.units, rows.firsts, rows.seconds, strict=True))
                    said = {head: self._said(*head) for head in dict.fromkeys(heads)}
                    self._codes.update(codes)
                    yield from self._in_columns(batch, rows, heads, said, *known)
                    return
        body = batch.body
        self._stray_text(body, [body.text])
        between = bool(_BETWEEN(body))
        for unit in body:
            yield from self._walked(unit, between=between)

    def _in_columns(
        self, batch: Batch, rows: Rows, heads: list[tuple[str, str, str]],
        said: dict[tuple[str, str, str], Said | None], texts: Sequence[str], shown: Sequence[str],
    ) -> Iterator[Run | Record]:  # fmt: skip
        """Yields units as runs, and those between as records."""
        size = len(heads)
        if texts is shown and len(said) == 1 and not any(rows.others):
            own = said[heads[0]]
            if own and not own.tuid and max(map(len, texts)) <= self.max_chars:
                # All alike: nothing is to be done for each.
                yield self._run(own.side, rows.tuids, *own.run(texts[:size], texts[size:]))
                return
        units: list[etree._Element] = []
        run: list[Any] = []
        side, between = "", False
        sides = texts[:size], texts[size:], shown[:size], shown[size:]
        for place, (tuid, head, other, *contents) in enumerate(
            zip(rows.tuids, heads, rows.others, *sides, strict=True)
        ):
            own = None if other else said[head]
            segment = self._segment(own, tuid, *contents) if own else None
            if own and segment and own.side == side:
                run.append(segment)
                continue
            if run:
                yield self._run(side, *zip(*run, strict=True))
                run = []
            if own and segment:
                side = own.side
                run.append(segment)
            else:
                if not units:
                    units, between = list(batch.body), bool(_BETWEEN(batch.body))
                yield from self._walked(units[place], between=between)
        if run:
            yield self._run(side, *zip(*run, strict=True))

    def _run(self, side: str, ids: Sequence[str], *columns: Any) -> Run:
        sources, targets, documents, domains, extras = columns
        given = self.ids.give_all(ids)
        return Run(given, sources, targets, documents, domains, extras, side)

    def _segment(
        self, said: Said, tuid: str, source: str, target: str, source_shown: str, target_shown: str
    ) -> tuple[Any, ...] | None:
        """Returns the columns of a run for one unit; None if it must be walked."""
        if len(source) > self.max_chars or len(target) > self.max_chars:
            return None
        _, source_first, own, document, domain, extra = said
        if not source_first:
            source, target, source_shown, target_shown = target, source, target_shown, source_shown
        if source is not source_shown or target is not target_shown:
            if ODD in source_shown or ODD in target_shown or not (source.strip() or target.strip()):
                return None
            extra = dict(extra)
            if source != source_shown:
                extra[DISPLAY + "source"] = source_shown
            if target != target_shown:
                extra[DISPLAY + said.side] = target_shown
        return tuid or own, source, target, document, domain, extra

    def _said(self, *heads: str) -> Said | None:
        """Returns what a unit says beside its texts; None if it must be walked."""
        if heads in self._known:
            return self._known[heads]
        levels = [level_of(head) for head in heads]
        names = tuple(level.names for level in levels)
        if names not in self._plans:
            _make_room(self._plans)
            self._plans[names] = self._plan(levels)
        plan = self._plans[names]
        said = plan.said(*levels) if plan else None
        if sum(map(len, heads)) < _SHORT:
            _make_room(self._known)
            self._known[heads] = said
        return said

    def _plan(self, levels: list[Level]) -> Plan | None:
        """Returns where units with such names have their columns; None if they must be walked."""
        (unit, fields), *texts = marked(*levels)
        variants = [_Variant(*text, Content("", "")) for text in texts]
        sources = self._chosen(variants, self.source_lang)
        targets = self._chosen(variants, self.target_lang)
        kinds = [kind for variant in variants for _, kind, _ in variant.fields]
        declared = any(name.startswith("xmlns") for level in levels for name in level.names)
        if declared or SIDE in kinds or not len(sources) == len(targets) == 1:
            return None
        if sources[0] is targets[0]:
            return None
        source = self._source(sources)
        sides = list(zip(self._sides(targets), targets, strict=True))
        columns = self._columns(unit, fields, source, sides)
        return Plan(Said(sides[0][0], source is variants[0], unit.get("tuid", ""), *columns))

    def _stray(self, unit: etree._Element) -> None:
        """Leaves out, by name, text where TMX has none."""
        texts = [unit.tail, unit.text]
        for child in unit:
            texts.append(child.tail)
            if local_name(child) == "tuv":
                texts += [child.text, *(c.tail for c in child)]
        self._stray_text(unit, texts)

    def _stray_text(self, element: etree._Element, texts: list[str | None]) -> None:
        if text := "".join(t for t in texts if t and not t.isspace()):
            self._leave_at(element, "texts between elements", text)

    def _walked(self, unit: etree._Element, *, between: bool) -> Iterator[Record]:
        line = (line_of(unit) or 0) + self._before
        if between:
            self._stray(unit)
        if local_name(unit) != "tu":
            raise InputError(self.path, f"<{local_name(unit)}> in the body", "<tu>", line=line)
        values, fields = attributes(unit), fields_of(unit)
        variants = [self._variant(v, line) for v in unit if local_name(v) == "tuv"]
        given = self.ids.give(values.get("tuid"))
        sources = self._chosen(variants, self.source_lang)
        targets = self._chosen(variants, self.target_lang)
        if not sources or not targets:
            self._leave(
                given, f"units without both {self.source_lang} and {self.target_lang}", unit
            )
            return
        source = self._source(sources)
        if len(variants) > 1 + len(targets):
            self._leave_others(given, variants, [source, *targets])
        if is_tags_alone(source.content, *(t.content for t in targets)):
            self._leave(given, "units of tags alone", unit)
            return
        if again := [text for v in (source, *targets) for text in v.again]:
            text = "\n".join(again)
            self.left_out.append(LeftOut(f"unit {given}", "second texts of a variant", text))
        sides = list(zip(self._sides(targets), targets, strict=True))
        document, domain, extra = self._columns(values, fields, source, sides)
        contents = {side: target.content for side, target in sides}
        yield from self._records(given, line, document, domain, source.content, contents, extra)

    def _records(
        self,
        given: str,
        line: int | None,
        document: str,
        domain: str,
        source: Content,
        targets: dict[str, Content],
        extra: dict[str, str],
    ) -> Iterator[Record]:
        """Yields a segment, and its sub-flows after it."""
        languages = {k: v for k, v in extra.items() if k.startswith("lang:")} if source.subs else {}
        record = Record(given, line, source.text, document, domain, {}, {}, extra)
        add_columns(extra, "source", source)
        for side, content in targets.items():
            put(record, side, content.text)
            add_columns(extra, side, content)
        for content in (source, *targets.values()):
            if len(content.text) > self.max_chars:
                raise self._too_long(given, len(content.text), line)
            self._codes.update(content.codes)
        yield record
        pairs, alone = sub_flows(source, targets)
        for number, (sub, others) in enumerate(pairs, 1):
            own = self.ids.part(f"{given}.sub{number}")
            yield from self._records(own, line, document, domain, sub, others, dict(languages))
        for text in alone:
            self.left_out.append(LeftOut(f"unit {given}", "sub-flows of the target alone", text))

    def _chosen(self, variants: list[_Variant], wanted: str) -> list[_Variant]:
        """Returns the texts in a language and variant; else those that may be in it."""
        own = [v for v in variants if is_variant(v.tag, wanted)]
        return own or [v for v in variants if is_variant(v.tag, wanted, sure=False)]

    def _source(self, sources: list[_Variant]) -> _Variant:
        """Returns the source: in the variant of the units before, if a unit has several."""
        source = next((s for s in sources if s.tag == self._source_tag), sources[0])
        self._source_tag = self._source_tag or source.tag
        return source

    def _leave_others(self, given: str, variants: list[_Variant], taken: list[_Variant]) -> None:
        for other in variants:
            if any(other is t for t in taken):
                continue
            ours = language(other.tag) in self._languages
            reason = (
                f"texts in another variant, {other.tag}" if ours else "texts in other languages"
            )
            self._leave(given, reason, other.element)

    def _sides(self, targets: list[_Variant]) -> list[str]:
        """Returns what each translation of a unit is: as it says itself, else by tag or position."""
        sides: list[str] = []
        for position, target in enumerate(targets):
            said = side_of(target.fields)
            if not said or said in sides:
                said = next(s for s in self._names(target, position) if s not in sides)
            sides.append(said)
        return sides

    def _names(self, target: _Variant, position: int) -> Iterator[str]:
        """Yields what a translation that does not say it itself may be called."""
        if self._by_tag:
            name = f"{self.target.partition(':')[0]}:{canonical(target.tag)}"
            yield name
            yield from (f"{name}#{n}" for n in itertools.count(2))
        if not position:
            yield self.target
        yield from (f"reference:{lettered(n)}" for n in itertools.count())

    def _variant(self, element: etree._Element, line: int | None) -> _Variant:
        content, fields, again = None, [], list[str]()
        for child in element:
            name = local_name(child)
            if name == "seg" and content is None:
                content = self._content(child, line)
            elif name == "seg":
                again += texts_within(child)
            elif name in ("prop", "note"):
                fields.append((name, child.get("type", ""), child.text or ""))
        if content is None:
            raise InputError(self.path, "a <tuv> without <seg>", "a <seg> in each", line=line)
        return _Variant(attributes(element), fields, content, element, again)

    def _content(self, segment: etree._Element, line: int | None) -> Content:
        try:
            return read_inline(segment)
        except UnknownInlineError as error:
            raise InputError(
                self.path, f"{preview(str(error))} in a <seg>", "TMX inline tags", line=line
            ) from error

    def _columns(
        self,
        unit: dict[str, str],
        fields: Fields,
        source: _Variant,
        targets: Sequence[tuple[str, _Variant]],
    ) -> tuple[str, str, dict[str, str]]:
        """Returns document, domain and the other columns of a unit."""
        columns = Columns()
        levels = [("source", source)]
        plain, first = self._languages
        if source.tag and source.tag != plain:
            columns.extra["lang:source"] = source.tag
        for side, target in targets:
            name = side.partition(":")[2]
            level = f"target:{name}" if len(levels) > 1 else "target"
            levels.append((level, target))
            if target.tag and target.tag not in (first, name):
                columns.extra[f"lang:{level}"] = target.tag
            first = first if len(levels) > 2 else target.tag or first
        columns.translator(targets[0][1].values, unit)
        columns.attributes("tu", unit)
        columns.fields("", fields)
        for level, text in levels:
            columns.attributes(level, text.values)
            columns.fields(level.replace(":", "-") + "-", text.fields)
        return columns.document, columns.domain, columns.extra

    def _too_long(self, segment: str, size: int, line: int | None) -> InputError:
        found = f"a text of {size:,} characters in unit {preview(segment)}"
        hint = "raise --max-segment-chars if such segments are meant"
        return InputError(self.path, found, f"at most {self.max_chars:,}", line=line, hint=hint)


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _KEPT:
        kept.clear()


def read_tmx(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    target: str = TARGET,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from TMX; which units had to be named is added to `notes`.

    Raises:
        InputError: If the file is no TMX.
        NothingToEvaluateError: If it has no unit in both languages.
    """
    path = Path(path)
    direction = direction_of_tmx(path, source_lang, target_lang)
    reader = TmxReader(path, *direction.tags, target, max_chars)
    records = list(reader)
    if notes is not None:
        notes += reader.notes()
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=direction, notes=notes,
        left_out=reader.left_out,
    )  # fmt: skip
