"""Which system of the old run is which of the new one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from xindaya.pairs import UsageError
from xindaya.pairs.errors import ascii_controls


@dataclass(frozen=True, slots=True)
class Matching:
    """Which systems are compared.

    Attributes:
        pairs: (old name, new name), in the order of the new run.
        gone: Systems of the old run that the new one does not have.
        added: Systems of the new run that the old one does not have.
    """

    pairs: tuple[tuple[str, str], ...]
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def match_systems(
    old: Sequence[str],
    new: Sequence[str],
    *,
    renamed: Mapping[str, str] | None = None,
    only: Collection[str] = (),
) -> Matching:
    """Pairs the systems of two runs by name.

    Args:
        old: Names in the old run.
        new: Names in the new run.
        renamed: Old name to new name, for systems that are called otherwise now.
        only: Names in the new run; empty for all.

    Raises:
        UsageError: If a name is in neither run, is renamed twice, or nothing matches.
    """
    renamed = dict(renamed or {})
    for before, after in renamed.items():
        _known(before, old, "the old run")
        _known(after, new, "the new run")
    if len(set(renamed.values())) < len(renamed):
        raise UsageError("two systems of the old run are mapped to one of the new run")
    for name in only:
        _known(name, new, "the new run")
    was = {after: before for before, after in renamed.items()}
    was |= {name: name for name in new if name in old and name not in {*was, *renamed}}
    pairs = tuple((was[name], name) for name in new if name in was and (not only or name in only))
    if not pairs:
        raise UsageError(
            f"no system to compare: the old run has {_listed(old)}, the new run {_listed(new)}"
            f"\n  hint: say which is which, such as --map {old[0]}={new[0]}"
        )
    return Matching(
        pairs,
        gone=tuple(name for name in old if name not in was.values()),
        added=tuple(name for name in new if name not in was),
    )


def _known(name: str, names: Sequence[str], where: str) -> None:
    if name not in names:
        raise UsageError(f"no system {name!r} in {where}; there are: {_listed(names)}")


def _listed(names: Sequence[str]) -> str:
    return ascii_controls(", ".join(names)) or "none"
