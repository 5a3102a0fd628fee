import math
from itertools import pairwise

import numpy as np
import pytest

from meshes import (
    INNER,
    OUTER,
    ROCK_SALT,
    SYM_X,
    SYM_Y,
    SYM_Z,
    CoreShell,
    HollowSecondary,
    MeshSize,
    RockSaltPlace,
    build,
    estimate_cells,
)
from meshes.concentric_spheres import mesh_spheres
from meshes.sector import SPACE_SECTORS
from meshes.simplices import facet_table, signed_measure
from meshes.stretched_layers import stack_layers

NM = 1e-9
R = 2500 * NM
COARSE = MeshSize(500 * NM, 250 * NM)
WALLS = {
    "full": set(),
    "half": {SYM_Z},
    "quarter": {SYM_X, SYM_Y},
    "octant": {SYM_X, SYM_Y, SYM_Z},
}


def areas(mesh, tag):
    corners = mesh.points[mesh.facets[mesh.facet_tags == tag]]
    return 0.5 * np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )


@pytest.fixture(scope="module")
def coarse():
    return {name: build(CoreShell(R, 200 * NM, "3d", name, COARSE)) for name in WALLS}


@pytest.fixture(scope="module")
def thin():
    return build(CoreShell(R, 20 * NM, "3d"))


@pytest.mark.parametrize("name", WALLS)
def test_sectors_of_a_ball_have_their_walls_and_exact_volumes(assert_sound, coarse, name):
    mesh = coarse[name]
    assert_sound(mesh, 0.1)
    copies = 2 ** len(WALLS[name])
    assert mesh.multiplicity == copies
    assert set(mesh.facet_tags) == {OUTER} | WALLS[name]
    assert mesh.points[:, [tag - SYM_X for tag in WALLS[name]]].min(initial=0.0) == 0.0
    for tag in WALLS[name]:
        assert (mesh.points[mesh.facets[mesh.facet_tags == tag], tag - SYM_X] == 0).all()
        # The first plane halves a disc that the other planes halve again.
        assert areas(mesh, tag).sum() == pytest.approx(2 * math.pi / copies, rel=0.02)
    assert areas(mesh, OUTER).sum() == pytest.approx(4 * math.pi / copies, rel=0.02)
    ball, core = 4 / 3 * math.pi, 4 / 3 * math.pi * (1 - 200 * NM / R) ** 3
    assert mesh.report.region_volumes["layered"] / R**3 == pytest.approx(core, rel=1e-10)
    assert mesh.report.region_volumes["rock_salt"] / R**3 == pytest.approx(ball - core, rel=1e-10)
    assert signed_measure(mesh.points, mesh.cells).sum() * copies == pytest.approx(ball, rel=1e-10)


def test_sectors_agree_with_the_whole_ball(coarse):
    def moment(mesh):
        middle = mesh.points[mesh.cells].mean(axis=1)
        volumes = signed_measure(mesh.points, mesh.cells) * (mesh.cell_phase == ROCK_SALT)
        return mesh.multiplicity * (volumes @ middle**2)

    whole = moment(coarse["full"])
    assert whole == pytest.approx(np.full(3, whole.mean()), rel=0.01)
    for name, mesh in coarse.items():
        assert moment(mesh) == pytest.approx(whole, rel=0.01), name
    counts = {name: mesh.multiplicity * len(mesh.cells) for name, mesh in coarse.items()}
    assert max(counts.values()) < 1.4 * min(counts.values())


def test_default_is_the_octant_and_equal_geometries_give_equal_meshes(coarse):
    again = build(CoreShell(R, 200 * NM, "3d", mesh_size=COARSE))
    assert again.report.hash == coarse["octant"].report.hash


@pytest.mark.parametrize(
    "geometry",
    [
        CoreShell(R, 0.0, "3d"),
        CoreShell(R, 100 * NM, "3d"),
        HollowSecondary(R, R / 3, dimension="3d"),
        HollowSecondary(R, R / 3, rock_salt=RockSaltPlace("surface_shell", 150 * NM), dimension="3d"),
    ],
)
def test_defaults_have_12000_to_25000_cells_and_the_estimate_knows(geometry):
    mesh = build(geometry)
    assert 12_000 <= len(mesh.cells) <= 25_000
    assert estimate_cells(geometry) == pytest.approx(len(mesh.cells), rel=0.3)
    assert mesh.report.quality_min > 0.25


def test_a_shell_of_20_nm_stays_small(assert_sound, thin):
    assert_sound(thin, 0.1)
    assert len(thin.cells) < 40_000
    assert estimate_cells(CoreShell(R, 20 * NM, "3d")) == pytest.approx(len(thin.cells), rel=0.3)
    shell = 4 / 3 * math.pi * (1 - (1 - 20 * NM / R) ** 3)
    assert thin.report.region_volumes["rock_salt"] / R**3 == pytest.approx(shell, rel=1e-9)


