import math
from dataclasses import replace

import numpy as np
import pytest

from meshes import (
    INNER,
    OUTER,
    ROCK_SALT,
    SYM_X,
    SYM_Y,
    SYM_Z,
    Grains,
    HollowSecondary,
    MeshSize,
    RockSaltPlace,
    TaggedMesh,
    grain_fit,
)
from meshes.crystal_frames import random_frames
from meshes.simplices import components, facet_table, quality, signed_measure
from meshes.solid_grains import ring_counts

NM = 1e-9
R = 2500 * NM


def particle(kind="voronoi", seed=1, cavity=0.35, grain=0.44, shell=0.0, size=None):
    return HollowSecondary(
        R,
        cavity * R,
        grain * R,
        Grains(kind, seed),
        RockSaltPlace("surface_shell", shell * R) if shell else RockSaltPlace(),
        "3d",
        None,
        MeshSize(0.25 * R, 0.25 * R) if size is None else size,
    )


BUILT = {
    "voronoi": particle(),
    "voronoi, thick shell": particle(cavity=0.3, shell=0.3),
    "radial, thin shell": particle("radial", cavity=0.5, shell=0.1),
    "radial, solid": particle("radial", cavity=0.0, grain=0.5),
}


@pytest.fixture(scope="module")
def built() -> dict[str, TaggedMesh]:
    return {name: geometry.build() for name, geometry in BUILT.items()}


@pytest.fixture(params=list(BUILT))
def name(request):
    return request.param


def neighbours(mesh):
    """Facets between two cells, and those cells."""
    facets, sides, counts = facet_table(mesh.cells)
    return facets[counts == 2], sides[counts == 2]


def boundaries(mesh):
    """Middle, unit normal and area of the facets between grains, and the pair of grains of each."""
    facets, sides = neighbours(mesh)
    grains = np.sort(mesh.cell_grain[sides], axis=1)
    facets, grains = facets[grains[:, 0] != grains[:, 1]], grains[grains[:, 0] != grains[:, 1]]
    ends = mesh.points[facets]
    normal = np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0])
    area = np.linalg.norm(normal, axis=1)
    return ends.mean(axis=1), normal / area[:, None], area, grains


def test_meshes_are_sound(built, name, assert_sound):
    mesh, geometry = built[name], BUILT[name]
    assert_sound(mesh, 0.1)
    assert set(mesh.facet_tags) == ({OUTER, INNER} if geometry.cavity_radius else {OUTER})
    assert mesh.multiplicity == 1
    assert geometry.refusals() == []
    assert geometry.estimate_cells() == pytest.approx(len(mesh.cells), rel=0.3)


def test_every_grain_is_there_and_in_one_piece(built, name):
    mesh, geometry = built[name], BUILT[name]
    radii = [geometry.cavity_radius / R, 1.0]
    expected = sum(ring_counts(geometry.grains.kind, geometry.grain_size / R, radii))
    assert 20 <= len(mesh.frames) <= 80
    assert len(mesh.frames) == pytest.approx(expected, rel=0.1)
    assert set(mesh.cell_grain) == set(range(len(mesh.frames)))
    _, sides = neighbours(mesh)
    same = mesh.cell_grain[sides[:, 0]] == mesh.cell_grain[sides[:, 1]]
    pieces = components(sides[same, 0], sides[same, 1], len(mesh.cells))
    assert len(set(pieces)) == len(mesh.frames)
    volume = np.bincount(mesh.cell_grain, weights=signed_measure(mesh.points, mesh.cells))
    assert volume.max() < 5 * volume.min()
    assert f"{len(mesh.frames)} grains" in mesh.report.notes[0]


def test_volumes_are_those_of_the_spheres(built, name):
    mesh, geometry = built[name], BUILT[name]
    inner, thickness = geometry.cavity_radius, geometry.rock_salt.thickness
    layered = 4 / 3 * math.pi * ((R - thickness) ** 3 - inner**3)
    salt = 4 / 3 * math.pi * (R**3 - (R - thickness) ** 3)
    assert mesh.report.region_volumes["layered"] == pytest.approx(layered, rel=1e-3, abs=0)
    assert mesh.report.region_volumes.get("rock_salt", 0.0) == pytest.approx(salt, rel=1e-3, abs=0)
    assert mesh.report.nominal_volumes["layered"] == pytest.approx(layered, rel=1e-12, abs=0)


