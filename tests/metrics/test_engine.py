"""The engine's backends against the installed sacrebleu: every integer, every bit."""

from __future__ import annotations

import importlib.util
import math
import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xindaya.metrics import engine
from xindaya.metrics.engine import fallback, sacre

try:
    from xindaya.metrics.engine import kernel
except ImportError:
    kernel = None

_HERE = Path(__file__).parent
_DATA = Path(os.environ.get("XINDAYA_DATA", _HERE.parents[2] / "shared" / "data"))


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cases = _load(_HERE.parent / "fuzz" / "engine_cases.py")


@pytest.fixture(
    params=[
        pytest.param(
            kernel, id="kernel", marks=pytest.mark.skipif(not kernel, reason="kernel not compiled")
        ),
        pytest.param(fallback, id="fallback"),
    ]
)
def backend(request: pytest.FixtureRequest) -> Any:
    return request.param


# ---- Text that hurts -------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(cases.HOSTILE)))
def test_hostile_text(backend: Any, number: int) -> None:
    outputs, references = cases.HOSTILE[number]
    long = number >= len(cases.HOSTILE) - 2
    assert not list(
        cases.differences(backend, outputs, references, ter=() if long else (0, 3, 7, 8, 14))
    )


def test_limits_of_ter() -> None:
    if not kernel:
        pytest.skip("kernel not compiled")
    for outputs, references in cases.shuffled():
        wanted = sacre.ter_rows(outputs, references)
        assert (kernel.ter_rows(outputs, references) == wanted).all()


_TEXT = st.lists(st.sampled_from(cases.PIECES), max_size=12).map("".join)
_WORDS = st.lists(st.sampled_from(cases.WORDS), max_size=14).map(" ".join)


@st.composite
def _segments(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str | None]]]:
    text = draw(st.sampled_from([_TEXT, _TEXT, _WORDS]))
    outputs: list[list[str]] = [[], []]
    references: list[list[str | None]] = []
    for _ in range(draw(st.integers(1, 3))):
        first = draw(text)
        others = draw(st.lists(st.none() | text, max_size=2))
        references.append(draw(st.permutations([first, *others])))
        for stream in outputs:
            stream.append(draw(st.just(first) | text))
    return outputs, references


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(_segments())
def test_generated_text(
    backend: Any, segments: tuple[list[list[str]], list[list[str | None]]]
) -> None:
    assert not list(cases.differences(backend, *segments))


def test_every_character_is_cut_as_by_sacrebleu(backend: Any) -> None:
    from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

    texts = [f"a{chr(c)}b" for c in range(0x110000) if c < 0x11000 or c % 0x101 == 0]
    spaced = [len(text.split()) for text in texts]
    for tokenize in ("zh", "13a"):
        rows = backend.bleu_rows([texts], [["a"]] * len(texts), tokenize=tokenize)
        for text, length, words in zip(texts, rows[0, :, 0], spaced, strict=True):
            mark = text[1] in '!"#$%&()*+:;<=>?@[\\]^_`{|}~/.,'
            if tokenize == "zh":
                mark |= TokenizerZh._is_chinese_char.__wrapped__(text[1])
            assert length == (words if words > 1 else 3 if mark else 1), ascii(text)


# ---- Real text -------------------------------------------------------------------------------


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def _wmt(folder: str, start: str) -> tuple[list[list[str]], list[list[str]], list[str]]:
    if not (_DATA / folder).is_dir():
        pytest.skip(f"no {_DATA / folder} (XINDAYA_DATA may name another place)")
    outputs = [_lines(path) for path in sorted((_DATA / folder).glob(f"{start}.zh-en.hyp.*"))]
    references = [_lines(path) for path in sorted((_DATA / folder).glob(f"{start}.zh-en.ref.*"))]
    return outputs, references, _lines(_DATA / folder / f"{start}.zh-en.src.zh")


@pytest.mark.parametrize(
    ("folder", "start"),
    [("wmt21-zhen-mqm", "newstest2021"), ("wmt22-zhen", "generaltest2022")],
)
def test_wmt(backend: Any, folder: str, start: str) -> None:
    outputs, references, sources = _wmt(folder, start)
    everything = bool(os.environ.get("XINDAYA_FUZZ"))
    rng = random.Random(start)
    chosen = range(len(sources)) if everything else rng.sample(range(len(sources)), 35)
    english = [[stream[k] for k in chosen] for stream in outputs]
    refs = [[r[k] for r in references] for k in chosen]
    assert not list(cases.differences(backend, english, refs, ter=()))
    # Chinese: the sources, cut and moved about.
    chinese = [[_disturbed(sources[k], rng) for k in chosen] for _ in range(3)]
    assert not list(cases.differences(backend, chinese, [[sources[k]] for k in chosen], ter=()))


