"""Blocks on a Dask cluster: one of our own on the loopback device, or a scheduler that runs.

A Dask scheduler has no password: whoever reaches its port runs code as its user. So our own
clusters listen on 127.0.0.1 only, and a scheduler elsewhere must be ``tls://``, which admits only
holders of a certificate.
"""

from __future__ import annotations

import contextlib
import ipaddress
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from xindaya.metrics.engine.interface import cores
from xindaya.pairs import UsageError, XindayaError
from xindaya.scale.engines import RETRIES, Engine
from xindaya.scale.optional import require
from xindaya.scale.sums import Sums
from xindaya.scale.work import Refusal, Task, score_block


@dataclass(frozen=True, slots=True)
class TLS:
    """Certificate files; without any, those of Dask's own configuration are used."""

    ca: str | None = None
    certificate: str | None = None
    key: str | None = None

    def __bool__(self) -> bool:
        return any((self.ca, self.certificate, self.key))


def dask(
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    tls: TLS | None = None,
    insecure: bool = False,
) -> Engine:
    """Returns an engine on a Dask cluster.

    Args:
        workers: Processes of our own cluster; None for one a core.
        scheduler: Address of a running scheduler instead, such as ``tls://host:8786``.
        tls: Certificates for it.
        insecure: Allow a scheduler elsewhere without TLS.

    Raises:
        UsageError: If distributed is not installed, or the address is not to be trusted.
    """
    distributed = require("distributed", "--engine dask", "pip install 'xindaya[scale]'")
    if scheduler is None:
        return partial(_run, distributed, workers or cores(), None, TLS())
    if workers is not None:
        raise UsageError("--workers is for a cluster of our own; a scheduler has its own workers")
    check_address(scheduler, insecure=insecure)
    return partial(_run, distributed, 0, scheduler, tls or TLS())


def check_address(address: str, *, insecure: bool = False) -> None:
    """Refuses a scheduler on another machine without TLS.

    Raises:
        UsageError: With the reason and the ways out.
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    host = parts.hostname or ""
    if parts.scheme not in ("tcp", "tls") or not host:
        raise UsageError(f"scheduler {address!r}: expected tls://HOST:PORT")
    if parts.scheme == "tls" or _is_loopback(host) or insecure:
        return
    raise UsageError(
        f"scheduler {address!r} is on another machine and not tls://: anyone on the way could read "
        "the results and run code on the workers and here. Start it with TLS and pass "
        f"tls://{parts.netloc} (docs/scale-out.md), or pass --insecure if the network is yours "
        "alone"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _run(
    distributed: Any, workers: int, scheduler: str | None, tls: TLS, tasks: Sequence[Task]
) -> Iterator[Sums | Refusal]:
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            cluster = stack.enter_context(_own_cluster(distributed, min(workers, len(tasks))))
            client = stack.enter_context(distributed.Client(cluster))
        else:
            client = stack.enter_context(_connect(distributed, scheduler, tls))
        # Not pure: a second run must not be answered from the first.
        futures = client.map(score_block, tasks, pure=False, retries=RETRIES)
        try:
            for _, result in distributed.as_completed(futures, with_results=True):
                yield result
        except distributed.KilledWorker as error:
            raise XindayaError(
                f"workers died again and again on the same block ({error}); "
                "if memory is short, give them more, or run fewer on a machine"
            ) from error
        finally:
            client.cancel(futures)


@contextlib.contextmanager
def _own_cluster(distributed: Any, workers: int) -> Iterator[Any]:
    """Starts worker processes that listen on the loopback device only."""
    with (
        tempfile.TemporaryDirectory(prefix="xindaya-") as folder,
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            local_directory=folder,
            # A free port for the status page, which cannot be switched off: 8787 may be taken.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
    ):
        yield cluster


def _connect(distributed: Any, scheduler: str, tls: TLS) -> Any:
    security = None
    if tls:
        security = distributed.Security(
            tls_ca_file=tls.ca,
            tls_client_cert=tls.certificate,
            tls_client_key=tls.key,
            require_encryption=True,
        )
    # In two steps, because a client that fails to connect has started a thread, and is not handed
    # out to be closed: collected as garbage while another starts, it would lock both up.
    client = distributed.Client.__new__(distributed.Client)
    try:
        client.__init__(scheduler, security=security)
    except (OSError, TypeError, ValueError) as error:
        with contextlib.suppress(AttributeError):  # it failed before there was anything to close
            client.close()
        hint = "" if tls else " (certificates: --tls-ca-file, --tls-cert, --tls-key)"
        raise UsageError(f"no scheduler can be used at {scheduler}: {error}{hint}") from error
    return client