@pytest.mark.parametrize("kind", ["radial, thin shell", "radial, solid"])
def test_radial_boundaries_and_c_axes(built, kind):
    mesh = built[kind]
    c = mesh.frames[:, :, 2]
    volume = signed_measure(mesh.points, mesh.cells)
    middle = mesh.points[mesh.cells].mean(axis=1)
    centre = np.stack([np.bincount(mesh.cell_grain, weights=volume * x) for x in middle.T], axis=1)
    centre /= np.bincount(mesh.cell_grain, weights=volume)[:, None]
    r = np.linalg.norm(centre, axis=1)
    assert (r < 0.1).sum() == (1 if kind == "radial, solid" else 0)
    away = r > 0.1
    tilt = np.abs((centre * c).sum(axis=1))[away] / r[away]
    assert tilt.max() < 0.12, "c does not lie in the tangent plane"
    # Turned at random in it: c is no function of the place.
    pole = np.cross(centre[away], [0.0, 0.0, 1.0])
    pole /= np.linalg.norm(pole, axis=1)[:, None]
    along = ((pole * c[away]).sum(axis=1) ** 2).mean()
    assert 0.3 < along < 0.7
    # Boundaries are spheres or planes through the centre: their normals lie along or across the radius.
    at, normal, area, _ = boundaries(mesh)
    share = np.abs((normal * at).sum(axis=1)) / np.linalg.norm(at, axis=1)
    off = np.degrees(np.minimum(np.arcsin(share), np.arccos(np.minimum(share, 1.0))))
    assert (off * area).sum() / area.sum() < 12


def test_boundaries_of_voronoi_grains_are_nearly_flat(built):
    _, normal, area, grains = boundaries(built["voronoi"])
    _, pair = np.unique(grains, axis=0, return_inverse=True)
    pair = pair.ravel()
    # The main direction of each boundary, from the second moment of its normals.
    moment = np.zeros((pair.max() + 1, 3, 3))
    np.add.at(moment, pair, area[:, None, None] * normal[:, :, None] * normal[:, None, :])
    main = np.linalg.eigh(moment)[1][:, :, 2]
    off = np.degrees(np.arccos(np.minimum(np.abs((main[pair] * normal).sum(axis=1)), 1.0)))
    assert (off * area).sum() / area.sum() < 15


def test_boundaries_give_way_before_cells_are_flattened(monkeypatch):
    monkeypatch.setattr(grain_fit, "PULL", 1e6)
    worst = []
    settled = grain_fit._settled

    def watched(points, cells, walls, pulls, pull):
        moved = settled(points, cells, walls, pulls, pull)
        worst.append(quality(moved, cells).min())
        return moved

    monkeypatch.setattr(grain_fit, "_settled", watched)
    mesh = particle(grain=0.6, size=MeshSize(0.3 * R, 0.3 * R)).build()
    assert min(worst) < grain_fit.FLOOR, "nothing had to give way"
    assert mesh.report.quality_min > 0.09


@pytest.mark.parametrize("kind", ["radial, thin shell", "voronoi, thick shell"])
def test_a_shell_is_carved_from_the_grains(built, kind):
    mesh, geometry = built[kind], BUILT[kind]
    salt = mesh.cell_phase == ROCK_SALT
    inside = 1 - geometry.rock_salt.thickness / R
    r = np.linalg.norm(mesh.points[mesh.cells], axis=2)
    assert r[salt].min() > 0.98 * inside
    assert r[~salt].max() < 1.03 * inside
    _, sides = neighbours(mesh)
    across = salt[sides[:, 0]] != salt[sides[:, 1]]
    kept = mesh.cell_grain[sides[across, 0]] == mesh.cell_grain[sides[across, 1]]
    assert kept.all() if kind == "radial, thin shell" else kept.mean() > 0.6
    assert len(set(mesh.cell_grain[salt])) > 12


