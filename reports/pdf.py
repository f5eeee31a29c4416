"""Printing a page to PDF with the Chromium that is installed, if there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from xindaya.pairs import UsageError, XindayaError

VARIABLE = "CHROME"
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
)  # fmt: skip
TIME_LIMIT = 120.0

# No network: the page asks for nothing, and the browser itself must not, either.
_FLAGS = (
    "--headless", "--disable-gpu", "--disable-extensions", "--disable-sync", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check", "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
    "--run-all-compositor-stages-before-draw", "--virtual-time-budget=10000",
)  # fmt: skip
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")


def find_chromium() -> str | None:
    """Returns the browser that ``CHROME`` names, else the first one on the path.

    Raises:
        UsageError: If ``CHROME`` names no program.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise UsageError(f"{VARIABLE}={named!r}: there is no such program")
        return found
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def print_pdf(page: str, *, fragment: str = "", time_limit: float = TIME_LIMIT) -> bytes:
    """Prints an HTML page.

    The browser gets a profile of its own in a temporary folder, and no network. The date that it
    writes into the file is cleared: the same page gives the same file with the same browser.

    Args:
        page: The page, complete in itself.
        fragment: What stands behind the ``#`` of its address, such as ``lang=zh``.
        time_limit: Seconds after which the browser is ended.

    Returns:
        The PDF file.

    Raises:
        UsageError: If no browser is installed.
        XindayaError: If it fails, or takes too long.
    """
    chromium = find_chromium()
    if chromium is None:
        raise UsageError(
            "a PDF is printed by Chromium or Chrome, and none is on the path"
            f"\n  hint: install one (such as apt install chromium), set {VARIABLE} to its program,"
            " or print report.html from your browser"
        )
    with tempfile.TemporaryDirectory(prefix="xindaya-pdf-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        source, target = place / "page.html", place / "page.pdf"
        source.write_text(page, "utf-8", newline="\n")
        address = source.as_uri() + (f"#{fragment}" if fragment else "")
        command = [
            chromium, *_FLAGS, *_sandbox(), f"--user-data-dir={place / 'profile'}",
            f"--print-to-pdf={target}", address,
        ]  # fmt: skip
        _run(command, time_limit)
        if not target.is_file():
            raise XindayaError(f"{chromium} ended without printing the page")
        return _DATE.sub(rb"/\1 (D:20000101000000", target.read_bytes())


def _sandbox() -> list[str]:
    """Chromium refuses to run as root with its sandbox; the page is ours and has a policy."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _run(command: list[str], time_limit: float) -> None:
    """Runs the browser in a session of its own, so that its children end with it."""
    process = subprocess.Popen(  # noqa: S603 - the browser that is installed; no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=time_limit)
    except subprocess.TimeoutExpired:
        raise XindayaError(f"{command[0]} did not print within {time_limit:.0f} s") from None
    finally:
        if process.poll() is None:
            _end(process)
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().split("\n")[-1]
        raise XindayaError(f"{command[0]} failed with code {process.returncode}: {last[:300]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the browser and its children."""
    if hasattr(os, "killpg"):
        import signal

        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
