"""The levels of a study: what to set in a case so that its mesh or its time steps become finer."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import meshes
from meshes import concentric, grain_mesh, radial_line, solid_grain_mesh
from solver.case import Case
from solver.case.geometry import CoreShell, Dispersed, FileMesh, HollowSecondary
from solver.estimates import estimate_memory, estimate_unknowns

RATIOS: Final = {"spherical": 2.0, "3d": 1.3}
"""Ratio of cell sizes of successive levels by dimension; what is not here is meshed in a plane."""

PLANE_RATIO: Final = 1.5

STEP_RATIO: Final = 2.0
"""Ratio of increments of successive levels; errors, and so the tolerance, go with their square."""


class LevelError(Exception):
    """A case whose mesh cannot be refined; the message is one line and says what can be done."""


@dataclass(frozen=True)
class Level:
    """One run of a study.

    Attributes:
        name: of its folder: `mesh-1`, `mesh-2`, ..., `time-2`, ...
        settings: what it sets in the case, as texts of `--set`; nothing for the case's own mesh and steps.
        words: the same for a reader.
    """

    name: str
    settings: tuple[str, ...]
    words: str


def default_ratio(dimension: str) -> float:
    """Ratio of successive cell sizes unless another is asked for."""
    return RATIOS.get(dimension, PLANE_RATIO)


def mesh_levels(case: Case, number: int, ratio: float) -> list[Level]:
    """Levels of the mesh, the first of which is the case's own.

    Args:
        case: the case, its sizes resolved.
        number: of levels.
        ratio: of successive cell sizes, above 1.

    Raises:
        LevelError: the mesh comes from a file.
    """
    geometry = case.geometry
    if isinstance(geometry, FileMesh):
        raise LevelError(
            "geometry.kind: a mesh from a file has no cell size to refine; mesh it finer in the program that"
            " made it, run each of its meshes and compare their summaries, or give a kind that is meshed here"
        )
    bulk, interface = _own_sizes(geometry)
    levels = [Level("mesh-1", (), "the case's own mesh")]
    for k in range(1, number):
        sizes = bulk / ratio**k, interface / ratio**k
        settings = tuple(
            f"geometry.mesh_size.{name}={size!r} m"
            for name, size in zip(("bulk", "interface"), sizes, strict=True)
        )
        words = "bulk {:.4g} nm, interface {:.4g} nm".format(*(1e9 * size for size in sizes))
        levels.append(Level(f"mesh-{k + 1}", settings, words))
    return levels


def time_levels(case: Case, number: int) -> list[Level]:
    """Levels of the time steps on the case's own mesh beyond the first, which is `mesh-1`.

    Args:
        case: the case.
        number: of levels, the first counted.
    """
    tolerance, largest = case.numerics.tolerance, case.numerics.max_increment
    levels = []
    for k in range(1, number):
        settings = [f"numerics.tolerance={tolerance / STEP_RATIO ** (2 * k)!r}"]
        words = f"tolerance {tolerance / STEP_RATIO ** (2 * k):.4g}"
        if largest is not None:
            settings.append(f"numerics.max_increment={largest / STEP_RATIO**k!r} s")
            words += f", increments of at most {largest / STEP_RATIO**k:.4g} s"
        levels.append(Level(f"time-{k + 1}", tuple(settings), words))
    return levels


@dataclass(frozen=True)
class Cost:
    """What a level is expected to take.

    Attributes:
        cells: about.
        unknowns: about.
        memory: on one rank [bytes].
        work: relative to that of the first level, a lower bound for direct solvers.
    """

    cells: int
    unknowns: int
    memory: float
    work: float


def expected_costs(levels: list[Level], cases: list[Case]) -> Iterator[Cost]:
    """What the levels are expected to take, from their numbers of cells and steps.

    Args:
        levels: the first is the case's own.
        cases: of the levels.
    """
    first = 0
    for level, case in zip(levels, cases, strict=True):
        dimension, cells = case.geometry.dimension, meshes.estimate_cells(case.mesh_geometry())
        unknowns = estimate_unknowns(dimension, cells)
        first = first or unknowns
        steps = STEP_RATIO ** (int(level.name.split("-")[1]) - 1) if level.name.startswith("time") else 1.0
        yield Cost(cells, unknowns, estimate_memory(dimension, unknowns), steps * unknowns / first)


def _own_sizes(geometry: CoreShell | Dispersed | HollowSecondary) -> tuple[float, float]:
    """Cell sizes of the case's own mesh [m].

    The mesher makes cells in thin layers and along round walls smaller than they were asked for. Divided
    sizes would not come below that at first, and two levels would be nearly the same mesh.
    """
    sizes: Any = geometry.mesh_size
    bulk, rows = sizes.bulk, float(radial_line.LAYER_CELLS)
    if geometry.dimension != "spherical":
        rows, edges = concentric.LAYER_ROWS, concentric.MIN_QUARTER
        if geometry.dimension == "3d" and isinstance(geometry, HollowSecondary) and geometry.grains:
            rows, edges = solid_grain_mesh.ROWS, solid_grain_mesh.MIN_QUARTER
        bulk = min(bulk, 0.5 * math.pi * geometry.radius / edges)
    return bulk, min([bulk, sizes.interface, *(layer / rows for layer in _layers(geometry))])


def _layers(geometry: CoreShell | Dispersed | HollowSecondary) -> Iterator[float]:
    """Thicknesses of the layers that cells follow [m]."""
    if isinstance(geometry, CoreShell):
        layer = geometry.shell_thickness
    elif isinstance(geometry, Dispersed):
        layer = geometry.skin_thickness
    elif geometry.rock_salt.place == "grain_boundary_layer":
        layer = geometry.rock_salt.thickness * grain_mesh.LAYER_SIZE * concentric.LAYER_ROWS
    elif geometry.rock_salt.place == "surface_shell":
        layer = geometry.rock_salt.thickness
        yield geometry.radius - geometry.cavity_radius - layer
    else:
        layer = geometry.radius - geometry.cavity_radius
    if layer > 0:
        yield layer
