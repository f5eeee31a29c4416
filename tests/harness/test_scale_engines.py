"""Several processes and Dask: equal totals, also when a worker is killed in mid-run."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from xindaya import InputError, UsageError, XindayaError
from xindaya.cli.scale import command
from xindaya.metrics import make_metrics
from xindaya.pairs import Termbase, write_termbase_tsv
from xindaya.scale import ScaleResult, processes, score_blocks
from xindaya.scale.cluster import check_address, dask
from xindaya.scale.views import to_dict
from xindaya.scale.work import Task

METRICS = tuple(make_metrics(("bleu", "chrf", "ter")).values())
BLOCK = 4000

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="distributed is not installed: pip install '.[scale]'"
)
needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """900 segments: about 60 blocks of 4,000 bytes."""
    lines = ["document\tsource\treference\tsystem:a\tsystem:b"]
    for k in range(900):
        text = f"The CAC issued rule {k} on {k % 7} AI models and their {k % 11} makers."
        cells = f"d{k // 6}", f"国家网信办发布第{k}条规定。", text, text[k % 9 :], text[::-1]
        lines.append("\t".join(cells))
    path = tmp_path / "table.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def terms(termbase: Termbase, tmp_path: Path) -> Path:
    write_termbase_tsv(termbase, tmp_path / "tb.tsv")
    return tmp_path / "tb.tsv"


@pytest.fixture
def expected(table: Path, terms: Path) -> ScaleResult:
    return score_blocks([table], metrics=METRICS, termbase=terms, block_bytes=1 << 30)


class Killer:
    """A progress callback that kills a worker process when the first block is done."""

    def __init__(self, victims) -> None:
        self._victims = victims
        self.total = self.done = 0
        self.killed: int | None = None

    def __call__(self, _label: str, total: int):
        self.total = total
        return self._step

    def _step(self, done: int) -> None:
        self.done += done
        if self.killed is None:
            self.killed = self._victims()
            os.kill(self.killed, signal.SIGKILL)
            assert self.total - self.done > 20  # plenty left to do


@needs_kill
def test_processes_survive_a_killed_worker(table: Path, terms: Path, expected: ScaleResult) -> None:
    killer = Killer(lambda: multiprocessing.active_children()[0].pid)
    found = score_blocks(
        [table], metrics=METRICS, termbase=terms, block_bytes=BLOCK, engine=processes(2),
        progress=killer,
    )  # fmt: skip
    assert killer.killed is not None
    assert killer.done == found.blocks
    assert to_dict(found) | {"scale": 0} == to_dict(expected) | {"scale": 0}


class Bomb:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        return os._exit, (1,)


def test_processes_that_always_die_are_an_error() -> None:
    with pytest.raises(XindayaError, match="died 4 times, 1 blocks are left"):
        list(processes(1)([Bomb()]))  # type: ignore[list-item]


def test_errors_come_back_from_processes(tmp_path: Path) -> None:
    file = tmp_path / "bad.tsv"
    file.write_text("reference\tsystem:a\n" + "x\ty\n" * 50 + "z\n")
    with pytest.raises(InputError, match="line 52: found 1 fields"):
        score_blocks([file], metrics=METRICS, block_bytes=40, engine=processes(2))


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """A two-process cluster, started the way ``--engine dask`` starts its own."""
    distributed = pytest.importorskip("distributed")
    from xindaya.scale.cluster import _own_cluster

    with _own_cluster(distributed, 2) as running:
        yield running


@needs_dask
def test_dask_gives_equal_totals(cluster, table: Path, terms: Path, expected: ScaleResult) -> None:
    engine = dask(scheduler=cluster.scheduler_address)
    found = score_blocks([table], metrics=METRICS, termbase=terms, block_bytes=BLOCK, engine=engine)
    assert found.blocks > 30
    assert to_dict(found) | {"scale": 0} == to_dict(expected) | {"scale": 0}
    table.write_text(table.read_text("utf-8") + "z\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 902: found 1 fields"):
        score_blocks([table], metrics=METRICS, block_bytes=BLOCK, engine=engine)


def busiest(cluster) -> int:
    """Returns the process id of the worker with most to do."""
    worker = max(cluster.scheduler.workers.values(), key=lambda w: len(w.processing))
    assert worker.processing
    return next(n.pid for n in cluster.workers.values() if n.worker_address == worker.address)


@needs_dask
@needs_kill
def test_dask_survives_a_killed_worker(
    cluster, table: Path, terms: Path, expected: ScaleResult
) -> None:
    pids = {nanny.pid for nanny in cluster.workers.values()}
    killer = Killer(lambda: busiest(cluster))
    found = score_blocks(
        [table], metrics=METRICS, termbase=terms, block_bytes=BLOCK, progress=killer,
        engine=dask(scheduler=cluster.scheduler_address),
    )  # fmt: skip
    assert killer.killed is not None
    assert killer.done == found.blocks
    assert to_dict(found) | {"scale": 0} == to_dict(expected) | {"scale": 0}
    for _attempt in range(200):  # the nanny starts another
        now = {nanny.pid for nanny in cluster.workers.values()} - {None}
        if len(now) == 2 and killer.killed not in now:
            break
        time.sleep(0.1)
    assert len(pids & now) == 1


@needs_dask
@needs_kill
def test_dask_workers_that_always_die_are_an_error(
    cluster, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    with pytest.raises(XindayaError, match="died again and again"):
        score_blocks(
            [table], metrics=METRICS, block_bytes=BLOCK, progress=Killer(lambda: busiest(cluster)),
            engine=dask(scheduler=cluster.scheduler_address),
        )  # fmt: skip


@needs_dask
def test_our_clusters_listen_on_loopback_only(cluster) -> None:
    psutil = pytest.importorskip("psutil")
    ports = {int(cluster.scheduler_address.rsplit(":", 1)[1])}
    me = psutil.Process()
    listening = [
        c.laddr
        for p in [me, *me.children(recursive=True)]
        for c in p.net_connections()
        if c.status == "LISTEN"
    ]
    assert ports <= {address.port for address in listening}
    assert {address.ip for address in listening} <= {"127.0.0.1", "::1"}


@needs_dask
def test_own_dask_cluster_from_the_command_line(table: Path, expected: ScaleResult) -> None:
    done = CliRunner().invoke(
        command,
        ["-i", str(table), "-m", "bleu,chrf", "-m", "ter", "--engine", "dask", "--workers", "2",
         "--block-size", "20K", "-f", "json"],
        standalone_mode=False,
    )  # fmt: skip
    assert done.exception is None
    content = json.loads(done.stdout)
    assert content["systems"][0]["scores"] == {
        name: scores["a"] for name, scores in expected.scores.items()
    }


@needs_dask
def test_an_unreachable_scheduler_is_said(table: Path) -> None:
    import distributed
    from dask import config

    with config.set({"distributed.comm.timeouts.connect": "300ms"}):
        with pytest.raises(UsageError, match=r"no scheduler can be used at tcp://127\.0\.0\.1:9"):
            score_blocks([table], metrics=METRICS, engine=dask(scheduler="tcp://127.0.0.1:9"))
        with pytest.raises(UsageError, match=r"--tls-ca-file"):
            score_blocks([table], metrics=METRICS, engine=dask(scheduler="tls://127.0.0.1:9"))
    clients = [o for o in gc.get_objects() if type(o) is distributed.Client]
    assert {client.status for client in clients} <= {"closed", "running"}


@pytest.mark.parametrize(
    "address",
    ["tls://head.example:8786", "tcp://127.0.0.1:8786", "localhost:8786", "tcp://[::1]:8786",
     "127.8.0.1:1", "tls://10.0.0.1:8786"],
)  # fmt: skip
def test_trusted_addresses(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    ["tcp://10.0.0.1:8786", "head.example:8786", "0.0.0.0:8786", "tcp://127.0.0.1.nip.io:1"],
)
def test_a_remote_scheduler_needs_tls(address: str) -> None:
    with pytest.raises(UsageError, match=r"not tls://.*--insecure"):
        check_address(address)
    check_address(address, insecure=True)


@pytest.mark.parametrize("address", ["ws://127.0.0.1:1", "tcp://", "inproc://x"])
def test_strange_addresses(address: str) -> None:
    with pytest.raises(UsageError, match="expected tls://HOST:PORT"):
        check_address(address, insecure=True)


def test_without_distributed_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"--engine dask needs distributed.*xindaya\[scale\]"):
        dask()


def run(*arguments: object):
    return CliRunner().invoke(command, list(map(str, arguments)), standalone_mode=False)


def test_command_line(table: Path, terms: Path, expected: ScaleResult) -> None:
    done = run("-i", table, "-m", "bleu,chrf,ter", "--terms", terms, "--engine", "serial",
               "-f", "json", "--block-size", "16k")  # fmt: skip
    assert json.loads(done.stdout) | {"scale": 0} == to_dict(expected) | {"scale": 0}
    assert done.stderr == ""
    text = run("-i", table, "--engine", "serial", "-w", "4").stdout
    assert f"{expected.scores['BLEU']['b']:.4f}" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--engine", "serial", "--workers", 2), "one worker"),
        (("--scheduler", "tls://x:1"), "--scheduler is for --engine dask"),
        (("--engine", "dask", "--insecure"), "--insecure is for --engine dask with --scheduler"),
        (("--block-size", "16X"), "expected a number of bytes"),
        (("--block-size", "0"), "expected a number of bytes"),
        (("-m", "blue"), "did you mean 'bleu'"),
        (("-sl", "fr"), "expected zh to en"),
    ],
)
def test_usage_errors(table: Path, arguments: tuple[object, ...], message: str) -> None:
    done = run("-i", table, *arguments)
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)


@needs_dask
def test_dask_usage_errors(table: Path) -> None:
    with pytest.raises(UsageError, match="--workers is for"):
        dask(workers=2, scheduler="127.0.0.1:1")
    done = run("-i", table, "--engine", "dask", "--scheduler", "tcp://10.1.1.1:8786")
    assert "on another machine and not tls://" in str(done.exception)


def test_tasks_have_no_text(table: Path) -> None:
    seen: list[Task] = []

    def engine(tasks):
        seen.extend(tasks)
        return iter(())

    with pytest.raises(XindayaError):
        score_blocks([table], metrics=METRICS, engine=engine)
    assert "CAC" not in repr(seen[0])