def _disturbed(text: str, rng: random.Random) -> str:
    a, b, c = sorted(rng.randrange(len(text) + 1) for _ in range(3))
    return text[:a] + text[b:c] + text[a:b] + text[c + rng.randrange(3) :]


def test_wmt_ter() -> None:
    if not kernel:
        pytest.skip("kernel not compiled")
    outputs, references, sources = _wmt("wmt22-zhen", "generaltest2022")
    chosen = range(5, 1875, 5 if os.environ.get("XINDAYA_FUZZ") else 150)
    texts = [[stream[k] for k in chosen] for stream in outputs[2:4]]
    refs = [[r[k] for r in references] for k in chosen]
    assert (kernel.ter_rows(texts, refs) == sacre.ter_rows(texts, refs)).all()
    rng = random.Random(1)
    chinese = {"normalized": True, "asian_support": True}
    texts = [[_disturbed(sources[k], rng) for k in chosen]]
    refs = [[sources[k]] for k in chosen]
    found = kernel.ter_rows(texts, refs, **chinese)
    assert (found == sacre.ter_rows(texts, refs, **chinese)).all()


# ---- The interface ---------------------------------------------------------------------------


def test_threads_change_nothing(backend: Any) -> None:
    rng = random.Random(5)
    texts = [f"{rng.random()} the cat sat on the mat, {rng.random()}" * 20 for _ in range(900)]
    outputs = [texts[::-1], texts]
    references = [[text] for text in texts]
    seen: list[int] = []
    options = {"threads": 3, "progress": seen.append}
    for metric, kwargs in (("bleu", {"tokenize": "13a"}), ("chrf", {"word_order": 2})):
        one = getattr(backend, f"{metric}_rows")(outputs, references, **kwargs, threads=1)
        seen.clear()
        many = getattr(backend, f"{metric}_rows")(outputs, references, **kwargs, **options)
        assert (one == many).all()
        assert sum(seen) == 2 * len(texts)
        totals = getattr(backend, f"{metric}_totals")(outputs, references, **kwargs, **options)
        assert totals == one.sum(axis=1).tolist()


def test_several_threads_may_call_at_once() -> None:
    outputs, references = [["the cat sat on a mat"] * 300], [["a cat sat on the mat"]] * 300
    wanted = sacre.chrf_rows(outputs, references)
    wrong: list[int] = []

    def work() -> None:
        for _ in range(20):
            rows = engine.chrf_rows(outputs, references, threads=1)
            if not np.array_equal(rows, wanted):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_nothing_to_score(backend: Any) -> None:
    assert backend.bleu_rows([[], []], [], tokenize="13a").shape == (2, 0, 10)
    assert backend.chrf_rows([], [["a"]]).shape == (0, 1, 18)
    assert backend.ter_totals([[]], []) == [[0, 0]]


def test_orders_beyond_the_kernel(backend: Any) -> None:
    outputs, references = [["abcabcabcabcabc"]], [["abcabcabcabcabx"]]
    wanted = sacre.chrf_rows(outputs, references, char_order=12)
    assert (backend.chrf_rows(outputs, references, char_order=12) == wanted).all()


def test_what_is_refused(backend: Any) -> None:
    with pytest.raises(ValueError, match="segment 1 has no reference"):
        backend.chrf_rows([["a", "b"]], [["a"], [None]])
    with pytest.raises(TypeError, match=r"references\[0\] is one str"):
        backend.bleu_rows([["a"]], ["a"], tokenize="13a")
    with pytest.raises(TypeError, match="expected a str, found 3"):
        backend.chrf_rows([["a"]], [[3]])
    with pytest.raises(ValueError, match="2 texts for 1 segments"):
        engine.chrf_rows([["a", "b"]], [["a"]])
    with pytest.raises(TypeError, match=r"outputs\[0\] is one str"):
        engine.chrf_rows(["a"], [["a"]])
    with pytest.raises(ValueError, match="tokenizer 'intl'"):
        engine.bleu_rows([["a"]], [["a"]], tokenize="intl")
    with pytest.raises(ValueError, match="negative"):
        engine.chrf_rows([["a"]], [["a"]], char_order=-1)


