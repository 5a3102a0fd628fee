"""Balance of lithium beside a potential that was chosen: sources and jumps of flux made to fit it."""

from typing import Any, NamedTuple

from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import hand_made, manufactured
from benchmarks.verification.setups.hand_made import LAYERED_HOST, ROCK_SALT_HOST, material
from solver.discretisation.body import SurfaceLaw
from solver.fenics import MPI
from solver.materials import elasticity

import ufl  # isort: skip  (the wheel must be opened first)

LAW = "balance of lithium"
LEAD, INCREMENT, ELECTRODE = 1.4, 300.0, 0.6
"""Weight of the time scheme [1], increment [s], electrode potential [RT/F]."""
SURFACE = SurfaceLaw(12.0, anodic=0.4, cathodic=0.7, contact_fraction=0.6)
YOUNG, POISSON = 140e9, 0.25
SLOW, FAST = 2e-15, 3e-12
"""Diffusivities of the two phases [m^2/s]."""
CAPACITIES = {"layered": 4.9e4, "rock_salt": 7.3e4}
"""Lithium sites [mol/m^3]."""
Choice = tuple[Dimension, tuple[str, str], str]
CHOICES: tuple[Choice, ...] = (
    ("spherical", ("chemical", "lattice_gas"), "layered"),
    ("spherical", ("tracer", "chemical"), "rock_salt"),
    ("axisymmetric", ("lattice_gas", "chemical"), "rock_salt"),
    ("axisymmetric", ("chemical", "tracer"), "layered"),
    ("generalised_plane_strain", ("chemical", "chemical"), "rock_salt"),
    ("plane_strain", ("tracer", "lattice_gas"), "layered"),
    ("3d", ("lattice_gas", "chemical"), "layered"),
)
"""Dimension, mobility laws of layered phase and rock salt, and the faster phase."""
SHORT = tuple(CHOICES[k] for k in (0, 2, 4, 5))
COUNTS: dict[Dimension, tuple[int, ...]] = {"spherical": (16, 32, 64), "3d": (3, 6, 12)}
FLAT = (6, 12, 24)
"""Cells along a side of the box, `FLAT` in the other dimensions."""


class Solved(NamedTuple):
    """Norms over the box, reduced: errors of potential and gradient, and the potential itself."""

    mu: float
    grad_mu: float
    size: float


def potential(dimension: Dimension, x: Any) -> Any:
    """Even in the radius, so that nothing leaves through the centre."""
    if dimension == "spherical":
        return 0.8 * ufl.cos(2.2 * x[0]) + 0.3 * x[0] ** 2
    if dimension == "3d":
        return 0.9 * ufl.sin(1.3 * x[0] + 0.2) + 0.7 * ufl.cos(1.9 * x[1] + 0.4) * ufl.cos(1.1 * x[2] + x[0])
    across = x[0] ** 2 if dimension == "axisymmetric" else ufl.sin(1.3 * x[0] + 0.2)
    return 0.9 * across + 0.7 * ufl.cos(1.9 * x[1] + 0.4) * (1.0 + 0.3 * x[0] ** 2)


def solved(choice: Choice, count: int, split: float | None = 0.5, comm: MPI.Comm = MPI.COMM_SELF) -> Solved:
    """Solve for the potential on a box.

    Args:
        choice: one of `CHOICES`.
        count: cells a side.
        split: where the rock salt begins along the first axis; None for the layered phase alone.
        comm: ranks that share the box, more than one only where it is not split: jumps of the flux are
            integrated over facets whose cells DOLFINx wants on one rank.
    """
    dimension, kinds, fast = choice
    stiffness = elasticity.isotropic(YOUNG, POISSON)
    hosts = {"layered": LAYERED_HOST, "rock_salt": ROCK_SALT_HOST}
    phases = {
        name: material(
            stiffness,
            host,
            capacity=CAPACITIES[name],
            kind=kind,
            diffusivity=FAST if name == fast else SLOW,
        )
        for (name, host), kind in zip(hosts.items(), kinds, strict=True)
    }
    body = hand_made.particle(
        hand_made.box(dimension, count, split=split, multiplicity=2.0),
        phases,
        couplings=hand_made.OFF,
        surface=SURFACE,
        comm=comm,
    )
    setting = manufactured.Setting(body, phases)
    n, x, rock = body.unknowns, setting.x, setting.rock_salt()
    mu = potential(dimension, x)
    pick = []
    for phase in phases.values():
        theta, slope = manufactured.sites(phase.host, mu)
        content = {"chemical": slope, "tracer": theta, "lattice_gas": theta * (1.0 - theta)}
        conductance = setting.conductance(phase, content[phase.diffusivity_kind], None)
        pick.append((theta, conductance, phase.max_concentration / body.body.scales.concentration))
    theta, conductance, capacity = ((1.0 - rock) * a + rock * b for a, b in zip(*pick, strict=True))
    past = -0.5 - 0.2 * ufl.sin(3.0 * x[0])
    rate = SURFACE.exchange_current_density * SURFACE.contact_fraction / body.body.scales.current_density
    eta = ELECTRODE + mu
    source = manufactured.lithium_source(
        setting,
        manufactured.LithiumTerms(
            stored=capacity * (LEAD * theta + past),
            conductance=conductance,
            mu=mu,
            current=rate * (ufl.exp(SURFACE.anodic * eta) - ufl.exp(-SURFACE.cathodic * eta)),
            increment=INCREMENT,
        ),
    )
    manufactured.use(body, lithium=source)
    body.parameters.increment.value, body.parameters.lead.value = INCREMENT, LEAD
    n.electrode.x.array[:] = ELECTRODE
    manufactured.fill(n.history, past)
    manufactured.fill(n.mu, mu)
    manufactured.solve(body, body.blocks[1:])
    return Solved(
        mu=manufactured.error(setting, n.mu, mu),
        grad_mu=manufactured.error(setting, n.mu, mu, gradient=True),
        size=manufactured.error(setting, n.mu, 0.0 * mu),
    )


