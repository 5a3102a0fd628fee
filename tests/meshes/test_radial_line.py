import numpy as np
import pytest

from meshes import INNER, OUTER, SYM_X, CoreShell, HollowSecondary, MeshSize, RockSaltPlace, build

NM = 1e-9
R = 2500 * NM


def lengths(mesh):
    return np.diff(mesh.points[:, 0])


def test_equal_sizes_give_exactly_one_hundred_uniform_cells(assert_sound):
    mesh = build(CoreShell(R, mesh_size=MeshSize(25 * NM, 25 * NM)))
    assert_sound(mesh, 0.999)
    assert len(mesh.cells) == 100
    assert np.allclose(lengths(mesh), 0.01, rtol=1e-12)
    assert mesh.report.rock_salt_fraction == 0.0


@pytest.mark.parametrize("thickness", [0, 0.3, 2, 20, 100, 1250, 2450, 2499])
def test_defaults_are_graded_and_resolve_every_layer(assert_sound, thickness):
    mesh = build(CoreShell(R, thickness * NM))
    assert_sound(mesh, 1 / 1.3)
    assert 90 <= len(mesh.cells) <= 180
    for phase in np.unique(mesh.cell_phase):
        assert (mesh.cell_phase == phase).sum() >= 3
    # Smallest at the outer surface or at the interface, coarsest in between.
    assert lengths(mesh)[-1] < 0.3 * lengths(mesh).max()


@pytest.mark.parametrize(
    ("bulk", "interface"), [(50, 5), (100, 1), (30, None), (None, 2), (40, 40), (None, 60)]
)
@pytest.mark.parametrize("thickness", [0, 2, 37, 300])
def test_sizes_are_upper_bounds_and_the_growth_is_bounded(assert_sound, bulk, interface, thickness):
    def metres(x):
        return None if x is None else x * NM

    mesh = build(CoreShell(R, thickness * NM, mesh_size=MeshSize(metres(bulk), metres(interface))))
    assert_sound(mesh, 1 / 1.3)
    cell = lengths(mesh) * R / NM
    if bulk is not None:
        assert cell.max() <= bulk * (1 + 1e-9)
    if interface is not None:
        walls = np.flatnonzero(np.diff(mesh.cell_phase))
        for k in [*walls, *(walls + 1), len(cell) - 1]:
            assert cell[k] <= interface * (1 + 1e-9)


def test_hollow_sphere_has_both_walls_and_exact_volumes(assert_sound):
    geometry = HollowSecondary(R, 0.4 * R, rock_salt=RockSaltPlace("surface_shell", 5 * NM))
    mesh = build(geometry)
    assert_sound(mesh, 1 / 1.3)
    assert dict(zip(mesh.facet_tags.tolist(), mesh.points[mesh.facets[:, 0], 0].tolist(), strict=True)) == {
        INNER: pytest.approx(0.4),
        OUTER: 1.0,
    }
    shell = 4 / 3 * np.pi * (R**3 - (R - 5 * NM) ** 3)
    assert mesh.report.region_volumes["rock_salt"] == pytest.approx(shell, rel=1e-9, abs=0)
    assert mesh.report.connected_share == {"layered": 0.0, "rock_salt": 1.0}
    # Fine at the cavity wall too.
    assert lengths(mesh)[0] < 0.3 * lengths(mesh).max()


def test_the_centre_of_a_solid_sphere_is_a_symmetry_point():
    mesh = build(CoreShell(R))
    assert mesh.points[mesh.facets[mesh.facet_tags == SYM_X], 0].item() == 0.0
