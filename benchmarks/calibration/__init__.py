"""How often a verdict is wrong: what each simulation in this folder reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True, slots=True)
class Row:
    """One measured rate.

    Attributes:
        command: Which commands print the verdict.
        verdict: What is counted.
        truth: What is true in the simulation.
        n: Units, such as segments.
        family: Verdicts given together; one wrong one among them makes the replicate wrong.
        replicates: How many simulations.
        rate: Share of them with the verdict, in [0, 1].
        bound: What the rate must not exceed; None where it is a power, or only informs.
        note: What else is to be known.
    """

    command: str
    verdict: str
    truth: str
    n: int
    family: int
    replicates: int
    rate: float
    bound: float | None = None
    note: str = ""


class Task(NamedTuple):
    """What is simulated at one size: its name, and how it is measured with a generator of its own.

    A name never changes what another task draws, so each can be measured again alone.
    """

    name: str
    measure: Callable[[np.random.Generator], Iterable[Row]]
