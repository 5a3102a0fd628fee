"""What manufactured solutions stand on: strains, divergences, tractions and laws, written out by hand.

Nothing here comes from the solver's forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.verification.setups.hand_made import LENGTH, TEMPERATURE
from meshes import OUTER, ROCK_SALT
from solver.constants import GAS_CONSTANT
from solver.discretisation.mesh_import import INTERFACE
from solver.discretisation.particle import Particle
from solver.materials.elasticity import VOIGT
from solver.materials.phase import Phase

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip
from ufl.domain import extract_domains  # isort: skip

DEGREE = 8
"""Quadrature degree of sources and errors."""


@dataclass(frozen=True)
class Setting:
    """A particle with its phases in the axes of the particle, and the ground that formulas stand on."""

    body: Particle
    phases: dict[str, Phase]

    @property
    def dimension(self) -> str:
        """Name of the dimension."""
        return self.body.imported.dimension

    @property
    def mesh(self) -> Any:
        """The finite-element mesh."""
        return self.body.imported.mesh

    @property
    def x(self) -> Any:
        """Coordinates in reduced length."""
        return ufl.SpatialCoordinate(self.mesh)

    @property
    def volume(self) -> Any:
        """Volume of the whole particle per unit of the mesh's own measure."""
        by = {"spherical": 4 * np.pi * self.x[0] ** 2, "axisymmetric": 2 * np.pi * self.x[0]}
        return self.body.imported.multiplicity * by.get(self.dimension, ufl.as_ufl(1.0))

    def rock_salt(self) -> Any:
        """1 in the rock salt, 0 in the layered phase."""
        found = fem.Function(fem.functionspace(self.mesh, ("DG", 0)))
        found.x.array[:] = np.asarray(self.body.imported.phase) == ROCK_SALT
        return found

    @property
    def dx(self) -> Any:
        """Measure of the cells, of a rule far above the solver's."""
        return ufl.dx(domain=self.mesh, metadata={"quadrature_degree": DEGREE})

    @property
    def sides(self) -> Any:
        """All sides of the box; the axis or centre among them has no area."""
        return self.body.unknowns.ds(metadata={"quadrature_degree": DEGREE})

    @property
    def outside(self) -> Any:
        """The outer surface by the solver's rule: with two rules on one tag DOLFINx drops the interface."""
        return self.body.unknowns.ds(OUTER)

    @property
    def between(self) -> Any:
        """Measure of the phase boundary."""
        return ufl.Measure(
            "dS",
            domain=self.mesh,
            subdomain_data=self.body.imported.facets,
            metadata={"quadrature_degree": DEGREE},
        )(INTERFACE)

    def slope(self, value: Any) -> Any:
        """Gradient of an exact field, of a constant too."""
        return ufl.grad(value) if extract_domains(value) else ufl.as_vector([0.0] * len(self.x))

    def strain(self, u: Sequence[Any], hoop: Any, axial: float) -> list[Any]:
        """Engineering strains (11, 22, 33, 23, 13, 12) of an exact displacement; `hoop` is u_r/r, if any."""
        zero = ufl.as_ufl(0.0)
        d = [ufl.grad(component) for component in u]
        if self.dimension == "spherical":
            return [d[0][0], hoop, hoop, zero, zero, zero]
        if self.dimension == "axisymmetric":
            return [d[0][0], hoop, d[1][1], zero, d[0][1] + d[1][0], zero]
        shear = d[0][1] + d[1][0]
        if self.dimension == "3d":
            return [d[0][0], d[1][1], d[2][2], d[1][2] + d[2][1], d[0][2] + d[2][0], shear]
        return [d[0][0], d[1][1], ufl.as_ufl(axial), zero, zero, shear]

    def divergence(self, s: Sequence[Any]) -> list[Any]:
        """Divergence of a stress (11, 22, 33, 23, 13, 12) along each component of the displacement."""
        x = self.x
        d = [self.slope(component) for component in s]
        if self.dimension == "spherical":
            return [d[0][0] + (2 * s[0] - s[1] - s[2]) / x[0]]
        if self.dimension == "axisymmetric":
            return [d[0][0] + d[4][1] + (s[0] - s[1]) / x[0], d[4][0] + d[2][1] + s[4] / x[0]]
        if self.dimension == "3d":
            return [d[0][0] + d[5][1] + d[4][2], d[5][0] + d[1][1] + d[3][2], d[4][0] + d[3][1] + d[2][2]]
        return [d[0][0] + d[5][1], d[5][0] + d[1][1]]

    def traction(self, s: Sequence[Any]) -> Any:
        """Traction of a stress on a facet."""
        n = ufl.FacetNormal(self.mesh)
        if self.dimension == "spherical":
            return ufl.as_vector([s[0] * n[0]])
        if self.dimension == "axisymmetric":
            return ufl.as_vector([s[0] * n[0] + s[4] * n[1], s[4] * n[0] + s[2] * n[1]])
        if self.dimension == "3d":
            rows = ((s[0], s[5], s[4]), (s[5], s[1], s[3]), (s[4], s[3], s[2]))
            return ufl.as_vector([sum(row[k] * n[k] for k in range(3)) for row in rows])
        return ufl.as_vector([s[0] * n[0] + s[5] * n[1], s[5] * n[0] + s[1] * n[1]])

    def outflow(self, conductance: Any, mu: Any) -> Any:
        """div (M grad mu)."""
        j = conductance * ufl.grad(mu)
        extra = {"spherical": 2.0, "axisymmetric": 1.0}.get(self.dimension, 0.0)
        return ufl.div(j) + extra * j[0] / self.x[0]

    def stress(self, phase: Phase, strain: Sequence[Any], theta: Any, coherency: float) -> list[Any]:
        """Reduced stress of one phase, its law written out."""
        modulus = self.body.body.scales.modulus
        elastic = []
        for k, (i, j) in enumerate(VOIGT):
            twice = 1.0 if i == j else 2.0
            chemical = twice * phase.molar_volume[i, j] * phase.max_concentration
            frozen = twice * coherency * phase.misfit[i, j]
            elastic.append(strain[k] - chemical * (theta - phase.reference_occupancy) - frozen)
        return [
            sum(
                (
                    phase.stiffness[a, b] / modulus * elastic[b]
                    for b in range(6)
                    if abs(phase.stiffness[a, b]) > 1.0
                ),
                start=ufl.as_ufl(0.0),
            )
            for a in range(6)
        ]

    def pull(self, phase: Phase, s: Sequence[Any]) -> Any:
        """V : sigma over R T."""
        unit = self.body.body.scales.modulus / (GAS_CONSTANT * TEMPERATURE)
        terms = []
        for k, (i, j) in enumerate(VOIGT):
            twice = 1.0 if i == j else 2.0
            if phase.molar_volume[i, j] != 0.0:
                terms.append(twice * phase.molar_volume[i, j] * unit * s[k])
        return sum(terms, start=ufl.as_ufl(0.0))

    def conductance(self, phase: Phase, content: Any, s: Sequence[Any] | None) -> Any:
        """Reduced mobility of one phase."""
        c0 = self.body.body.scales.concentration
        value = phase.diffusivity * phase.max_concentration / c0 / LENGTH**2 * content
        if s is None:
            return value
        unit = self.body.body.scales.modulus / (GAS_CONSTANT * TEMPERATURE)
        return value * ufl.exp(phase.activation_volume * unit * (s[0] + s[1] + s[2]) / 3.0)
