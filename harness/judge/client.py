"""Talking to an OpenAI-compatible server: one question, one answer, or the reason why there is none.

The key is read from the environment when a question is sent; it stands in the header of the request
and nowhere else. No redirect is followed: it would carry the key to another host.
"""

from __future__ import annotations

import email.message
import http.client
import json
import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from xindaya.judge.settings import Judge
from xindaya.pairs import InputError, UsageError
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.formats.jsonl import parse_json

ATTEMPTS = 5
"""How often a question is sent that the server was too busy for."""

_AGAIN = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_ASIDE = frozenset((400, 413, 422))  # about this question; any other refusal is about all of them
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0  # seconds
_LARGEST = 8_000_000  # bytes of an answer
_MESSAGE = 300  # characters of what a server says


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, as it is kept.

    Attributes:
        content: The text.
        finish: Why it ended: ``stop``, ``length``, …
        model: That answered, as the server calls it.
        tokens_in: Tokens of the question; None where the server does not count.
        tokens_out: Tokens of the answer.
    """

    content: str
    finish: str = ""
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None

    @classmethod
    def parse(cls, text: str) -> Answer:
        """Reads what `json` wrote."""
        return cls(**json.loads(text))

    def json(self) -> str:
        """Writes an answer as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=True)


class RefusedError(Exception):
    """A question without an answer.

    Attributes:
        reason: Why.
        again: Whether the next question may fare better.
        billed: Whether the server may have worked for it all the same.
        busy: Whether the server, not the question, is what fails.
    """

    def __init__(
        self, reason: str, *, again: bool, billed: bool = False, busy: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.again, self.billed, self.busy = reason, again, billed, busy


@dataclass(slots=True)
class Client:
    """Asks a judge's server.

    Attributes:
        judge: Whom to ask.
        stop: Once set, nobody waits for another attempt.
        wait: Seconds before the second attempt; doubled for each one after.
    """

    judge: Judge
    stop: threading.Event = field(default_factory=threading.Event)
    wait: float = _FIRST_WAIT

    def ask(self, body: Mapping[str, Any]) -> Answer:
        """Sends a question, several times if the server is busy.

        What may have been billed without an answer is not sent again here: that takes money.

        Raises:
            RefusedError: If there is no answer.
            UsageError: If the key is not in the environment.
        """
        content = json.dumps(body).encode()
        wait = self.wait
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._send(content)
            except _BusyError as busy:
                if busy.billed or attempt == ATTEMPTS or self.stop.is_set():
                    times = f", {attempt} times" if attempt > 1 else ""
                    raise RefusedError(
                        busy.reason + times, again=True, billed=busy.billed, busy=True
                    ) from busy
                pause = max(wait * random.uniform(0.75, 1.25), busy.wait)
                self.stop.wait(min(pause, _LONGEST_WAIT))
                wait *= 2
        raise AssertionError  # the last attempt returns or raises

    def _send(self, content: bytes) -> Answer:
        request = urllib.request.Request(self.judge.address, content, self._headers())  # noqa: S310 - http or https
        end = time.monotonic() + self.judge.seconds
        try:
            with self._opener().open(request, timeout=self.judge.seconds) as response:
                return _answer_of(self._read(response, end))
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error, end) from error
        except urllib.error.URLError as error:
            raise self._lost(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(error) from error

    def _read(self, response: Any, end: float) -> bytes:
        """Reads to the end, however slowly a server sends, and never more than an answer can be."""
        parts: list[bytes] = []
        size = 0
        while part := response.read1(65536):  # what is there, as `read` waits for all
            parts.append(part)
            size += len(part)
            if size > _LARGEST:
                raise RefusedError("an answer of more than 8 MB", again=True, billed=True)
            if time.monotonic() > end:
                raise TimeoutError
        return b"".join(parts)

    def _lost(self, error: object) -> _BusyError:
        """Says that the connection failed; of a question that was sent, nobody knows what it cost."""
        if isinstance(error, TimeoutError):
            return _BusyError(f"no answer within {self.judge.seconds:g} seconds", billed=True)
        refused = isinstance(error, ConnectionRefusedError)
        said = getattr(error, "strerror", None) or type(error).__name__
        return _BusyError(f"no connection ({self._told(str(said))})", billed=not refused)

    def _refused(self, error: urllib.error.HTTPError, end: float) -> Exception:
        try:
            said = self._told(_message_of(self._read(error, end)))
        except (RefusedError, OSError, http.client.HTTPException):
            said = ""
        reason = f"the server answered {error.code}" + (f": {said}" if said else "")
        if error.code in _AGAIN:
            return _BusyError(reason, wait=_seconds(error.headers))
        return RefusedError(reason, again=error.code in _ASIDE)

    def _told(self, message: str) -> str:
        """Returns what somebody else said, harmless and without the key, which servers repeat."""
        if key := os.environ.get(self.judge.key, "") if self.judge.key else "":
            message = message.replace(key, "…")
        message = ascii_controls(" ".join(message.split()))
        return message if len(message) <= _MESSAGE else message[: _MESSAGE - 1] + "…"

    def _headers(self) -> dict[str, str]:
        from xindaya import __version__

        headers = {"Content-Type": "application/json", "User-Agent": f"xindaya/{__version__}"}
        if self.judge.key:
            key = os.environ.get(self.judge.key, "").strip()
            if not key:
                raise UsageError(
                    f"{self.judge.title}: the environment variable {self.judge.key} with the key of "
                    f"{self.judge.place} is not set"
                )
            if not (key.isascii() and key.isprintable()):
                raise UsageError(
                    f"{self.judge.title}: what {self.judge.key} holds is no key: expected printable ASCII"
                )
            headers["Authorization"] = f"Bearer {key}"
        return headers

    def _opener(self) -> urllib.request.OpenerDirector:
        handlers: list[Any] = [_NoRedirect]
        if self.judge.is_local:
            handlers.append(urllib.request.ProxyHandler({}))  # no proxy reaches this machine
        return urllib.request.build_opener(*handlers)


class _BusyError(Exception):
    """A failure after which the same question may be answered."""

    def __init__(self, reason: str, *, wait: float = 0.0, billed: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.wait, self.billed = reason, wait, billed


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str,
        headers: http.client.HTTPMessage, newurl: str,
    ) -> None:  # fmt: skip
        return None


def _answer_of(content: bytes) -> Answer:
    """Reads a chat completion.

    Raises:
        RefusedError: If it is none; it may have been paid for, but nothing of it can be kept.
    """
    try:
        said = parse_json(Path("answer"), content.decode())
        choice = said["choices"][0]
        text = choice["message"].get("content")
        usage = said.get("usage") or {}
        return Answer(
            content=text if isinstance(text, str) else "",
            finish=str(choice.get("finish_reason") or ""),
            model=str(said.get("model") or ""),
            tokens_in=_count(usage.get("prompt_tokens")),
            tokens_out=_count(usage.get("completion_tokens")),
        )
    except (InputError, UnicodeDecodeError, LookupError, TypeError, AttributeError) as error:
        raise RefusedError(
            "an answer that is no chat completion", again=True, billed=True
        ) from error


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 2**53 else None


def _message_of(content: bytes) -> str:
    """Returns what an error response says: ``{"error": {"message": …}}``, or its first words."""
    text = content.decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, LookupError, TypeError, RecursionError):
        return "" if text.lstrip().startswith("<") else text


def _seconds(headers: email.message.Message) -> float:
    """Returns how long a server asks to wait; 0 where it does not say it in seconds."""
    try:
        return max(0.0, float(headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0
