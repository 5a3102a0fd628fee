"""Lithium and stress of a run along the radius beside exact fields, on rows of meshes in every dimension."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import cylinder_stress as cylinder
from benchmarks.verification.page import DIMENSIONS, Dimension, Findings, Line, Panel
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.diffusing import CAPACITY, REFERENCE, SOLID, START, VOLUME, mean_size
from benchmarks.verification.setups.profiles import Profiles, profiles
from benchmarks.verification.setups.running import Run

Array = npt.NDArray[np.float64]

SPHERES = ("spherical", "axisymmetric", "3d")
STRESS, UNDER_FLUX = "diffusion-induced stress", "diffusion under a constant flux"
"""Rows of the index that several pages share."""
MARKS = ("o", "x", "^")
ROWS: Mapping[Dimension, tuple[float, ...]] = {
    "spherical": (1 / 10, 1 / 20, 1 / 40),
    "axisymmetric": (1 / 5, 1 / 10, 1 / 16),
    "generalised_plane_strain": (1 / 5, 1 / 10, 1 / 16),
    "plane_strain": (1 / 5, 1 / 10, 1 / 16),
    "3d": (1 / 4, 1 / 6, 1 / 9),
}
"""Cell sizes asked for in solid bodies [R]."""
SHORT: Mapping[Dimension, tuple[float, ...]] = {
    dimension: sizes[: 2 if dimension == "spherical" else 1] for dimension, sizes in ROWS.items()
}


@dataclass(frozen=True)
class Wanted:
    """Exact fields at the places of a profile.

    Attributes:
        rise: concentration above that of the start [mol/m^3].
        radial: radial stress [Pa].
        hoop: hoop stress [Pa].
        axial: stress along the cylinder [Pa]; None in a sphere.
    """

    rise: Array
    radial: Array
    hoop: Array
    axial: Array | None


def with_axial(dimension: str, rise: Array, across: tuple[Array, Array], whole: float) -> Wanted:
    """Exact fields with the axial stress of the dimension.

    Args:
        dimension: name of the dimension.
        rise: concentration above that of the start [mol/m^3].
        across: radial and hoop stress [Pa].
        whole: mean of the rise over the body.
    """
    axial = None
    if dimension == "generalised_plane_strain":
        axial = cylinder.free_axial_stress(SOLID, VOLUME, whole, rise)
    if dimension == "plane_strain":
        swelling = rise + (START - REFERENCE) * CAPACITY
        axial = cylinder.held_axial_stress(SOLID, VOLUME, sum(across), swelling)
    return Wanted(np.asarray(rise), *across, axial)


def solid_body(dimension: str, rise: Array, inside: Array, whole: float) -> Wanted:
    """Exact fields of a ball or disc.

    Args:
        dimension: name of the dimension.
        rise: concentration above that of the start [mol/m^3].
        inside: its mean within each place.
        whole: its mean over the body.
    """
    stress = exact.free_sphere_stress if dimension in SPHERES else exact.free_cylinder_stress
    return with_axial(dimension, rise, stress(SOLID, VOLUME, whole, inside, rise), whole)


def deviations(found: Profiles, wanted: Wanted) -> tuple[float, float]:
    """Root mean square errors over the body: concentration [mol/m^3] and all stresses together [Pa]."""
    stress = found.stress
    pairs = [(stress.radial, wanted.radial), (stress.hoop, wanted.hoop)]
    if wanted.axial is not None:
        pairs.append((stress.tensor[:, 2], wanted.axial))
    concentration = found.off(found.lithium["concentration"] - START * CAPACITY, wanted.rise)
    return concentration, float(np.hypot.reduce([found.off(*pair) for pair in pairs]))


@dataclass(frozen=True)
class Study:
    """One way of diffusing, to be set beside exact fields.

    Attributes:
        law: row of the index, of the concentration.
        units: what errors of concentration [mol/m^3] and stress [Pa] are divided by.
        allowed: errors that pass, over the square of the cell size: concentration and stress over the body,
            hoop stress at the surface.
        solve: runs a dimension on cells of a size [R].
        wanted: exact fields of a dimension at r/R.
        cavity: radius of the cavity [R].
    """

    law: str
    units: tuple[float, float]
    allowed: tuple[float, float, float]
    solve: Callable[[Dimension, float], Run]
    wanted: Callable[[Dimension, Array | float], Wanted]
    cavity: float = 0.0

    def rows(self, found: Findings, levels: Mapping[Dimension, Sequence[float]]) -> dict[Dimension, Run]:
        """Errors on rows of meshes, the finest ones judged, their profiles drawn; gives the finest runs."""
        finest: dict[Dimension, Run] = {}
        drawn: dict[Dimension, Profiles] = {}
        for dimension, sizes in levels.items():
            errors, means = [], []
            for size in sizes:
                run = self.solve(dimension, size)
                seen = profiles(run)
                off = deviations(seen, self.wanted(dimension, seen.radius / cases.RADIUS))
                errors.append(np.divide(off, self.units))
                means.append(mean_size(run, self.cavity))
            finest[dimension], drawn[dimension] = run, seen
            for k, (law, name) in enumerate(((self.law, "concentration"), (STRESS, "stress"))):
                row, limit = [float(error[k]) for error in errors], self.allowed[k] * sizes[-1] ** 2
                if len(sizes) > 1:
                    found.refine(
                        law, dimension, name, means, row, 2.0, parameter=f"mean cell size / radius ({name})"
                    )
                found.compare(
                    law, dimension, f"{name}, error over the body [1]", row[-1], 0.0, limit, scale=1.0
                )
            hoop, limit = float(self.wanted(dimension, 1.0).hoop), self.allowed[2] * sizes[-1] ** 2
            surface = run.point("surface", "hoop_stress_Pa")
            found.compare(
                STRESS, dimension, "hoop stress, surface [Pa]", surface, hoop, limit, scale=self.units[1]
            )
        found.panels += self._panels(drawn)
        return finest

    def _panels(self, found: Mapping[Dimension, Profiles]) -> list[Panel]:
        """Concentration and stresses along the radius, points on exact curves; spheres, then cylinders."""
        made = []
        for body in ("sphere", "cylinder"):
            here = {d: found[d] for d in DIMENSIONS if d in found and (d in SPHERES) == (body == "sphere")}
            marked = list(zip(here.items(), MARKS, strict=False))
            x = np.linspace(self.cavity, 1.0, 101)
            exact_fields = self.wanted(next(iter(here)), x)
            rises = [
                Line(_words(d), *p.drawn(p.lithium["concentration"] - START * CAPACITY), mark)
                for (d, p), mark in marked
            ]
            curve = Line("exact", x.tolist(), exact_fields.rise.tolist(), "k-")
            made.append(Panel(f"{body}, lithium", "r/R", "c - c0 [mol/m³]", (curve, *rises)))
            lines = []
            for name, colour in (("radial", "C0"), ("hoop", "C1")):
                lines.append(Line("", x.tolist(), (getattr(exact_fields, name) / 1e6).tolist(), f"{colour}-"))
                for (d, p), mark in marked:
                    places = p.drawn(getattr(p.stress, name), 1e6)
                    lines.append(Line(f"{name}, {_words(d)}", *places, f"{colour}{mark}"))
            made.append(Panel(f"{body}, stress", "r/R", "stress [MPa]", tuple(lines)))
        return made


def _words(dimension: str) -> str:
    return dimension.replace("_", " ")
