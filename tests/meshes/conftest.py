from collections.abc import Callable

import numpy as np
import pytest

from meshes import FACET_TAGS, LAYERED, ROCK_SALT, TaggedMesh
from meshes.simplices import facet_table, signed_measure


def _assert_sound(mesh: TaggedMesh, worst: float) -> None:
    n, d = mesh.points.shape
    assert mesh.cells.shape[1] == d + 1
    assert mesh.cell_phase.shape == mesh.cell_grain.shape == (len(mesh.cells),)
    assert np.array_equal(np.unique(mesh.cells), np.arange(n)), "a point belongs to no cell"
    assert signed_measure(mesh.points, mesh.cells).min() > 0, "a cell is inverted"
    assert mesh.report.quality_min >= worst
    assert set(np.unique(mesh.cell_phase)) <= {LAYERED, ROCK_SALT}
    assert set(np.unique(mesh.facet_tags)) <= set(FACET_TAGS.values())
    # Conforming: every facet has one or two cells, and those with one are exactly the tagged ones.
    table, _, counts = facet_table(mesh.cells)
    assert counts.max() <= 2
    assert np.array_equal(np.sort(mesh.facets, axis=1), mesh.facets)
    assert len(mesh.facets) == len(mesh.facet_tags)
    assert {tuple(row) for row in mesh.facets.tolist()} == {tuple(row) for row in table[counts == 1].tolist()}
    if mesh.frames is not None:
        assert mesh.cell_grain.min() >= 0
        assert mesh.cell_grain.max() < len(mesh.frames)
        assert np.allclose(mesh.frames @ mesh.frames.transpose(0, 2, 1), np.eye(3), atol=1e-12)
        assert np.allclose(np.linalg.det(mesh.frames), 1.0)


@pytest.fixture
def assert_sound() -> Callable[[TaggedMesh, float], None]:
    return _assert_sound
