import meshio
import numpy as np
import pytest

from meshes import (
    LAYERED,
    OUTER,
    ROCK_SALT,
    SYM_X,
    SYM_Y,
    CoreShell,
    FileMesh,
    Grains,
    HollowSecondary,
    MeshError,
    MeshSize,
    RockSaltPlace,
    build,
    refusals,
    write_mesh,
)
from meshes.frames_file import frames_path

UM = 1e-6
R = 2.5 * UM
COARSE = MeshSize(5e-7, 2.5e-7)
GROUPS = {
    "outer": np.array([1, 1]),
    "sym_x": np.array([3, 1]),
    "sym_y": np.array([4, 1]),
    "layered": np.array([10, 2]),
    "rock_salt": np.array([11, 2]),
    "layered.3": np.array([12, 2]),
    "rock_salt.7": np.array([13, 2]),
}


def square(tmp_path, name="square.msh", **changes):
    """A unit square of two triangles: layered below, rock salt above, a quarter of a bigger square."""
    parts = {
        "points": np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]),
        "cells": np.array([[0, 1, 2], [0, 3, 2]]),
        "cell_tags": [10, 11],
        "facets": np.array([[0, 1], [1, 2], [2, 3], [3, 0]]),
        "facet_tags": [4, 1, 1, 3],
        "groups": GROUPS,
    } | changes
    tags = [np.array(parts["cell_tags"], np.int32), np.array(parts["facet_tags"], np.int32)]
    mesh = meshio.Mesh(
        parts["points"],
        [(parts.get("type", "triangle"), parts["cells"]), ("line", parts["facets"])],
        cell_data={"gmsh:physical": tags, "gmsh:geometrical": tags},
        field_data=parts["groups"],
    )
    path = tmp_path / name
    meshio.write(path, mesh, file_format="gmsh22", binary=False)
    return path


def test_a_square_is_read_turned_and_scaled(tmp_path, assert_sound):
    mesh = build(FileMesh(square(tmp_path), "plane_strain", 3 * UM))
    assert_sound(mesh, 0.8)
    assert mesh.length == pytest.approx(3 * UM * np.sqrt(2))
    assert mesh.cell_phase.tolist() == [LAYERED, ROCK_SALT]
    assert mesh.multiplicity == 4
    assert sorted(mesh.facet_tags.tolist()) == [OUTER, OUTER, SYM_X, SYM_Y]
    assert sum(mesh.report.region_volumes.values()) == pytest.approx(4 * (3 * UM) ** 2, abs=0)
    assert mesh.frames is None


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
@pytest.mark.parametrize(
    "geometry",
    [
        CoreShell(R, 1e-7),
        CoreShell(R, 3e-7, "axisymmetric", mesh_size=COARSE),
        CoreShell(R, 3e-7, "axisymmetric", "full", COARSE),
        CoreShell(R, 3e-7, "generalised_plane_strain", mesh_size=COARSE),
        HollowSecondary(
            R,
            R / 2,
            R / 2,
            Grains("voronoi", 2),
            RockSaltPlace("surface_shell", 2e-7),
            "plane_strain",
            None,
            COARSE,
        ),
    ],
)
def test_what_is_written_is_read_back(tmp_path, assert_sound, geometry, suffix):
    mesh = build(geometry)
    written = write_mesh(mesh, tmp_path / f"mesh{suffix}", UM)
    again = build(FileMesh(written[0], geometry.dimension, UM))
    assert_sound(again, 0.2)
    assert np.allclose(again.points * again.length, mesh.points * mesh.length, rtol=0, atol=1e-15 * R * 1e3)
    for name in ("cells", "cell_phase", "cell_grain", "facets", "facet_tags"):
        assert np.array_equal(getattr(again, name), getattr(mesh, name)), name
    assert again.multiplicity == mesh.multiplicity
    assert (again.frames is None) == (mesh.frames is None)
    if mesh.frames is not None:
        assert written[1] == frames_path(written[0])
        assert np.allclose(again.frames, mesh.frames, atol=1e-14)
    for name, volume in mesh.report.region_volumes.items():
        assert again.report.region_volumes[name] == pytest.approx(volume, rel=1e-9, abs=0)


