"""A body of rock salt in the middle of the layered phase that swells or changes its shape."""

from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.inclusions import (
    sheared_cylinder,
    sheared_sphere,
    swollen_cylinder,
    swollen_sphere,
)
from benchmarks.verification.exact.radial_profiles import concentric
from benchmarks.verification.exact.sheared_core import sheared_core
from benchmarks.verification.exact.swollen_cylinders import swollen_cylinders
from benchmarks.verification.page import DIMENSIONS, Dimension, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.core_in_shell import Pair, power
from benchmarks.verification.setups.rings import rings
from benchmarks.verification.setups.stress_fields import WANTED, Stresses, stresses
from meshes import LAYERED, ROCK_SALT

SWOLLEN, SHEARED = "inclusion that swells", "inclusion that changes its shape"
"""Rows of the index."""
STRAIN, COHERENCY = 0.011, 0.6
"""Misfit [1], along a where it changes the shape, and its coherent share."""
LATTICE = 4.17e-10
"""Cubic lattice parameter of the inclusion [m]."""
FINE, FINE_3D, BULK = 0.08, 0.2, 0.15
"""Cell size at the interface in radii of the inclusion, and far away in outer radii."""
LINE_CELL = 0.004
"""Cell size on lines, everywhere alike [outer radii]."""


def swelling(solids: Pair) -> dict[str, Any]:
    """Phases with an inclusion that is larger than its hole by the same share along every axis."""
    inclusion, matrix = solids
    misfit = {"kind": "isotropic", "strain": STRAIN}
    return {"layered": cases.phase(matrix), "rock_salt": cases.phase(inclusion, misfit=misfit)}


def shearing(solids: Pair, dimension: str) -> dict[str, Any]:
    """Phases whose lattices differ in shape: by `STRAIN` along a and b and by `along_c` along c."""
    inclusion, matrix = solids
    a = LATTICE / np.sqrt(2.0) / (1.0 + STRAIN)
    c = 2.0 * np.sqrt(3.0) * LATTICE / (1.0 + along_c(dimension))
    lattice = {"a": f"{float(a)!r} m", "c": f"{float(c)!r} m"}
    misfit = {"kind": "lattice", "a": f"{LATTICE!r} m"}
    return {
        "layered": cases.phase(matrix, lattice=lattice),
        "rock_salt": cases.phase(inclusion, misfit=misfit),
    }


def along_c(dimension: str) -> float:
    """Misfit along c that leaves no trace: in space two other axes make up for it, in a section one."""
    return -STRAIN if power(dimension) == 2 else -2.0 * STRAIN


def run(bench: Workbench, dimension: Dimension, reach: float, phases: Any, c_axis: Any = None) -> Stresses:
    """Stresses of a body with an inclusion of so many outer radii."""
    fine = FINE_3D if dimension == "3d" else FINE
    sizes = (LINE_CELL, LINE_CELL) if dimension == "spherical" else (BULK, fine * reach)
    shells = ([0.0, reach, 1.0], [ROCK_SALT, LAYERED])
    geometry = rings(dimension, *shells, sizes, bench.folder, c_axis)
    case = cases.case(
        "inclusion",
        geometry,
        phases,
        {"voltage": "3.9 V"},
        [],
        mechanics={"coherency": COHERENCY},
        output=dict(WANTED),
    )
    return stresses(bench.run(case))


