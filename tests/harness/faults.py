# What `inject` in conftest.py runs, behind code that defines ``act(place)``: the act again and again,
# each time in a process of its own, to which something happens at one of its calls that reach the
# system. The tests look at what each of them leaves behind.
import errno
import io
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import traceback
from pathlib import Path

from xindaya.pairs import InputError

mode, base, out = sys.argv[1], *map(Path, sys.argv[2:4])
CALLS = {
    "mkdir", "open", "write", "flush", "fsync", "chmod", "chown", "rename", "replace", "unlink",
    "rmdir", "close", "flock", "touch", "utime", "connect", "execute", "executemany",
    "executescript", "_exchange",
}  # fmt: skip


def reaches_system(event, function):
    if event != "c_call" or function.__name__ not in CALLS:
        return False
    return not isinstance(getattr(function, "__self__", None), (io.BytesIO, io.StringIO))


def counted(place, happen, wanted=reaches_system):
    """Acts, and calls happen(number, function) before every call that is wanted."""
    number = 0

    def watch(frame, event, function):
        nonlocal number
        # The exchange of two folders is called through ctypes, which shows no C function.
        exchange = event == "call" and frame.f_code.co_name == "_exchange"
        if exchange or wanted(event, function):
            number += 1
            happen(number, function)

    sys.setprofile(watch)
    try:
        act(place)  # noqa: F821 - defined before this
    finally:
        sys.setprofile(None)
    return number


def attempt(name, run):
    place = out / name
    shutil.copytree(base, place, symlinks=True)
    child = os.fork()
    if child == 0:
        code = 70
        try:
            run(place)
            code = 0
        except InputError:
            code = 3
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    print(json.dumps([name, os.waitstatus_to_exitcode(status)]), flush=True)  # noqa: T201


def kill(n, function):
    if n == at:
        os.kill(os.getpid(), signal.SIGKILL)


def fail(n, function):
    if n == at:
        name = getattr(function, "__name__", "")
        if name.startswith("exec") or name == "connect":
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(errno.ENOSPC, "No space left on device")


def limited(size):
    def run(place):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        act(place)  # noqa: F821

    return run


def anything(event, function):
    return True


warm = out / "warm"
for _name in ("once", "again"):  # what is loaded late is loaded now
    shutil.copytree(base, warm, symlinks=True)
    total = counted(
        warm, lambda n, function: None, anything if mode == "random" else reaches_system
    )
    shutil.rmtree(warm)
at = 0
if mode in ("kill", "fail"):
    for at in range(1, total + 1):
        attempt(f"{at}", lambda place: counted(place, kill if mode == "kill" else fail))
elif mode == "size":
    for size in (0, 200, 1000, 5000, 20_000, 50_000, 80_000, 120_000, 1_000_000):
        attempt(f"{size}", limited(size))
else:  # at any call of any function
    for at in sorted(random.Random(7).sample(range(1, total + 1), 15)):
        attempt(f"{at}", lambda place: counted(place, kill, anything))
