"""Longer runs of the engine's comparison with sacrebleu; only where XINDAYA_FUZZ is set.

``XINDAYA_FUZZ`` is the number of generated examples for each test, 10000 in the ``fuzz``
environment. The runs under AddressSanitizer and UndefinedBehaviorSanitizer and with mutated
kernels are in minutes; all of them need a C compiler.
"""

from __future__ import annotations

import importlib.util
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xindaya.metrics.engine import fallback

try:
    from xindaya.metrics.engine import kernel
except ImportError:
    kernel = None

_HERE = Path(__file__).parent
_EXAMPLES = int(os.environ.get("XINDAYA_FUZZ") or 0)

pytestmark = pytest.mark.skipif(not _EXAMPLES, reason="XINDAYA_FUZZ (number of examples) not set")


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, _HERE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


builds, cases = _load("builds"), _load("engine_cases")


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(
            kernel, id="kernel", marks=pytest.mark.skipif(not kernel, reason="kernel not compiled")
        ),
        pytest.param(fallback, id="fallback"),
    ],
)
def test_generated_cases(backend: ModuleType) -> None:
    @settings(
        max_examples=_EXAMPLES, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.randoms(use_true_random=False))
    def compare(rng: random.Random) -> None:
        outputs, references = cases.random_case(rng)
        flags = rng.sample(range(16), 4)
        assert not list(cases.differences(backend, outputs, references, ter=flags))

    compare()


# ---- Other builds of the kernel --------------------------------------------------------------

needs_compiler = pytest.mark.skipif(not builds.compiler(), reason="no C compiler")


def _run(path: Path, number: int, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable, str(_HERE / "engine_cases.py"), "--kernel", str(path),
            "--cases", str(number),
        ],
        capture_output=True, text=True, check=False, timeout=3600,
        env={**os.environ, **environment},
    )  # fmt: skip


