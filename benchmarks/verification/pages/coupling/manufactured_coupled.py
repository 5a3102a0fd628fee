"""Momentum and lithium balance together, with every coupling, across a thousandfold contrast.

The layered phase is given its occupancy, and its law then makes the potential, with the stress in it.
The rock salt, which does not swell, follows that potential: so both phases meet at one potential although
stiffness, diffusivity, occupancy and stress jump between them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import hand_made, manufactured
from benchmarks.verification.setups.hand_made import ROCK_SALT_HOST, material
from solver.discretisation.assembly import assemble_number
from solver.discretisation.body import SurfaceLaw
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.fenics import MPI
from solver.materials import elasticity, expansion
from solver.materials.hosts import MsmrHost
from solver.materials.phase import Phase

import ufl  # isort: skip  (the wheel must be opened first)

LAW = "balances of momentum and lithium together"
COHERENCY, PRESSURE, AXIAL, ELECTRODE = 0.7, 3e8, 0.004, 0.6
LEAD, INCREMENT, DIFFUSIVITY = 1.4, 300.0, 2e-15
SURFACE = SurfaceLaw(12.0, exchange="concentration", anodic=0.4, cathodic=0.7, contact_fraction=0.6)
HOST = MsmrHost((0.3,), (1.0,), (1.6,))
COUNTS: dict[Dimension, tuple[int, ...]] = {
    "spherical": (12, 24, 48, 96),
    "axisymmetric": (6, 12, 24),
    "generalised_plane_strain": (6, 12, 24),
    "plane_strain": (6, 12, 24),
    "3d": (2, 4, 8),
}
"""Cells along a side of the box."""
MODULI = (210e9, 66.5e9, 45.5e9, 147e9, 42e9, 0.0)
SOFT, FAST = 1e-3, 1500.0
"""Stiffness and diffusivity of the rock salt over those of the layered phase, nearly and exactly [1]."""


def phases() -> dict[str, Phase]:
    """A swelling crystal, and a stiffness 1000 times smaller with a diffusivity 1500 times larger."""
    return {
        "layered": material(
            elasticity.trigonal(*MODULI),
            HOST,
            volume=expansion.partial_molar_volume(-0.4e-6, 1.9e-6),
            reference=0.9,
            kind="lattice_gas",
            diffusivity=DIFFUSIVITY,
            activation=1.1e-6,
        ),
        "rock_salt": material(
            SOFT * elasticity.cubic(250e9, 110e9, 70e9),
            ROCK_SALT_HOST,
            capacity=6.1e4,
            misfit=np.diag([0.011, 0.011, 0.017]),
            kind="chemical",
            diffusivity=FAST * DIFFUSIVITY,
            activation=0.5e-6,
        ),
    }


def occupancy(dimension: str, x: Any) -> Any:
    """Of the layered phase; even in the radius."""
    if dimension == "spherical":
        return 0.5 + 0.2 * ufl.cos(2.0 * x[0])
    if dimension == "3d":
        return 0.4 + 0.2 * ufl.sin(1.3 * x[0] + 0.2) * ufl.cos(0.8 * x[2]) + 0.1 * ufl.cos(1.9 * x[1] + 0.4)
    across = 0.2 * x[0] ** 2 if dimension == "axisymmetric" else 0.2 * ufl.sin(1.3 * x[0] + 0.2)
    return 0.4 + across + 0.1 * ufl.cos(1.9 * x[1] + 0.4)


@dataclass(frozen=True)
class Solved:
    """Errors, reduced, and the size of the potential.

    Attributes:
        errors: norm of the displacement's and its gradient's, of the potential's, and of the scalars.
        potential: norm of the potential found.
    """

    errors: dict[str, float]
    potential: float


def solved(
    dimension: Dimension, count: int, split: float | None = 0.5, comm: MPI.Comm = MPI.COMM_SELF
) -> Solved:
    """Solve both balances and the scalars on a box.

    Args:
        dimension: of the box.
        count: cells a side.
        split: where the rock salt begins along the first axis; None for the layered phase alone.
        comm: ranks that share the box, more than one only where it is not split.
    """
    frame = hand_made.FRAMES[dimension]
    crystals = phases()
    turned = {k: p.averaged() if frame is None else p.turned(frame) for k, p in crystals.items()}
    layered, rock_salt = turned["layered"], turned["rock_salt"]
    body = hand_made.particle(
        hand_made.box(dimension, count, split=split, multiplicity=2.0),
        crystals,
        coherency=COHERENCY,
        pressure=PRESSURE,
        surface=SURFACE,
        frame=frame,
        comm=comm,
    )
    setting = manufactured.Setting(body, turned)
    n, x, rock, scales = body.unknowns, setting.x, setting.rock_salt(), body.body.scales
    free = dimension == "generalised_plane_strain"
    u, hoop = manufactured.displacement(dimension, x)
    strain = setting.strain(u, hoop, AXIAL if free else 0.0)

    given = occupancy(dimension, x)
    stress_here = setting.stress(layered, strain, given, COHERENCY)
    mu = HOST.levels[0] + HOST.widths[0] * ufl.ln(given / (1.0 - given)) - setting.pull(layered, stress_here)
    follows, slope = manufactured.sites(ROCK_SALT_HOST, mu)
    stress_there = setting.stress(rock_salt, strain, follows, COHERENCY)

    def pick(here: Any, there: Any) -> Any:
        return (1.0 - rock) * here + rock * there

    theta = pick(given, follows)
    stress = [pick(a, b) for a, b in zip(stress_here, stress_there, strict=True)]
    rate = SURFACE.exchange_current_density * SURFACE.contact_fraction / scales.current_density
    eta = ELECTRODE + mu
    transfer = ufl.exp(SURFACE.anodic * eta) - ufl.exp(-SURFACE.cathodic * eta)
    current = rate * 2.0 * ufl.sqrt(theta * (1.0 - theta)) * transfer
    past = -0.5 - 0.2 * ufl.sin(3.0 * x[0])
    capacity = pick(layered.max_concentration, rock_salt.max_concentration) / scales.concentration
    terms = manufactured.LithiumTerms(
        stored=capacity * (LEAD * theta + past),
        conductance=pick(
            setting.conductance(layered, given * (1.0 - given), stress_here),
            setting.conductance(rock_salt, slope, stress_there),
        ),
        mu=mu,
        current=current,
        increment=INCREMENT,
    )
    # The scalars' equations get the exact functionals as their targets.
    charge = assemble_number(compile_form(current * setting.volume * setting.outside), body.comm)
    electrode = Condition("electrode", body.forms, body.forms.current, "electrode", [n.electrode])
    electrode.demand(0.0, INCREMENT, INCREMENT * charge, INCREMENT * abs(charge))
    conditions = [electrode]
    if free:
        force = assemble_number(compile_form(stress[2] * setting.volume * setting.dx), body.comm)
        axial = Condition("axial", body.forms, body.forms.axial_force, "axial", [n.axial])
        axial.demand(0.0, 1.0, force, abs(force))
        conditions.append(axial)
    manufactured.use(
        body,
        momentum=manufactured.momentum_source(setting, stress, PRESSURE / scales.modulus),
        lithium=manufactured.lithium_source(setting, terms),
    )
    body.parameters.increment.value, body.parameters.lead.value = INCREMENT, LEAD
    manufactured.fill(n.history, past)
    manufactured.fill(n.u, ufl.as_vector(u))
    manufactured.fill(n.mu, mu)
    for condition, value in zip(conditions, (ELECTRODE, AXIAL), strict=False):
        condition.set(value)
    manufactured.solve(body, body.blocks, conditions)
    exact = ufl.as_vector(u)
    found = {
        "u": manufactured.error(setting, n.u, exact),
        "grad u": manufactured.error(setting, n.u, exact, gradient=True),
        "mu": manufactured.error(setting, n.mu, mu),
        "electrode": abs(electrode.get() - ELECTRODE),
    }
    if free:
        found["axial"] = abs(conditions[1].get() - AXIAL)
    return Solved(found, manufactured.error(setting, n.mu, 0.0 * mu))


ORDERS = {
    "mu": ("potential [1]", 2.0, 0.15),
    "u": ("displacement [1]", 2.0, 0.15),
    "grad u": ("its gradient [1]", 2.0, 0.15),
    "electrode": ("electrode potential [1]", 2.0, 0.3),
    "axial": ("axial strain [1]", 2.0, 0.3),
}
"""Words, order, and how far the observed one may stay below it."""


def compute(bench: Workbench) -> Findings:
    """The order of every error."""
    found = Findings()
    dimensions = bench.pick(tuple(COUNTS), ("spherical", "generalised_plane_strain"))
    for dimension in dimensions:
        counts = bench.pick(COUNTS[dimension], COUNTS[dimension][:2])
        rows = [solved(dimension, count) for count in counts]
        for key, (words, order, slack) in ORDERS.items():
            if key not in rows[0].errors:
                continue
            errors = [row.errors[key] for row in rows]
            sizes = [1.0 / count for count in counts]
            more = 0.15 if dimension == "3d" or bench.short else 0.0  # far from the limit of small cells
            found.refine(
                LAW,
                dimension,
                words,
                sizes,
                errors,
                order,
                slack=slack + more,
                parameter=f"cell size / side ({words.split(' [')[0]})",
                kind="manufactured",
            )
    return found


def headline(bench: Workbench) -> float:
    """Norm of the potential found."""
    return solved("generalised_plane_strain", 8, split=None, comm=MPI.COMM_WORLD).potential


PAGE = Page(
    title="Everything at once, beside a solution that was chosen",
    claim=f"""