def test_the_kernel_checks_what_it_is_given() -> None:
    if not kernel:
        pytest.skip("kernel not compiled")
    rows = np.zeros((1, 1, 10), dtype=np.int64)
    with pytest.raises(ValueError, match="block outside"):
        kernel._kernel.bleu([["a"]], [["a"]], 0, 2, rows, False, 2)
    with pytest.raises(ValueError, match="another size"):
        kernel._kernel.bleu([["a"]], [["a"]], 0, 1, rows[:, :, :5].copy(), False, 2)
    with pytest.raises(ValueError, match="unknown tokenizer 9"):
        kernel._kernel.bleu([["a"]], [["a"]], 0, 1, rows, False, 9)
    with pytest.raises(ValueError, match="orders"):
        kernel._kernel.chrf([["a"]], [["a"]], 0, 1, rows, False, 9, 0, 2.0)
    with pytest.raises(IndexError):
        kernel._kernel.bleu([[]], [["a"]], 0, 1, rows, False, 2)
    with pytest.raises(TypeError):
        kernel._kernel.bleu([["a"]], [["a"]], 0, 1, b"constant" * 10, False, 2)


def _child(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "name"), [("kernel", "kernel"), ("fallback", "numpy"), ("sacrebleu", "sacrebleu")]
)
def test_choice(wanted: str, name: str) -> None:
    if wanted == "kernel" and not kernel:
        pytest.skip("kernel not compiled")
    code = "from xindaya.metrics import engine; print(engine.name)"
    assert _child(code, XINDAYA_ENGINE=wanted).stdout.strip() == name


def test_unknown_choice() -> None:
    child = _child("import xindaya.metrics.engine", XINDAYA_ENGINE="turbo")
    assert "XINDAYA_ENGINE is 'turbo'; expected kernel, fallback or sacrebleu" in child.stderr


def test_totals_without_numpy() -> None:
    if not kernel:
        pytest.skip("kernel not compiled")
    # The packages around the engine are replaced by empty ones: they may import what they like.
    folder = Path(engine.__file__).parent
    code = f"""
import sys, types
for name, path in (("xindaya", ""), ("xindaya.metrics", {str(folder.parent)!r})):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
from xindaya.metrics import engine
assert engine.name == "kernel"
outputs, references = [["a b c d"]], [["a b c e", None]]
print(engine.bleu_totals(outputs, references, tokenize="13a"))
print(len(engine.chrf_totals(outputs, references, word_order=2)[0]))
print(engine.ter_totals(outputs, references))
assert not {{"numpy", "sacrebleu"}} & set(sys.modules), sorted(sys.modules)
"""
    child = _child(code, XINDAYA_ENGINE="kernel")
    assert child.stdout.split("\n")[:3] == [
        "[[4, 4, 3, 2, 1, 0, 4, 3, 2, 1]]", "24", "[[1.0, 4.0]]"
    ], child.stderr  # fmt: skip


@pytest.mark.parametrize("backend", [b for b in (kernel, fallback, sacre) if b])
def test_draws_are_counted_and_logarithms_are_pythons(backend: Any) -> None:
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, 7, size=(5, 7), dtype=np.uint32)
    counts = backend.draw_counts(drawn)
    assert counts.dtype == np.float32
    assert counts.tolist() == [[row.tolist().count(n) for n in range(7)] for row in drawn]
    assert backend.draw_counts(drawn[:0]).shape == (0, 7)
    values = np.concatenate([rng.random(1000), 100 * rng.random(1000), [5e-324, 1.0, 1e308]])
    found = backend.logarithms(values[:2000].reshape(-1, 4))
    assert found.ravel().tolist() == [math.log(x) for x in values[:2000]]
    assert backend.logarithms(values[2000:]).tolist() == [math.log(x) for x in values[2000:]]


@pytest.mark.skipif(kernel is None, reason="no compiled engine")
def test_draws_outside_the_segments_are_refused() -> None:
    from xindaya.metrics.engine import _kernel

    drawn = np.array([[0, 3, 1]], dtype=np.uint32)
    with pytest.raises(ValueError, match="do not fit"):
        kernel.draw_counts(drawn)
    for counts, segments in ((np.zeros(2, np.float32), 3), (np.zeros(3, np.float32), 2),
                             (np.zeros(3, np.float32), 0)):  # fmt: skip
        with pytest.raises(ValueError, match="do not fit"):
            _kernel.count_draws(drawn, counts, segments)
