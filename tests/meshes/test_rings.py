import math

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
from meshes.simplices import weighted_measure

NM = 1e-9
R = 2500 * NM
COARSE = MeshSize(400 * NM, 150 * NM)


@pytest.mark.parametrize(
    ("dimension", "sector", "copies", "tags"),
    [
        ("axisymmetric", None, 2, {OUTER, SYM_X, SYM_Z}),
        ("axisymmetric", "half", 2, {OUTER, SYM_X, SYM_Z}),
        ("axisymmetric", "full", 1, {OUTER, SYM_X}),
        ("plane_strain", None, 4, {OUTER, SYM_X, SYM_Y}),
        ("generalised_plane_strain", "half", 2, {OUTER, SYM_Y}),
        ("generalised_plane_strain", "full", 1, {OUTER}),
    ],
)
@pytest.mark.parametrize("thickness", [0.0, 200 * NM])
def test_sectors_have_their_walls_and_exact_volumes(assert_sound, dimension, sector, copies, tags, thickness):
    mesh = build(CoreShell(R, thickness, dimension, sector, COARSE))
    assert_sound(mesh, 0.5)
    assert mesh.multiplicity == copies
    assert set(mesh.facet_tags) == tags
    power, whole = (3, 4 / 3 * math.pi) if dimension == "axisymmetric" else (2, math.pi)
    inside = whole * (1 - thickness / R) ** power
    # In radii: volumes in m^3 are smaller than the absolute tolerance that pytest adds.
    assert mesh.report.region_volumes["layered"] / R**power == pytest.approx(inside, rel=1e-10)
    if thickness:
        assert mesh.report.region_volumes["rock_salt"] / R**power == pytest.approx(whole - inside, rel=1e-10)
    # The report repeats what the cells themselves enclose.
    volume = weighted_measure(dimension, mesh.points, mesh.cells).sum() * copies
    assert volume == pytest.approx(whole, rel=1e-10)
    for tag, axis in ((SYM_X, 0), (SYM_Y, 1), (SYM_Z, 1)):
        assert np.abs(mesh.points[mesh.facets[mesh.facet_tags == tag], axis]).max(initial=0.0) < 1e-12


@pytest.mark.parametrize(("dimension", "thickness"), [("axisymmetric", 25 * NM), ("plane_strain", 60 * NM)])
def test_thin_shells_have_three_cells_across(dimension, thickness):
    mesh = build(CoreShell(R, thickness, dimension, mesh_size=MeshSize(300 * NM, 100 * NM)))
    inside = 1 - thickness / R
    points = mesh.points[mesh.cells[mesh.cell_phase == ROCK_SALT]]
    # Count the cells that a radial line meets, by the side on which their corners lie.
    for angle in np.linspace(0.1, 1.4, 7):
        normal = np.array([-math.sin(angle), math.cos(angle)])
        side = points @ normal
        met = ((side > 0).any(axis=1) & (side < 0).any(axis=1)).sum()
        assert met >= 3
    assert np.hypot(*points.reshape(-1, 2).T).min() == pytest.approx(inside, rel=1e-4)


def test_edges_at_walls_respect_the_bound_and_neighbours_grow_slowly():
    mesh = build(CoreShell(R, 300 * NM, "plane_strain", mesh_size=MeshSize(250 * NM, 60 * NM)))
    ends = mesh.points[mesh.facets[mesh.facet_tags == OUTER]]
    assert np.hypot(*(ends[:, 1] - ends[:, 0]).T).max() <= 60 * NM / R * 1.001
    size = np.sqrt(weighted_measure("plane_strain", mesh.points, mesh.cells))
    r = np.hypot(*mesh.points[mesh.cells].mean(axis=1).T)
    assert size[r < 0.3].mean() > 2 * size[r > 0.9].mean()


def test_default_disc_has_a_few_thousand_triangles_and_the_estimate_knows():
    geometry = CoreShell(R, 100 * NM, "generalised_plane_strain")
    mesh = build(geometry)
    assert 3000 <= len(mesh.cells) <= 8000
    assert estimate_cells(geometry) == pytest.approx(len(mesh.cells), rel=0.25)


def test_hollow_body_of_revolution(assert_sound):
    geometry = HollowSecondary(
        R,
        0.5 * R,
        rock_salt=RockSaltPlace("surface_shell", 200 * NM),
        dimension="axisymmetric",
        mesh_size=COARSE,
    )
    mesh = build(geometry)
    assert_sound(mesh, 0.5)
    assert set(mesh.facet_tags) == {OUTER, INNER, SYM_X, SYM_Z}
    total = sum(mesh.report.region_volumes.values()) / R**3
    assert total == pytest.approx(4 / 3 * math.pi * (1 - 0.125), rel=1e-10)
