"""Mesh files that lie about what they hold, or lead elsewhere: refused before a library opens them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import meshio
import numpy as np
import pytest

from meshes import FileMesh, MeshError, build
from meshes.frames_file import frames_path
from meshes.tagged_file import read_tagged

POINTS = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
TRIANGLES = np.array([[0, 1, 2], [0, 2, 3]])
SIDES = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])


def square(path: Path, **changes: Any) -> Path:
    """A square of two triangles with the arrays that `lithostat mesh` writes."""
    parts: dict[str, Any] = {
        "cells": [("triangle", TRIANGLES), ("line", SIDES)],
        "region": [np.array([1, 2]), np.zeros(4, int)],
        "grain": [np.zeros(2, int), np.zeros(4, int)],
        "facet": [np.zeros(2, int), np.ones(4, int)],
    } | changes
    data = {name: parts[name] for name in ("region", "grain", "facet")}
    meshio.Mesh(POINTS, parts["cells"], cell_data=data).write(path)
    return path


def test_a_square_is_read(tmp_path: Path) -> None:
    assert len(build(FileMesh(square(tmp_path / "m.vtu"), "plane_strain")).cells) == 2


@pytest.mark.parametrize("wrong", [4, -1, 10**9])
def test_points_that_there_are_not(tmp_path: Path, wrong: int) -> None:
    cells = [("triangle", np.array([[0, 1, 2], [0, 2, wrong]])), ("line", SIDES)]
    with pytest.raises(MeshError, match="names a point that there is not"):
        build(FileMesh(square(tmp_path / "m.vtu", cells=cells), "plane_strain"))


@pytest.mark.parametrize("name", ["region", "grain", "facet"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_tags_that_are_no_numbers(tmp_path: Path, name: str, value: float) -> None:
    path = square(tmp_path / "m.vtu", **{name: [np.full(2, value), np.full(4, value)]})
    with pytest.raises(MeshError):
        build(FileMesh(path, "plane_strain"))


def test_groups_that_another_format_left(tmp_path: Path) -> None:
    """MED keeps among the groups what is none: it names nothing, and is no reason to fail."""
    tags = [np.array([10, 11]), np.ones(4, int)]
    mesh = meshio.Mesh(POINTS, [("triangle", TRIANGLES), ("line", SIDES)], cell_data={"gmsh:physical": tags})
    mesh.write(tmp_path / "m.med")
    with pytest.raises(MeshError, match="group 10 without a name"):
        build(FileMesh(tmp_path / "m.med", "plane_strain"))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("m.xdmf", "<Xdmf/>", "refer to others"), ("m.XMF", "", "refer to others"), ("m.vol.gz", "", "packed"),
     ("m.inp", "*NODE\n1, 0, 0\n *Include, INPUT=/etc/passwd\n", "includes another file")],
)  # fmt: skip
def test_files_that_open_others(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(MeshError, match=told):
        read_tagged(tmp_path / name)


def _linked(file: h5py.File) -> None:
    file["ENS_MAA/there"] = h5py.ExternalLink("/etc/hostname", "/")


def _elsewhere(file: h5py.File) -> None:
    file.create_dataset("ENS_MAA/x", shape=(8,), dtype="u1", external=[("/etc/hostname", 0, 8)])


def _claims(file: h5py.File) -> None:
    file.create_dataset("ENS_MAA/x", shape=(10**12,), dtype="f8", chunks=(1000,))


def _holds_itself(file: h5py.File) -> None:
    file["ENS_MAA/again"] = file["ENS_MAA"]


@pytest.mark.parametrize(
    ("edit", "told"),
    [(_linked, "link to somewhere else"), (_elsewhere, "kept in another file"), (_claims, "claims 7.45e"),
     (_holds_itself, "cannot be read as a mesh")],
)  # fmt: skip
def test_hdf5_that_leads_elsewhere(tmp_path: Path, edit: Callable[[h5py.File], None], told: str) -> None:
    path = square(tmp_path / "m.med")
    with h5py.File(path, "r+") as file:
        edit(file)
    with pytest.raises(MeshError, match=told):
        read_tagged(path)


def test_large_files_are_not_read(tmp_path: Path) -> None:
    path = square(tmp_path / "m.vtu")
    frames_path(path).touch()
    for file, told in ((frames_path(path), "larger than 64 MiB"), (path, "larger than 1 GiB")):
        with file.open("r+b") as stream:
            stream.truncate(2 * 1024**3)  # a hole: nothing of it is on the disk
        with pytest.raises(MeshError, match=told):
            build(FileMesh(path, "plane_strain"))