Displacement, potential and the scalars of the whole coupled problem converge at the orders that the elements
promise, across a phase boundary where stiffness jumps by a factor of {1.0 / SOFT:g} and diffusivity by one of
{FAST:g}.
""",
    equation=r"""
One increment of

$$\nabla\cdot\sigma + f = 0, \qquad
c_{max}\frac{a_0\theta + \theta_{past}}{\Delta t} + \nabla\cdot J = g, \qquad J\cdot n = \frac{i_n}{F} + h$$

with $f$, $g$, $h$ and the jumps of traction and flux at the phase boundary such that a chosen
displacement and a chosen occupancy of the layered phase solve it: $\mu = \mu_{host}(\theta) - V:\sigma$
there, and the rock salt follows that potential. Stress enters potential and mobility; the electrode
potential, and the axial strain in generalised plane strain, are unknowns with equations of their own.
P1 for $\mu$ makes all orders 2.
""",
    source="P. J. Roache, J. Fluids Eng. 124 (2002) 4, for the method; the solution is ours",
    setup=rf"""
A warped box, half of it rock salt with {SOFT:g} of the stiffness and {FAST:g} times the diffusivity; crystal
frames as far turned as each dimension holds; coherency {COHERENCY:g}, pressure {PRESSURE / 1e6:g} MPa,
exchange current that depends on occupancy, transfer coefficients {SURFACE.anodic:g} and {SURFACE.cathodic:g},
contact fraction {SURFACE.contact_fraction:g}. Cells a side:
{", ".join(f"{name.replace('_', ' ')} {counts[0]} to {counts[-1]}" for name, counts in COUNTS.items())}.
""",
    compute=compute,
    headline=Headline("norm of the potential [1]", "generalised_plane_strain", headline),
)
