"""What a page of the book is, and what computing it yields: plain data only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal

import numpy as np

from benchmarks.verification.setups.running import Run, run_case
from solver.fenics import MPI

Dimension = Literal["spherical", "axisymmetric", "generalised_plane_strain", "plane_strain", "3d"]
Kind = Literal["exact", "manufactured", "program", "measured", "itself"]

DIMENSIONS: tuple[Dimension, ...] = (
    "spherical",
    "axisymmetric",
    "generalised_plane_strain",
    "plane_strain",
    "3d",
)
KINDS: Mapping[Kind, str] = {
    "exact": "exact solution",
    "manufactured": "manufactured solution",
    "program": "other program",
    "measured": "measurements",
    "itself": "itself, computed otherwise",
}
ASKED: tuple[Kind, ...] = ("exact", "manufactured", "program")
"""Kinds that every law of the index has a line for, filled or empty."""


@dataclass(frozen=True)
class Check:
    """One number beside the one it should be.

    Attributes:
        law: law or coupling, a row of the index: the same words wherever it is checked.
        dimension: in which it was computed.
        kind: what it is compared with.
        quantity: what is compared, with its unit in square brackets.
        found: computed value.
        wanted: value it should have.
        error: deviation that is judged, relative unless `quantity` says otherwise [1].
        limit: largest error that passes.
    """

    law: str
    dimension: Dimension
    kind: Kind
    quantity: str
    found: float
    wanted: float
    error: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether the error is within its limit; what is not a number never is."""
        return bool(self.error <= self.limit)


@dataclass(frozen=True)
class Refinement:
    """Errors on a row of meshes, time steps or tolerances, and the order that they should fall with.

    Attributes:
        law: as in `Check`.
        dimension: as in `Check`.
        kind: as in `Check`.
        quantity: whose error it is.
        parameter: what is refined, e.g. `cell size / radius`.
        sizes: values of the parameter, descending.
        errors: an error for each.
        order: what theory says.
        slack: by how much the observed order may stay below it.
    """

    law: str
    dimension: Dimension
    kind: Kind
    quantity: str
    parameter: str
    sizes: tuple[float, ...]
    errors: tuple[float, ...]
    order: float
    slack: float

    @property
    def observed(self) -> float:
        """Slope of the errors over the sizes, a straight line through all of them on logarithmic scales."""
        return float(np.polyfit(np.log(self.sizes), np.log(self.errors), 1)[0])

    @property
    def holds(self) -> bool:
        """Whether the observed order reaches the theory's, but for the slack."""
        return bool(self.observed >= self.order - self.slack)


@dataclass(frozen=True)
class Line:
    """A curve of a figure.

    Attributes:
        label: for the legend; empty for none.
        x: abscissae.
        y: ordinates.
        style: of matplotlib, e.g. `k-` for what is exact and `o` for what was computed.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    style: str = "-"


@dataclass(frozen=True)
class Panel:
    """A plot.

    Attributes:
        title: above it.
        across: label of the abscissa, with unit.
        up: label of the ordinate, with unit.
        lines: its curves.
        scales: of abscissa and ordinate, `linear` or `log`.
    """

    title: str
    across: str
    up: str
    lines: tuple[Line, ...]
    scales: tuple[str, str] = ("linear", "linear")


@dataclass
class Findings:
    """What computing a page yields.

    Attributes:
        checks: numbers beside exact ones.
        refinements: rates of convergence; they are drawn by themselves.
        panels: further plots.
        notes: what was measured besides, deviations explained; numbers in them come from the run.
    """

    checks: list[Check] = field(default_factory=list)
    refinements: list[Refinement] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything holds and there is something to hold."""
        judged = [*self.checks, *self.refinements]
        return bool(judged) and all(item.holds for item in judged)

    def compare(
        self,
        law: str,
        dimension: Dimension,
        quantity: str,
        found: float,
        wanted: float,
        limit: float,
        *,
        scale: float | None = None,
        kind: Kind = "exact",
    ) -> None:
        """Add a check of a deviation relative to the wanted value.

        Args:
            law: as in `Check`.
            dimension: as in `Check`.
            quantity: as in `Check`.
            found: computed value.
            wanted: value it should have.
            limit: largest relative deviation that passes [1].
            scale: what the deviation is divided by, where the wanted value itself will not do.
            kind: as in `Check`.
        """
        size = abs(wanted) if scale is None else scale
        error = abs(found - wanted) / size
        self.checks.append(
            Check(law, dimension, kind, quantity, float(found), float(wanted), float(error), limit)
        )

    def refine(
        self,
        law: str,
        dimension: Dimension,
        quantity: str,
        sizes: Sequence[float],
        errors: Sequence[float],
        order: float,
        *,
        slack: float = 0.2,
        parameter: str = "cell size / radius",
        kind: Kind = "exact",
    ) -> None:
        """Add a row of errors that should fall with an order; arguments as in `Refinement`."""
        row = (tuple(float(h) for h in sizes), tuple(float(e) for e in errors))
        self.refinements.append(Refinement(law, dimension, kind, quantity, parameter, *row, order, slack))


@dataclass(frozen=True)
class Workbench:
    """Where a page is computed.

    Attributes:
        folder: for run folders.
        short: the form that `make test` runs: fewer levels, coarser meshes, the same claim.
    """

    folder: Path
    short: bool = False

    def run(self, case: Mapping[str, Any], **how: Any) -> Run:
        """Run a case through the command line in a folder of its own; `how` as in `run_case`."""
        comm = MPI.COMM_WORLD
        made = comm.bcast(mkdtemp(dir=self.folder) if comm.rank == 0 else None)
        return run_case(case, Path(made), **how)

    def pick[T](self, full: T, short: T) -> T:
        """The one of two that this form takes."""
        return short if self.short else full


@dataclass(frozen=True)
class Headline:
    """One number of a page that must not depend on the number of ranks.

    Attributes:
        words: what it is, with its unit.
        dimension: in which it is computed.
        compute: gives it, on small meshes; collective, a few seconds at most.
    """

    words: str
    dimension: Dimension
    compute: Callable[[Workbench], float]


@dataclass(frozen=True)
class Page:
    """One page of the book.

    Attributes:
        title: its heading.
        claim: what is claimed, a sentence.
        equation: the equation, Markdown.
        source: where the equation comes from.
        setup: the set-up, Markdown; its numbers are those that the code uses.
        compute: computes everything that the page shows, called on one rank.
        headline: the number that ranks must share; None for a page that starts ranks of its own.
    """

    title: str
    claim: str
    equation: str
    source: str
    setup: str
    compute: Callable[[Workbench], Findings]
    headline: Headline | None = None

    @property
    def starts_ranks(self) -> bool:
        """Whether it is computed by processes that it starts, and so wants the cores for itself."""
        return self.headline is None