def _runtime(name: str) -> str:
    found = subprocess.run(
        [builds.compiler(), f"-print-file-name={name}"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return str(Path(found).resolve())


@needs_compiler
def test_sanitizers(tmp_path: Path) -> None:
    path = builds.build(
        tmp_path,
        ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"],
    )  # fmt: skip
    child = _run(
        path, min(_EXAMPLES, 1000), PYTHONMALLOC="malloc", ASAN_OPTIONS="detect_leaks=0",
        LD_PRELOAD=f"{_runtime('libasan.so')} {_runtime('libubsan.so')}",
    )  # fmt: skip
    assert child.returncode == 0, child.stdout + child.stderr[-3000:]
    assert "runtime error" not in child.stderr


MUTATIONS = (
    ("text.c", "after_other || length >= 2 ||", "after_other || length >= 3 ||"),
    ("text.c", "(length - 1) % 2 == 0) == after_other", "length % 2 == 0) == after_other"),
    ("text.c", "{0x2001, 0x2A6D}", "{0x2000, 0x2A6C}"),
    ("text.c", "run > text.at ? !is_digit(run[-1]) : padded", "run > text.at ? !is_digit(run[-1]) : 0"),
    ("text.c", "if (to - from >= 2)", "if (to - from >= 3)"),
    ("text.h", "c <= 0x1F)", "c < 0x1F)"),
    ("ngrams_trie.h", "owner[first] == owner[p] ? 2 : 1", "owner[first] == owner[p] ? 2 : 2"),
    ("ngrams_trie.h", "orders & ~(unsigned)claimed[p]", "orders"),
    ("ngrams.c", "#define STRIP 255", "#define STRIP 300"),
    ("rows.c", "lengths[r] < best", "lengths[r] > best"),
    ("rows.c", "score > best[y]", "score >= best[y]"),
    ("rows.c", "row[0] = row[1] ? ngram_count(length, n) : 0;", "row[0] = ngram_count(length, n);"),
    ("ter.c", "#define BEAM_WIDTH 25", "#define BEAM_WIDTH 24"),
    ("ter.c", "tried += count;", "tried = count;"),
    ("ter.c", "return a.start < b.start;", "return a.start > b.start;"),
    ("ter.c", "#define MAX_SHIFT_SIZE 10", "#define MAX_SHIFT_SIZE 9"),
    ("ter.c", "#define MAX_SHIFT_DISTANCE 50", "#define MAX_SHIFT_DISTANCE 49"),
    ("symbols.c", "s->hash == word.hash && s->length == word.length &&", "s->length < 0 ||"),
)  # fmt: skip


@needs_compiler
@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_a_changed_operator_is_noticed(number: int, tmp_path: Path) -> None:
    file, old, new = MUTATIONS[number]
    for source in builds.SOURCES.glob("*.[ch]"):
        shutil.copy(source, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert len(re.findall(re.escape(old), text)) == 1, f"{file} has {old!r} not once"
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    child = _run(builds.build(tmp_path, sources=tmp_path), 400)
    assert child.returncode == 1, f"{file}: {old!r} -> {new!r} went unnoticed; {child.stderr}"


FAILING = """
#include <stdlib.h>
int allocations_left = -1;
void *failing_realloc(void *at, size_t bytes)
{
    return allocations_left >= 0 && allocations_left-- == 0 ? NULL : realloc(at, bytes);
}
void *failing_calloc(size_t count, size_t bytes)
{
    return allocations_left >= 0 && allocations_left-- == 0 ? NULL : calloc(count, bytes);
}
"""

RUN_OUT = """
import ctypes, importlib.util, sys
spec = importlib.util.spec_from_file_location("_kernel", sys.argv[1])
kernel = importlib.util.module_from_spec(spec)
spec.loader.exec_module(kernel)
left = ctypes.c_int.in_dll(ctypes.CDLL(sys.argv[1]), "allocations_left")
outputs = [["the cat &amp; 'the' dog.. sat on 1-2 mats " * 30, "a b"], ["b a c", "的一是 " * 9]]
references = [["the dog & the cat sat on mats 1-2 " * 30, "x"], ["a b c d"]]
outputs.append(["x" * 40000, " ".join(map(str, range(999)))])
calls = (("bleu", (2,)), ("bleu", (3,)), ("chrf", (6, 2, 2.0)), ("ter", (True, True, True)))
for name, options in calls:
    failures = 0
    while True:
        left.value = failures
        try:
            rows = bytearray(8 * 3 * {"bleu": 10, "chrf": 24, "ter": 2}[name])
            getattr(kernel, name)(outputs, references, 0, 2, rows, True, *options)
        except MemoryError:
            failures += 1
        else:
            break
        finally:
            left.value = -1
    print(name, failures)
"""


@needs_compiler
def test_running_out_of_memory_anywhere(tmp_path: Path) -> None:
    for source in builds.SOURCES.glob("*.[ch]"):
        text = source.read_text(encoding="utf-8")
        text = text.replace("realloc(", "failing_realloc(").replace("calloc(", "failing_calloc(")
        if source.name == "memory.h":
            declared = (
                "void *failing_realloc(void *, size_t);\nvoid *failing_calloc(size_t, size_t);"
            )
            text = text.replace("#include <string.h>", f"#include <string.h>\n{declared}")
        (tmp_path / source.name).write_text(text, encoding="utf-8")
    (tmp_path / "failing.c").write_text(FAILING, encoding="utf-8")
    path = builds.build(tmp_path, ["-g", "-fsanitize=address,undefined"], sources=tmp_path)
    child = subprocess.run(
        [sys.executable, "-c", RUN_OUT, str(path)], capture_output=True, text=True, check=False,
        env={
            **os.environ, "PYTHONMALLOC": "malloc", "ASAN_OPTIONS": "detect_leaks=0",
            "LD_PRELOAD": f"{_runtime('libasan.so')} {_runtime('libubsan.so')}",
        },
    )  # fmt: skip
    assert child.returncode == 0, child.stderr[-3000:]
    failures = [int(line.split()[1]) for line in child.stdout.split("\n") if line]
    assert len(failures) == 4, child.stdout
    assert min(failures) > 15, failures
