import numpy as np
import pytest

from solver.report.fields import Fields, cut_at, measures


def segments(edges: np.ndarray, values: np.ndarray) -> Fields:
    """A spherical mesh with the given radii and nodal values, cells with points of their own."""
    pairs = np.stack([edges[:-1], edges[1:]], axis=1).ravel()
    points = np.column_stack([pairs, 0 * pairs, 0 * pairs])
    cells = np.arange(len(pairs)).reshape(-1, 2)
    nodal = np.stack([values[:-1], values[1:]], axis=1).ravel()
    return Fields("spherical", points, cells, {"f": nodal}, {"region": np.ones(len(cells))})


def square(dimension: str, f, n: int = 7) -> Fields:
    """The unit square in 2 n^2 triangles with a nodal field f(x, y)."""
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1)))
    i, j = (part.ravel() for part in np.meshgrid(np.arange(n), np.arange(n)))
    a = i + j * (n + 1)
    cells = np.concatenate([np.stack([a, a + 1, a + n + 2], 1), np.stack([a, a + n + 2, a + n + 1], 1)])
    return Fields(dimension, np.column_stack([x, y, 0 * x]), cells, {"f": f(x, y)})


def test_volume_of_a_ball_and_of_a_turned_square_are_exact():
    ball = segments(np.linspace(0, 2.0, 6), np.zeros(6))
    assert ball.volume == pytest.approx(4 / 3 * np.pi * 8, rel=1e-14)
    assert square("axisymmetric", lambda x, y: 0 * x).volume == pytest.approx(np.pi, rel=1e-14)
    assert square("plane_strain", lambda x, y: 0 * x).volume == pytest.approx(1.0, rel=1e-14)


def test_volume_of_a_tetrahedron():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3]])
    assert measures("3d", points, np.array([[0, 1, 2, 3]]))[0] == pytest.approx(1.0)


def test_means_carry_the_weight_of_the_dimension():
    radii = np.array([0.0, 0.3, 1.0])
    assert segments(radii, radii).mean("f") == pytest.approx(0.75, rel=1e-13)  # 3 int r^3 dr
    assert square("axisymmetric", lambda x, y: x).mean("f") == pytest.approx(2 / 3, rel=1e-13)
    assert square("plane_strain", lambda x, y: x).mean("f") == pytest.approx(0.5, rel=1e-13)


@pytest.mark.parametrize("threshold", [0.11, 0.5, 0.83])
def test_share_above_a_threshold_is_exact_for_linear_fields(threshold):
    radii = np.linspace(0, 1, 5)
    assert segments(radii, radii).share_above("f", threshold) == pytest.approx(1 - threshold**3, rel=1e-12)
    turned = square("axisymmetric", lambda x, y: x)
    assert turned.share_above("f", threshold) == pytest.approx(1 - threshold**2, rel=1e-12)
    flat = square("generalised_plane_strain", lambda x, y: 0.5 * (x + y))
    corner = 2 * min(threshold, 1 - threshold) ** 2  # area of the smaller corner that x + y = 2 t cuts off
    assert flat.share_above("f", threshold) == pytest.approx(
        corner if threshold > 0.5 else 1 - corner, rel=1e-12
    )


def test_share_above_in_a_tetrahedron():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    fields = Fields("3d", points, np.array([[0, 1, 2, 3]]), {"f": points.sum(axis=1)})
    assert fields.share_above("f", 0.5) == pytest.approx(1 - 0.5**3, rel=1e-12)


def test_cutting_keeps_the_volume_and_ends_at_values_on_the_threshold():
    fields = square("plane_strain", lambda x, y: np.round(3 * x) / 3)
    points, cells, values = cut_at(fields.points, fields.cells, fields.point_data["f"], 1 / 3)
    assert measures("plane_strain", points, cells).sum() == pytest.approx(1.0, rel=1e-12)
    corner = values[cells]
    crossed = (corner.min(axis=1) < 1 / 3 - 1e-9) & (corner.max(axis=1) > 1 / 3 + 1e-9)
    assert not crossed.any()


def test_percentiles_are_by_volume_not_by_cells():
    edges = np.concatenate([np.linspace(0, 0.5, 400), np.linspace(0.5, 1.0, 400)[1:]])
    low, high = segments(edges, edges).percentile("f", 5, 50)
    assert low == pytest.approx(0.05 ** (1 / 3), rel=2e-3)
    assert high == pytest.approx(0.5 ** (1 / 3), rel=2e-3)


def test_one_region_alone():
    fields = square("plane_strain", lambda x, y: x)
    marked = Fields(
        fields.dimension, fields.points, fields.cells, fields.point_data,
        {"region": np.where(fields.points[fields.cells, 0].mean(axis=1) < 3 / 7, 2, 1)},
    )  # fmt: skip
    assert marked.within(2).volume == pytest.approx(3 / 7, rel=1e-12)
    assert marked.within(2).mean("f") == pytest.approx(3 / 14, rel=1e-12)