def test_a_thin_shell_has_three_cells_across(built):
    mesh = built["radial, thin shell"]
    inside = 1 - BUILT["radial, thin shell"].rock_salt.thickness / R
    used = np.unique(mesh.cells[mesh.cell_phase == ROCK_SALT])
    height = (np.linalg.norm(mesh.points[used], axis=1) - inside) / (1 - inside)
    # Facets are flat and pushed out a little to hold the volume of their spheres.
    level = np.rint(3 * (height - height.min()) / np.ptp(height))
    assert np.bincount(level.astype(int)).tolist() == [len(used) // 4] * 4


def test_a_shell_that_holds_whole_rings_keeps_their_grains():
    geometry = particle("radial", cavity=0.0, grain=1.0, shell=0.3, size=MeshSize(0.4 * R, 0.4 * R))
    mesh = geometry.build()
    assert len(mesh.frames) == sum(ring_counts("radial", 1.0, [0.0, 0.7, 1.0])) == 10
    assert len(set(mesh.cell_grain[mesh.cell_phase == ROCK_SALT])) == 9


def test_seeds_differ_and_repeat(built):
    again = particle().build()
    other = particle(seed=2).build()
    assert again.report.hash == built["voronoi"].report.hash
    assert other.report.hash != again.report.hash
    assert not np.allclose(other.frames[0], again.frames[0])


def test_frames_at_random_favour_no_direction():
    frames = random_frames(4000, np.random.default_rng(3))
    assert np.allclose(frames @ frames.transpose(0, 2, 1), np.eye(3), atol=1e-12)
    assert np.allclose(np.linalg.det(frames), 1.0)
    assert np.abs(frames.mean(axis=0)).max() < 0.04
    # The mean of c c^T is I/3, and that of the trace of a random rotation is zero, its square's one.
    c = frames[:, :, 2]
    assert np.allclose(c.T @ c / len(c), np.eye(3) / 3, atol=0.03)
    assert (np.trace(frames, axis1=1, axis2=2) ** 2).mean() == pytest.approx(1.0, abs=0.08)


def test_the_default_size_of_a_hundred_grains():
    for kind in ("voronoi", "radial"):
        assert 12_000 < particle(kind, grain=0.34, size=MeshSize()).estimate_cells() < 30_000


@pytest.mark.parametrize(
    ("geometry", "key", "says"),
    [
        (particle(grain=0.2), "grain_size", "501 grains; at most 300"),
        (particle("radial", grain=0.15), "grain_size", "at most 300"),
        (particle(size=MeshSize(0.4 * R)), "mesh_size.bulk", "must not exceed the grain size/1.5"),
        (particle(size=MeshSize(None, 0.4 * R)), "mesh_size.interface", "must not exceed"),
    ],
)
def test_too_many_grains_or_too_large_cells_are_refused(geometry, key, says):
    ((found, reason),) = geometry.refusals()
    assert found == key
    assert says in reason


def test_a_hollow_body_without_grains_goes_by_octants(assert_sound):
    geometry = replace(particle(shell=0.1, size=MeshSize(0.25 * R, 0.1 * R)), grains=None, grain_size=None)
    assert geometry.refusals() == []
    mesh = geometry.build()
    assert_sound(mesh, 0.05)
    assert mesh.multiplicity == 8
    assert mesh.frames is None
    assert set(mesh.facet_tags) == {OUTER, INNER, SYM_X, SYM_Y, SYM_Z}
    assert geometry.estimate_cells() == pytest.approx(len(mesh.cells), rel=0.3)
    layered = 4 / 3 * math.pi * R**3 * (0.9**3 - 0.35**3)
    assert mesh.report.region_volumes["layered"] == pytest.approx(layered, rel=1e-3, abs=0)


def test_what_else_is_refused_in_space():
    for sector in ("half", "quarter", "octant"):
        ((key, reason),) = replace(particle(), sector=sector).refusals()
        assert (key, "cut the grains" in reason) == ("sector", True)
    layer = replace(particle(), rock_salt=RockSaltPlace("grain_boundary_layer", 50 * NM))
    ((key, reason),) = layer.refusals()
    assert key == "rock_salt.place"
    assert "'grain_boundary_layer'" in reason
    assert "too many cells" in reason
    assert replace(particle(), grains=None, grain_size=None).default_sector == "octant"
    assert particle().default_sector == "full"
