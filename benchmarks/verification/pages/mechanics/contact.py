"""A particle that is touched in places: current passes there alone, pressure acts everywhere."""

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import hand_made
from benchmarks.verification.setups.settled import settle
from meshes import LAYERED, OUTER, TaggedMesh
from meshes.core_shell import build_rings
from solver.discretisation.body import SurfaceLaw
from solver.discretisation.contact import Contact, closed_facets
from solver.discretisation.particle import Particle
from solver.fenics import MPI
from solver.materials import elasticity

Array = npt.NDArray[np.float64]

SHARE, CURRENT, FORCE = "partial contact, size", "partial contact, current", "partial contact, load"
CAPS = (0.3, 0.1, 0.5, 0.7, 0.9)
"""Parts of the surface in one round cap."""
SHARES = (0.37, 0.1, 0.8)
"""Parts of the surface that carry current."""
KINDS = ("caps", "patches")
SOLID, PRESSURE = exact.Solid(140e9, 0.25), 2e8
EXCHANGE, TRANSFER = 0.7, (0.4, 0.7)
"""i0 [A/m^2] and transfer coefficients, anodic and cathodic."""
POTENTIAL, ELECTRODE = 0.4, 0.3
"""Of lithium and of the electrode, over RT [1]."""
COUNTS: dict[Dimension, int] = {"generalised_plane_strain": 12, "plane_strain": 12, "3d": 4}
"""Cells along a side of the box."""
SIZES: dict[Dimension, float] = {"generalised_plane_strain": 0.02, "plane_strain": 0.02, "3d": 0.1}
"""Of the cells at the surface of a disc or ball [outer radii]."""
SPACING = 0.3
"""Of those inside."""
RESULTANT = 5e-3
"""What the ragged rim of a cap may do to its resultant, relative."""
EVEN, SAME = 1e-11, 2e-13
"""Largest errors: of the stress over the pressure, of the current [1]."""


def facet_normals(mesh: TaggedMesh) -> Array:
    """Normals of all tagged facets away from the origin, each as long as its area, shape (facets, dim)."""
    corners = mesh.points[mesh.facets]
    edges = corners[:, 1:] - corners[:, :1]
    if mesh.points.shape[1] == 3:
        normals = 0.5 * np.cross(edges[:, 0], edges[:, 1])
    else:
        normals = np.column_stack([edges[:, 0, 1], -edges[:, 0, 0]])
    away = np.where(np.sum(normals * corners.mean(axis=1), axis=1) < 0.0, -1.0, 1.0)
    return np.asarray(normals * away[:, None])


def open_facets(mesh: TaggedMesh, contact: Contact) -> npt.NDArray[np.bool_]:
    """Which tagged facets are touched."""
    return np.asarray(mesh.facet_tags == OUTER) & ~closed_facets(mesh, contact)


def ragged(areas: Array) -> float:
    """How far a share may be from what was asked for: facets are taken whole until it is nearest."""
    return float(0.5 * areas.max() / areas.sum()) * (1.0 + 1e-9)


def box(dimension: Dimension) -> TaggedMesh:
    """Free on all sides."""
    return hand_made.box(dimension, COUNTS[dimension], split=None, symmetric=False)


def touched(dimension: Dimension, contact: Contact, comm: MPI.Comm = MPI.COMM_SELF) -> Particle:
    """A box of one isotropic solid under pressure, touched in places."""
    phase = hand_made.material(elasticity.isotropic(SOLID.young, SOLID.poisson), hand_made.LAYERED_HOST)
    return hand_made.particle(
        box(dimension),
        {"layered": phase},
        pressure=PRESSURE,
        surface=SurfaceLaw(EXCHANGE, anodic=TRANSFER[0], cathodic=TRANSFER[1]),
        contact=contact,
        comm=comm,
    )


def current(body: Particle) -> float:
    """Current at one potential everywhere [A], per metre in the plane [A/m]."""
    body.unknowns.mu.x.array[:] = POTENTIAL
    body.unknowns.electrode.x.array[:] = ELECTRODE
    body.update()
    scales = body.body.scales
    around = scales.length ** (scales.spatial_dimension - 1)
    return float(body.number(body.forms.current) * scales.current_density * around)


def resultant(dimension: Dimension, share: float) -> float:
    """Integral of the normal over a cap with a share of a sphere's area or a circle's length, of radius 1."""
    return float(4.0 * np.pi * share * (1.0 - share) if dimension == "3d" else 2.0 * np.sin(np.pi * share))


def compute(bench: Workbench) -> Findings:
    """Caps of known size, currents through caps and patches, loads that do not feel them."""
    found = Findings()
    for dimension in SIZES:
        _judge_caps(found, bench, dimension)
        for kind in KINDS:
            _judge_boxes(found, bench, dimension, kind)
    return found


