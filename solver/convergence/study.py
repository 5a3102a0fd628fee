"""A study: the run folders of its levels, and a judgement of every figure over them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from solver.convergence.figures import Figure, figures
from solver.convergence.grids import Judgement, judge
from solver.results.reader import Run, read_run

COORDINATES: Final = {"spherical": 1, "3d": 3}
"""Coordinates of the mesh; two in the dimensions that are not here."""

FORMAL_ORDER: Final = 2.0
"""Of P1 potentials and of stresses from P2 displacements in the cell size; of BDF2 in the increment."""

CONVERGED: Final = 0.01
"""Index up to which a figure counts as converged, unless another is asked for."""


@dataclass(frozen=True)
class LevelRun:
    """One level of a study.

    Attributes:
        name: of its folder.
        run: the folder.
        size: of its cells, or increments, relative to the first level's.
        bulk: asked for [m]; None without.
        interface: asked for [m]; None without.
        tolerance: of the time steps.
    """

    name: str
    run: Run
    size: float
    bulk: float | None
    interface: float | None
    tolerance: float

    @property
    def counts(self) -> Mapping[str, Any]:
        """Cells, unknowns and increments."""
        return self.run.summary.get("counts") or {}

    @property
    def usable(self) -> bool:
        """Whether the run went through its protocol."""
        return self.run.status in {"done", "ended_early"}


@dataclass(frozen=True)
class Row:
    """A figure and what the levels say of it."""

    figure: Figure
    judgement: Judgement

    @property
    def first_off(self) -> float | None:
        """By how much the first level, the case's own, may be off, relative.

        The change from there to the finest level, and what is left to change on that; None where this has no
        number.
        """
        values, left = self.figure.values, self.judgement.index
        finest = next((value for value in reversed(values) if value is not None), None)
        if left is None or finest is None or values[0] is None:
            return None
        return abs(finest - values[0]) / self.figure.scale + left


@dataclass(frozen=True)
class Study:
    """Levels of a mesh or of time steps.

    Attributes:
        kind: `mesh` or `time`.
        levels: the coarsest first.
        rows: all figures.
        threshold: index up to which a figure counts as converged.
    """

    kind: str
    levels: tuple[LevelRun, ...]
    rows: tuple[Row, ...]
    threshold: float


def read_study(kind: str, folders: Sequence[Path], threshold: float) -> Study:
    """Read the levels of a study and judge every figure.

    Args:
        kind: `mesh` or `time`.
        folders: run folders, the coarsest level first.
        threshold: index up to which a figure counts as converged.

    Raises:
        RunReadError: one of them is no run folder.
    """
    levels = tuple(_level(read_run(folder)) for folder in folders)
    levels = tuple(replace(level, size=_size(kind, level, levels[0])) for level in levels)
    sizes = [level.size for level in levels]
    rows = []
    for figure in figures([level.run for level in levels]):
        found = judge(figure.values, sizes, figure.scale, threshold, FORMAL_ORDER, figure.extreme)
        if figure.differs and found.kind != "few":
            found = Judgement("differing", False, change=found.change, spread=found.spread)
        rows.append(Row(figure, found))
    return Study(kind, levels, tuple(rows), threshold)


def _level(run: Run) -> LevelRun:
    sizes = run.case.get("geometry", {}).get("mesh_size", {})
    return LevelRun(
        run.path.name,
        run,
        1.0,
        _metres(sizes.get("bulk")),
        _metres(sizes.get("interface")),
        float(run.case.get("numerics", {}).get("tolerance", 0.0)),
    )


def _size(kind: str, level: LevelRun, first: LevelRun) -> float:
    """Size relative to the first level's.

    That of cells is what their number says, since cells that grow with the distance from a wall do not all
    become smaller by the ratio asked for (Celik et al. 2008). That of increments is what the tolerance asks
    for: the error of a run goes with the square of one and with the other.
    """
    if kind == "time":
        return math.sqrt(level.tolerance / first.tolerance)
    cells, others = level.counts.get("cells"), first.counts.get("cells")
    if not cells or not others:
        # A run that failed before it had a mesh has no figure either.
        return level.bulk / first.bulk if level.bulk and first.bulk else 1.0
    return float((others / cells) ** (1.0 / COORDINATES.get(level.run.dimension, 2)))


def _metres(text: object) -> float | None:
    """A length of a resolved case, which is written in metres."""
    return float(text.removesuffix(" m")) if isinstance(text, str) and text.endswith(" m") else None
