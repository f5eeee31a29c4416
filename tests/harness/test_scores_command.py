"""Commands that score: whatever a program does, every output has a score or a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from xindaya.cache import Answers
from xindaya.metrics.scores import Scores
from xindaya.pairs import Corpus, Segment, UsageError
from xindaya.scores import Source, load_scores

WORDS = ["one", "two", "three", "four", "five", "six", "seven"]

HEAD = """
import json, os, pathlib, sys, time
starts = pathlib.Path("starts"); starts.write_text(starts.read_text() + "." if starts.exists() else ".")
rows = [json.loads(line) for line in sys.stdin]
def say(row, **more):
    scores = {s: len(t) / 10 for s, t in row["hyps"].items()}
    print(json.dumps({"item_id": row["item_id"], "task2_pred": scores, **more}), flush=True)
"""


def corpus(words: list[str] = WORDS) -> Corpus:
    segments = tuple(Segment(str(n), f"第{n}句", (f"ref {n}",)) for n in range(len(words)))
    systems = {"a": tuple(words), "b": tuple(w.upper() + "!" for w in words)}
    return Corpus("test", "zh", "en", segments, ("A",), systems)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Writes a program that scores an output by its length; returns how to run it."""
    monkeypatch.setenv("XINDAYA_CACHE", str(tmp_path / "cache"))

    def source(body: str, **options: object) -> Source:
        (tmp_path / "metric.py").write_text(HEAD + body)
        command = (sys.executable, "metric.py")
        return Source("length", command=command, folder=tmp_path, **options)  # type: ignore[arg-type]

    return source


def score(source: Source, texts: Corpus | None = None, **options: bool) -> Scores:
    (metric,) = load_scores([source], texts or corpus(), **options).values()
    return metric


def values(metric: Scores, texts: Corpus | None = None) -> list[float | None]:
    texts = texts or corpus()
    entries = metric.entries(texts.segments, list(texts.systems.values()))
    return [e.value for e in entries if e]


def starts(tmp_path: Path) -> int:
    return len((tmp_path / "starts").read_text())


RIGHT = [len(w) / 10 for w in WORDS] + [(len(w) + 1) / 10 for w in WORDS]


def test_answers_in_any_order_and_batches(program, tmp_path):
    done: list[int] = []
    source = program("for row in reversed(rows): say(row)", batch=3)
    (metric,) = load_scores(
        [source], corpus(), start=lambda _label, _total: done.append
    ).values()  # fmt: skip
    assert values(metric) == RIGHT
    assert starts(tmp_path) == 3  # 3 + 3 + 1 segments
    assert sum(done) == 14
    assert metric.notes == ()


def test_what_it_is_given(program, tmp_path):
    program("")
    source = program("pathlib.Path('asked').write_text(json.dumps(rows)); [say(r) for r in rows]")
    score(source)
    rows = json.loads((tmp_path / "asked").read_text())
    assert rows[0] == {
        "item_id": "0", "src": "第0句", "ref": {"text": "ref 0"}, "hyps": {"a": "one", "b": "ONE!"},
    }  # fmt: skip


def test_a_crash_half_way_costs_one_more_start(program, tmp_path):
    body = (
        "say(rows[0]); say(rows[1])\nif len(rows) > 5: os._exit(9)\nfor row in rows[2:]: say(row)"
    )
    metric = score(program(body))
    assert values(metric) == RIGHT
    assert starts(tmp_path) == 2  # the two answers before the crash count


def test_the_segment_that_crashes_it_is_not_scored(program):
    body = (
        "for row in rows:\n"
        "    if row['item_id'] == '4': print('out of memory', file=sys.stderr); sys.exit(3)\n"
        "    say(row)"
    )
    metric = score(program(body))
    assert values(metric) == [None if n % 7 == 4 else x for n, x in enumerate(RIGHT)]
    assert metric.reasons(corpus().segments, corpus().systems["a"]) == {
        "the command ended with exit code 3: out of memory": 1
    }
    assert metric.identity.failed == 2


def test_a_program_that_hangs_is_ended(program):
    body = "for row in rows:\n    if row['item_id'] == '6': time.sleep(600)\n    say(row)"
    metric = score(program(body, seconds=1.0))
    assert values(metric)[:6] == RIGHT[:6]
    assert metric.reasons(corpus().segments, corpus().systems["b"]) == {
        "the command took longer than 1 seconds": 1
    }


def test_a_program_that_never_answers_is_given_up(program, tmp_path):
    many = [f"w{n}" for n in range(64)]
    metric = score(program("sys.exit('no model')", batch=64), corpus(many))
    assert set(values(metric, corpus(many))) == {None}
    assert starts(tmp_path) <= 4 + 6 + 2  # and not once a segment
    assert max(metric.reasons(corpus(many).segments, corpus(many).systems["a"])).startswith(
        "the command"
    )