def test_grain_numbers_find_their_frames(tmp_path):
    path = square(tmp_path, cell_tags=[12, 13])
    bare = build(FileMesh(path, "plane_strain"))
    assert bare.frames is None
    assert "2 grains without crystal frames" in bare.report.notes[0]
    frames_path(path).write_text("grain,a_x,a_y,a_z,c_x,c_y,c_z\n7,0,0,2,1,1,0\n3,0,0,1,0,5,0\n")
    mesh = build(FileMesh(path, "plane_strain"))
    assert mesh.cell_grain.tolist() == [0, 1]
    assert np.allclose(mesh.frames[0][:, 2], [0, 1, 0])
    assert np.allclose(mesh.frames[1][:, 2], np.array([1, 1, 0]) / np.sqrt(2))
    assert np.allclose(np.linalg.det(mesh.frames), 1.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "columns must be"),
        ("grain,c_x,c_y,c_z\n3,1,0,0\n", "columns must be"),
        ("grain,a_x,a_y,a_z,c_x,c_y,c_z\n3,0,0,1,1,0,0\n", "no frame for grain 7"),
        ("grain,a_x,a_y,a_z,c_x,c_y,c_z\n3,0,0,1,1,0,0\n7,1,0,0,1,1,0\n", ":3: the a and c axes are not"),
        ("grain,a_x,a_y,a_z,c_x,c_y,c_z\n3,0,0,0,1,0,0\n", "no direction"),
        ("grain,a_x,a_y,a_z,c_x,c_y,c_z\n3,0,0,1,1,0\n", "6 values"),
        ("grain,a_x,a_y,a_z,c_x,c_y,c_z\n3,0,0,1,1,0,x\n", "could not convert"),
        ("grain,a_x,a_y,a_z,c_x,c_y,c_z\n3,0,0,1,1,0,0\n3,0,0,1,1,0,0\n", "twice"),
    ],
)
def test_bad_frames_are_refused(tmp_path, text, says):
    path = square(tmp_path, cell_tags=[12, 13])
    frames_path(path).write_text(text)
    with pytest.raises(MeshError, match=says):
        build(FileMesh(path, "plane_strain"))


CORNERS = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"cell_tags": [10, 0]}, "1 cells without a group; allowed: layered"),
        ({"groups": {k: v for k, v in GROUPS.items() if k != "rock_salt"}}, "without a name"),
        ({"groups": GROUPS | {"steel": np.array([11, 2])}}, "in group 'steel'"),
        ({"cell_tags": [10, 13]}, "all cell groups carry a grain number or none"),
        ({"facet_tags": [4, 1, 0, 3]}, "1 boundary facets have no tag"),
        ({"facet_tags": [4, 3, 3, 3]}, "in the group 'outer'"),
        ({"facet_tags": [1, 3, 1, 1]}, "'sym_x' does not lie"),
        (
            {"facets": np.array([[0, 1], [1, 2], [2, 3], [3, 0], [1, 3]]), "facet_tags": [4, 1, 1, 3, 1]},
            "side of no",
        ),
        (
            {"facets": np.array([[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]]), "facet_tags": [4, 1, 1, 3, 1]},
            "inside the",
        ),
        (
            {"facets": np.array([[0, 1], [1, 2], [2, 3], [3, 0], [0, 1]]), "facet_tags": [4, 1, 1, 3, 1]},
            "another group",
        ),
        ({"points": np.concatenate([CORNERS, [[0.5, 0.5, 0]]])}, "1 points belong to no cell"),
        ({"points": CORNERS + np.array([0, 0, 1])}, "in the x, y plane"),
        ({"points": CORNERS * [1, 0, 1]}, "no volume"),
        ({"points": CORNERS * [1, 1e-3, 1]}, "quality"),
        ({"points": np.zeros((4, 3))}, "at the origin"),
        ({"cells": np.array([[0, 1, 2], [0, 1, 2]])}, "belong to no cell"),
        (
            {"cells": np.array([[0, 1, 2], [0, 3, 2], [0, 3, 2]]), "cell_tags": [10, 11, 11]},
            "overlap or are repeated|no tag",
        ),
        ({"type": "quad", "cells": np.array([[0, 1, 2, 3]]), "cell_tags": [10]}, "type 'quad'"),
        (
            {
                "points": np.concatenate([CORNERS, CORNERS[[0, 2]]]),
                "cells": np.array([[0, 1, 2], [4, 3, 5]]),
                "facets": np.array([[0, 1], [1, 2], [0, 2], [3, 4], [3, 5], [4, 5]]),
                "facet_tags": [1] * 6,
            },
            "2 separate parts",
        ),
    ],
)
def test_bad_files_are_refused_with_a_reason(tmp_path, changes, says):
    path = square(tmp_path, **changes)
    with pytest.raises(MeshError, match=says) as caught:
        build(FileMesh(path, "plane_strain"))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("dimension", "says"), [("spherical", "more dimensions"), ("axisymmetric", "does not exist")]
)
def test_a_file_of_another_dimension_is_refused(tmp_path, dimension, says):
    with pytest.raises(MeshError, match=says):
        build(FileMesh(square(tmp_path), dimension))