def _judge_caps(found: Findings, bench: Workbench, dimension: Dimension) -> None:
    """Area and resultant of one cap, as near as whole facets come."""
    size = SIZES[dimension]
    mesh = build_rings(dimension, hand_made.LENGTH, [0.0, 1.0], [LAYERED], (SPACING, size), "full")
    normals = facet_normals(mesh)
    areas = np.linalg.norm(normals, axis=1)
    total = areas.sum()
    caps = bench.pick(CAPS, CAPS[:1])
    shares, pulls = [], []
    for share in caps:
        inside = open_facets(mesh, Contact("caps", share, seed=5, count=1))
        shares.append(float(areas[inside].sum() / total))
        pulls.append(float(np.linalg.norm(normals[inside].sum(axis=0))))
    missing = max(abs(a - b) for a, b in zip(shares, caps, strict=True))
    quantity = "share of the area [1], one cap, largest deviation"
    found.compare(SHARE, dimension, quantity, missing, 0.0, ragged(areas), scale=1.0)
    over = "R^2" if dimension == "3d" else "R"
    quantity = f"resultant of the normals over {over} [1], cap of {caps[0]:.0%}"
    wanted = resultant(dimension, caps[0])
    found.compare(SHARE, dimension, quantity, pulls[0], wanted, RESULTANT)
    if dimension != "plane_strain":
        fine = np.linspace(0.0, 1.0, 51)
        curve = [resultant(dimension, share) for share in fine]
        lines = (Line("exact", list(fine), curve, "k-"), Line("facets", list(caps), pulls, "ro"))
        words = "one cap of a ball" if dimension == "3d" else "one arc of a circle"
        found.panels.append(Panel(words, "share [1]", "resultant of the normals [1]", lines))


def _judge_boxes(found: Findings, bench: Workbench, dimension: Dimension, kind: str) -> None:
    """Current through a part of the surface, stress under pressure on all of it."""
    volts = (POTENTIAL + ELECTRODE) * exact.GAS_CONSTANT * hand_made.TEMPERATURE / exact.FARADAY
    density = exact.butler_volmer(volts, EXCHANGE, TRANSFER, hand_made.TEMPERATURE)
    mesh = box(dimension)
    areas = np.linalg.norm(facet_normals(mesh), axis=1) * mesh.length ** (mesh.points.shape[1] - 1)
    unit = "A" if dimension == "3d" else "A/m"
    held = 2.0 * SOLID.poisson * PRESSURE if dimension == "plane_strain" else PRESSURE
    load, off, missing = -np.diag([PRESSURE, PRESSURE, held]), 0.0, 0.0
    for share in bench.pick(SHARES, SHARES[:1]):
        contact = Contact(kind, share, seed=2)
        body = touched(dimension, contact)
        area = float(areas[open_facets(mesh, contact)].sum())
        missing, wanted = max(missing, abs(area / areas.sum() - share)), density * area
        quantity = f"current [{unit}], {kind} on {share:.0%}"
        found.compare(CURRENT, dimension, quantity, current(body), wanted, SAME)
        stress = settle(body, potential=POTENTIAL).stress
        off = max(off, float(np.abs(stress - load).max()) / PRESSURE)
    quantity = f"share of the area [1], {kind} on a box, largest deviation"
    found.compare(SHARE, dimension, quantity, missing, 0.0, ragged(areas), scale=1.0)
    quantity = f"stress over p [1], {kind}, largest deviation"
    found.compare(FORCE, dimension, quantity, off, 0.0, EVEN, scale=1.0)


def headline(bench: Workbench) -> float:
    """Current through caps on a box in space."""
    return current(touched("3d", Contact(KINDS[0], SHARES[0], seed=2), MPI.COMM_WORLD))


PAGE = Page(
    title="Touched in places",
    claim="""
Contact in caps or patches lets current pass on its own share of the surface and nowhere else, and takes
nothing from the pressure, which acts on all of it. A round cap has the area and the resultant of a sphere's.
""",
    equation=r"""
$$I = i_n \int_{\mathrm{contact}} \mathrm{d}A, \qquad \boldsymbol\sigma = -p\,\mathbf 1, \qquad
\left| \int_{\mathrm{cap}} \mathbf n\,\mathrm{d}A \right| = 4\pi R^2 s (1-s)
\;\text{(sphere)}, \quad 2 R \sin \pi s \;\text{(circle)}$$

with $s$ the share of the area and $i_n$ from Butler and Volmer's law; in plane strain
$\sigma_{zz} = -2\nu p$.
""",
    source="geometry; J. Newman and K. Thomas-Alyea, Electrochemical Systems (2004), chapter 8",
    setup=f"""
Caps: one cap on a ball and on a disc, with cells of {SIZES["3d"]:g} and {SIZES["plane_strain"]:g} radii at
the surface. Current and stress: a box of {SOLID.young / 1e9:g} GPa and {SOLID.poisson:g} under
p = {PRESSURE / 1e6:g} MPa, i0 = {EXCHANGE:g} A/m^2, transfer coefficients {TRANSFER[0]:g} and
{TRANSFER[1]:g}, overpotential {POTENTIAL + ELECTRODE:g} RT/F everywhere, shares of
{", ".join(f"{share:.0%}" for share in sorted(SHARES))}. Areas are those of the mesh's own facets.
""",
    compute=compute,
    headline=Headline("current through caps [A]", "3d", headline),
)
