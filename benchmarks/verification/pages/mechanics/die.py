"""Pressing in a rigid die: the box that fills it, and a particle that its surroundings press."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import crystals
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import balls, cases, hand_made
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.settled import Settled, settle
from solver.materials import elasticity

Array = npt.NDArray[np.float64]

BOX, PARTICLE, MEAN = (
    "box that fills a die",
    "particle in a die, homogeneous",
    "particle in a die, mean stress",
)
SOLID, SHELL = exact.Solid(139e9, 0.26), exact.Solid(0.139e9, 0.34)
CUBIC = {"C11": 231e9, "C12": 119e9, "C44": 47e9}
"""Stiffness [Pa]."""
PRESSURE, MEDIUM = 4.1e8, 0.31
LATERAL = MEDIUM / (1.0 - MEDIUM)
"""Pressure across z over that along it, around a particle [1]."""
ANGLES = (0.0, np.pi / 8, np.pi / 4)
"""Of a cube about z [rad]."""
STRAIN, COHERENCY, THICKNESS = 0.017, 0.6, 0.9e-6
"""Misfit, its coherent share and thickness [m] of the shell."""
SIZES: dict[Dimension, tuple[float, float]] = {
    "axisymmetric": (0.8e-6, 0.5e-6),
    "generalised_plane_strain": (0.8e-6, 0.5e-6),
    "plane_strain": (0.8e-6, 0.5e-6),
    "3d": (1.2e-6, 0.8e-6),
}
RATIOS = (0.05, 0.15, 0.25, 0.35, 0.45)
"""Poisson's ratios of isotropic boxes."""
ROUND_OFF = 1e-12
"""What Newton is asked for; these states are exact on any mesh."""


def pressed(name: str, geometry: Any, shell: bool) -> Any:
    """The case of an inert body in a die, with a misfitting soft shell or without."""
    phases = {"layered": cases.phase(SOLID)}
    if shell:
        phases["rock_salt"] = cases.phase(SHELL, misfit={"kind": "isotropic", "strain": STRAIN})
    return cases.case(
        name,
        geometry,
        phases,
        {"voltage": "3.9 V"},
        [],
        mechanics={
            "stack_pressure": f"{PRESSURE!r} Pa",
            "loading": "die",
            "medium_poisson_ratio": MEDIUM,
            "coherency": COHERENCY,
        },
        output={"fields": []},
    )


def mean_stress(run: Run) -> float:
    """Mean hydrostatic stress of the whole particle [Pa]."""
    regions = run.final["regions"].values()
    amount = sum(region["volume_m3"] * region["mean_hydrostatic_stress_Pa"] for region in regions)
    return float(amount / sum(region["volume_m3"] for region in regions))


def compute(bench: Workbench) -> Findings:
    """Boxes, then particles."""
    found = Findings()
    for angle in bench.pick(ANGLES, ANGLES[1:2]):
        _judge_cube(found, angle)
    _judge_ratios(found, bench.pick(RATIOS, RATIOS[-1:]))
    _judge_box(found, bench)
    for dimension, sizes in SIZES.items():
        _judge_particle(found, bench, dimension, sizes)
        if dimension != "plane_strain":
            run = bench.run(pressed("shell", cases.core_shell(dimension, THICKNESS, sizes), True))
            wanted = -(1.0 + 2.0 * LATERAL) / 3.0 * PRESSURE
            quantity = "mean hydrostatic stress of core and shell [Pa]"
            found.compare(MEAN, dimension, quantity, mean_stress(run), wanted, ROUND_OFF)
            core, shell = (run.mean_stress(phase) / 1e6 for phase in ("layered", "rock_salt"))
            found.notes.append(
                f"{dimension.replace('_', ' ').capitalize()}: the mean of {wanted / 1e6:.1f} MPa is made of "
                f"{core:.0f} MPa in the core and {shell:.0f} MPa in the shell."
            )
    return found


def box(stiffness: Array, frame: Array | None = None) -> Settled:
    """A box of one solid with walls on all its sides."""
    phase = hand_made.material(stiffness, hand_made.InertHost())
    body = hand_made.particle(
        hand_made.box("3d", 2, split=None, symmetric=False),
        {"layered": phase},
        pressure=PRESSURE,
        lateral=LATERAL,
        frame=frame,
        die=True,
    )
    return settle(body, potential=0.0)


def _judge_ratios(found: Findings, ratios: Sequence[float]) -> None:
    """Stress across z of isotropic boxes over Poisson's ratio."""
    across = [box(elasticity.isotropic(SOLID.young, nu)).stress[:, 0, 0].mean() / PRESSURE for nu in ratios]
    off = max(abs(value + nu / (1.0 - nu)) for nu, value in zip(ratios, across, strict=True))
    quantity = f"stress across z over p [1], isotropic, {len(ratios)} ratios, largest deviation"
    found.compare(BOX, "3d", quantity, off, 0.0, ROUND_OFF, scale=1.0)
    fine = np.linspace(0.0, 0.48, 49)
    lines = (
        Line("exact", list(fine), list(-fine / (1.0 - fine)), "k-"),
        Line("found", list(ratios), across, "ro"),
    )
    found.panels.append(
        Panel("isotropic box in a die", "Poisson's ratio [1]", "stress across z / p [1]", lines)
    )