def test_lines_are_no_disc(tmp_path):
    written = write_mesh(build(CoreShell(R)), tmp_path / "line.msh")
    with pytest.raises(MeshError, match="needs triangles; the file has 2 points, 105 lines"):
        build(FileMesh(written[0], "plane_strain"))


def test_negative_radii_are_refused(tmp_path):
    path = square(tmp_path, points=CORNERS - np.array([0.5, 0, 0]), facet_tags=[1, 1, 1, 1])
    with pytest.raises(MeshError, match="negative radius"):
        build(FileMesh(path, "axisymmetric"))


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01", b"$MeshFormat\n2.2 0 8\n$Nodes\n", b"hello"])
@pytest.mark.parametrize("name", ["mesh.msh", "mesh.vtu", "mesh.nothing"])
def test_unreadable_files_are_refused(tmp_path, capfd, content, name):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (found,) = refusals(FileMesh(path, "plane_strain"))
    assert found[0] == "path"
    assert str(path) in found[1]
    with pytest.raises(MeshError):
        build(FileMesh(path, "plane_strain"))
    assert capfd.readouterr() == ("", "")


def test_the_cache_sees_a_changed_file(tmp_path):
    cache = tmp_path / "cache"
    first = build(FileMesh(square(tmp_path), "plane_strain"), cache)
    second = build(FileMesh(square(tmp_path, cell_tags=[11, 11]), "plane_strain"), cache)
    assert first.report.hash != second.report.hash


def test_cell_sets_of_other_formats(tmp_path):
    path = tmp_path / "square.inp"
    path.write_text(
        "*NODE\n1, 0, 0, 0\n2, 1, 0, 0\n3, 1, 1, 0\n4, 0, 1, 0\n"
        "*ELEMENT, TYPE=CPS3, ELSET=layered\n1, 1, 2, 3\n2, 1, 3, 4\n"
        "*ELEMENT, TYPE=T3D2, ELSET=outer\n3, 1, 2\n4, 2, 3\n5, 3, 4\n6, 4, 1\n"
    )
    mesh = build(FileMesh(path, "generalised_plane_strain", UM))
    assert set(mesh.facet_tags) == {OUTER}
    assert mesh.report.region_volumes["layered"] == pytest.approx(UM**2, abs=0)


def test_tetrahedra_have_a_place(tmp_path):
    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    tags = [np.array([10], np.int32), np.array([1, 3, 4, 5], np.int32)]
    groups = {
        "layered": np.array([10, 3]),
        "outer": np.array([1, 2]),
        "sym_x": np.array([3, 2]),
        "sym_y": np.array([4, 2]),
        "sym_z": np.array([5, 2]),
    }
    faces = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    mesh = meshio.Mesh(
        points,
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", faces)],
        cell_data={"gmsh:physical": tags, "gmsh:geometrical": tags},
        field_data=groups,
    )
    meshio.write(tmp_path / "tet.msh", mesh, file_format="gmsh22", binary=False)
    # The dimension is not offered to cases yet, but the reader does not mind.
    read = FileMesh(tmp_path / "tet.msh", "3d", 2.0).build()
    assert read.multiplicity == 8
    assert read.report.region_volumes["layered"] == pytest.approx(8 * 8 / 6)


def test_unknown_formats_are_not_written(tmp_path):
    with pytest.raises(MeshError, match="unknown format"):
        write_mesh(build(CoreShell(R)), tmp_path / "mesh.txt")
