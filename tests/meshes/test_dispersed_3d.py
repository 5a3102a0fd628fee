from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

import meshes
from benchmarks import dispersed_3d
from meshes import (
    LAYERED,
    OUTER,
    ROCK_SALT,
    SYM_X,
    SYM_Y,
    SYM_Z,
    CoreShell,
    Dispersed,
    Domains,
    Lamellae,
    MeshSize,
    RandomField,
    Spheres,
    TaggedMesh,
    build,
    estimate_cells,
    refusals,
)
from meshes.bisection import bisect, edges_of
from meshes.interface_fit import fit_interface
from meshes.percolation import phase_components
from meshes.simplices import facet_table, oriented, signed_measure
from meshes.tortuosity import diffusivity_ratio, tortuosity
from solver.cli.meshing import mesh_lines

NM = 1e-9
R = 1600 * NM
COARSE = MeshSize(170 * NM, 170 * NM)
INTERWOVEN = {"random_field": RandomField(600 * NM), "domains": Domains(450 * NM)}
OTHERS = {
    "parallel": (Lamellae(700 * NM, "parallel"), 0.5),
    "by_domain": (Lamellae(800 * NM, "by_domain", 1500 * NM), 0.5),
    "spheres": (Spheres(400 * NM), 0.6),
    "apart": (Spheres(400 * NM, overlap=False), 0.25),
}
CASES = [(kind, f) for kind in INTERWOVEN for f in (0.35, 0.5, 0.7)] + [
    (k, f) for k, (_, f) in OTHERS.items()
]


def ball(kind: str, fraction: float, seed: int = 3, **more) -> Dispersed:
    """A coarse octant; so small a one may hold an island of the scarcer phase, with this seed none does."""
    morphology = INTERWOVEN[kind] if kind in INTERWOVEN else OTHERS[kind][0]
    return Dispersed(R, fraction, morphology, seed=seed, dimension="3d", mesh_size=COARSE, **more)


@pytest.fixture(scope="module")
def octant() -> Callable[[str, float], TaggedMesh]:
    """Meshes by kind and fraction, each built once."""
    built: dict[tuple[str, float], TaggedMesh] = {}

    def get(kind: str, fraction: float) -> TaggedMesh:
        if (kind, fraction) not in built:
            built[kind, fraction] = build(ball(kind, fraction))
        return built[kind, fraction]

    return get


@pytest.mark.parametrize(("kind", "fraction"), CASES)
def test_an_octant_is_conforming_and_holds_its_fraction(octant, assert_sound, kind, fraction):
    mesh = octant(kind, fraction)
    assert_sound(mesh, 0.1)
    assert mesh.report.quality_p05 > 0.4
    assert (mesh.multiplicity, set(mesh.facet_tags)) == (8, {OUTER, SYM_X, SYM_Y, SYM_Z})
    assert mesh.report.rock_salt_fraction == pytest.approx(fraction, abs=0.005)
    assert sum(mesh.report.region_volumes.values()) == pytest.approx(4 / 3 * np.pi * R**3, rel=1e-10)
    assert signed_measure(mesh.points, mesh.cells).sum() == pytest.approx(np.pi / 6, rel=1e-10)
    assert estimate_cells(ball(kind, fraction)) == pytest.approx(len(mesh.cells), rel=0.3)
    assert not any("2D" in note for note in mesh.report.notes)


@pytest.mark.parametrize(("kind", "fraction"), CASES[:6])
def test_both_phases_run_through_the_ball(octant, kind, fraction):
    share = octant(kind, fraction).report.connected_share
    assert min(share.values()) > 0.97, share


@pytest.mark.parametrize(("kind", "fraction"), CASES)
def test_no_phase_conducts_better_than_any_arrangement_allows(octant, kind, fraction):
    """The upper bound for an insulating second phase, Hashin and Shtrikman (1962), J. Appl. Phys. 33, 3125.

    It holds for bodies much larger than their regions; the potential given at the surface of a small one
    spares the current the last detour, which may lift it by a few percent.
    """
    report = octant(kind, fraction).report
    rock_salt = report.rock_salt_fraction
    for name, share in (("layered", 1 - rock_salt), ("rock_salt", rock_salt)):
        assert 0 < report.diffusivity_ratio[name] < 1.05 * 2 * share / (3 - share)
        assert report.tortuosity[name] == pytest.approx(share / report.diffusivity_ratio[name])
        assert report.tortuosity[name] > 1


@pytest.mark.parametrize(("kind", "fraction"), CASES)
def test_no_speck_is_left(octant, kind, fraction):
    mesh = octant(kind, fraction)
    _, sides, _ = facet_table(mesh.cells)
    assert np.bincount(phase_components(sides, mesh.cell_phase)).min() >= 40


def test_balls_apart_are_islands(octant):
    mesh = octant("apart", 0.25)
    assert mesh.report.islands["layered"] == 0
    assert mesh.report.islands["rock_salt"] > 0
    assert mesh.report.connected_share["rock_salt"] < 0.95
    assert any("islands inside the other phase" in note for note in mesh.report.notes)
    lines = mesh_lines(mesh)
    assert any(line.startswith("rock_salt alone: D_eff/D 0.") and "tortuosity" in line for line in lines)


