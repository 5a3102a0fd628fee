from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import meshes
from solver.case.mirrors import CrystalTensors, crystal_tensors
from solver.case.phases import Phase
from solver.check import check_lines
from solver.materials import elasticity

type Load = Any
type Refuse = Any

BALL = "geometry={kind: core_shell, dimension: 3d, radius: 2.5 um, shell_thickness: 200 nm"
PLAIN = BALL.replace("200 nm", "0 nm")
MIXED = "geometry={kind: dispersed, dimension: 3d, radius: 2.5 um, rock_salt_fraction: 0.5"
FIELD = "morphology: {kind: random_field, correlation_length: 1.5 um}"
GRAINS = "geometry={kind: hollow_secondary, dimension: 3d, radius: 2.5 um, cavity_radius: 1 um"
RADIAL = "grain_size: 800 nm, grains: {kind: radial}"
HEXAGONAL = (
    "phases.layered.elasticity={kind: hexagonal, C11: 210 GPa, C12: 66 GPa, C13: 45 GPa, C33: 147 GPa, "
    "C44: 42 GPa}"
)
TRIGONAL = HEXAGONAL.replace("hexagonal", "trigonal").replace("C33", "C14: 8 GPa, C33")
ISOTROPIC_ROCK_SALT = (
    "phases.rock_salt.elasticity={kind: isotropic, young_modulus: 200 GPa, poisson_ratio: 0.3}"
)
ISOTROPIC_MISFIT = "phases.rock_salt.misfit={kind: isotropic, strain: 0.01}"


def crystal(c_axis: str, geometry: str = BALL) -> str:
    """The override of a geometry with one crystal."""
    return f"{geometry}, crystal: {{c_axis: {c_axis}}}}}"


@pytest.mark.parametrize(
    ("overrides", "sector"),
    [
        ((BALL + "}",), "octant"),
        ((f"{MIXED}, {FIELD}}}",), "octant"),
        ((GRAINS + "}",), "octant"),
        ((f"{GRAINS}, {RADIAL}}}",), "full"),
        ((BALL + "}", TRIGONAL), "octant"),  # without a crystal all orientations are averaged
        ((crystal("[0, 0, 1]", PLAIN), HEXAGONAL), "octant"),
        ((crystal("[0, -2, 0]", PLAIN), HEXAGONAL), "octant"),
        ((crystal("[1, 1, 0]", PLAIN), HEXAGONAL), "half"),
        ((crystal("[1, 0, 1]", PLAIN), HEXAGONAL), "full"),
        ((crystal("[1, 2, 3]", PLAIN), HEXAGONAL), "full"),
        ((crystal("[1, 2, 3]", PLAIN),), "octant"),  # an isotropic crystal has every mirror
        ((crystal("[1, 2, 3]"), ISOTROPIC_ROCK_SALT, ISOTROPIC_MISFIT), "octant"),
        ((crystal("[1, 2, 3]"), ISOTROPIC_ROCK_SALT), "full"),  # the misfit of a lattice has axes
        # A cube on its (111) planes: [1-10] along x or z is the only axis across a mirror.
        ((crystal("[0, 0, 1]"),), "full"),
        ((crystal("[1, 0, 0]"),), "half"),
        ((crystal("[1, 0, 0]", PLAIN), TRIGONAL), "full"),
    ],
)
def test_the_sector_is_the_smallest_whose_planes_mirror_the_crystal(
    load: Load, complete: str, overrides: tuple[str, ...], sector: str
) -> None:
    assert load(complete, *overrides).geometry.sector == sector


