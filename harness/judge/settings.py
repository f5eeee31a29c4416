"""What may be said of a judge, in a spec or in a file of its own.

::

    [scores.gpt]
    judge = "https://api.openai.com/v1"   # or http://localhost:8080/v1
    model = "gpt-4.1-mini"
    prompt = "mqm"                        # or "two-step", or a file of your own
    key = "OPENAI_API_KEY"                # the environment variable that holds the key
    temperature = 0
    repeats = 1
    max_cost = 2.50                       # stop before more is spent; needs both prices
    price_in = 0.40                       # per million tokens
    price_out = 1.60
    max_tokens = 2000                     # of one answer
    seconds = 120                         # for one answer
    parallel = 4
    schema = true                         # false for a server that refuses response_format
    body = { reasoning_effort = "low" }   # what else a request says
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from xindaya.judge.prompts import Prompt, read_prompt
from xindaya.metrics.scores import check_name
from xindaya.pairs import UsageError
from xindaya.pairs.toml import TomlFile, read_toml

MOST_PARALLEL, MOST_REPEATS = 16, 100

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_OURS = ("messages", "model", "temperature", "response_format", "stream", "n", "max_tokens")


@dataclass(frozen=True, slots=True)
class Judge:
    """A model that is asked what it thinks of an output.

    Attributes:
        title: What the measure is called.
        url: Base URL of the endpoint, such as ``https://api.openai.com/v1``.
        model: As the endpoint calls it.
        prompt: What is asked.
        key: Name of the environment variable that holds the key; empty where none is needed.
        temperature: Of the answers.
        repeats: How often each question is asked; the score is the mean.
        max_cost: Most that one run may spend, in the currency of the prices; None for no limit.
        price_in: Price of a million tokens of a question.
        price_out: Price of a million tokens of an answer.
        max_tokens: Longest answer.
        seconds: Longest wait for one.
        parallel: Questions under way at one time.
        schema: Whether the server is told the JSON schema of the answer.
        body: What else stands in a request.
        cache: Whether earlier answers are taken again; they are kept in any case.
    """

    title: str
    url: str
    model: str
    prompt: Prompt
    key: str = ""
    temperature: float = 0.0
    repeats: int = 1
    max_cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    max_tokens: int = 2000
    seconds: float = 120.0
    parallel: int = 4
    schema: bool = True
    body: Mapping[str, Any] = field(default_factory=dict, hash=False)
    cache: bool = True

    def __post_init__(self) -> None:
        check_name(self.title)
        self._check_url()
        if not self.model.strip():
            raise UsageError(f"{self.title}: expected the name of a model")
        if self.key and not _VARIABLE.fullmatch(self.key):
            # It may be the key itself, which nobody wants to read in an error.
            raise UsageError(
                f"{self.title}: key is the name of an environment variable, such as OPENAI_API_KEY"
            )
        least = {"temperature": 0, "repeats": 1, "price_in": 0, "price_out": 0, "max_tokens": 1,
                 "parallel": 1, "seconds": 0.001, "max_cost": 0}  # fmt: skip
        for name, low in least.items():
            value = getattr(self, name)
            most = {"repeats": MOST_REPEATS, "parallel": MOST_PARALLEL}.get(name, 1e9)
            if value is not None and not (math.isfinite(value) and low <= value <= most):
                raise UsageError(f"{self.title}: {name} = {value:g}; expected {low:g} to {most:g}")
        if self.max_cost is not None and not (self.price_in > 0 or self.price_out > 0):
            raise UsageError(
                f"{self.title}: max_cost needs the prices of a million tokens: price_in, price_out"
            )
        if taken := [name for name in _OURS if name in self.body]:
            raise UsageError(f"{self.title}: body says {taken[0]}, which has a key of its own")

    @property
    def address(self) -> str:
        """Where questions are sent."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        if not path.endswith("/chat/completions"):
            path += "/chat/completions"
        return parts._replace(path=path, fragment="").geturl()

    @property
    def place(self) -> str:
        """The address for messages: no user, no query."""
        parts = urlsplit(self.address)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()

    @property
    def is_local(self) -> bool:
        """True for a server on this machine."""
        return _is_local(urlsplit(self.url))

    def _check_url(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host, parts = None, urlsplit("")
        if parts.scheme not in ("http", "https") or not host or not self.url.isascii():
            raise UsageError(f"{self.title}: judge: expected a URL such as https://HOST/v1")
        if parts.username is not None:
            raise UsageError(
                f"{self.title}: a URL with a user or a key in it; put the key into an environment "
                'variable and name that: key = "NAME"'
            )
        if parts.scheme == "http" and not _is_local(parts):
            raise UsageError(
                f"{self.title}: http sends texts and key in the clear to {host}; use https, or a "
                "tunnel that ends at localhost"
            )


def _is_local(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


_KINDS: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("judge", "model", "prompt", "key"), (str, "a string")),
    **dict.fromkeys(
        ("temperature", "max_cost", "price_in", "price_out", "seconds"), (float, "a number")
    ),
    **dict.fromkeys(("repeats", "max_tokens", "parallel"), (int, "a whole number")),
    **dict.fromkeys(("schema", "cache"), (bool, "true or false")),
    "body": (dict, "a table"),
}


def judge_in(toml: TomlFile, title: str, table: Mapping[str, Any]) -> Judge:
    """Returns the judge that a table of a spec describes.

    Raises:
        SpecError: If a key, type or value is wrong; the message names the line.
        InputError: If the file of its prompt cannot be read.
    """
    toml.check_keys(table, tuple(_KINDS))
    for key, value in table.items():
        kind, form = _KINDS[key]
        fits = isinstance(value, int | float if kind is float else kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise toml.error(
                f"{key} of {title} is no {form.removeprefix('a ')}; expected {form}", key
            )
    for needed in ("judge", "model"):
        if needed not in table:
            raise toml.error(f"{title} has no {needed}", title)
    values = {k: v for k, v in table.items() if k not in ("judge", "prompt")}
    prompt = str(table.get("prompt", "mqm"))
    try:
        return Judge(
            title, url=table["judge"], prompt=read_prompt(prompt, toml.path.parent), **values
        )
    except UsageError as error:
        raise toml.error(str(error), title) from error


def read_judge(title: str, path: Path) -> Judge:
    """Reads a judge from a file of its own, whose keys are those of a table in a spec."""
    toml = read_toml(path)
    return judge_in(toml, title, toml.data)