def compute(bench: Workbench) -> Findings:
    """Two orders for each choice of dimension, laws and faster phase."""
    found = Findings()
    for choice in bench.pick(CHOICES, SHORT):
        dimension, kinds, fast = choice
        counts = COUNTS.get(dimension, FLAT)
        levels = bench.pick(counts, counts[:2])
        errors = [solved(choice, count) for count in levels]
        for quantity, order, row in (
            ("potential", 2.0, [e.mu / e.size for e in errors]),
            ("gradient", 1.0, [e.grad_mu for e in errors]),
        ):
            found.refine(
                LAW,
                dimension,
                f"{quantity} [1], {' and '.join(kinds).replace('_', ' ')}, fast {fast.replace('_', ' ')}",
                [1.0 / count for count in levels],
                row,
                order,
                slack=0.15,
                parameter=f"cell size / side ({quantity})",
                kind="manufactured",
            )
    return found


def headline(bench: Workbench) -> float:
    """Norm of the potential in a box of revolution, reduced."""
    return solved(CHOICES[2], FLAT[0], None, MPI.COMM_WORLD).size


PAGE = Page(
    title="Lithium with a chosen potential",
    claim=f"""
Potentials converge with the second order and their gradients with the first, in every dimension, with every
mobility law and across a phase boundary where diffusivity changes by a factor of {FAST / SLOW:g}.
""",
    equation=r"""
A smooth potential $\mu$ and a past are chosen. With the occupancy $\theta_i(\mu)$ of each host,
$M_i = D_i c_i^{\max} g_i(\theta)/RT$ and $g = d\theta/dy$ (chemical), $\theta$ (tracer) or $\theta(1-\theta)$
(lattice gas), the residual is given the source

$$c_i^{\max} (a_0 \theta + \theta_{\mathrm{past}}) - \Delta t\, \mathrm{div}\,(M_i\, \mathrm{grad}\,\mu),$$

the jump of $M\,\mathrm{grad}\,\mu \cdot \mathbf n$ between the phases, and on the outer surface the
difference between the flux and the current of Butler and Volmer. Host laws, mobilities and divergences are
spelt out in the axes of each dimension, apart from the solver's forms.
""",
    source="the method: P. J. Roache, J. Fluids Eng. 124 (2002) 4; the orders: those of linear elements",
    setup=f"""
A warped box of simplices, rock salt in one half of it; sides through the origin are symmetry planes, the
others pass current. Two hosts of several sites with {CAPACITIES["layered"]:g} and {CAPACITIES["rock_salt"]:g}
mol/m³; D is {SLOW:g} m²/s in one phase and {FAST:g} m²/s in the faster one. One increment of {INCREMENT:g} s
with the weight {LEAD:g}, exchange current density {SURFACE.exchange_current_density:g} A/m², transfer
coefficients {SURFACE.anodic:g} and {SURFACE.cathodic:g}, contact fraction {SURFACE.contact_fraction:g}; no
stress. Errors are L2 norms over the box, that of the potential relative to the potential.
""",
    compute=compute,
    headline=Headline("L2 norm of the potential, reduced [1]", "axisymmetric", headline),
)
