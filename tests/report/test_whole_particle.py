import numpy as np
import pytest

from solver.report.fields import Fields
from solver.report.outlines import outlines
from solver.report.symmetry import mirrored, whole


def quarter(rings: int = 6, sectors: int = 8) -> Fields:
    """A quarter disc of radius 2 with a core, a radial vector and a scalar; cells own their points."""
    r, phi = np.meshgrid(np.linspace(0, 2, rings + 1), np.linspace(0, np.pi / 2, sectors + 1), indexing="ij")
    points = np.column_stack([(r * np.cos(phi)).ravel(), (r * np.sin(phi)).ravel(), 0 * r.ravel()])
    points[np.abs(points) < 1e-15] = 0.0
    cells = []
    for i in range(rings):
        for j in range(sectors):
            a, b = i * (sectors + 1) + j, (i + 1) * (sectors + 1) + j
            cells += [(a, b, b + 1)] if i == 0 else [(a, b, b + 1), (a, b + 1, a + 1)]
    own = points[np.array(cells)].reshape(-1, 3)
    numbers = np.arange(len(own)).reshape(-1, 3)
    middle = own[numbers].mean(axis=1)
    return Fields(
        "generalised_plane_strain",
        own,
        numbers,
        {"occupancy": own[:, 0] + 10 * own[:, 1]},
        {"region": np.where(np.hypot(*middle[:, :2].T) < 1.0, 1, 2), "lithium_flux": middle},
    )


def test_a_quarter_becomes_a_disc_whose_vectors_point_outwards_everywhere():
    part = quarter()
    picture = whole(part)
    assert len(picture.cells) == 4 * len(part.cells)
    assert picture.points[:, :2].min() == pytest.approx(-2.0)
    middle = picture.points[picture.cells].mean(axis=1)
    np.testing.assert_allclose(picture.cell_data["lithium_flux"], middle, atol=1e-14)
    np.testing.assert_allclose(
        picture.point_data["occupancy"], np.abs(picture.points[:, 0]) + 10 * np.abs(picture.points[:, 1])
    )


def test_a_mirror_keeps_the_orientation_of_cells():
    picture = mirrored(quarter(), 0)
    edges = picture.points[picture.cells]
    one, other = edges[:, 1] - edges[:, 0], edges[:, 2] - edges[:, 0]
    assert (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0] > 0).all()


def test_a_full_disc_is_left_alone():
    disc = whole(quarter())
    again = whole(Fields("plane_strain", disc.points, disc.cells, disc.point_data, disc.cell_data))
    assert len(again.cells) == len(disc.cells)


def test_an_axisymmetric_half_is_mirrored_in_its_axis_alone():
    half = mirrored(quarter(), 1)
    picture = whole(Fields("axisymmetric", half.points, half.cells, half.point_data, half.cell_data))
    assert len(picture.cells) == 2 * len(half.cells)


def test_lines_of_the_whole_disc_are_the_outer_and_the_inner_circle():
    sectors = 8
    lines = outlines(whole(quarter(sectors=sectors)))
    assert len(lines.outside) == len(lines.phases) == 4 * sectors
    assert not len(lines.grains)
    np.testing.assert_allclose(np.hypot(lines.outside[..., 0], lines.outside[..., 1]), 2.0)
    np.testing.assert_allclose(np.hypot(lines.phases[..., 0], lines.phases[..., 1]), 1.0)


def test_grain_boundaries_within_a_phase_are_lines_of_their_own():
    part = quarter()
    grain = (part.points[part.cells].mean(axis=1)[:, 0] > part.points[part.cells].mean(axis=1)[:, 1]) * 1
    lines = outlines(
        Fields("cut", part.points, part.cells, {}, {"region": np.ones(len(grain)), "grain": grain})
    )
    assert not len(lines.phases)
    np.testing.assert_allclose(lines.grains[..., 0], lines.grains[..., 1], atol=1e-9)


def test_a_radius_becomes_a_disc_with_fields_and_vectors_turned():
    radii = np.array([0.0, 1.0, 1.0, 2.0])
    fields = Fields(
        "spherical",
        np.column_stack([radii, 0 * radii, 0 * radii]),
        np.array([[0, 1], [2, 3]]),
        {"occupancy": radii**2},
        {"region": np.array([1, 2]), "lithium_flux": np.array([[0.5, 0, 0], [1.5, 0, 0]])},
    )
    picture = whole(fields, sectors=40)
    np.testing.assert_allclose(picture.point_data["occupancy"], (picture.points**2).sum(axis=1), atol=1e-12)
    flux = picture.cell_data["lithium_flux"]
    middle = picture.points[picture.cells].mean(axis=1)
    along = (flux * middle).sum(axis=1) / np.linalg.norm(middle, axis=1) / np.linalg.norm(flux, axis=1)
    assert (along > 0.99).all()
    np.testing.assert_allclose(np.linalg.norm(flux, axis=1), np.where(picture.region == 1, 0.5, 1.5))
    lines = outlines(picture)
    assert len(lines.phases) == len(lines.outside) == 40