@pytest.mark.parametrize(
    ("overrides", "field", "says"),
    [
        ((crystal("[1, 1, 0]", PLAIN + ", sector: octant"), HEXAGONAL), "geometry.sector", "x = 0, y = 0 of"),
        ((crystal("[0, 1, 1]", PLAIN + ", sector: half"), HEXAGONAL), "geometry.sector", "(z = 0 of"),
        ((crystal("[1, 0, 0]", PLAIN + ", sector: half"), TRIGONAL), "geometry.sector", "(z = 0 of"),
        ((f"{GRAINS}, {RADIAL}, sector: octant}}",), "geometry.sector", "cut"),
        ((GRAINS + ", grain_size: 350 nm, grains: {kind: radial}}",), "geometry.grain_size", "300"),
        ((GRAINS + ", grain_size: 500 nm, grains: {kind: voronoi}}",), "geometry.grain_size", "300"),
        (
            (f"{GRAINS}, {RADIAL}, rock_salt: {{place: grain_boundary_layer, thickness: 30 nm}}}}",),
            "geometry.rock_salt.place",
            "grain_boundary_layer",
        ),
        (
            (f"{GRAINS}, {RADIAL}, rock_salt: {{place: surface_shell, thickness: 19 nm}}}}",),
            "geometry.rock_salt.thickness",
            "20 nm",
        ),
        ((BALL.replace("200 nm", "19 nm") + "}",), "geometry.shell_thickness", "20 nm"),
        ((f"{MIXED}, {FIELD}, skin_thickness: 2 nm}}",), "geometry.skin_thickness", "20 nm"),
        (
            (MIXED + ", morphology: {kind: lamellae, spacing: 1 um, orientation: radial}}",),
            "geometry.morphology.orientation",
            "by_domain",
        ),
    ],
)
def test_what_three_dimensions_refuse(
    refuse: Refuse, complete: str, overrides: tuple[str, ...], field: str, says: str
) -> None:
    (line,) = refuse(complete, *overrides)
    assert f": {field}: " in line
    assert says in line


def test_a_refused_sector_is_told_which_would_do(refuse: Refuse, complete: str) -> None:
    (line,) = refuse(complete, crystal("[1, 1, 0]", PLAIN + ", sector: quarter"), HEXAGONAL)
    assert line.endswith("; full | half")


def test_a_die_and_patches_go_with_a_sector(load: Load, complete: str) -> None:
    contact = "surface.contact={kind: patches, share: 0.4}"
    case = load(complete, BALL + "}", "mechanics.loading=die", contact)
    assert (case.geometry.sector, case.warnings) == ("octant", ())
    text = "\n".join(check_lines(case))
    assert "lam = nu_m/(1 - nu_m) = 0.5625 (nu_m 0.36)" in text
    assert "760 MPa along z, 427.5 MPa across it, mean 538.3 MPa" in text
    assert "40 % of it in contact" in text
    assert "mirrored at the planes of the octant" in text


def test_the_size_of_a_ball_is_said_with_its_time(load: Load, complete: str) -> None:
    text = "\n".join(check_lines(load(complete, BALL + ", mesh_size: {bulk: 400 nm}}")))
    assert "of one core for each 100 increments" in text
    still = "\n".join(check_lines(load(complete, BALL + "}", "protocol.steps=[]")))
    assert "100 increments" not in still


def phase_of(load: Load, complete: str, *overrides: str) -> tuple[Phase, CrystalTensors]:
    layered = load(complete, *overrides).phases.layered
    tensors = crystal_tensors(layered, layered.lattice, on_slabs=False)
    assert tensors is not None
    return layered, tensors


def test_mirrors_are_those_of_the_turned_tensors(load: Load, complete: str) -> None:
    _, tensors = phase_of(load, complete, HEXAGONAL)
    for angle, held in ((0.0, [True] * 3), (0.3, [False, False, True]), (np.pi / 2, [True] * 3)):
        c, s = np.cos(angle), np.sin(angle)
        frame = np.array([[0.0, -s, c], [0.0, c, s], [-1.0, 0.0, 0.0]])  # c axis at an angle from x to y
        assert [tensors.mirrored(frame, axis) for axis in range(3)] == held
    cube = CrystalTensors(elasticity.cubic(300e9, 100e9, 60e9), ())
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    eighth = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, np.sqrt(2)]]) / np.sqrt(2)
    assert all(cube.mirrored(frame, axis) for frame in (np.eye(3), quarter, eighth) for axis in range(3))
    assert cube.alike(np.eye(3), quarter)
    assert not cube.alike(np.eye(3), eighth)


def write_box(folder: Path, tags: dict[tuple[int, int], int], cells: int = 2) -> None:
    """Write a cube as a mesh file; `tags` gives that of the face across an axis at its low or high end."""
    import meshio

    line = np.linspace(0.0, 1.0, cells + 1)
    points = np.array(list(product(line, line, line)))
    steps = np.array([(cells + 1) ** 2, cells + 1, 1])
    corners = np.array([steps @ low for low in product(range(cells), repeat=3)])
    paths = np.array([np.concatenate([[0], np.cumsum(steps[list(p)])]) for p in permutations(range(3))])
    tets = (corners[:, None, None] + paths[None]).reshape(-1, 4)
    faces, face_tags = [], []
    for drop in range(4):
        sides = np.delete(tets, drop, axis=1)
        for (axis, end), tag in tags.items():
            flat = sides[(points[sides][..., axis] == end).all(axis=1)]
            faces.append(flat)
            face_tags += [tag] * len(flat)
    marks = [np.full(len(tets), 10, np.int32), np.array(face_tags, np.int32)]
    names = {"layered": (10, 3), **{name: (tag, 2) for name, tag in meshes.FACET_TAGS.items()}}
    mesh = meshio.Mesh(
        points,
        [("tetra", tets), ("triangle", np.concatenate(faces))],
        cell_data={"gmsh:physical": marks, "gmsh:geometrical": marks},
        field_data={name: np.array(value) for name, value in names.items()},
    )
    meshio.write(folder / "box.msh", mesh, file_format="gmsh22", binary=False)


