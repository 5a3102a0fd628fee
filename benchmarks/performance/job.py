"""A measurement as data: what is asked, and the family that asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the page draws, which the environments of other programs cannot
    from benchmarks.performance.rows import Rows
    from benchmarks.performance.section import Section

Values = dict[str, float | str]
"""What one measurement gives: numbers in SI units unless their name says otherwise, and words."""

REPEATS = 5
LONGEST = 3600.0
"""A measurement that takes longer is given up [s]; that it was is kept as its answer."""


@dataclass(frozen=True)
class Job:
    """One thing to measure, in a process of its own.

    Attributes:
        name: unique in its family; names files.
        given: plain values that `Family.measure` is called with. Another `given` is another measurement.
        ranks: MPI ranks.
        repeats: how often it is measured.
        longest: time after which it is given up [s].
        environment: folder of the Python environment, below the root; empty for the one that asks.
    """

    name: str
    given: Mapping[str, Any]
    ranks: int = 1
    repeats: int = REPEATS
    longest: float = LONGEST
    environment: str = ""


@dataclass(frozen=True)
class Family:
    """Measurements that answer one question.

    Attributes:
        name: as on the command line.
        jobs: what to measure, from whether it is the quick form.
        measure: one measurement, from the job's `given` and the folder of prepared meshes. Called on every
            rank; the answer of rank 0 counts.
        tell: the section of the page, from all rows of all families.
        prepare: makes what `measure` finds in the folder and must not be timed; called before the first job.
    """

    name: str
    jobs: Callable[[bool], list[Job]]
    measure: Callable[[Mapping[str, Any], Path], Values]
    tell: "Callable[[Rows], Section]"
    prepare: Callable[[Mapping[str, Any], Path], None] | None = None
