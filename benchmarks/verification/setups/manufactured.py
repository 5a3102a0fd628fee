"""Manufactured solutions: exact fields, and the balances in strong form written out by hand.

Nothing here comes from the solver's forms: strains, divergences, boundary and interface terms, host laws and
mobilities are spelt out again, so that a term that is missing there shows as a rate that is lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.verification.setups.strong_form import Setting
from solver.discretisation.assembly import Block, BlockSystem, assemble_number, assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.linear import DirectSolver
from solver.discretisation.newton import BorderedNewton, Residual
from solver.discretisation.particle import Particle
from solver.materials.hosts import MsmrHost

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip


def sites(host: MsmrHost, y: Any) -> tuple[Any, Any]:
    """Occupancy and its slope of a host, in UFL."""
    theta, slope = ufl.as_ufl(0.0), ufl.as_ufl(0.0)
    for level, fraction, width in zip(host.levels, host.fractions, host.widths, strict=True):
        share = 1.0 / (1.0 + ufl.exp(-(y - level) / width))
        theta = theta + fraction * share
        slope = slope + fraction * share * (1.0 - share) / width
    return theta, slope


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
        rows_at_start = assemble_rows(form, block)
        start = float(np.sqrt(body.comm.allreduce(float(rows_at_start @ rows_at_start))))
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