def test_too_few_too_many_and_two_answers_are_said(program):
    body = (
        'print(\'loading the model\'); print(\'{"item_id": "99", "task2_pred": {"a": 1}}\')\n'
        "for row in rows:\n"
        "    if row['item_id'] == '1': continue\n"
        "    say(row)\n"
        "    if row['item_id'] == '2': say(row)\n"
        "    if row['item_id'] == '3': say({**row, 'hyps': {'a': 'another'}})\n"
    )
    metric = score(program(body, batch=7))
    found = dict(zip([(s, n) for s in "ab" for n in range(7)], values(metric), strict=True))
    assert (found["a", 1], found["b", 1], found["a", 3]) == (None, None, None)
    assert found["b", 3] == RIGHT[10]
    segments, texts = corpus().segments, corpus().systems["a"]
    assert metric.reasons(segments, texts) == {
        "the command printed no score of it": 1, "the command gave two different scores": 1,
    }  # fmt: skip
    said = " ".join(metric.notes)
    assert "scores of something that was not asked" in said
    assert "lines that are no score" in said
    assert "scores given twice" in said


def test_its_own_reasons_stand(program):
    body = "for r in rows: say(r) if r['item_id'] != '0' else say({**r, 'hyps': {}}, task2_pred="
    body += "{'a': None, 'b': None}, reasons={'a': 'longer than 512 tokens'})"
    metric = score(
        program(
            body.replace("say({**r, 'hyps': {}}, ", "print(json.dumps(dict(item_id='0', ") + "))"
        )
    )
    reasons = metric.reasons(corpus().segments, corpus().systems["a"])
    assert reasons == {"longer than 512 tokens": 1}
    assert metric.reasons(corpus().segments, corpus().systems["b"]) == {
        "the command gave no score": 1
    }


def test_results_are_found_again_by_their_texts(program, tmp_path):
    source = program("for row in rows: say(row)")
    first = score(source)
    assert score(source) == first
    assert starts(tmp_path) == 1
    longer = corpus([*WORDS, "eight"])
    assert values(score(source, longer), longer)[7] == 0.5
    assert starts(tmp_path) == 2
    score(source, cache=False)
    assert starts(tmp_path) == 3
    program("for row in rows: say(row)\n# another version")
    score(source)
    assert starts(tmp_path) == 4  # a changed program computes again


def test_equal_outputs_are_asked_once(program, tmp_path):
    body = "pathlib.Path('asked').write_text(json.dumps(rows)); [say(r) for r in rows]"
    texts = corpus()
    texts = texts.with_systems({"a": texts.systems["a"], "copy": texts.systems["a"]})
    metric = score(program(body), texts)
    assert values(metric, texts) == [*RIGHT[:7], *RIGHT[:7]]
    rows = json.loads((tmp_path / "asked").read_text())
    assert [list(row["hyps"]) for row in rows] == [["a"]] * 7


def test_answers_are_there_after_a_kill_and_damage_costs_time_only(tmp_path):
    answers = Answers(tmp_path / "answers.sqlite3")
    code = (
        "import os, pathlib, xindaya.cache as c\n"
        f"c.Answers(pathlib.Path({str(answers.path)!r})).put({{b'k': 'one'}})\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert answers.get([b"k", b"other"]) == {b"k": "one"}
    Answers(answers.path, most=2).put({b"l": "two", b"m": "three"})
    assert len(answers.get([b"k", b"l", b"m"])) == 2
    answers.path.write_bytes(b"no database" * 100)
    assert answers.get([b"k"]) == {}
    answers.put({b"k": "one"})
    assert answers.get([b"k"]) == {b"k": "one"}
    Answers(tmp_path / "nowhere" / "x").put({b"k": "one"})


def test_what_computed_is_in_the_signature(program):
    body = "print(json.dumps({'identity': {'model': 'm|x', 'higher_is_better': False, 'cut_at': 9}}))\n"
    metric = score(program(body + "for row in rows: say(row)"))
    assert str(metric.identity) == "measure:length|model:m x|max-tokens:9|better:lower"
    again = score(program(body + "for row in rows: say(row)"))  # from the cache
    assert again.identity == metric.identity
    wrong = program("print(json.dumps({'identity': {'cut_at': 'many'}})); [say(r) for r in rows]")
    with pytest.raises(UsageError, match="cut_at is 'many'"):
        score(wrong)


def test_results_of_two_versions_are_not_mixed(program, tmp_path):
    (tmp_path / "version").write_text("1")
    body = (
        "v = pathlib.Path('version').read_text(); print(json.dumps({'identity': {'version': v}}))\n"
        "for r in rows: say(r if v == '1' else {**r, 'hyps': {s: t + t for s, t in r['hyps'].items()}})"
    )
    score(program(body))
    (tmp_path / "version").write_text("2")  # the package was upgraded, not the script
    assert score(program(body)).identity.version == "1"  # all of it is found again
    longer = corpus([*WORDS, "eight"])
    metric = score(program(body), longer)
    assert metric.identity.version == "2"
    assert values(metric, longer)[:7] == [2 * x for x in RIGHT[:7]]


def test_a_program_that_is_not_there_is_said(tmp_path):
    source = Source("x", command=("no-such-program-here",), folder=tmp_path, cache=False)
    with pytest.raises(UsageError, match="'no-such-program-here' cannot be started"):
        score(source)


def test_no_shell_sees_the_arguments(tmp_path, program):
    source = program("[say(r) for r in rows]")
    odd = Source("x", command=(*source.command, "; touch here", "$(touch here)"), folder=tmp_path)
    assert values(score(odd)) == RIGHT
    assert not (tmp_path / "here").exists()