BOX = "geometry={kind: file, dimension: 3d, path: ./box.msh, scale: 1 um}"
ALL_OUTER = {(axis, end): meshes.OUTER for axis in range(3) for end in (0, 1)}
MIRRORED = ALL_OUTER | {(axis, 0): tag for axis, tag in enumerate((meshes.SYM_X, meshes.SYM_Y, meshes.SYM_Z))}


@pytest.mark.parametrize("tags", [ALL_OUTER, MIRRORED])
def test_a_box_is_held_by_the_walls_of_its_die(
    load: Load, complete: str, tmp_path: Path, tags: dict[tuple[int, int], int]
) -> None:
    write_box(tmp_path, tags)
    text = "\n".join(check_lines(load(complete, BOX, "mechanics.loading=die")))
    assert "die: a box on a fixed bottom" in text
    assert "traction" not in text
    still = "\n".join(check_lines(load(complete, BOX)))
    assert "hydrostatic: 760 MPa on the whole outer surface" in still


def test_a_ball_from_a_file_bears_the_traction_of_a_die(load: Load, complete: str, tmp_path: Path) -> None:
    size = meshes.MeshSize(bulk=1.5e-6, interface=1e-6)
    meshes.write_mesh(meshes.build(meshes.CoreShell(2.5e-6, 0.0, "3d", "octant", size)), tmp_path / "box.msh")
    text = "\n".join(check_lines(load(complete, BOX, "mechanics.loading=die")))
    assert "die: traction -diag(lam p, lam p, p) n" in text


@pytest.mark.parametrize(
    ("tags", "frame", "overrides", "good"),
    [
        (MIRRORED, "0,0,1,1,0,0", (HEXAGONAL,), True),
        (MIRRORED, "0,0,1,1,1,0", (HEXAGONAL,), False),
        (MIRRORED | {(0, 0): 1, (1, 0): 1}, "0,0,1,1,1,0", (HEXAGONAL,), True),  # z = 0 is the only mirror
        (MIRRORED | {(0, 0): 1, (1, 0): 1}, "0,1,-1,0,1,1", (HEXAGONAL,), False),
        (ALL_OUTER | {(0, 0): meshes.SYM_X}, "1,0,0,0,1,1", (HEXAGONAL,), True),
        (MIRRORED, "0,1,-1,1,1,1", (), True),  # isotropic
        (ALL_OUTER, "0,1,-1,1,1,1", (TRIGONAL,), True),
        (MIRRORED | {(0, 0): 1, (1, 0): 1}, "0,0,1,1,0,0", (TRIGONAL,), False),
    ],
)
def test_symmetry_planes_of_a_file_mirror_its_crystals(
    load: Load,
    refuse: Refuse,
    complete: str,
    tmp_path: Path,
    tags: dict[tuple[int, int], int],
    frame: str,
    overrides: tuple[str, ...],
    good: bool,
) -> None:
    write_box(tmp_path, tags)
    (tmp_path / "box.frames.csv").write_text(f"grain,a_x,a_y,a_z,c_x,c_y,c_z\n0,{frame}\n")
    if good:
        assert load(complete, BOX, *overrides).geometry.dimension == "3d"
        return
    (line,) = refuse(complete, BOX, *overrides)
    assert ": geometry.path: crystal frame of a layered grain: the symmetry plane cuts it at " in line


def test_a_crystal_in_a_box_must_fit_its_planes(
    load: Load, refuse: Refuse, complete: str, tmp_path: Path
) -> None:
    write_box(tmp_path, MIRRORED)
    box = BOX[:-1] + ", crystal: {c_axis: [%s]}}"
    assert load(complete, box % "0, 1, 0", HEXAGONAL).geometry.kind == "file"
    (line,) = refuse(complete, box % "0, 1, 1", HEXAGONAL)
    assert ": geometry.path: the symmetry planes (y = 0, z = 0 of them) of the mesh do not map" in line
