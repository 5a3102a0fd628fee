"""Residuals of the coupled problem, their exact tangents, and the global conditions that border them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from meshes import INNER, OUTER
from solver.discretisation.media import (
    ACTIVATION,
    CAPACITY,
    DIFFUSIVITY,
    STIFFNESS,
)
from solver.discretisation.unknowns import OUTSIDE, Unknowns, vector_axes
from solver.materials.mobility import FLOOR
from solver.physics import mechanics, surface, transport

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip
from ufl.algorithms import expand_derivatives  # isort: skip


@dataclass(frozen=True)
class Parameters:
    """Numbers that change during a run without a new compilation (DOLFINx constants, reduced).

    Attributes:
        increment: time increment [s].
        lead: weight a0 of the time scheme [1].
        pressure: stack pressure over the reference modulus, > 0 compressive, along z.
        lateral: pressure across z over the pressure along z [1].
        exchange: exchange current density, contact fraction included [1/s].
        anodic: transfer coefficient [1].
        cathodic: transfer coefficient [1].
    """

    increment: Any
    lead: Any
    pressure: Any
    lateral: Any
    exchange: Any
    anodic: Any
    cathodic: Any

    @classmethod
    def on(cls, mesh: Any) -> "Parameters":
        """Constants on a mesh, all 1 at first but the pressure, which is 0."""
        one = [fem.Constant(mesh, 1.0) for _ in range(7)]
        parameters = cls(*one)
        parameters.pressure.value = 0.0
        return parameters


@dataclass(frozen=True)
class Forms:
    """UFL residuals and functionals of the coupled problem.

    Attributes:
        unknowns: the fields.
        parameters: the constants.
        momentum: residual tested with v.
        lithium: residual tested with q.
        current: total anodic current through the contacted surface.
        axial_force: integral of sigma_zz, where there is a z axis.
        content: total lithium.
        content_rows: lithium per node, tested with q.
        eigenforce: nodal forces of the eigenstrain alone, tested with v.
        sigma: stress vector, length 6.
        flux_by_stress: derivative of the lithium residual with the hydrostatic stress that acts on the
            mobility, in a direction that is given at the quadrature points.
    """

    unknowns: Unknowns
    parameters: Parameters
    momentum: Any
    lithium: Any
    current: Any
    axial_force: Any
    content: Any
    content_rows: Any
    eigenforce: Any
    sigma: Any
    flux_by_stress: Callable[[Any], Any]

    def vary(self, form: Any, u: Any = None, mu: Any = None, electrode: Any = None, axial: Any = None) -> Any:
        """Exact derivative of a form, the eliminated occupancy's own response included.

        The occupancy answers any change of mu + pull . strain by `response` times that change, at the
        points of the volume and of the surface alike; chemical strain and content follow it by their slopes.

        Args:
            form: a form of this problem.
            u: direction of the displacement (an argument or a field), or None.
            mu: direction of the chemical potential, or None.
            electrode: direction of the electrode potential, or None.
            axial: direction of the axial strain, or None.

        Returns:
            The form, or None where it vanishes identically.
        """
        n = self.unknowns
        moved = [(n.u, u), (n.mu, mu), (n.electrode, electrode), (n.axial, axial)]
        if u is not None or mu is not None or axial is not None:
            moved += self._answers(self._drive(n.pull, u, mu, axial))
            moved.append((n.surface_occupancy, self._surface_change(u, mu, axial)))
        return _varied(form, moved)

    def answer(self, form: Any, drive: Any) -> Any:
        """Derivative of a form with b = mu + pull . strain, as the occupancy within the volume answers it.

        Args:
            form: a form of this problem.
            drive: change of b at the quadrature points.
        """
        return _varied(form, self._answers(drive))

    def answer_at_surface(self, form: Any, u: Any) -> Any:
        """Derivative of a form with a displacement, as the occupancy of the surface alone answers it."""
        return _varied(form, [(self.unknowns.surface_occupancy, self._surface_change(u, None, None))])

    def _answers(self, drive: Any) -> list[tuple[Any, Any]]:
        """What moves at the points of the volume with b, and how."""
        n = self.unknowns
        change = n.response * drive
        moved = [(n.occupancy, change), (n.content, n.content_slope * change)]
        if n.swelling is not None:
            moved.append((n.swelling.strain, n.swelling.slope * change))
        return moved

    def _surface_change(self, u: Any, mu: Any, axial: Any) -> Any:
        n = self.unknowns
        return n.surface_response * self._drive(n.surface_pull, u, mu, axial)

    def _drive(self, pull: Any, u: Any, mu: Any, axial: Any) -> Any:
        """Change of mu + pull . strain; directions as in `vary`."""
        drive = ufl.as_ufl(0.0)
        if u is not None:
            drive = drive + ufl.inner(pull, self.unknowns.strain_of(u))
        if mu is not None:
            drive = drive + mu
        if axial is not None:
            drive = drive + pull[2] * axial
        return drive


def _varied(form: Any, moved: Sequence[tuple[Any, Any]]) -> Any:
    """Derivative of a form where fields move in given ways (or None), or None where it vanishes."""
    # One derivation for all that moves, and none for what the form does not hold: they take long.
    held = set(form.coefficients())
    present = [(field, way) for field, way in moved if way is not None and field in held]
    if not present:
        return None
    fields, ways = zip(*present, strict=True)
    varied = expand_derivatives(ufl.derivative(form, fields, ways))
    return None if varied.empty() else varied


def _stiffness(material: Any) -> Any:
    entries = iter(range(STIFFNESS.start, STIFFNESS.stop))
    upper = {(i, j): material[next(entries)] for i in range(6) for j in range(i, 6)}
    return ufl.as_matrix([[upper[min(i, j), max(i, j)] for j in range(6)] for i in range(6)])


def make_forms(
    unknowns: Unknowns, parameters: Parameters, exchange: str, cavity_wetted: bool, walled: bool = False
) -> Forms:
    """Write the residuals of the coupled problem.

    Args:
        unknowns: the fields.
        parameters: the constants.
        exchange: `constant` or `concentration`: how the exchange current depends on the surface occupancy.
        cavity_wetted: whether current passes the cavity wall too.
        walled: whether rigid walls hold the outer surface, which then bears no given traction.
    """
    n, p = unknowns, parameters
    mesh = n.imported.mesh
    v, q = ufl.TestFunction(n.u.function_space), ufl.TestFunction(n.mu.function_space)
    fixed, swelling = n.fixed_strain, n.chemical_strain
    stiffness = _stiffness(n.material)
    sigma = mechanics.stress(stiffness, n.strain, fixed, swelling)
    locked = mechanics.stress(stiffness, 0.0 * fixed, fixed, swelling)
    outside = n.ds(OUTSIDE)
    contacted = n.ds((OUTER, INNER)) if cavity_wetted else n.ds(OUTER)
    momentum = mechanics.momentum_residual(sigma, n.strain_of(v), n.weight, n.dx)
    if not walled:
        pressures = [p.pressure * (1.0 if axis == 2 else p.lateral) for axis in vector_axes(n.imported)]
        momentum += mechanics.pressure_residual(pressures, v, ufl.FacetNormal(mesh), n.weight, outside)
    hydrostatic = (sigma[0] + sigma[1] + sigma[2]) / 3.0
    conductance = transport.mobility(n.material[DIFFUSIVITY], n.content, n.material[ACTIVATION], hydrostatic)
    rate = p.exchange
    if exchange == "concentration":
        rate = rate * surface.concentration_factor(n.surface_occupancy, FLOOR)
    eta = surface.overpotential(n.electrode, n.mu)
    current = surface.butler_volmer(rate, p.anodic, p.cathodic, eta)
    capacity = n.material[CAPACITY]
    lithium = transport.storage_residual(capacity, n.occupancy, p.lead, n.history, q, n.weight, n.dx)
    lithium += transport.flux_residual(p.increment, conductance, n.mu, q, n.weight, n.dx)
    lithium += surface.intercalation_residual(p.increment, current, q, n.weight, contacted)
    return Forms(
        unknowns=n,
        parameters=p,
        momentum=momentum,
        lithium=lithium,
        current=current * n.weight * contacted,
        axial_force=mechanics.axial_force(sigma, n.weight, n.dx),
        content=capacity * n.occupancy * n.weight * n.dx,
        content_rows=capacity * n.occupancy * q * n.weight * n.dx,
        eigenforce=mechanics.momentum_residual(locked, n.strain_of(v), n.weight, n.dx),
        sigma=sigma,
        flux_by_stress=lambda stress: transport.flux_residual(
            p.increment, n.material[ACTIVATION] * conductance * stress, n.mu, q, n.weight, n.dx
        ),
    )
