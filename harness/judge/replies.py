"""What of an answer is believed: only what has the form that was asked for and quotes what is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xindaya.judge.client import Answer
from xindaya.judge.prompts import SEVERITIES
from xindaya.metrics.scores import ErrorSpan
from xindaya.pairs import InputError
from xindaya.pairs.errors import ascii_controls, preview
from xindaya.pairs.formats.jsonl import parse_json

MOST_ERRORS = 200

_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*?)\n?[ \t]*```\s*", re.DOTALL)
_ERROR_KEYS = {"text", "quote", "occurrence", "severity", "category", "note"}
_NOTE = 300  # characters


class BrokenReplyError(Exception):
    """An answer that nothing is taken from, and why."""


def score_of(answer: Answer) -> float:
    """Returns the score of an answer, from 0 to 100.

    Raises:
        BrokenReplyError: If it says anything else.
    """
    reply = _reply(answer, {"score", "addressed"})
    score = reply["score"]
    if isinstance(score, bool) or not isinstance(score, int | float) or score != score // 1:
        raise BrokenReplyError(f"the judge's score is {_shown(score)}; expected a whole number")
    if not 0 <= score <= 100:
        raise BrokenReplyError(f"the judge's score is {_shown(score)}; expected 0 to 100")
    return float(score)


def errors_of(
    answer: Answer, texts: Mapping[str, str], categories: Sequence[str]
) -> tuple[ErrorSpan, ...]:
    """Returns the errors of an answer at the places of the words that it quotes.

    Args:
        answer: The answer.
        texts: ``output`` and ``source``.
        categories: What an error may be called.

    Raises:
        BrokenReplyError: If it has another form, or quotes what does not stand there.
    """
    errors = _reply(answer, {"errors", "addressed"})["errors"]
    if not isinstance(errors, list) or len(errors) > MOST_ERRORS:
        raise BrokenReplyError(f"the judge's errors are no list of at most {MOST_ERRORS}")
    return tuple(dict.fromkeys(_span(error, texts, categories) for error in errors))


def _reply(answer: Answer, keys: set[str]) -> dict[str, Any]:
    """Returns the object that an answer is, alone or in one block of Markdown."""
    if answer.finish == "length":
        raise BrokenReplyError("the judge's answer was cut at the longest allowed (max_tokens)")
    if not answer.content.strip():
        raise BrokenReplyError("the judge gave no answer" + _why(answer.finish))
    fenced = _FENCED.fullmatch(answer.content)
    try:
        reply = parse_json(Path("answer"), fenced[1] if fenced else answer.content)
    except InputError as error:
        raise BrokenReplyError("the judge's answer is no JSON as asked for") from error
    if not isinstance(reply, dict) or reply.keys() != keys:
        raise BrokenReplyError(
            f"the judge's answer is no object with {' and '.join(sorted(keys))} alone"
        )
    if not isinstance(reply["addressed"], bool):
        raise BrokenReplyError("the judge does not say whether a text speaks to it")
    if reply["addressed"]:
        raise BrokenReplyError("the judge says that a text speaks to it: a person must look")
    return reply


def _span(error: Any, texts: Mapping[str, str], categories: Sequence[str]) -> ErrorSpan:
    if not isinstance(error, dict) or error.keys() != _ERROR_KEYS:
        raise BrokenReplyError("the judge's errors have other fields than were asked for")
    if any(not isinstance(error[name], str) for name in _ERROR_KEYS - {"occurrence"}):
        raise BrokenReplyError("a field of the judge's errors is no text")
    allowed = {"text": tuple(texts), "severity": SEVERITIES, "category": categories}
    for name, known in allowed.items():
        if error[name] not in known:
            raise BrokenReplyError(
                f"the judge names a {name} that there is none: {_shown(error[name])}"
            )
    text, quote, occurrence = texts[error["text"]], error["quote"], error["occurrence"]
    if type(occurrence) is not int or occurrence < 1:
        raise BrokenReplyError(
            f"the judge's occurrence is {_shown(occurrence)}; expected 1 or more"
        )
    start = _place(text, quote, occurrence)
    if start < 0:
        times = f", {occurrence} times" if occurrence > 1 and quote in text else ""
        raise BrokenReplyError(
            f"the judge quotes what does not stand in the {error['text']}{times}: {_shown(quote)}"
        )
    return ErrorSpan(
        start=start,
        end=start + len(quote),
        severity=error["severity"],
        category=error["category"],
        text_of=error["text"],
        note=ascii_controls(" ".join(error["note"].split()))[:_NOTE],
    )


def _place(text: str, quote: str, occurrence: int) -> int:
    """Returns where words stand for the nth time; -1 if they do not, or are none."""
    start = -1
    for _ in range(min(occurrence, len(text) + 1) if quote else 0):
        start = text.find(quote, start + 1)
        if start < 0:
            break
    return start


def _why(finish: str) -> str:
    return f" ({ascii_controls(finish)[:40]})" if finish not in ("", "stop") else ""


def _shown(value: object) -> str:
    return preview(value, 40) if isinstance(value, str) else ascii_controls(str(value))[:40]
