"""Levels of a study: every one is finer than the one before, whatever limits the sizes of the first."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

import meshes
from solver.case import load_case
from solver.case.geometry import FileMesh
from solver.case.shipped import shipped_cases
from solver.convergence.levels import (
    LevelError,
    default_ratio,
    expected_costs,
    mesh_levels,
    time_levels,
)

COORDINATES = {"spherical": 1, "3d": 3}


def cells(name: str, settings: tuple[str, ...]) -> int:
    return meshes.estimate_cells(load_case(Path(name), settings).mesh_geometry())


@pytest.mark.parametrize("name", shipped_cases())
def test_every_level_of_a_shipped_case_is_finer(name: str) -> None:
    case = load_case(Path(name))
    dimension = case.geometry.dimension
    ratio = default_ratio(dimension)
    counts = [cells(name, level.settings) for level in mesh_levels(case, 3, ratio)]
    sizes = [count ** (-1 / COORDINATES.get(dimension, 2)) for count in counts]
    # Cells that grow from the walls at a fixed rate do not shrink by the whole ratio.
    assert all(coarse / fine > math.sqrt(ratio) for coarse, fine in pairwise(sizes))


def test_levels_start_from_the_size_that_a_thin_layer_has() -> None:
    case = load_case(Path("quick/core_shell_liquid_3d"))
    first, second = mesh_levels(case, 2, 1.25)
    assert first.settings == ()
    bulk, interface = [float(text.partition("=")[2].removesuffix(" m")) for text in second.settings]
    # Three cells across 250 nm, six along a quarter of a circle of 2.5 um.
    assert interface == pytest.approx(250e-9 / 3 / 1.25)
    assert bulk == pytest.approx(0.5 * math.pi * 2.5e-6 / 6 / 1.25)


def test_time_levels_keep_the_mesh() -> None:
    case = load_case(Path("sphere_2007"), ["numerics.max_increment=8 s", "numerics.tolerance=1e-3"])
    levels = time_levels(case, 3)
    assert [level.name for level in levels] == ["time-2", "time-3"]
    found = [load_case(Path("sphere_2007"), level.settings) for level in levels]
    assert [one.numerics.tolerance for one in found] == pytest.approx([1e-3 / 4, 1e-3 / 16])
    assert [one.numerics.max_increment for one in found] == pytest.approx([4.0, 2.0])
    assert all(one.geometry == case.geometry for one in found)


def test_costs_count_cells_and_steps() -> None:
    case = load_case(Path("sphere_2007"))
    levels = [*mesh_levels(case, 2, 2.0), *time_levels(case, 3)]
    cases = [load_case(Path("sphere_2007"), level.settings) for level in levels]
    costs = list(expected_costs(levels, cases))
    assert [cost.cells for cost in costs] == [100, 200, 100, 100]
    assert [cost.work for cost in costs] == pytest.approx([1.0, 2.0, 2.0, 4.0], rel=0.01)


def test_a_mesh_from_a_file_has_no_levels(tmp_path: Path) -> None:
    case = load_case(Path("sphere_2007"))
    geometry = FileMesh(kind="file", dimension="spherical", path=str(tmp_path / "mesh.msh"))
    with pytest.raises(LevelError, match="no cell size"):
        mesh_levels(case.model_copy(update={"geometry": geometry}), 3, 2.0)