class Swollen:
    """The inclusion that swells: hydrostatic stress of the inclusion."""

    law, dimensions = SWOLLEN, DIMENSIONS
    what = "hydrostatic stress in the inclusion"

    def stresses(self, bench: Workbench, dimension: Dimension, reach: float, solids: Pair) -> Stresses:
        """Stresses of a body with an inclusion of so many outer radii."""
        return run(bench, dimension, reach, swelling(solids))

    def measured(self, fields: Stresses) -> float:
        """The stress that is compared, as a mean over the inclusion [Pa]."""
        return float(fields.mean(rock_salt=True)[:3].mean())

    def endless(self, dimension: str, solids: Pair) -> float:
        """The same in an endless matrix, exact [Pa]."""
        strain = COHERENCY * STRAIN
        if power(dimension) == 3:
            return swollen_sphere(*solids, strain)
        in_plane, axial = swollen_cylinder(*solids, strain)
        return (2.0 * in_plane + axial) / 3.0

    def _finite(self, dimension: str, solids: Pair, reach: float) -> exact.Concentric:
        strain = COHERENCY * STRAIN
        if power(dimension) == 3:
            return exact.coated_sphere(*solids, (reach, 1.0), -strain, 0.0)
        free = dimension == "generalised_plane_strain"
        return swollen_cylinders(solids, reach, ((strain, strain), (0.0, 0.0)), 0.0, free)

    def finite(self, dimension: str, solids: Pair, reach: float) -> float:
        """The same in the finite body, exact [Pa]."""
        return self._finite(dimension, solids, reach).core

    def radial(self, fields: Stresses, solids: Pair, reach: float) -> Any:
        """Exact radial stress in the middle of every cell [Pa]."""
        walls, b = self._finite(fields.dimension, solids, reach), reach * cases.RADIUS
        return concentric(walls, power(fields.dimension), b / fields.radius, fields.rock_salt)[0]

    def direction(self, fields: Stresses) -> Any:
        """Radial stress of a sphere in every cell over that on the axis c at the same radius [1]."""
        return np.ones_like(fields.radius)


class Sheared:
    """The inclusion that changes its shape: its stress along c, in the section without the mean."""

    law, dimensions = SHEARED, DIMENSIONS[1:]
    what = "traceless stress along c in the inclusion"

    def stresses(self, bench: Workbench, dimension: Dimension, reach: float, solids: Pair) -> Stresses:
        """Stresses of a body with an inclusion of so many outer radii."""
        c_axis = (0, 1, 0) if power(dimension) == 2 else (0, 0, 1)
        return run(bench, dimension, reach, shearing(solids, dimension), c_axis)

    def measured(self, fields: Stresses) -> float:
        """The stress that is compared, as a mean over the inclusion [Pa]."""
        tensor = fields.mean(rock_salt=True)
        if power(fields.dimension) == 2:
            return float(0.5 * (tensor[1] - tensor[0]))
        return float(tensor[2] - tensor[:3].mean())

    def endless(self, dimension: str, solids: Pair) -> float:
        """The same in an endless matrix, exact [Pa]."""
        held = sheared_cylinder(*solids) if power(dimension) == 2 else sheared_sphere(*solids)
        return held * COHERENCY * along_c(dimension)

    def finite(self, dimension: str, solids: Pair, reach: float) -> float:
        """The same in the finite body, exact [Pa]."""
        found = sheared_core(*solids, reach, power(dimension))
        return found.mean * COHERENCY * along_c(dimension)

    def radial(self, fields: Stresses, solids: Pair, reach: float) -> Any:
        """Exact radial stress in the middle of every cell [Pa]."""
        dimension, squares = fields.dimension, fields.direction**2
        across, along = COHERENCY * STRAIN, COHERENCY * along_c(dimension)
        found = sheared_core(*solids, reach, power(dimension))
        part = found.radial(fields.radius / cases.RADIUS, fields.rock_salt)
        if power(dimension) == 3:
            return part * (squares[:, :2].sum(axis=1) * across + squares[:, 2] * along)
        free = dimension == "generalised_plane_strain"
        walls = swollen_cylinders(solids, reach, ((0.0, across), (0.0, 0.0)), 0.0, free)
        stretched = concentric(walls, 2, reach * cases.RADIUS / fields.radius, fields.rock_salt)[0]
        return stretched + part * (squares[:, 0] * across + squares[:, 1] * along)

    def direction(self, fields: Stresses) -> Any:
        """Radial stress of a sphere in every cell over that on the axis c at the same radius [1]."""
        return 1.5 * fields.direction[:, 2] ** 2 - 0.5
