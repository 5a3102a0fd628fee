"""A sector between mirrors beside the whole body that is made of its mirror images."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import balls, hand_made
from benchmarks.verification.setups.settled import settle
from meshes import TaggedMesh
from solver.fenics import MPI
from solver.observation.interior import Interior

Array = npt.NDArray[np.float64]

LAW = "a sector stands for the whole"
COPIES: dict[Dimension, int] = {
    "axisymmetric": 2,
    "generalised_plane_strain": 4,
    "plane_strain": 4,
    "3d": 8,
}
"""Sectors that make the whole."""
COUNTS: dict[Dimension, int] = {"3d": 4}
"""Cells along a side of the sector."""
PRESSURE, LATERAL, COHERENCY, OCCUPANCY = 4.2e8, 0.6, 0.7, 0.55
ROUND_OFF = 5e-12


@dataclass(frozen=True)
class Rest:
    """A body at rest: numbers of the whole, and the stress of the cells that both meshes share.

    Attributes:
        numbers: by name with unit.
        stress: [Pa], shape (cells, points, 3, 3), in the order of the sector's mesh.
        place: middle of these cells along the first axis, shape (cells,).
    """

    numbers: dict[str, float]
    stress: Array
    place: Array


def sector(dimension: Dimension) -> TaggedMesh:
    """A warped box between planes of symmetry, rock salt in its outer half."""
    return hand_made.box(dimension, COUNTS.get(dimension, 6), multiplicity=float(COPIES[dimension]))


def at_rest(mesh: TaggedMesh, shared: int, comm: MPI.Comm = MPI.COMM_SELF) -> Rest:
    """Close the body with its lithium, load it and look at it.

    Args:
        mesh: the body.
        shared: how many of its first cells are the sector's.
        comm: ranks that share it; `stress` and `place` are complete on one rank alone.
    """
    crystal = mesh.dimension != "axisymmetric"
    body = hand_made.particle(
        mesh,
        hand_made.coupled_phases(crystal),
        coherency=COHERENCY,
        pressure=PRESSURE,
        lateral=LATERAL,
        frame=np.eye(3) if crystal else None,
        comm=comm,
    )
    found = settle(body, occupancy=OCCUPANCY)
    state = Interior(body)
    means = state.means(state.probe.look())
    numbers = {
        "elastic energy [J]": means.elastic_energy,
        "potential over RT [1]": body.mean_potential(),
        "surface, reduced [1]": body.outer_area,
    }
    for name, phase in means.phases.items():
        numbers[f"mean hydrostatic stress [Pa], {name.replace('_', ' ')}"] = phase.hydrostatic_stress
        numbers[f"mean occupancy [1], {name.replace('_', ' ')}"] = phase.occupancy
    if mesh.dimension == "generalised_plane_strain":
        numbers["axial strain [1]"] = found.axial
    order = np.argsort(body.imported.original_cells[: body.imported.owned_cells])
    stress = found.stress.reshape(len(order), -1, 3, 3)[order]
    return Rest(numbers, stress[:shared], mesh.points[mesh.cells].mean(axis=1)[:shared, 0])


def compute(bench: Workbench) -> Findings:
    """Every dimension that has a sector."""
    found = Findings()
    for dimension in COPIES:
        part = sector(dimension)
        whole = balls.mirrored(part)
        one, all_of_it = (at_rest(mesh, len(part.cells)) for mesh in (part, whole))
        for name, value in one.numbers.items():
            found.compare(LAW, dimension, name, value, all_of_it.numbers[name], ROUND_OFF, kind="itself")
        scale = float(np.abs(all_of_it.stress).max())
        off = float(np.abs(one.stress - all_of_it.stress).max()) / scale
        found.compare(
            LAW,
            dimension,
            "stress over the largest [1], at every point",
            off,
            0.0,
            ROUND_OFF,
            scale=1.0,
            kind="itself",
        )
        if dimension in {"3d", "axisymmetric"}:
            found.panels.append(_panel(dimension, one, all_of_it))
    return found


def _panel(dimension: Dimension, one: Rest, whole: Rest) -> Panel:
    """Hydrostatic stress of the cells that both meshes share."""
    lines = []
    for label, rest, style in (("whole", whole, "ko"), ("sector", one, "r.")):
        means = np.trace(rest.stress.mean(axis=1), axis1=1, axis2=2) / 3e9
        lines.append(Line(label, list(rest.place), list(means), style))
    across = "r / side [1]" if dimension == "axisymmetric" else "x / side [1]"
    return Panel(dimension, across, "hydrostatic stress [GPa]", tuple(lines))


def headline(bench: Workbench) -> float:
    """Elastic energy of a whole section."""
    whole = balls.mirrored(sector("generalised_plane_strain"))
    return at_rest(whole, 0, MPI.COMM_WORLD).numbers["elastic energy [J]"]


PAGE = Page(
    title="A sector and the whole",
    claim="""
A half, a quarter or an octant between mirrors gives the energy, the means, the potential and, point by point,
the stress of the whole body.
""",
    equation=r"""
On a plane of symmetry $\mathbf u \cdot \mathbf n = 0$, without shear traction and without flux; extensive
numbers count as many times as the whole has sectors. On the mirrored mesh both are the same system of
equations, so that they agree to round-off.
""",
    source="none needed: the solution of a mirrored problem is mirrored, since it is the only one",
    setup=f"""
A warped box, {", ".join(f"{n} copies ({d.replace('_', ' ')})" for d, n in COPIES.items())}; layered
inside, rock salt outside, both with lithium and every coupling, crystals with c along z (averaged in the
axisymmetric dimension), misfit at coherency {COHERENCY:g}, closed at an occupancy of {OCCUPANCY:g},
{PRESSURE / 1e6:g} MPa along z and {LATERAL:g} of it across.
""",
    compute=compute,
    headline=Headline(
        "elastic energy of a whole section per metre [J/m]", "generalised_plane_strain", headline
    ),
)
