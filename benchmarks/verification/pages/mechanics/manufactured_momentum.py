"""Balance of momentum beside a displacement that was chosen: sources and loads made to fit it."""

from typing import NamedTuple

import numpy as np

from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import hand_made, manufactured
from benchmarks.verification.setups.hand_made import LAYERED_HOST, ROCK_SALT_HOST, material
from solver.fenics import MPI
from solver.materials import elasticity, expansion
from solver.materials.phase import Phase

import ufl  # isort: skip  (the wheel must be opened first)

LAW = "balance of momentum"
COHERENCY, PRESSURE, LATERAL, AXIAL = 0.7, 3e8, 0.6, 0.004
CONTRAST = 2000.0
"""Stiffness of one phase over that of the other [1]."""
HEXAGONAL = (210e9, 66.5e9, 45.5e9, 147e9, 42e9)
CUBIC = (250e9, 110e9, 70e9)
C14 = -19e9
"""Stiffnesses [Pa]; what makes the crystal trigonal only space can hold."""
MISFIT = (0.011, 0.011, 0.017)
COUNTS: dict[Dimension, tuple[int, ...]] = {
    "spherical": (8, 16, 32, 64),
    "axisymmetric": (4, 8, 16, 32),
    "generalised_plane_strain": (4, 8, 16, 32),
    "plane_strain": (4, 8, 16, 32),
    "3d": (2, 4, 8),
}
"""Cells along a side of the box."""


class Solved(NamedTuple):
    """Norms over the box, reduced: errors of displacement and gradient, and the displacement itself."""

    u: float
    grad_u: float
    size: float


def phases(dimension: Dimension, soft: str) -> dict[str, Phase]:
    """A hexagonal crystal, trigonal in space, and a cubic one; one of them far softer.

    Both swell, and the second one misfits.
    """
    scale = {"layered": 1.0, "rock_salt": 1.0, soft: 1.0 / CONTRAST}
    volume = expansion.partial_molar_volume(-0.4e-6, 1.9e-6)
    return {
        "layered": material(
            scale["layered"] * elasticity.trigonal(*HEXAGONAL, C14 if dimension == "3d" else 0.0),
            LAYERED_HOST,
            volume=volume,
            reference=0.9,
        ),
        "rock_salt": material(
            scale["rock_salt"] * elasticity.cubic(*CUBIC),
            ROCK_SALT_HOST,
            capacity=6.1e4,
            volume=expansion.vegard(0.8e-6),
            reference=0.3,
            misfit=np.diag(MISFIT),
        ),
    }


def solved(
    dimension: Dimension,
    soft: str,
    count: int,
    split: float | None = 0.5,
    comm: MPI.Comm = MPI.COMM_SELF,
) -> Solved:
    """Solve for the displacement on a box.

    Args:
        dimension: of the box.
        soft: the phase that is softer.
        count: cells a side.
        split: where the rock salt begins along the first axis; None for the layered phase alone.
        comm: ranks that share the box, more than one only where it is not split: jumps of the traction are
            integrated over facets whose cells DOLFINx wants on one rank.
    """
    frame = hand_made.FRAMES[dimension]
    crystals = phases(dimension, soft)
    turned = {k: p.averaged() if frame is None else p.turned(frame) for k, p in crystals.items()}
    body = hand_made.particle(
        hand_made.box(dimension, count, split=split, multiplicity=2.0),
        crystals,
        coherency=COHERENCY,
        pressure=PRESSURE,
        lateral=LATERAL,
        frame=frame,
        comm=comm,
    )
    setting = manufactured.Setting(body, turned)
    x, n = setting.x, body.unknowns
    axial = AXIAL if dimension == "generalised_plane_strain" else 0.0
    n.axial.x.array[:] = axial
    u, hoop = manufactured.displacement(dimension, x)
    wave = 0.5 + 0.3 * ufl.sin(2.0 * x[0] + 0.4)
    rock = setting.rock_salt()
    theta = (1.0 - rock) * wave + rock * (1.0 - wave**2)
    strain = setting.strain(u, hoop, axial)
    stress = [
        (1.0 - rock) * a + rock * b
        for a, b in zip(
            setting.stress(turned["layered"], strain, theta, COHERENCY),
            setting.stress(turned["rock_salt"], strain, theta, COHERENCY),
            strict=True,
        )
    ]
    pressure = PRESSURE / body.body.scales.modulus
    manufactured.use(body, momentum=manufactured.momentum_source(setting, stress, pressure, LATERAL))
    manufactured.fill(n.occupancy, theta)
    body.update = lambda: None  # the occupancy is given, it does not answer
    manufactured.solve(body, body.blocks[:1])
    exact = ufl.as_vector(u)
    return Solved(
        u=manufactured.error(setting, n.u, exact),
        grad_u=manufactured.error(setting, n.u, exact, gradient=True),
        size=manufactured.error(setting, n.u, 0.0 * exact),
    )


