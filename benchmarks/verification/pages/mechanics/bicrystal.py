"""Two bonded crystals: twins that swell and carry a load as one, and layers that press each other."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from benchmarks.verification.exact import crystals
from benchmarks.verification.exact.crystals import State
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import hand_made
from benchmarks.verification.setups.settled import Settled, settle
from meshes import SYM_Y, TaggedMesh
from meshes.crystal_frames import in_plane_frames
from solver.fenics import MPI
from solver.materials import elasticity, expansion

Array = npt.NDArray[np.float64]

TWINS, LAYERS = "bonded bicrystal, twins", "bonded bicrystal, layers between walls"
STIFFNESS = {"C11": 210e9, "C12": 66.5e9, "C13": 45.5e9, "C33": 147e9, "C44": 42e9}
C14 = -23e9
"""Stiffnesses [Pa]; C14 makes twins in space trigonal."""
VOLUME, CAPACITY, OCCUPANCY, REFERENCE = (-0.4e-6, 1.9e-6), 4.9e4, 0.45, 0.9
"""Partial molar volume across and along c [m^3/mol], c_max [mol/m^3], occupancy, that without swelling."""
MISFIT = (0.011, 0.004)
"""Misfit of the layers across and along c [1]."""
PRESSURE, LATERAL = 7.1e8, 0.6
SWELLING = np.diag([VOLUME[0], VOLUME[0], VOLUME[1]]) * CAPACITY * (OCCUPANCY - REFERENCE)
EIGENSTRAIN = np.diag([MISFIT[0], MISFIT[0], MISFIT[1]])
LOAD = -PRESSURE * np.diag([LATERAL, LATERAL, 1.0])
TILT = 0.6
"""Of the c axes of the twins from x in the plane [rad]."""
SKEW = (0.4, -0.9, 1.3)
"""Euler angles of one of the twins in space [rad]."""
HALF_TURN = np.diag([1.0, -1.0, -1.0])
"""About x, which the twins' plane is perpendicular to."""
SIDEWAYS = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
"""A crystal frame with c along y."""
HELD: dict[Dimension, float] = {"plane_strain": 0.0}
DIMENSIONS: tuple[Dimension, ...] = ("generalised_plane_strain", "plane_strain", "3d")
ROUND_OFF = 5e-12
"""What Newton is asked for; these states are exact on any mesh."""


class Bicrystal(NamedTuple):
    """What was found, and the exact state of each of the two crystals."""

    found: Settled
    wanted: tuple[State, State]

    def of(self, grain: int) -> tuple[Array, Array]:
        """Strains and stresses at the points of one crystal."""
        inside = self.found.grain == grain
        return self.found.strain[inside], self.found.stress[inside]


def halves(dimension: Dimension, count: int, frames: Array, along: int) -> TaggedMesh:
    """A box with a crystal in either half along an axis, nothing held but by single nodes."""
    flat = hand_made.box(dimension, count, split=None, symmetric=False, frames=frames)
    points = flat.points if along == 0 else np.roll(flat.points, along, axis=1)
    beyond = points[flat.cells].mean(axis=1)[:, along] > 0.5
    return replace(flat, points=points, cell_grain=beyond.astype(np.int32))


def twins(dimension: Dimension, count: int, comm: MPI.Comm = MPI.COMM_SELF) -> Bicrystal:
    """Crystals that half a turn about the normal of their plane exchanges: swollen and loaded."""
    in_space = dimension == "3d"
    first = Rotation.from_euler("zyx", SKEW).as_matrix() if in_space else in_plane_frames(np.array([TILT]))[0]
    frames = np.array([first, HALF_TURN @ first])
    lowest = C14 if in_space else 0.0
    phase = hand_made.material(
        elasticity.trigonal(*STIFFNESS.values(), lowest),
        hand_made.LAYERED_HOST,
        capacity=CAPACITY,
        volume=expansion.partial_molar_volume(*VOLUME),
        reference=REFERENCE,
    )
    mesh = halves(dimension, count, frames, 0)
    body = hand_made.particle(mesh, {"layered": phase}, pressure=PRESSURE, lateral=LATERAL, comm=comm)
    tensor, axial = crystals.trigonal(*STIFFNESS.values(), lowest), HELD.get(dimension, crystals.FREE)
    one, two = (
        crystals.loaded(crystals.turned(tensor, frame), crystals.turned(SWELLING, frame), LOAD, axial)
        for frame in frames
    )
    return Bicrystal(settle(body, occupancy=OCCUPANCY), (one, two))


