"""Mesh files with tetrahedra: what is written is read back, and an image of voxels becomes such a file."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from meshes import (
    INNER,
    LAYERED,
    OUTER,
    ROCK_SALT,
    FileMesh,
    Grains,
    HollowSecondary,
    MeshSize,
    RockSaltPlace,
    write_mesh,
)
from meshes.frames_file import frames_path
from meshes.simplices import signed_measure

UM = 1e-6
R = 2.5 * UM
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "voxel_mesh.py"


@pytest.fixture(scope="module")
def voxels():
    spec = importlib.util.spec_from_file_location("voxel_mesh", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def grains():
    return HollowSecondary(
        R,
        0.4 * R,
        0.7 * R,
        Grains("voronoi", 2),
        RockSaltPlace("surface_shell", 0.1 * R),
        "3d",
        None,
        MeshSize(0.4 * R, 0.4 * R),
    ).build()


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
def test_grains_in_space_are_written_and_read_back(tmp_path, assert_sound, grains, suffix):
    written = write_mesh(grains, tmp_path / f"mesh{suffix}", UM)
    again = FileMesh(written[0], "3d", UM).build()
    assert_sound(again, 0.05)
    for name in ("cells", "cell_phase", "cell_grain", "facets", "facet_tags"):
        assert np.array_equal(getattr(again, name), getattr(grains, name)), name
    assert again.multiplicity == 1
    assert np.allclose(again.frames, grains.frames, atol=1e-14)
    assert written[1] == frames_path(written[0])
    for phase, volume in grains.report.region_volumes.items():
        assert again.report.region_volumes[phase] == pytest.approx(volume, rel=1e-9, abs=0)


def test_voxels_become_a_mesh_file_with_grains(tmp_path, assert_sound, voxels):
    image, number = voxels.example(12)
    turned = {grain: np.roll(np.eye(3), grain, axis=1) for grain in range(8)}
    voxels.write(tmp_path / "voxels.vtu", voxels.mesh_of(image, number), turned)
    mesh = FileMesh(tmp_path / "voxels.vtu", "3d", 0.1 * UM).build()
    assert_sound(mesh, 0.19)
    assert set(mesh.facet_tags) == {OUTER, INNER}
    assert set(mesh.cell_phase) == {LAYERED, ROCK_SALT}
    assert set(mesh.cell_grain) == set(range(8))
    assert np.allclose(mesh.frames[1][:, 2], [0, 1, 0])
    volumes = mesh.report.region_volumes
    assert sum(volumes.values()) == pytest.approx((image > 0).sum() * (0.1 * UM) ** 3, rel=1e-9, abs=0)
    assert volumes["rock_salt"] == pytest.approx((image == 2).sum() * (0.1 * UM) ** 3, rel=0.03, abs=0)
    # Grains stay where their voxels are.
    middle = mesh.points[mesh.cells].mean(axis=1)
    octant = (middle > 0) @ [1, 2, 4]
    assert (octant == mesh.cell_grain).mean() > 0.85


def test_smoothing_takes_the_steps_off_the_surface(voxels):
    image, _ = voxels.example(13)
    steps = {}
    for sweeps in (0, voxels.SWEEPS):
        voxels.SWEEPS, kept = sweeps, voxels.SWEEPS
        mesh = voxels.mesh_of(np.where(image == 0, 0, 1))
        voxels.SWEEPS = kept
        at = mesh["points"][mesh["facets"][mesh["facet"] == OUTER]]
        steps[sweeps] = np.linalg.norm(np.cross(at[:, 1] - at[:, 0], at[:, 2] - at[:, 0]), axis=1).sum() / 2
    ball = 4 * np.pi * 6.5**2
    assert steps[0] > 1.4 * ball
    assert steps[voxels.SWEEPS] < 1.15 * ball


def test_crumbs_are_dropped_and_pores_told_from_the_outside(voxels):
    image = np.zeros((7, 6, 6), dtype=int)
    image[:5, :5, :5] = 1
    image[2, 2, 2] = 0
    image[6, 5, 5] = 2
    mesh = voxels.mesh_of(image)
    assert set(mesh["region"]) == {LAYERED}
    assert len(mesh["cells"]) == 6 * (5**3 - 1)
    assert (mesh["facet"] == INNER).sum() == 12
    assert (mesh["facet"] == OUTER).sum() == 6 * 25 * 2
    ends = mesh["points"][mesh["facets"][mesh["facet"] == INNER]]
    assert np.linalg.norm(ends, axis=2).max() < 1.5
    # Cells need no orientation in a file, but each has its share of a voxel.
    assert np.abs(signed_measure(mesh["points"], mesh["cells"])).sum() == pytest.approx(5**3 - 1)


def test_the_example_runs_as_it_says(tmp_path):
    done = subprocess.run(
        [sys.executable, EXAMPLE, tmp_path / "here"], capture_output=True, text=True, check=True
    )
    assert "worst quality 0.2" in done.stdout
    mesh = FileMesh(tmp_path / "here" / "voxels.vtu", "3d", 1e-7).build()
    assert len(mesh.frames) == 8
    assert np.allclose(np.linalg.det(mesh.frames), 1.0)
