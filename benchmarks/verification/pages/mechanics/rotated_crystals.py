"""A single crystal turned every way: free of stress where it only swells, strained as it must under load."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from benchmarks.verification.exact import crystals
from benchmarks.verification.exact.crystals import State
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, hand_made
from benchmarks.verification.setups.settled import Settled, settle
from meshes.crystal_frames import in_plane_frames
from solver.fenics import MPI
from solver.materials import elasticity, expansion

Array = npt.NDArray[np.float64]

SWOLLEN, LOADED, CASE = "turned crystal, swollen", "turned crystal, loaded", "turned crystal of a case file"
STIFFNESS = {"C11": 210e9, "C12": 66.5e9, "C13": 45.5e9, "C33": 147e9, "C44": 42e9}
CUBE = {"C11": 231e9, "C12": 119e9, "C44": 97e9}
C14 = -23e9
"""Stiffnesses [Pa]; C14 makes the crystal trigonal, which only space can hold."""
VOLUME = (-0.4e-6, 1.9e-6)
"""Partial molar volume across c and along it [m^3/mol]."""
CAPACITY, OCCUPANCY, REFERENCE = 4.9e4, 0.45, 0.9
PRESSURE, LATERAL = 7.1e8, 0.4
"""Along z [Pa], and its share across z."""
SWELLING = np.diag([VOLUME[0], VOLUME[0], VOLUME[1]]) * CAPACITY * (OCCUPANCY - REFERENCE)
LOAD = -PRESSURE * np.diag([LATERAL, LATERAL, 1.0])
NOTHING = np.zeros((3, 3))
AXIS = np.array([0.36, 0.48, 0.8])
"""About which the crystal is turned in space."""
TURNS = tuple(np.linspace(0.1, 3.0, 9))
"""Angles of turn in space and of the c axis from x in the plane [rad]."""
HELD: dict[Dimension, float] = {"plane_strain": 0.0}
"""Strain along z where it is held."""
NAMES = {(0, 0): "xx", (1, 1): "yy", (2, 2): "zz", (1, 2): "yz", (0, 2): "xz", (0, 1): "xy"}
SHOWN: dict[Dimension, tuple[tuple[int, int], ...]] = {
    "axisymmetric": ((0, 0), (2, 2)),
    "generalised_plane_strain": ((0, 0), (2, 2), (0, 1)),
    "plane_strain": ((0, 0), (0, 1)),
    "3d": ((0, 0), (2, 2), (1, 2), (0, 2), (0, 1)),
}
"""Components of the strain that have a row of their own."""
DRAWN: tuple[Dimension, ...] = ("generalised_plane_strain", "3d")
ROUND_OFF = 6e-12
"""What Newton is asked for; these states are exact on any mesh."""
C_AXIS, MEDIUM, BALL = [2, 1, -1], 0.29, 2e-6
"""Direction of c, Poisson's ratio of what surrounds the ball of the case file, and its cell size [m]."""


def frame_of(dimension: Dimension, turn: float) -> Array:
    """A crystal frame: c along z in the axisymmetric dimension, in the plane, or turned about a skew axis."""
    if dimension == "axisymmetric":
        return np.asarray(Rotation.from_rotvec([0.0, 0.0, turn]).as_matrix())
    if dimension == "3d":
        return np.asarray(Rotation.from_rotvec(turn * AXIS).as_matrix())
    return np.asarray(in_plane_frames(np.array([turn]))[0])


def found_state(dimension: Dimension, turn: float, swelling: bool, comm: MPI.Comm = MPI.COMM_SELF) -> Settled:
    """The crystal in equilibrium: swollen without load, or loaded without lithium."""
    stiffness = elasticity.trigonal(*STIFFNESS.values(), C14 if dimension == "3d" else 0.0)
    host = hand_made.LAYERED_HOST if swelling else hand_made.InertHost()
    phase = hand_made.material(
        stiffness,
        host,
        capacity=CAPACITY,
        volume=expansion.partial_molar_volume(*VOLUME) if swelling else None,
        reference=REFERENCE,
    )
    body = hand_made.particle(
        hand_made.box(dimension, 2, split=None, symmetric=False),
        {"layered": phase},
        frame=frame_of(dimension, turn),
        pressure=0.0 if swelling else PRESSURE,
        lateral=LATERAL,
        comm=comm,
    )
    return settle(body, occupancy=OCCUPANCY)