def compute(bench: Workbench) -> Findings:
    """Two orders a dimension and soft phase."""
    found = Findings()
    for soft in bench.pick(("layered", "rock_salt"), ("layered",)):
        for dimension, counts in COUNTS.items():
            levels = bench.pick(counts, counts[:2])
            errors = [solved(dimension, soft, count) for count in levels]
            for quantity, order, row in (
                ("displacement", 3.0, [e.u / e.size for e in errors]),
                ("gradient", 2.0, [e.grad_u for e in errors]),
            ):
                found.refine(
                    LAW,
                    dimension,
                    f"{quantity} [1], soft {soft.replace('_', ' ')}",
                    [1.0 / count for count in levels],
                    row,
                    order,
                    parameter=f"cell size / side ({quantity}, soft {soft.replace('_', ' ')})",
                    kind="manufactured",
                )
    return found


def headline(bench: Workbench) -> float:
    """Norm of the displacement of a trigonal box in space, reduced."""
    return solved("3d", "layered", 4, None, MPI.COMM_WORLD).size


def _gigapascals(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value / 1e9:g}" for value in values)


PAGE = Page(
    title="Momentum with a chosen displacement",
    claim=f"""
Displacements converge with the third order and their gradients with the second, in every dimension and across
a phase boundary where stiffness changes by a factor of {CONTRAST:g}.
""",
    equation=r"""
A smooth displacement $\mathbf u$ and an occupancy $\theta$ are chosen. With

$$\boldsymbol\sigma = \mathbf C_i : \left(\boldsymbol\varepsilon(\mathbf u) - k\,\mathbf m_i
- \mathbf V_i c_i^{\max}(\theta - \theta_i^{\mathrm{ref}})\right)$$

in each phase $i$, the residual is given the body force $-\mathrm{div}\,\boldsymbol\sigma$, the jump of
$\boldsymbol\sigma\mathbf n$ between the phases, and on the outer surface the difference between
$\boldsymbol\sigma\mathbf n$ and the load $-p\,\mathrm{diag}(\lambda, \lambda, 1)\,\mathbf n$. Strains and
divergences are spelt out in the axes of each dimension, apart from the solver's forms.
""",
    source="the method: P. J. Roache, J. Fluids Eng. 124 (2002) 4; the orders: those of quadratic elements",
    setup=f"""
A warped box of simplices, rock salt in one half of it; sides through the origin are symmetry planes, the
others carry {PRESSURE / 1e6:g} MPa along z and {LATERAL:g} of it across. One phase is a hexagonal crystal
(C11, C12, C13, C33, C44 = {_gigapascals(HEXAGONAL)} GPa; in 3d with C14 = {C14 / 1e9:g} GPa), the other
a cubic one (C11, C12, C44 = {_gigapascals(CUBIC)} GPa) with a misfit of {", ".join(map(str, MISFIT))} at
coherency {COHERENCY:g}. Both are turned as far as the dimension allows (averaged in the spherical one), and
one of them is softer than that by the factor above. Axial strain {AXIAL:g} in generalised plane strain.
Errors are L2 norms over the box, that of the displacement relative to the displacement.
""",
    compute=compute,
    headline=Headline("L2 norm of the displacement, reduced [1]", "3d", headline),
)
