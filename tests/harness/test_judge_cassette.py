"""What a real server said, recorded by `tests/real/test_judge_server.py`: read without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xindaya.judge.client import Answer, _answer_of, _message_of
from xindaya.judge.replies import BrokenReplyError, errors_of, score_of

TEXTS = {"source": "狗在跑。", "output": "The dog runs."}


@pytest.fixture(scope="module")
def said() -> dict[str, dict[str, Any]]:
    """Case to what llama.cpp's server answered, with SmolLM2-135M-Instruct."""
    text = Path(__file__).with_name("judge_cassette.jsonl").read_text("utf-8")
    return {entry["case"]: entry for entry in map(json.loads, text.split("\n")[:-1])}


def answer(said: dict[str, dict[str, Any]], case: str) -> Answer:
    assert said[case]["status"] == 200
    return _answer_of(json.dumps(said[case]["body"]).encode())


def test_a_score(said: dict[str, dict[str, Any]]) -> None:
    found = answer(said, "score")
    assert score_of(found) == json.loads(found.content)["score"]
    assert found.model == "/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    usage = said["score"]["body"]["usage"]
    assert (found.tokens_in, found.tokens_out) == (
        usage["prompt_tokens"],
        usage["completion_tokens"],
    )
    assert Answer.parse(found.json()) == found


@pytest.mark.parametrize("case", ["errors", "cut"])
def test_what_was_cut(said: dict[str, dict[str, Any]], case: str) -> None:
    with pytest.raises(BrokenReplyError, match="cut at the longest allowed"):
        errors_of(answer(said, case), TEXTS, ("Omission",))


def test_an_error_that_a_small_model_made_up(said: dict[str, dict[str, Any]]) -> None:
    # The recorded beginning quotes the output as the source; here is its first error, finished.
    begun = answer(said, "errors").content
    finished = begun[: begun.rindex('"note')] + '"note": ""}], "addressed": false}'
    with pytest.raises(BrokenReplyError, match="does not stand in the source"):
        errors_of(Answer(finished), TEXTS, ("Miscellaneous error",))


@pytest.mark.parametrize(
    ("case", "status", "message"),
    [
        ("wrong key", 401, "Invalid API Key"),
        ("too long", 400, "exceeds the available context size"),
    ],
)
def test_what_was_refused(
    said: dict[str, dict[str, Any]], case: str, status: int, message: str
) -> None:
    assert said[case]["status"] == status
    assert message in _message_of(json.dumps(said[case]["body"]).encode())