def layers(dimension: Dimension, count: int) -> Bicrystal:
    """Layers with c along the normal of the walls' plane and across it, bonded between frictionless walls.

    In space a die: stacked along z, the plate on top carries the pressure. In the plane stacked along x, the
    free side carries what acts across z, the walls hold y; in generalised plane strain nothing but the misfit
    acts, and the length is free.
    """
    along, frames = (2 if dimension == "3d" else 0), np.array([np.eye(3), SIDEWAYS])
    mesh = halves(dimension, count, frames, along)
    pressure = 0.0 if dimension == "generalised_plane_strain" else PRESSURE
    phase = hand_made.material(
        elasticity.trigonal(*STIFFNESS.values(), 0.0), hand_made.InertHost(), misfit=EIGENSTRAIN
    )
    if dimension != "3d":
        mesh = _walled(mesh, dimension, count)
    body = hand_made.particle(
        mesh, {"layered": phase}, pressure=pressure, lateral=LATERAL, die=dimension == "3d"
    )
    return Bicrystal(settle(body, potential=0.0), _layers_exact(dimension, frames, along, pressure))


def _walled(mesh: TaggedMesh, dimension: Dimension, count: int) -> TaggedMesh:
    """The same box, x = 0 and both sides across y held like planes of symmetry."""
    held = hand_made.box(dimension, count, split=None, frames=mesh.frames)
    top = np.all(np.abs(held.points[held.facets][..., 1] - 1.0) < 1e-12, axis=1)
    tags = np.where(top, SYM_Y, held.facet_tags).astype(np.int32)
    return replace(held, facet_tags=tags, cell_grain=mesh.cell_grain)


def _layers_exact(dimension: Dimension, frames: Array, along: int, pressure: float) -> tuple[State, State]:
    """Each layer by itself: walls hold what they hold, the stress across the bond is the load's."""
    tensor = crystals.trigonal(*STIFFNESS.values())
    stress = np.zeros((3, 3))
    stress[along, along] = -pressure * (1.0 if along == 2 else LATERAL)

    def both(axial: float) -> tuple[State, State]:
        held = np.full((3, 3), crystals.FREE)
        held[1, 1] = 0.0
        held[2 - along, 2 - along] = axial
        one, two = (
            crystals.homogeneous(
                crystals.turned(tensor, frame), crystals.turned(EIGENSTRAIN, frame), held, stress
            )
            for frame in frames
        )
        return one, two

    if dimension != "generalised_plane_strain":
        return both(0.0)
    # The length takes the strain at which the layers' mean stress along z vanishes; it is linear in it.
    at_rest, stretched = (sum(state.stress[2, 2] for state in both(axial)) for axial in (0.0, 1.0))
    return both(-at_rest / (stretched - at_rest))


def compute(bench: Workbench) -> Findings:
    """Twins and layers in every dimension that can hold them."""
    found = Findings()
    for law, make in ((TWINS, twins), (LAYERS, layers)):
        for dimension in DIMENSIONS:
            count = 2 if dimension == "3d" else bench.pick(8, 4)
            pair = make(dimension, count)
            _judge(found, law, dimension, pair)
            if law == TWINS and dimension == "plane_strain":
                found.panels.append(_shears(pair))
            if law == LAYERS and dimension == "3d":
                found.panels.append(_stresses(pair))
    return found


def _judge(found: Findings, law: str, dimension: Dimension, pair: Bicrystal) -> None:
    """Largest deviations, and for each crystal a component that tells it from the other one."""
    stress, strain = (max(np.abs(part(w)).max() for w in pair.wanted) for part in (_stress, _strain))
    off_stress, off_strain = (
        max(np.abs(pair.of(grain)[k] - part(pair.wanted[grain])).max() for grain in (0, 1))
        for k, part in ((1, _stress), (0, _strain))
    )
    found.compare(
        law, dimension, "stress over the largest [1]", off_stress / stress, 0.0, ROUND_OFF, scale=1.0
    )
    found.compare(
        law, dimension, "strain over the largest [1]", off_strain / strain, 0.0, ROUND_OFF, scale=1.0
    )
    for grain, which in enumerate(("first", "second")):
        if law == TWINS:
            quantity, k, (i, j), scale = f"strain xy [1], {which} crystal", 0, (0, 1), strain
        else:
            i = 0 if dimension == "3d" else 1
            quantity, k, j, scale = f"stress {'xyz'[i] * 2} [Pa], {which} layer", 1, i, stress
        value = float(pair.of(grain)[k][:, i, j].mean())
        exact = float((_stress, _strain)[1 - k](pair.wanted[grain])[i, j])
        found.compare(law, dimension, quantity, value, exact, ROUND_OFF, scale=scale)


def _stress(state: State) -> Array:
    return state.stress