def test_seeds_differ_and_repeat(octant, tmp_path):
    first, again = octant("domains", 0.5), build(ball("domains", 0.5), tmp_path)
    for name in ("points", "cells", "cell_phase", "facets", "facet_tags"):
        assert np.array_equal(getattr(first, name), getattr(again, name)), name
    assert first.report == again.report
    assert build(ball("domains", 0.5), tmp_path).report == again.report, "the cache loses numbers"
    assert build(ball("domains", 0.5, seed=4)).report.hash != first.report.hash


@pytest.mark.parametrize(
    ("sector", "copies", "tags"),
    [("full", 1, {OUTER}), ("half", 2, {OUTER, SYM_Z}), ("quarter", 4, {OUTER, SYM_X, SYM_Y})],
)
def test_other_sectors(assert_sound, sector, copies, tags):
    size = MeshSize(400 * NM, 400 * NM)
    mesh = build(Dispersed(R, 0.5, RandomField(900 * NM), dimension="3d", sector=sector, mesh_size=size))
    assert_sound(mesh, 0.1)
    assert (mesh.multiplicity, set(mesh.facet_tags)) == (copies, tags)
    assert sum(mesh.report.region_volumes.values()) == pytest.approx(4 / 3 * np.pi * R**3, rel=1e-10)
    assert mesh.report.rock_salt_fraction == pytest.approx(0.5, abs=0.008)


def test_a_skin_closes_the_surface(assert_sound):
    geometry = Dispersed(
        R, 0.5, INTERWOVEN["random_field"], 80 * NM, 2, "3d", mesh_size=MeshSize(None, 250 * NM)
    )
    mesh = build(geometry)
    assert_sound(mesh, 0.05)
    assert mesh.report.rock_salt_fraction == pytest.approx(0.5, abs=0.008)
    facets, sides, counts = facet_table(mesh.cells)
    outer = {tuple(row) for row in mesh.facets[mesh.facet_tags == OUTER].tolist()}
    at = [
        side[0] for row, side, n in zip(facets, sides, counts, strict=True) if n == 1 and tuple(row) in outer
    ]
    assert (mesh.cell_phase[at] == ROCK_SALT).all()
    assert mesh.report.connected_share["layered"] == 0.0
    assert "layered" not in mesh.report.tortuosity
    assert any("skin closes the surface" in note for note in mesh.report.notes)
    assert estimate_cells(geometry) == pytest.approx(len(mesh.cells), rel=0.3)


@pytest.mark.parametrize("length", [300, 400, 600, 1000, 2000])
@pytest.mark.parametrize("fraction", [0.35, 0.5, 0.65])
def test_default_sizes_keep_an_octant_affordable(length, fraction):
    geometry = Dispersed(2500 * NM, fraction, RandomField(length * NM), dimension="3d")
    bulk, interface = geometry.sizes()
    assert interface <= bulk
    # The estimate is good to 30 % and lies above rather than below.
    assert 12_000 < estimate_cells(geometry) < 30_000


def test_coarse_regions_are_named():
    size = MeshSize(400 * NM, 400 * NM)
    mesh = build(Dispersed(R, 0.5, RandomField(600 * NM), dimension="3d", mesh_size=size))
    assert any("1.5 cells wide" in note and "interface: 200 nm" in note for note in mesh.report.notes)


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"morphology": Lamellae(600 * NM, "radial")}, "morphology.orientation", "parallel, by_domain"),
        ({"morphology": Spheres(300 * NM, overlap=False)}, "morphology.overlap", "at most 0.28"),
        ({"skin_thickness": 10 * NM}, "skin_thickness", "20 nm"),
        ({"sector": "third"}, "sector", "octant"),
        ({"mesh_size": MeshSize(700 * NM, 700 * NM)}, "mesh_size.interface", "better a third"),
        ({"morphology": RandomField(10 * NM), "sector": "full"}, "mesh_size", "cells would be needed"),
    ],
)
def test_what_has_no_mesh_is_refused_by_name(change, key, words):
    fields = {
        "morphology": RandomField(600 * NM),
        "skin_thickness": 0.0,
        "sector": None,
        "mesh_size": MeshSize(),
    }
    found = refusals(Dispersed(R, 0.5, dimension="3d", **{**fields, **change}))
    assert [name for name, _ in found] == [key]
    assert words in found[0][1]


def test_the_plane_has_no_octant_but_radial_plates():
    assert [key for key, _ in refusals(Dispersed(R, 0.5, RandomField(600 * NM), sector="octant"))] == [
        "sector"
    ]
    assert refusals(Dispersed(R, 0.5, Lamellae(600 * NM, "radial"))) == []
    assert refusals(Dispersed(R, 0.35, Spheres(300 * NM, overlap=False))) == []


