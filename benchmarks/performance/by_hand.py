"""The coupled problem as a competent user of DOLFINx writes it by hand, without lithostat.

Fields: displacement u (P2), chemical potential mu (P1), host potential y (one value a cell, since it jumps
where phases meet). Backward Euler with equal steps, halved where Newton fails; SNES with line search and
MUMPS on the whole system; constant current, spread evenly over the surface. Lengths in radii, stresses over
a modulus, potentials over R T and counted from that of the start. What lithostat does besides is not here:
no error control, no elimination at quadrature points, no distribution of current by Butler-Volmer, no output.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.fem.petsc import NonlinearProblem

from benchmarks.performance.in_dolfinx import Imported, held_across
from benchmarks.performance.plain_mesh import OUTER, PLANES

FARADAY, GAS_CONSTANT = 96485.33212, 8.31446261815324
SHORTEST = 1e-3
"""Step below which the script gives up [s]."""
OPTIONS = {
    "snes_type": "newtonls",
    "snes_linesearch_type": "bt",
    "snes_rtol": 1e-8,
    "snes_atol": 1e-11,
    "snes_max_it": 15,
    "ksp_type": "preonly",
    "pc_type": "lu",
    "pc_factor_mat_solver_type": "mumps",
}


@dataclass(frozen=True)
class Material:
    """An isotropic phase.

    Attributes:
        bulk: bulk modulus [Pa].
        shear: shear modulus [Pa].
        capacity: concentration of all sites [mol/m^3].
        volume: partial molar volume [m^3/mol].
        reference: occupancy without chemical strain [1].
        misfit: coherent strain against the other phase [1].
        diffusivity: [m^2/s].
        vacancies: whether it is that of a vacancy mechanism, times occupancy and room; else chemical.
        activation: activation volume of diffusion [m^3/mol].
        density: [kg/m^3].
        sites: level of potential over R T, share and width of every kind of site.
    """

    bulk: float
    shear: float
    capacity: float
    volume: float
    reference: float
    misfit: float
    diffusivity: float
    vacancies: bool
    activation: float
    density: float
    sites: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Charge:
    """What is asked.

    Attributes:
        materials: by tag of the cells.
        temperature: [K].
        radius: [m].
        start: potential of the start against lithium [V].
        stop: potential at which the charge ends [V].
        specific_current: [A/kg].
        exchange: exchange current density [A/m^2].
        step: longest step [s].
        most: steps at most.
    """

    materials: dict[int, Material]
    temperature: float
    radius: float
    start: float
    stop: float
    specific_current: float
    exchange: float
    step: float
    most: int


@dataclass(frozen=True)
class Charged:
    """What it came to.

    Attributes:
        seconds: of start and steps, compilation apart [s].
        capacity: charge until the stop [A s/kg]; of all steps where it was not reached.
        voltage: at the end [V].
        steps: taken.
        newton: iterations, failed steps included.
        unknowns: of the linear systems.
        reached: whether the stop was reached.
    """

    seconds: float
    capacity: float
    voltage: float
    steps: int
    newton: int
    unknowns: int
    reached: bool


def charge(body: Imported, asked: Charge) -> Charged:
    """Charge the particle.

    Raises:
        ArithmeticError: Newton fails however short the step.
    """
    mesh = body.mesh
    thermal = GAS_CONSTANT * asked.temperature
    modulus = max(material.shear for material in asked.materials.values())
    level = -FARADAY * asked.start / thermal
    spaces = [fem.functionspace(mesh, kind) for kind in (("CG", 2, (3,)), ("CG", 1), ("DG", 0))]
    u, mu, y = (fem.Function(space) for space in spaces)
    before = fem.Function(spaces[2])
    v, q, w = (ufl.TestFunction(space) for space in spaces)
    dx = ufl.Measure("dx", mesh, subdomain_data=body.phases, metadata={"quadrature_degree": 2})
    ds = ufl.Measure("ds", mesh, subdomain_data=body.facets)
    step: Any = fem.Constant(mesh, 1.0)
    flux: Any = fem.Constant(mesh, 0.0)

    def filled(material: Material, potential: Any, slope: bool = False) -> Any:
        """Occupancy at a host potential, or how fast it changes."""
        total: Any = 0.0
        for at, share, width in material.sites:
            part = 1.0 / (1.0 + ufl.exp(-(potential - (at - level)) / width))
            total += share * part * (1.0 - part) / width if slope else share * part
        return total

    largest = max(material.capacity for material in asked.materials.values())
    momentum, lithium, host = 0.0, flux * step * q * ds(OUTER), 0.0
    for tag, m in asked.materials.items():
        theta, cells = filled(m, y), dx(tag)
        strain, one = ufl.sym(ufl.grad(u)), ufl.Identity(3)
        free = m.misfit + m.volume / 3.0 * m.capacity * (theta - m.reference)
        pressure = m.bulk / modulus * (ufl.tr(strain) - 3.0 * free)
        stress = pressure * one + 2.0 * m.shear / modulus * ufl.dev(strain)
        speed = m.diffusivity / asked.radius**2 * m.capacity / largest
        content = theta * (1.0 - theta) if m.vacancies else filled(m, y, slope=True)
        mobility = speed * content * ufl.exp(m.activation * modulus / thermal * pressure)
        momentum += ufl.inner(stress, ufl.grad(v)) * cells
        lithium += m.capacity / largest * (theta - filled(m, before)) * q * cells
        lithium += step * mobility * ufl.inner(ufl.grad(mu), ufl.grad(q)) * cells
        host += (y - mu - m.volume * modulus / thermal * pressure) * w * cells

    def number(form: Any) -> float:
        return float(np.real(fem.assemble_scalar(form)))

    def amount(of: Callable[[Material], float]) -> float:
        return sum(of(m) * number(fem.form(1.0 * dx(tag))) for tag, m in asked.materials.items())

    area = number(fem.form(1.0 * ds(OUTER, domain=mesh)))
    density = asked.specific_current * amount(lambda m: m.density) * asked.radius / area  # [A/m^2]
    overpotential = 2.0 * thermal / FARADAY * math.asinh(density / (2.0 * asked.exchange))
    mean = fem.form(mu / area * ds(OUTER))
    planes = held_across(body, spaces[0], PLANES)
    still = fem.dirichletbc(mu, np.arange(len(mu.x.array), dtype=np.int32))
    forms, fields = [momentum, lithium, host], [u, mu, y]

    def problem(name: str, conditions: list[Any]) -> NonlinearProblem:
        return NonlinearProblem(
            forms, fields, bcs=conditions, petsc_options=OPTIONS, petsc_options_prefix=name, kind="mpi"
        )

    def failed(one: Any) -> bool:
        return bool(one.solver.getConvergedReason() < 0)

    loaded, marched = problem("start_", [*planes, still]), problem("march_", planes)
    began = perf_counter()
    loaded.solve()
    newton = loaded.solver.getIterationNumber()
    if failed(loaded):
        msg = "no loaded start"
        raise ArithmeticError(msg)
    # Charge leaves: an anodic current draws lithium out of the surface.
    flux.value = density / (FARADAY * largest * asked.radius)
    time, length, steps, voltage = 0.0, asked.step, 0, asked.start
    while voltage < asked.stop and steps < asked.most:
        kept = [field.x.array.copy() for field in fields]
        before.x.array[:] = y.x.array
        step.value = length
        marched.solve()
        newton += marched.solver.getIterationNumber()
        if failed(marched):
            for field, values in zip(fields, kept, strict=True):
                field.x.array[:] = values
            length /= 2.0
            if length < SHORTEST:
                msg = f"Newton fails at {time:.1f} s"
                raise ArithmeticError(msg)
            continue
        time, steps, earlier = time + length, steps + 1, voltage
        voltage = asked.start + overpotential - thermal / FARADAY * number(mean)
        if voltage >= asked.stop:
            time -= length * (voltage - asked.stop) / (voltage - earlier)
        length = min(asked.step, 2.0 * length)
    return Charged(
        seconds=perf_counter() - began,
        capacity=asked.specific_current * time,
        voltage=voltage,
        steps=steps,
        newton=newton,
        unknowns=sum(space.dofmap.index_map.size_global * space.dofmap.index_map_bs for space in spaces),
        reached=voltage >= asked.stop,
    )
