import numpy as np
import pytest

from meshes import (
    INNER,
    LAYERED,
    OUTER,
    ROCK_SALT,
    Grains,
    HollowSecondary,
    MeshSize,
    RockSaltPlace,
    build,
)
from meshes.simplices import signed_measure

NM = 1e-9
R = 2500 * NM


def particle(kind="radial", seed=1, place="none", thickness=0.0, cavity=0.35, grain=0.3, size=None):
    return HollowSecondary(
        R,
        cavity * R,
        grain * R,
        Grains(kind, seed),
        RockSaltPlace(place, thickness),
        "generalised_plane_strain",
        None,
        size or MeshSize(250 * NM, 150 * NM),
    )


@pytest.mark.parametrize("kind", ["radial", "voronoi"])
def test_five_seeds_of_grains(assert_sound, kind):
    hashes = set()
    for seed in range(1, 6):
        mesh = build(particle(kind, seed))
        assert_sound(mesh, 0.2)
        assert set(mesh.facet_tags) == {OUTER, INNER}
        assert set(mesh.cell_phase) == {LAYERED}
        assert mesh.report.region_volumes["layered"] == pytest.approx(
            np.pi * R**2 * (1 - 0.35**2), rel=1e-10, abs=0
        )
        assert set(mesh.cell_grain) == set(range(len(mesh.frames)))
        hashes.add(mesh.report.hash)
    assert len(hashes) == 5
    assert build(particle(kind, 5)).report.hash in hashes


@pytest.mark.parametrize("kind", ["radial", "voronoi"])
def test_c_axes_lie_in_the_plane(kind):
    mesh = build(particle(kind))
    c, a = mesh.frames[:, :, 2], mesh.frames[:, :, 0]
    assert np.abs(c[:, 2]).max() < 1e-14
    assert np.allclose(np.abs(a[:, 2]), 1.0)
    area = signed_measure(mesh.points, mesh.cells)
    if kind == "voronoi":
        # Grains of similar area, crystals at random.
        share = np.bincount(mesh.cell_grain, weights=area)
        assert share.max() < 3 * share.min()
        assert len(share) == pytest.approx(np.pi * (1 - 0.35**2) / 0.3**2, rel=0.05)
        return
    centre = np.stack(
        [np.bincount(mesh.cell_grain, weights=area * x) for x in mesh.points[mesh.cells].mean(axis=1).T],
        axis=1,
    )
    centre /= np.linalg.norm(centre, axis=1)[:, None]
    assert np.abs((centre * c[:, :2]).sum(axis=1)).max() < 0.05, "c is not tangential"


@pytest.mark.parametrize("kind", ["radial", "voronoi"])
def test_surface_shell_is_carved_from_the_grains(assert_sound, kind):
    mesh = build(particle(kind, 2, "surface_shell", 150 * NM))
    assert_sound(mesh, 0.2)
    expected = np.pi * (R**2 - (R - 150 * NM) ** 2)
    assert mesh.report.region_volumes["rock_salt"] == pytest.approx(expected, rel=1e-10, abs=0)
    shell = mesh.cell_phase == ROCK_SALT
    # Every grain of the shell goes on below it with the same frame.
    assert set(mesh.cell_grain[shell]) <= set(mesh.cell_grain[~shell])
    assert len(set(mesh.cell_grain[shell])) > 10


@pytest.mark.parametrize("kind", ["radial", "voronoi"])
@pytest.mark.parametrize("cavity", [0.0, 0.35])
def test_grain_boundary_layer(assert_sound, kind, cavity):
    thickness = 150 * NM
    mesh = build(particle(kind, 1, "grain_boundary_layer", thickness, cavity, 0.5))
    assert_sound(mesh, 0.2)
    salt = mesh.cell_phase == ROCK_SALT
    assert set(mesh.cell_grain[salt]) == set(mesh.cell_grain[~salt])
    # Two layered grains never touch: the layer between them is closed.
    ends = np.sort(
        np.concatenate([mesh.cells[:, [0, 1]], mesh.cells[:, [1, 2]], mesh.cells[:, [0, 2]]]), axis=1
    )
    owner = np.tile(np.arange(len(mesh.cells)), 3)
    order = np.lexsort(ends.T)
    same = (ends[order][1:] == ends[order][:-1]).all(axis=1)
    left, right = owner[order][:-1][same], owner[order][1:][same]
    between = mesh.cell_grain[left] != mesh.cell_grain[right]
    assert salt[left[between]].all()
    assert salt[right[between]].all()
    # As wide as asked: the boundary's length times the thickness, less what overlaps at triple points.
    edge = ends[order][:-1][same][between]
    length = np.hypot(*(mesh.points[edge[:, 0]] - mesh.points[edge[:, 1]]).T).sum()
    area = signed_measure(mesh.points, mesh.cells)[salt].sum()
    assert 0.85 * length * thickness / R < area < 1.02 * length * thickness / R
    assert mesh.report.connected_share["rock_salt"] == pytest.approx(1.0)


def test_a_thin_layer_has_cells_enough_across_it():
    thickness = 60 * NM
    mesh = build(particle("radial", 1, "grain_boundary_layer", thickness, 0.7, 0.9))
    salt = mesh.cell_phase == ROCK_SALT
    corners = mesh.points[mesh.cells[salt]]
    # A circle between the walls crosses each radial layer; it must meet at least three cells in each.
    r = np.hypot(corners[..., 0], corners[..., 1])
    met = (r.min(axis=1) < 0.85) & (r.max(axis=1) > 0.85)
    layers = len(set(mesh.cell_grain.tolist()))
    assert met.sum() >= 3 * layers