@pytest.mark.parametrize(("dimension", "power"), [("3d", 3), ("plane_strain", 2)])
def test_a_shell_conducts_as_the_closed_form_says(dimension, power):
    """mu = (A r + B / r^(d-1)) cos, no flux at r = a: the Hashin-Shtrikman bound itself."""
    mesh = build(CoreShell(R, 0.4 * R, dimension, mesh_size=MeshSize(0.15 * R, 0.1 * R)))
    ratios = diffusivity_ratio(mesh)
    hole = 0.6**power
    exact = (1 - hole) / (1 + hole / (power - 1))
    assert exact < ratios["rock_salt"] < 1.02 * exact
    assert ratios["layered"] == 0.0
    assert list(tortuosity(mesh, ratios)) == ["rock_salt"]
    whole = build(CoreShell(R, 0.0, dimension, mesh_size=MeshSize(0.3 * R, 0.3 * R)))
    assert diffusivity_ratio(whole) == pytest.approx({"layered": 1.0}, rel=1e-9)


def test_the_interface_of_a_ball_is_smooth_and_has_its_area():
    points, cells = _box(20)
    r = 0.61
    fit = fit_interface(
        points,
        cells,
        np.ones(len(cells), dtype=bool),
        np.zeros(len(points), dtype=np.int64),
        1.0,
        lambda p: np.linalg.norm(p, axis=1) - r,
    )
    volume = signed_measure(fit.points, fit.cells)
    assert volume.min() > 0
    assert volume.sum() == pytest.approx(8.0, rel=1e-12)
    table, sides, counts = facet_table(fit.cells)
    assert counts.max() == 2
    phase = np.where(fit.negative, ROCK_SALT, LAYERED)
    between = (counts == 2) & (phase[sides[:, 0]] != phase[sides[:, 1]])
    corner = fit.points[table[between]]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert 0.5 * np.linalg.norm(normal, axis=1).sum() == pytest.approx(4 * np.pi * r**2, rel=5e-3)


def test_divided_cells_share_their_facets():
    points, cells = _box(3)
    rng = np.random.default_rng(1)
    points[np.abs(points).max(axis=1) < 1] += rng.uniform(-0.1, 0.1, 3)
    above = rng.uniform(size=len(points)) < 0.5
    edges = edges_of(cells)
    edges = edges[above[edges[:, 0]] != above[edges[:, 1]]]
    share = rng.uniform(0.3, 0.7, len(edges))[:, None]
    middle = (1 - share) * points[edges[:, 0]] + share * points[edges[:, 1]]
    every = np.concatenate([points, middle])
    pieces, parent = bisect(every, cells, edges, len(points))
    volume = signed_measure(every, pieces)
    assert volume.min() > 0
    assert np.bincount(parent, weights=volume) == pytest.approx(signed_measure(points, cells), rel=1e-12)
    table, _, counts = facet_table(pieces)
    corner = every[table[counts == 1]]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert counts.max() == 2
    assert 0.5 * np.linalg.norm(normal, axis=1).sum() == pytest.approx(24.0), (
        "facets inside without a neighbour"
    )


def test_a_chord_between_two_points_of_the_surface_is_cut_inside():
    # An octahedron of four cells around its axis: all vertices are on the sphere, the axis is not.
    points = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float)
    cells = oriented(points, np.array([[k, (k + 1) % 4, 4, 5] for k in range(4)]))
    surface = np.ones(6, dtype=np.int64)
    fit = fit_interface(
        points, cells, np.ones(4, dtype=bool), surface, 1.0, lambda p: p[:, 2] + 0.3 * p[:, 0] - 0.05
    )
    volume = signed_measure(fit.points, fit.cells)
    assert volume.min() > 0.01
    assert (np.abs(fit.points - [0, 0, 0.05]).max(axis=1) < 1e-4).any()


def test_the_benchmark_writes_its_page(tmp_path, monkeypatch, capsys):
    patterns = {name: dispersed_3d.PATTERNS[name] for name in dispersed_3d.INTERWOVEN}
    monkeypatch.setattr(dispersed_3d, "PATTERNS", patterns)
    monkeypatch.setattr(dispersed_3d, "build", _refuse_domains_in_space)
    dispersed_3d.main(["--short", "--out", str(tmp_path / "page.md")])
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert page.count("| random field, 600 nm | 0.5 |") == 3
    assert "| domains, 600 nm | 0.5 | refused |" in page
    assert "nan" not in page
    assert "seed 1: " in capsys.readouterr().out


def _refuse_domains_in_space(geometry: Dispersed) -> TaggedMesh:
    if geometry.dimension == "3d" and isinstance(geometry.morphology, Domains):
        raise meshes.MeshError("of no use")
    return build(geometry)


def _box(count: int):
    # Each cube of a grid in six tetrahedra, along the paths from one corner to the opposite one.
    axis = np.linspace(-1, 1, count + 1)
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    steps = np.array([(count + 1) ** 2, count + 1, 1])
    corner = (
        np.stack(np.meshgrid(*[np.arange(count)] * 3, indexing="ij"), axis=-1).reshape(-1, 3) * steps
    ).sum(axis=1)
    paths = [np.cumsum([0, *steps[list(order)]]) for order in permutations(range(3))]
    cells = np.concatenate([corner[:, None] + path for path in paths])
    return points, oriented(points, cells)