def test_layers_follow_the_spheres(thin):
    # Every ray crosses the shell in three layers, and layers grow by 1.3 at most on the way in.
    r = np.linalg.norm(thin.points, axis=1)
    outer = np.unique(thin.facets[thin.facet_tags == OUTER])
    direction = thin.points[outer] / r[outer][:, None]
    along = thin.points / np.maximum(r, 1e-12)[:, None]
    for ray in direction[:: len(direction) // 7]:
        levels = np.sort(r[np.linalg.norm(along - ray, axis=1) < 1e-9])[::-1]
        steps = -np.diff(levels[levels > 0.8])
        assert steps[:3].sum() == pytest.approx(20 * NM / R, rel=0.01)
        assert len(steps) > 10
        assert (steps[4:] / steps[3:-1]).max() < 1.31
    assert np.sqrt(areas(thin, OUTER).max() * 4 / math.sqrt(3)) < 1.3 * 30 * 20 * NM / 3 / R


def test_interface_bounds_cells_across_spheres_and_not_along_them():
    size = MeshSize(500 * NM, 25 * NM)
    mesh = build(CoreShell(R, 0.0, "3d", mesh_size=size))
    r = np.linalg.norm(mesh.points, axis=1)[mesh.cells]
    at_surface = r.max(axis=1) > 0.9999 * r.max()
    assert np.ptp(r[at_surface], axis=1).max() < 25 * NM / R * 1.02
    widest = np.sqrt(areas(mesh, OUTER).max() * 4 / math.sqrt(3)) * R
    assert 5 * 25 * NM < widest < 1.25 * 15 * 25 * NM


@pytest.mark.parametrize(
    ("cavity", "shell", "ends"),
    [
        (0.9, 0.0, [(0.9, 1.0)]),
        (0.3, 0.1, [(0.3, None), (None, 1.0)]),
        (0.0, 0.7, [(None, None), (None, 1.0)]),
        (0.2, 0.5, [(0.2, None), (None, None), (None, 1.0)]),
    ],
)
def test_thick_gaps_are_regular_and_thin_ones_layered(assert_sound, cavity, shell, ends):
    radii = [cavity, 1.0] if shell == 0 else [cavity, 1 - shell, 1.0]
    stacks = stack_layers(radii, 0.04, 0.1)
    assert len(stacks) == len(ends)
    for stack, (first, last) in zip(stacks, ends, strict=True):
        assert len(stack.rings) == len(stack.levels) - 1
        assert all(a < b for a, b in pairwise(stack.levels))
        assert first is None or stack.levels[0] == first
        assert last is None or stack.levels[-1] == last
    place = RockSaltPlace("surface_shell", shell * R) if shell else RockSaltPlace()
    mesh = build(
        HollowSecondary(R, cavity * R, rock_salt=place, dimension="3d", mesh_size=MeshSize(0.1 * R, 0.04 * R))
    )
    assert_sound(mesh, 0.15)
    assert set(mesh.facet_tags) == {OUTER, SYM_X, SYM_Y, SYM_Z} | ({INNER} if cavity else set())
    for name, nominal in mesh.report.nominal_volumes.items():
        assert mesh.report.region_volumes[name] / nominal == pytest.approx(1, rel=1e-10)


def test_a_size_function_refines_where_it_asks():
    def size(x, y, z):
        return 0.05 + 0.3 * math.hypot(x - 1, y, z)

    points, cells, shell = mesh_spheres([0.0, 0.7, 1.0], 0.15, 0.2, SPACE_SECTORS["octant"], size)
    assert signed_measure(points, cells).min() > 0
    assert set(shell) == {0, 1}
    middle = points[cells].mean(axis=1)
    assert np.linalg.norm(middle[shell == 0], axis=1).max() < 0.7
    length = np.cbrt(signed_measure(points, cells) * 6 * math.sqrt(2))
    near = np.linalg.norm(middle - [1, 0, 0], axis=1) < 0.2
    assert length[near].mean() < 0.5 * length[np.linalg.norm(middle, axis=1) < 0.4].mean()


def test_facets_of_large_vertex_numbers_are_told_apart():
    # Three numbers beyond 2^21 do not fit into one of 63 bits.
    cells = np.array([[0, 1, 2, 3], [1, 2, 3, 4]])
    small, sides, counts = facet_table(cells)
    number = np.array([5, 1 << 20, (1 << 21) + 1, (1 << 22) + 3, 1 << 23])
    large, far_sides, far_counts = facet_table(number[cells])
    assert np.array_equal(large, number[small])
    assert np.array_equal(far_sides, sides)
    assert np.array_equal(far_counts, counts)