def exact_state(dimension: Dimension, turn: float, swelling: bool) -> State:
    """What it must be."""
    tensor = crystals.trigonal(*STIFFNESS.values(), C14 if dimension == "3d" else 0.0)
    frame = frame_of(dimension, turn)
    eigenstrain = crystals.turned(SWELLING, frame) if swelling else NOTHING
    load = NOTHING if swelling else LOAD
    return crystals.loaded(
        crystals.turned(tensor, frame), eigenstrain, load, HELD.get(dimension, crystals.FREE)
    )


class Pair(NamedTuple):
    """A state found and the exact one."""

    turn: float
    found: Settled
    wanted: State


def compute(bench: Workbench) -> Findings:
    """Every turn, swollen and loaded; then balls of a case file."""
    found = Findings()
    for dimension in SHOWN:
        turns = bench.pick(TURNS, TURNS[1:8:6])
        if dimension == "axisymmetric":
            turns = turns[:1]
        for swelling in (True, False):
            pairs = [
                Pair(turn, found_state(dimension, turn, swelling), exact_state(dimension, turn, swelling))
                for turn in turns
            ]
            _judge(found, dimension, swelling, pairs)
            if not swelling and dimension in DRAWN:
                found.panels.append(_panel(dimension, pairs))
    for kind in ("hexagonal", "cubic"):
        _judge_ball(found, bench, kind)
    return found


