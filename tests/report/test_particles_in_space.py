"""Slices, surfaces and pictures of 3D runs, on a coarse eighth of a ball with a core."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread

from meshes import CoreShell, MeshSize, build
from solver.report.compare import compare
from solver.report.faces import at_corners, between_phases, cell_edges, faces_of
from solver.report.fields import Fields, measures
from solver.report.mesh_figure import mesh_figure
from solver.report.moments import step_ends
from solver.report.outlines import Particle, outlines
from solver.report.page import report
from solver.report.scene import PHASE_COLOURS
from solver.report.slices import whole_slice, with_flux_at_corners
from solver.report.solid import Solid, coloured_grains, normals
from solver.report.solid_scene import PHASES, Paint, draw_cut_open, project
from solver.report.streamlines import stream_panel
from solver.report.symmetry import whole
from solver.results import read_run

R, CORE = 2.5e-6, 0.8


@pytest.fixture(scope="module")
def run(tmp_path_factory, synthetic_run):
    return read_run(synthetic_run(tmp_path_factory.mktemp("runs") / "ball", "3d", name="ball"))


@pytest.fixture(scope="module")
def octant(run) -> Fields:
    """The eighth at the end of the charge, with a linear field and a vector that grows from the centre."""
    fields = step_ends(run)[-1].fields
    x, y, z = fields.points.T
    middle = fields.points[fields.cells].mean(axis=1)
    return replace(
        fields,
        point_data={**fields.point_data, "linear": 2.0 * x + 3.0 * y - z + R},
        cell_data={**fields.cell_data, "lithium_flux": middle},
    )


@pytest.fixture(scope="module")
def solid(octant) -> Solid:
    return Solid.of(octant)


def test_an_eighth_becomes_a_ball_with_vectors_and_shears_of_the_right_signs(octant):
    shear = octant.points[:, 1] * octant.points[:, 2]  # the 23 component of a stress that is even in x alone
    stress = np.column_stack([*[np.ones(len(shear))] * 3, shear, 0 * shear, 0 * shear])
    ball = whole(replace(octant, point_data={**octant.point_data, "stress": stress}))
    assert ball.volume == pytest.approx(8.0 * octant.volume)
    corners = ball.points[ball.cells]
    assert (np.linalg.det(corners[:, 1:] - corners[:, :1]) > 0).all()
    np.testing.assert_allclose(ball.point_data["displacement"], 0.01 * ball.points, atol=1e-20)
    np.testing.assert_allclose(ball.cell_data["lithium_flux"], corners.mean(axis=1), atol=1e-18)
    np.testing.assert_allclose(ball.point_data["stress"][:, 3], ball.points[:, 1] * ball.points[:, 2])
    assert len(whole(ball).cells) == len(ball.cells)


@pytest.mark.parametrize(("axis", "height"), [(2, 0.0), (0, 0.37), (1, -0.37), (2, 0.4)])
def test_a_slice_is_exact_whole_and_without_slivers(octant, axis, height):
    picture = whole_slice(octant, axis, height * R)
    right, up = {0: (1, 2), 1: (0, 2), 2: (0, 1)}[axis]
    factors = np.array([2.0, 3.0, -1.0])
    u, v = np.abs(picture.points[:, :2]).T
    expected = factors[right] * u + factors[up] * v + factors[axis] * abs(height) * R + R
    np.testing.assert_allclose(picture.point_data["linear"], expected, rtol=1e-12)
    areas = measures("plane_strain", picture.points, picture.cells)
    circle = np.pi * R**2 * (1.0 - height**2)
    assert 0.85 * circle < areas.sum() < circle
    assert areas.min() > 1e-9 * circle
    # Whole: the pieces meet edge to edge, so only one closed line is left outside, of the circle's length.
    rim = np.linalg.norm(np.diff(outlines(picture).outside, axis=1), axis=-1).sum()
    assert rim == pytest.approx(2.0 * np.sqrt(np.pi * circle), rel=0.05)
    np.testing.assert_allclose(
        picture.point_data["displacement"][:, :2], 0.01 * picture.points[:, :2], atol=1e-18
    )


def test_slices_keep_the_jump_at_the_phase_boundary(octant):
    picture = whole_slice(octant, 2, 0.3 * R)
    here = np.repeat(picture.region, 3)
    for region in (1, 2):
        stress = picture.point_data["hydrostatic_stress"][picture.cells.ravel()[here == region]]
        assert np.ptp(stress) < 1.0
    assert len(outlines(picture).phases)


def test_a_slice_in_a_plane_of_the_mesh_shows_the_mesh_alone(octant):
    shaken = octant.points + 1e-12 * R * np.sin(1e9 * octant.points[:, ::-1])  # as round-off would
    picture = whole_slice(replace(octant, points=shaken))
    # 5 x 5 squares of two triangles in each of four quarters.
    assert len(picture.cells) == 4 * 5 * 5 * 2
    assert len(cell_edges(picture)) == len(faces_of(picture).corners)


def test_edges_of_a_sliced_mesh_do_not_cross_its_cells(octant):
    picture = whole_slice(octant, 2, 0.33 * R)
    assert len(cell_edges(picture)) < len(faces_of(picture).corners)


def test_the_skin_is_the_sphere_and_the_interface_the_core_s(solid):
    radii = np.linalg.norm(solid.skin.points, axis=1)
    np.testing.assert_allclose(radii, R, rtol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(solid.interface.points, axis=1), CORE * R, rtol=1e-9)
    assert (solid.skin.region == 2).all()
    assert (solid.interface.region == 2).all()
    outward = (normals(solid.skin) * solid.skin.points).sum(axis=1) / R
    assert outward.min() > 0.97
    # The rock salt's own side of the boundary looks inwards.
    inward = (normals(solid.interface) * solid.interface.points).sum(axis=1) / (CORE * R)
    assert inward.max() < -0.97
    edges = solid.edges()
    assert np.linalg.norm(edges[:, 1] - edges[:, 0], axis=1).sum() == pytest.approx(3.0 * R)


def test_flux_at_corners_is_a_mean_within_the_phase(octant):
    uniform = np.where(octant.region == 1, 1.0, 5.0)[:, None] * np.ones(3)
    fields = replace(octant, cell_data={**octant.cell_data, "lithium_flux": uniform})
    mean = at_corners(fields, "lithium_flux", measures("3d", fields.points, fields.cells))
    np.testing.assert_allclose(mean[fields.cells], np.repeat(uniform[:, None], 4, axis=1))


def test_neighbouring_grains_differ_in_colour(octant):
    middle = octant.points[octant.cells].mean(axis=1)
    grain = (middle // (0.4 * R)).astype(int) @ (1, 3, 9)
    fields = coloured_grains(replace(octant, cell_data={**octant.cell_data, "grain": grain}))
    shade = fields.cell_data["grain_colour"]
    assert (shade[octant.region == 2] == 0).all()
    faces = faces_of(fields)
    same = faces.where((faces.other >= 0) & (octant.region[faces.owner] == 1))
    same = same.where(octant.region[same.other] == 1)
    other = grain[same.owner] != grain[same.other]
    assert other.any()
    assert (shade[same.owner][other] != shade[same.other][other]).all()
    assert len(between_phases(fields, faces).corners)


def colour_at(raster, place) -> np.ndarray:
    """Colour of a drawn scene at a place in space [m], 0 to 1."""
    left, right, bottom, top = raster.extent
    u, v = project(np.asarray(place, dtype=float))
    rows, columns = raster.image.shape[:2]
    row, column = (top - v) / (top - bottom) * rows, (u - left) / (right - left) * columns
    return raster.image[int(row), int(column)] / 255.0


def test_the_cut_shows_the_inside_in_the_colours_of_the_scale(solid):
    raster = draw_cut_open(solid, PHASES, pixels=300)
    core, shell = (np.array(to_rgb(colour)) for colour in PHASE_COLOURS)
    for normal in range(3):
        place = np.full(3, 0.4 * R)
        place[normal] = 0.0
        np.testing.assert_allclose(colour_at(raster, place), core, atol=0.02)
        np.testing.assert_allclose(colour_at(raster, place * 0.9 / 0.8 * 1.4), shell, atol=0.02)
    assert (raster.image[0, 0] == 255).all()
    stress = Paint("hydrostatic_stress", (-2e9, 2e9), "RdBu_r")
    raster = draw_cut_open(solid, stress, pixels=300)
    expected = colormaps["RdBu_r"](0.5 - 0.6e9 / 4e9)[:3]
    np.testing.assert_allclose(colour_at(raster, (0.4 * R, 0.4 * R, 0.0)), expected, atol=0.02)


def paths(particle: Particle, limits: tuple[float, float]) -> np.ndarray:
    """Straight pieces of the lines that are drawn, shape (k, 2, 2) [m]."""
    axes = Figure().subplots()
    stream_panel(axes, particle, limits)
    lines = [part for part in axes.collections if part.get_cmap().name.endswith("_dark")]
    return np.concatenate([np.asarray(part.get_segments()) for part in lines])


def test_paths_of_lithium_run_outwards_and_end_where_nothing_flows(octant):
    still = np.where(octant.region == 1, 1.0, 0.0)[:, None] * octant.cell_data["lithium_flux"]
    fields = replace(octant, cell_data={**octant.cell_data, "lithium_flux": still})
    particle = Particle.of(whole_slice(with_flux_at_corners(fields)))
    # The flux is about the distance from the centre: below 0.4 R it is off the scale.
    beyond = paths(particle, (0.4 * R, R))
    assert np.linalg.norm(beyond, axis=2).min() > 0.3 * R
    pieces = paths(particle, (1e-8, 1e-5))
    assert len(pieces) > 100
    assert np.linalg.norm(pieces, axis=2).max() < 1.02 * CORE * R
    middle, along = pieces.mean(axis=1), pieces[:, 1] - pieces[:, 0]
    far = (np.linalg.norm(middle, axis=1) > 0.2 * R) & (np.linalg.norm(along, axis=1) > 0.0)
    cosine = (middle * along).sum(axis=1)[far] / np.linalg.norm(middle[far], axis=1)
    assert (cosine / np.linalg.norm(along[far], axis=1) > 0.9).all()


def test_a_report_of_a_3d_run_holds_every_figure_it_names(run, tmp_path):
    page = report(run, out=tmp_path / "report")
    names = sorted(file.name for file in page.parent.glob("*.png"))
    assert names == [
        "curves.png", "fields_equilibrium.png", "fields_step_01.png", "particle.png",
        "slices_equilibrium.png", "slices_step_01.png",
    ]  # fmt: skip
    text = page.read_text()
    assert all(f"({name})" in text for name in names)


def test_3d_stands_beside_a_sphere(run, tmp_path, synthetic_run, capsys):
    sphere = synthetic_run(tmp_path / "sphere", "spherical", name="sphere", architecture="solid")
    page = compare(run, sphere, tmp_path / "out")
    assert "dimensions differ" in capsys.readouterr().err
    assert "a cylinder is not a sphere" not in page.read_text()
    assert (page.parent / "comparison.png").stat().st_size > 100_000


def test_a_mesh_in_space_is_drawn_cut_open_with_its_cells(tmp_path):
    geometry = CoreShell(R, 0.3 * R, "3d", "octant", MeshSize(bulk=0.4 * R, interface=0.2 * R))
    picture = mesh_figure(build(geometry), tmp_path / "mesh.png", "a ball")
    image = np.asarray(imread(picture))[:, :, :3]
    assert image.shape[1] > 2000
    # In each of the three panels both phases and lines over them.
    for part in np.array_split(image[150:-150], 3, axis=1):
        assert len(np.unique((part * 255).astype(np.uint8).reshape(-1, 3), axis=0)) > 200