def _strain(state: State) -> Array:
    return state.strain


def _places(pair: Bicrystal, axis: int) -> list[float]:
    """Middle of the cell of every point along an axis."""
    geometry = pair.found.particle.imported.mesh.geometry
    corners = np.asarray(geometry.x)[np.asarray(geometry.dofmaps[0])]
    return list(np.repeat(corners[:, :, axis].mean(axis=1), len(pair.found.grain) // len(corners)))


def _shears(pair: Bicrystal) -> Panel:
    """Strains of the twins across their bond."""
    lines, across = [], _places(pair, 0)
    for colour, name, (i, j) in zip("krb", ("xx", "yy", "xy"), ((0, 0), (1, 1), (0, 1)), strict=True):
        exact = [pair.wanted[grain].strain[i, j] for grain in (0, 0, 1, 1)]
        lines += [
            Line("", [0.0, 0.5, 0.5, 1.0], exact, f"{colour}-"),
            Line(name, across, list(pair.found.strain[:, i, j]), f"{colour}."),
        ]
    return Panel("twins in plane strain", "x / width [1]", "strain [1]", tuple(lines))


def _stresses(pair: Bicrystal) -> Panel:
    """Stresses of the layers over the height of the die."""
    lines, height = [], _places(pair, 2)
    for colour, k in zip("krb", range(3), strict=True):
        exact = [1e-9 * pair.wanted[grain].stress[k, k] for grain in (0, 0, 1, 1)]
        lines += [
            Line("", [0.0, 0.5, 0.5, 1.0], exact, f"{colour}-"),
            Line("xyz"[k] * 2, height, list(1e-9 * pair.found.stress[:, k, k]), f"{colour}."),
        ]
    return Panel("layers in a die, 3d", "z / height [1]", "stress [GPa]", tuple(lines))


def headline(bench: Workbench) -> float:
    """Mean axial strain of trigonal twins in space under swelling and load."""
    return twins("3d", 2, MPI.COMM_WORLD).found.mean_strain(2, 2)


PAGE = Page(
    title="Two bonded crystals",
    claim="""
Twins that half a turn about the normal of their plane exchanges swell and carry a load as if each were
alone: their strains in the plane agree, shears across it change sign. Layers of other directions between
frictionless walls share the stress across their bond and keep their own along it.
""",
    equation=r"""
In each crystal $g$, with stiffness and eigenstrain in its own frame, and $\mathbf n$ the normal of the bond,

$$\boldsymbol\sigma_g = \mathbf C_g : (\boldsymbol\varepsilon_g - \boldsymbol\varepsilon^*_g), \qquad
[\![\boldsymbol\sigma]\!]\,\mathbf n = 0, \qquad
[\![\boldsymbol\varepsilon]\!] = \tfrac12 (\mathbf a \otimes \mathbf n + \mathbf n \otimes \mathbf a)$$

Twins: $\boldsymbol\sigma_g = -p\,\mathrm{diag}(\lambda, \lambda, 1)$, in plane strain with
$\varepsilon_{zz} = 0$ instead of the last component. Layers: the strains along the walls are given, the
stress across the bond is the load; in generalised plane strain $\varepsilon_{zz}$ makes the mean of
$\sigma_{zz}$ vanish.
""",
    source="Hooke's law and the conditions at a bond, e.g. J. F. Nye, Physical Properties of Crystals (1957)",
    setup=f"""
A warped box in two halves, hexagonal crystals with {", ".join(STIFFNESS)} =
{", ".join(f"{v / 1e9:g}" for v in STIFFNESS.values())} GPa.

Twins: V across and along c {VOLUME[0] * 1e6:g} and {VOLUME[1] * 1e6:g} cm^3/mol, c_max {CAPACITY:g} mol/m^3,
occupancy {OCCUPANCY:g} with {REFERENCE:g} free of strain, p = {PRESSURE / 1e6:g} MPa and lambda =
{LATERAL:g}; c in the plane, {TILT:g} rad from the normal. In 3d they are trigonal (C14 = {C14 / 1e9:g} GPa)
and turned by Euler angles of {", ".join(map(str, SKEW))} rad.

Layers: c along z in the first and along y in the second, misfit {MISFIT[0]:g} across and {MISFIT[1]:g} along
c. In 3d they lie in a die under p; in the plane they are stacked along x between walls that hold y, under
lambda p in plane strain and under nothing but the misfit in generalised plane strain.

The axisymmetric dimension holds c along z alone: there is no second crystal for it to bond.
""",
    compute=compute,
    headline=Headline("mean strain zz of loaded twins [1]", "3d", headline),
)