def _judge(found: Findings, dimension: Dimension, swelling: bool, pairs: list[Pair]) -> None:
    law, what = (SWOLLEN, "C11 x swelling") if swelling else (LOADED, "p")
    size = STIFFNESS["C11"] * np.abs(SWELLING).max() if swelling else PRESSURE
    many = f"{len(pairs)} directions, largest deviation" if len(pairs) > 1 else "largest deviation"
    stress = max(np.abs(p.found.stress - p.wanted.stress).max() for p in pairs) / size
    found.compare(law, dimension, f"stress over {what} [1], {many}", stress, 0.0, ROUND_OFF, scale=1.0)
    scale = max(np.abs(p.wanted.strain).max() for p in pairs)
    strain = max(np.abs(p.found.strain - p.wanted.strain).max() for p in pairs) / scale
    found.compare(law, dimension, f"strain over the largest [1], {many}", strain, 0.0, ROUND_OFF, scale=1.0)
    middle = pairs[len(pairs) // 2]
    for i, j in SHOWN[dimension] if not swelling else ():
        quantity = f"strain {NAMES[i, j]} [1], turned by {middle.turn:.3g} rad"
        value, wanted = middle.found.mean_strain(i, j), float(middle.wanted.strain[i, j])
        found.compare(law, dimension, quantity, value, wanted, ROUND_OFF, scale=scale)


def _panel(dimension: Dimension, pairs: list[Pair]) -> Panel:
    """Strains over the turn: exact curves, found points."""
    fine = np.linspace(0.0, np.pi, 91)
    lines = []
    for colour, (i, j) in zip("krbgm", SHOWN[dimension], strict=False):
        exact = [1e3 * exact_state(dimension, turn, False).strain[i, j] for turn in fine]
        points = [1e3 * pair.found.mean_strain(i, j) for pair in pairs]
        lines += [
            Line("", list(fine), exact, f"{colour}-"),
            Line(NAMES[i, j], [pair.turn for pair in pairs], points, f"{colour}o"),
        ]
    title = f"{dimension.replace('_', ' ')}: found (points), exact (lines)"
    return Panel(title, "turn [rad]", "strain under load [1e-3]", tuple(lines))


def ball_case(kind: str) -> Any:
    """A ball of one crystal in a die, its c axis out of every plane."""
    numbers = CUBE if kind == "cubic" else STIFFNESS
    constants = {"kind": kind, **{name: f"{value!r} Pa" for name, value in numbers.items()}}
    geometry = {**cases.core_shell("3d", 0.0, (BALL, BALL)), "sector": "full", "crystal": {"c_axis": C_AXIS}}
    return cases.case(
        f"ball-{kind}",
        geometry,
        {"layered": cases.phase(cases.Solid(100e9, 0.3), elasticity=constants)},
        {"voltage": "3.9 V"},
        [],
        mechanics={
            "stack_pressure": f"{PRESSURE!r} Pa",
            "loading": "die",
            "medium_poisson_ratio": MEDIUM,
        },
        output={"fields": []},
    )


def _judge_ball(found: Findings, bench: Workbench, kind: str) -> None:
    """Energy V/2 S : sigma : sigma of a ball that is under its traction throughout."""
    run = bench.run(ball_case(kind))
    c = np.array(C_AXIS) / np.linalg.norm(C_AXIS)
    across = np.array([0.0, 0.0, 1.0]) - c * c[2]
    a = across / np.linalg.norm(across)
    tensor = crystals.cubic(*CUBE.values()) if kind == "cubic" else crystals.trigonal(*STIFFNESS.values())
    share = MEDIUM / (1.0 - MEDIUM)
    stress = -PRESSURE * np.diag([share, share, 1.0])
    frame = np.column_stack([a, np.cross(c, a), c])
    state = crystals.loaded(crystals.turned(tensor, frame), NOTHING, stress)
    wanted = 0.5 * run.final["regions"]["layered"]["volume_m3"] * float(np.sum(state.strain * stress))
    energy = float(run.history["elastic_energy [J]"][-1])
    found.compare(CASE, "3d", f"elastic energy [J], {kind}", energy, wanted, ROUND_OFF)


def headline(bench: Workbench) -> float:
    """Mean shear strain of a turned trigonal crystal under load."""
    return found_state("3d", TURNS[3], False, MPI.COMM_WORLD).mean_strain(0, 2)


def _words(numbers: dict[str, float]) -> str:
    return f"{', '.join(numbers)} = {', '.join(f'{value / 1e9:g}' for value in numbers.values())} GPa"


PAGE = Page(
    title="A single crystal, turned",
    claim="""
A crystal of one composition is free of stress whichever way it is turned, and swells along its own axes; in
plane strain it has the stress of its held length and no other. Under a uniform load it has the one strain
that its turned stiffness allows, shears included.
""",
    equation=r"""
With the columns of $\mathbf R$ the crystal axes in those of the particle,

$$\varepsilon_{ij} = S_{ijkl}\,\sigma_{kl}
+ R_{ia} R_{jb}\, V_{ab}\, c^{\max}(\theta - \theta^{\mathrm{ref}}),
\qquad S = C^{-1}, \quad C_{ijkl} = R_{ia} R_{jb} R_{kc} R_{ld}\, C^{\mathrm{crystal}}_{abcd}$$

with $\sigma = 0$, or $\sigma = -p\,\mathrm{diag}(\lambda, \lambda, 1)$. In plane strain
$\varepsilon_{zz} = 0$ takes the place of $\sigma_{zz}$.
""",
    source="J. F. Nye, Physical Properties of Crystals (1957), chapters VI and VIII",
    setup=f"""
A warped box of simplices, free on all sides but for nodes that take no force. The crystal is hexagonal,
{_words(STIFFNESS)}; in 3d trigonal with C14 = {C14 / 1e9:g} GPa. Swollen: V across and along c is
{VOLUME[0] * 1e6:g} and {VOLUME[1] * 1e6:g} cm^3/mol, c_max {CAPACITY:g} mol/m^3, and the occupancy
{OCCUPANCY:g} where {REFERENCE:g} would be free of strain. Loaded: no lithium, p = {PRESSURE / 1e6:g} MPa
along z, lambda = {LATERAL:g}. In 3d the crystal is turned about ({", ".join(f"{k:g}" for k in AXIS)}); in
the plane dimensions c lies in the plane, turned from x; in the axisymmetric one it is along z. Strains are
taken from the gradient of the displacement, not from the solver's own strain.

Through the case file: a whole ball, hexagonal as above or cubic with {_words(CUBE)}, c along {C_AXIS}, in a
die with a medium of Poisson's ratio {MEDIUM:g}; its energy is that of the uniform stress.
""",
    compute=compute,
    headline=Headline("mean strain xz of a loaded trigonal crystal [1]", "3d", headline),
)