def _judge_cube(found: Findings, angle: float) -> None:
    """A cubic crystal turned about z, in a box whose walls hold it from all sides."""
    c, s = np.cos(angle), np.sin(angle)
    frame = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    state = box(elasticity.cubic(*CUBIC.values()), frame)
    held = np.zeros((3, 3))
    held[2, 2] = crystals.FREE
    load = -PRESSURE * np.diag([0.0, 0.0, 1.0])
    stiffness = crystals.turned(crystals.cubic(*CUBIC.values()), frame)
    # The walls take the shear strains too: cubes turned about z have no shear stress from a strain along z.
    wanted = crystals.homogeneous(stiffness, np.zeros((3, 3)), held, load)
    words = f"cube turned by {np.degrees(angle):g} degrees"
    off = np.abs(state.stress - wanted.stress).max() / PRESSURE
    found.compare(BOX, "3d", f"stress over p [1], {words}, largest deviation", off, 0.0, ROUND_OFF, scale=1.0)
    found.compare(BOX, "3d", f"strain zz [1], {words}", state.axial, wanted.strain[2, 2], ROUND_OFF)


def _judge_box(found: Findings, bench: Workbench) -> None:
    """An isotropic box from a mesh file, through the case file."""
    mesh = hand_made.box("3d", 2, split=None, symmetric=False)
    region = bench.run(pressed("box", balls.geometry(mesh, Path(bench.folder) / "box.msh"), False)).final[
        "regions"
    ]["layered"]
    across = -PRESSURE * SOLID.poisson / (1.0 - SOLID.poisson)
    hydrostatic = (2.0 * across - PRESSURE) / 3.0
    for key, words, wanted in (
        ("mean_hydrostatic_stress_Pa", "mean hydrostatic stress", hydrostatic),
        ("max_principal_stress_Pa", "stress across z", across),
    ):
        found.compare(BOX, "3d", f"{words} [Pa], isotropic, mesh file", region[key], wanted, ROUND_OFF)


def _judge_particle(
    found: Findings, bench: Workbench, dimension: Dimension, sizes: tuple[float, float]
) -> None:
    """A ball or a cylinder of one isotropic solid."""
    geometry = cases.core_shell(dimension, 0.0, sizes)
    region = bench.run(pressed("alone", geometry, False)).final["regions"]["layered"]
    axial = 2.0 * SOLID.poisson * LATERAL if dimension == "plane_strain" else 1.0
    stress = -PRESSURE * np.array([LATERAL, LATERAL, axial])
    for key, words, wanted in (
        ("p05_hydrostatic_stress_Pa", "hydrostatic stress, 5th percentile", stress.mean()),
        ("p95_hydrostatic_stress_Pa", "hydrostatic stress, 95th percentile", stress.mean()),
        ("p95_principal_stress_Pa", "largest principal stress, 95th percentile", stress.max()),
        ("max_principal_stress_Pa", "largest principal stress", stress.max()),
    ):
        found.compare(PARTICLE, dimension, f"{words} [Pa]", region[key], float(wanted), ROUND_OFF)


def headline(bench: Workbench) -> float:
    """Mean stress of the core of an axisymmetric particle in a die."""
    geometry = cases.core_shell("axisymmetric", THICKNESS, SIZES["axisymmetric"])
    return bench.run(pressed("shell", geometry, True)).mean_stress("layered")


def _names() -> str:
    return ", ".join(CUBIC)


PAGE = Page(
    title="Pressing in a die",
    claim="""
A box that fills a rigid die is strained along z alone, whatever its crystal. A particle that is pressed by p
along z and by lambda p across carries just that where it is homogeneous, and on average where it is not.
""",
    equation=r"""
Box: $\varepsilon_{zz} = -p/C_{33}$ and $\sigma_{xx} = -p\,C_{13}/C_{33}$, which is $-p\,\nu/(1-\nu)$ for an
isotropic solid. Particle under the traction $\boldsymbol\Sigma\,\mathbf n$:

$$\boldsymbol\Sigma = -p\,\mathrm{diag}(\lambda, \lambda, 1), \qquad \lambda = \frac{\nu_m}{1 - \nu_m}, \qquad
\langle \sigma_h \rangle = \tfrac13 \mathrm{tr}\,\boldsymbol\Sigma = -\frac{1 + 2\lambda}{3}\,p$$

and $\boldsymbol\sigma = \boldsymbol\Sigma$ in a homogeneous one. Plane strain holds the length instead:
$\sigma_{zz} = -2\nu\lambda p$.
""",
    source="""the box: Hooke's law with two strains held; the mean: the virial of the traction,
e.g. L. D. Landau and E. M. Lifshitz, Theory of Elasticity (1986), section 2""",
    setup=f"""
p = {PRESSURE / 1e6:g} MPa; Poisson's ratio of the medium {MEDIUM:g}, hence lambda = {LATERAL:.4g}, which
must not matter to the box. The solid: {SOLID.young / 1e9:g} GPa, {SOLID.poisson:g}; crystals: {_names()} =
{", ".join(f"{value / 1e9:g}" for value in CUBIC.values())} GPa, turned about z. Balls and cylinders of
{cases.RADIUS * 1e6:g} um; with a shell of {THICKNESS * 1e6:g} um, {SOLID.young / SHELL.young:g} times softer
({SHELL.young / 1e9:g} GPa, {SHELL.poisson:g}), that misfits by {STRAIN:g} at coherency {COHERENCY:g}.
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of a core in a die [Pa]", "axisymmetric", headline),
)
