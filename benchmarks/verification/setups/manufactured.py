"""Manufactured solutions: exact fields, and the balances in strong form written out by hand.

Nothing here comes from the solver's forms: strains, divergences, boundary and interface terms, host laws and
mobilities are spelt out again, so that a term that is missing there shows as a rate that is lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.verification.setups.hand_made import LENGTH, TEMPERATURE
from meshes import OUTER, ROCK_SALT
from solver.constants import GAS_CONSTANT
from solver.discretisation.assembly import Block, BlockSystem, assemble_number, assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.linear import DirectSolver
from solver.discretisation.mesh_import import INTERFACE
from solver.discretisation.newton import BorderedNewton, Residual
from solver.discretisation.particle import Particle
from solver.materials.elasticity import VOIGT
from solver.materials.hosts import MsmrHost
from solver.materials.phase import Phase

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip
from ufl.domain import extract_domains  # isort: skip

DEGREE = 8
"""Quadrature degree of sources and errors."""


def sites(host: MsmrHost, y: Any) -> tuple[Any, Any]:
    """Occupancy and its slope of a host, in UFL."""
    theta, slope = ufl.as_ufl(0.0), ufl.as_ufl(0.0)
    for level, fraction, width in zip(host.levels, host.fractions, host.widths, strict=True):
        share = 1.0 / (1.0 + ufl.exp(-(y - level) / width))
        theta = theta + fraction * share
        slope = slope + fraction * share * (1.0 - share) / width
    return theta, slope


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


def displacement(dimension: str, x: Any) -> tuple[list[Any], Any]:
    """An exact displacement, held where symmetry holds it and nowhere else, and its share u_r/r."""
    if dimension == "spherical":
        hoop = 0.012 * ufl.cos(1.7 * x[0]) + 0.004 * x[0] ** 2
        return [hoop * x[0]], hoop
    if dimension == "axisymmetric":
        hoop = 0.01 * ufl.cos(1.5 * x[0]) * ufl.cos(1.1 * x[1] + 0.3)
        return [hoop * x[0], 0.012 * ufl.sin(1.8 * x[1]) * ufl.cos(1.3 * x[0])], hoop
    along = 0.01 * ufl.sin(1.5 * x[0]) * ufl.cos(1.1 * x[1] + 0.3)
    if dimension == "3d":
        return [
            along * ufl.exp(0.4 * x[2]),
            0.012 * ufl.sin(1.8 * x[1]) * ufl.cos(0.9 * x[2] + 0.5 * x[0]),
            0.011 * ufl.sin(1.4 * x[2]) * ufl.cos(1.2 * x[0] - 0.7 * x[1]),
        ], None
    return [along, 0.012 * ufl.sin(1.8 * x[1]) * ufl.exp(0.5 * x[0])], None


def momentum_source(setting: Setting, stress: Sequence[Any], pressure: float, lateral: float = 1.0) -> Any:
    """What the internal and external work of an exact stress amounts to, tested with v.

    Along z acts the pressure, across z `lateral` times as much.
    """
    v = ufl.TestFunction(setting.body.unknowns.u.function_space)
    w, traction = setting.volume, setting.traction(stress)
    source = -ufl.inner(ufl.as_vector(setting.divergence(stress)), v) * w * setting.dx
    source += ufl.inner(traction, v) * w * setting.sides
    n = ufl.FacetNormal(setting.mesh)
    upright = {"axisymmetric": (lateral, 1.0), "3d": (lateral, lateral, 1.0)}
    for k, share in enumerate(upright.get(setting.dimension, (lateral,) * len(n))):
        source += pressure * share * n[k] * v[k] * w * setting.outside
    jump = ufl.inner(traction, v) * w
    return source + (jump("+") + jump("-")) * setting.between


@dataclass(frozen=True)
class LithiumTerms:
    """Exact terms of the lithium balance: storage per increment, M, mu and the current density, reduced."""

    stored: Any
    conductance: Any
    mu: Any
    current: Any
    increment: float


def lithium_source(setting: Setting, terms: LithiumTerms) -> Any:
    """What an exact potential leaves of the lithium balance, tested with q."""
    q = ufl.TestFunction(setting.body.unknowns.mu.function_space)
    w, dt = setting.volume, terms.increment
    through = terms.conductance * ufl.inner(ufl.grad(terms.mu), ufl.FacetNormal(setting.mesh))
    source = (terms.stored - dt * setting.outflow(terms.conductance, terms.mu)) * q * w * setting.dx
    source += dt * through * q * w * setting.sides
    source += dt * terms.current * q * w * setting.outside
    jump = dt * through * q * w
    return source + (jump("+") + jump("-")) * setting.between


def fill(function: Any, expression: Any) -> None:
    """Interpolate a UFL expression, at quadrature points where the function lives there."""
    space = function.function_space
    function.interpolate(fem.Expression(expression, space.element.interpolation_points))


def use(body: Particle, *, momentum: Any = None, lithium: Any = None) -> None:
    """Subtract sources from the residuals."""
    forms = body.forms
    if momentum is not None:
        forms = replace(forms, momentum=forms.momentum - momentum)
    if lithium is not None:
        forms = replace(forms, lithium=forms.lithium - lithium)
    body.forms = forms


def solve(body: Particle, blocks: Sequence[Block], conditions: Sequence[Any] = ()) -> None:
    """Newton on some of the fields, from the nodes of the exact solution where it needs a near start.

    The norm of each residual at the start counts as one.

    Raises:
        ArithmeticError: it did not converge, or had nothing to do.
    """
    f = body.forms
    rows = {"u": f.momentum, "mu": f.lithium}
    trials = {block.name: ufl.TrialFunction(block.function.function_space) for block in blocks}
    tangents = [[f.vary(rows[row.name], **{c.name: trials[c.name]}) for c in blocks] for row in blocks]
    body.update()
    residuals = []
    for block in blocks:
        form = compile_form(rows[block.name])
        start = float(np.linalg.norm(assemble_rows(form, block)))
        residuals.append(Residual(form, lambda start=start: start))
    linear = DirectSolver(body.comm, body.imported.mesh.topology.dim)
    system = BlockSystem(blocks, tangents)
    newton = BorderedNewton(system, residuals, conditions, body.update, linear, tolerance=1e-9)
    result = newton.solve()
    if not result.converged or result.iterations == 0:
        msg = f"Newton did not solve the manufactured problem: {result}"
        raise ArithmeticError(msg)


def error(setting: Setting, found: Any, exact: Any, gradient: bool = False) -> float:
    """Norm of the difference over the whole particle, of values or of gradients."""
    gap = found - exact
    gap = ufl.grad(gap) if gradient else gap
    form = compile_form(ufl.inner(gap, gap) * setting.volume * setting.dx)
    return float(np.sqrt(assemble_number(form, setting.body.comm)))


def rates(errors: Sequence[float]) -> list[float]:
    """Observed orders between meshes of half the cell size."""
    return [float(np.log2(a / b)) for a, b in pairwise(errors)]


def refine(solved: Callable[[int], dict[str, float]], counts: Sequence[int]) -> dict[str, list[float]]:
    """Observed orders of every error on a row of meshes."""
    found = [solved(count) for count in counts]
    return {name: rates([errors[name] for errors in found]) for name in found[0]}
