import re
from pathlib import Path
from typing import Any

import pytest

import meshes

type Load = Any
type Refuse = Any

PLANE = (
    "geometry={kind: core_shell, dimension: generalised_plane_strain, radius: 2 um, shell_thickness: 100 nm"
)
MIXED = (
    "geometry={kind: dispersed, dimension: plane_strain, radius: 2 um, rock_salt_fraction: 0.5, "
    "morphology: {kind: domains, size: 900 nm}"
)
HOLLOW = (
    "geometry={kind: hollow_secondary, dimension: spherical, radius: 2 um, cavity_radius: 0 nm, "
    "grain_size: 200 nm"
)
HEXAGONAL = (
    "phases.layered.elasticity={kind: hexagonal, C11: 210 GPa, C12: 66 GPa, C13: 45 GPa, C33: 147 GPa, "
    "C44: 42 GPa}"
)
ISOTROPIC_ROCK_SALT = (
    "phases.rock_salt.elasticity={kind: isotropic, young_modulus: 200 GPa, poisson_ratio: 0.3}"
)
ISOTROPIC_MISFIT = "phases.rock_salt.misfit={kind: isotropic, strain: 0.01}"
TRIGONAL = HEXAGONAL.replace("hexagonal", "trigonal").replace("C33", "C14: 8 GPa, C33")


def test_a_phase_without_use_is_checked_and_named(load: Load, refuse: Refuse, complete: str) -> None:
    case = load(complete, "geometry.shell_thickness=0 nm")
    assert case.warnings == (
        "phases.rock_salt is given but the geometry contains no rock salt: it is not used",
    )
    (line,) = refuse(complete, "geometry.shell_thickness=0 nm", "phases.rock_salt.density=3")
    assert "phases.rock_salt.density" in line


def test_switches_that_break_the_energy_are_named(load: Load, complete: str) -> None:
    case = load(complete, "couplings.chemical_strain=false")
    assert case.warnings == (
        "couplings: chemical_strain and stress_in_potential differ: not energy-consistent",
    )
    assert (
        load(complete, "couplings.chemical_strain=false", "couplings.stress_in_potential=false").warnings
        == ()
    )


@pytest.mark.parametrize(
    "overrides", [("couplings.misfit=false",), ("mechanics.coherency=0",), ("geometry.shell_thickness=0 nm",)]
)
def test_misfit_and_lattice_are_needed_only_where_used(
    load: Load, complete: str, overrides: tuple[str, ...]
) -> None:
    text = complete.replace("    misfit: {kind: lattice, a: 4.12 Å}\n", "")
    assert (
        load(text.replace("    lattice: {a: 2.878 Å, c: 14.19 Å}\n", ""), *overrides).phases.layered.lattice
        is None
    )


@pytest.mark.parametrize("shell", ["0 nm", "100 nm"])
@pytest.mark.parametrize("lattice", [True, False])
def test_a_lattice_misfit_of_the_layered_phase_is_refused(
    refuse: Refuse, complete: str, shell: str, lattice: bool
) -> None:
    own = "    misfit: {kind: lattice, a: 4.12 Å}\n"
    reference = "    lattice: {a: 2.878 Å, c: 14.19 Å}\n"
    text = complete.replace(own, "").replace(reference, reference * lattice + own)
    line, *_ = refuse(text, f"geometry.shell_thickness={shell}", ISOTROPIC_MISFIT.replace("0.01", "0.02"))
    place, _, said = line.partition(": ")
    assert re.search(r"\.yaml:\d+:20$", place)
    assert said.startswith("phases.layered.misfit.kind: 'lattice' is taken against the layered phase")
    assert said.endswith("isotropic, or no misfit")


def test_the_phase_file_with_the_misfit_is_named(refuse: Refuse, complete: str) -> None:
    lines = refuse(complete, "phases.layered=rock_salt_nio", ISOTROPIC_MISFIT, "protocol.steps=[]")
    words = r"rock_salt_nio\.yaml:\d+:9: phases\.layered\.misfit\.kind: 'lattice' is taken against"
    assert sum(bool(re.search(words, line)) for line in lines) == 1


@pytest.mark.parametrize(
    "overrides", [("couplings.misfit=false",), ("mechanics.coherency=0",), ("geometry.shell_thickness=0 nm",)]
)
def test_a_lattice_misfit_names_the_lattice_that_it_lacks(
    refuse: Refuse, complete: str, overrides: tuple[str, ...]
) -> None:
    (line,) = refuse(complete.replace("    lattice: {a: 2.878 Å, c: 14.19 Å}\n", ""), *overrides)
    assert "phases.layered.lattice: missing key; the rock salt's misfit is taken against it" in line


@pytest.mark.parametrize("layered", ["811", "[nmc721]", "null"])
def test_a_phase_that_is_none_is_said_once(refuse: Refuse, complete: str, layered: str) -> None:
    (line,) = refuse(complete, f"phases.layered={layered}")
    assert line.startswith("--set phases.layered: phases.layered: ")


@pytest.mark.parametrize(("thickness", "good"), [("1e-20 m", False), ("2e-15 m", False), ("3e-15 m", True)])
def test_a_layer_within_round_off_of_the_radius_is_refused(
    load: Load, refuse: Refuse, complete: str, thickness: str, good: bool
) -> None:
    if good:
        assert load(complete, f"geometry.shell_thickness={thickness}").geometry.holds_rock_salt
        return
    (line,) = refuse(complete, f"geometry.shell_thickness={thickness}")
    assert ": geometry.shell_thickness: under 1e-09 of the radius" in line


def test_an_isotropic_misfit_needs_no_lattice(load: Load, complete: str) -> None:
    text = complete.replace("    lattice: {a: 2.878 Å, c: 14.19 Å}\n", "")
    case = load(text, "phases.rock_salt.misfit={kind: isotropic, strain: 2.41 %}")
    assert case.phases.rock_salt.misfit.strain == pytest.approx(0.0241, rel=1e-15)


def test_no_lattice_no_check_of_the_reference(load: Load, complete: str) -> None:
    text = complete.replace("    lattice: {a: 2.878 Å, c: 14.19 Å}\n", "")
    overrides = (
        "phases.rock_salt.misfit={kind: isotropic, strain: 0.02}",
        "phases.layered.expansion.reference_occupancy=0.5",
    )
    assert load(text, *overrides).phases.layered.expansion.reference_occupancy == 0.5
    assert (
        load(complete, overrides[1], "phases.layered.lattice.occupancy=0.5").phases.layered.lattice.occupancy
        == 0.5
    )


def test_nothing_that_holds_lithium_needs_neither_start_nor_surface(load: Load, complete: str) -> None:
    head = complete[: complete.index("surface:")]
    overrides = ("phases.layered.host.kind=inert", "phases.rock_salt.host.kind=inert")
    case = load(head + "protocol: {steps: []}\n", *overrides)
    assert case.protocol.steps == ()
    assert (case.protocol.start.voltage, case.protocol.start.occupancy) == (None, None)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("surface:\n  exchange_current_density: 1 A/m^2\n", "surface"),
        ("  specific_current_1C: 150 mA/g\n", "protocol.specific_current_1C"),
        ("  start: {voltage: 3.6 V}\n", "protocol.start"),
    ],
)
def test_what_a_current_needs(refuse: Refuse, complete: str, text: str, field: str) -> None:
    (line,) = refuse(complete.replace(text, ""))
    assert f": {field}: missing key" in line


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ((PLANE + ", crystal: {c_axis: [1, 0, 1]}}",), "geometry.crystal.c_axis"),
        ((PLANE + ", crystal: {c_axis: [0, 0, 0]}}",), "geometry.crystal.c_axis"),
        ((PLANE + ", sector: quarter, crystal: {c_axis: [1, 1, 0]}}",), "geometry.sector"),
        ((PLANE + ", sector: quarter, crystal: {c_axis: [1, 0, 0]}}",), "geometry.sector"),
        ((PLANE + ", sector: half, crystal: {c_axis: [0, 1, 0]}}",), "geometry.sector"),
        ((PLANE + ", sector: octant}",), "geometry.sector"),
        ((PLANE + ", crystal: {c_axis: [1, 0, 0]}}", TRIGONAL), "phases.layered.elasticity.C14"),
        (
            ("geometry.dimension=axisymmetric", "geometry.crystal={c_axis: [1, 0, 0]}"),
            "geometry.crystal.c_axis",
        ),
        (
            ("geometry.dimension=axisymmetric", "geometry.crystal={c_axis: [0, 0, 1]}"),
            "phases.rock_salt.elasticity",
        ),
        ((HOLLOW + ", grains: {kind: radial}}", HEXAGONAL), "geometry.cavity_radius"),
    ],
)
def test_crystals_that_a_dimension_cannot_hold(
    refuse: Refuse, complete: str, overrides: tuple[str, ...], field: str
) -> None:
    lines = refuse(complete, *overrides)
    assert any(f": {field}: " in line for line in lines), lines
    assert len(lines) <= 2


@pytest.mark.parametrize(
    ("overrides", "sector"),
    [
        ((PLANE + "}",), "quarter"),
        # The rock salt here is an anisotropic cube on its (111) planes, which no line of the disc mirrors.
        ((PLANE + ", crystal: {c_axis: [1, 0, 0]}}",), "full"),
        ((PLANE + ", crystal: {c_axis: [1, 0, 0]}}", ISOTROPIC_ROCK_SALT), "quarter"),
        ((PLANE.replace("100 nm", "0 nm") + ", crystal: {c_axis: [1, 0, 0]}}",), "quarter"),
        ((PLANE + ", crystal: {c_axis: [1, 2, 0]}}",), "full"),
        ((PLANE + "}", TRIGONAL), "quarter"),
        ((MIXED + ", crystal: {c_axis: [1, 0, 0]}}", HEXAGONAL, ISOTROPIC_ROCK_SALT), "full"),
        (("geometry.dimension=axisymmetric",), "half"),
        ((), "full"),
        ((HOLLOW + ", grains: {kind: radial}}",), "full"),
        ((HOLLOW + ", grains: {kind: voronoi}}", HEXAGONAL), "full"),
    ],
)
def test_the_sector_is_the_smallest_that_holds_the_crystal(
    load: Load, complete: str, overrides: tuple[str, ...], sector: str
) -> None:
    assert load(complete, *overrides).geometry.sector == sector


def test_a_mesh_file_is_read_before_the_run(refuse: Refuse, complete: str) -> None:
    (line,) = refuse(complete, "geometry={kind: file, dimension: spherical, path: ./none.msh, scale: 1 um}")
    assert line.startswith("--set geometry: geometry.path:")
    assert "no such file" in line


def quarter_disc(folder: Path) -> None:
    """Write the quarter of a core-shell disc, as a user's own mesh."""
    size = meshes.MeshSize(bulk=4e-7, interface=2e-7)
    disc = meshes.build(meshes.CoreShell(2e-6, 4e-7, "generalised_plane_strain", "quarter", size))
    meshes.write_mesh(disc, folder / "disc.msh")


@pytest.mark.parametrize("axis", ["[1, 1, 0]", "[1, 0, 0]"])
def test_a_crystal_that_breaks_the_symmetry_lines_of_a_mesh_file_is_refused(
    load: Load, refuse: Refuse, complete: str, tmp_path: Path, axis: str
) -> None:
    quarter_disc(tmp_path)
    geometry = "geometry={kind: file, dimension: generalised_plane_strain, path: ./disc.msh"
    assert load(complete, geometry + "}").geometry.kind == "file"
    (line,) = refuse(complete, f"{geometry}, crystal: {{c_axis: {axis}}}}}")
    assert ": geometry.path: " in line
    assert "symmetry lines" in line


ANY_TURN = "0.7,0.7,0,0,0,1"
FLAT, LEANING, OBLIQUE, TURNED = "0,0,1,1,0,0", "0,1,0,1,0,1", "0,0,1,1,1,0", "0,1,1,1,0,0"
CUT, LEANS, TURNS = "symmetry line cuts", "leans out of the plane", "turned about c"


@pytest.mark.parametrize(
    ("frame", "overrides", "says"),
    [
        (FLAT, (HEXAGONAL, ISOTROPIC_ROCK_SALT), ""),
        (ANY_TURN, (HEXAGONAL, ISOTROPIC_ROCK_SALT), ""),
        (TURNED, (HEXAGONAL, ISOTROPIC_ROCK_SALT), ""),
        (LEANING, (HEXAGONAL, ISOTROPIC_ROCK_SALT), LEANS),
        (OBLIQUE, (HEXAGONAL, ISOTROPIC_ROCK_SALT), CUT),
        (FLAT, (TRIGONAL, ISOTROPIC_ROCK_SALT), CUT),
        (TURNED, (TRIGONAL, ISOTROPIC_ROCK_SALT), TURNS),
        (ANY_TURN, (TRIGONAL, ISOTROPIC_ROCK_SALT), "with c along z"),
        (FLAT, (), CUT),  # the rock salt of the case is cubic
        (LEANING, ("phases.layered.elasticity.poisson_ratio=0.2", ISOTROPIC_ROCK_SALT, ISOTROPIC_MISFIT), ""),
    ],
)
def test_frames_of_a_mesh_file_fit_its_plane_and_its_symmetry_lines(
    load: Load,
    refuse: Refuse,
    complete: str,
    tmp_path: Path,
    frame: str,
    overrides: tuple[str, ...],
    says: str,
) -> None:
    quarter_disc(tmp_path)
    (tmp_path / "disc.frames.csv").write_text(f"grain,a_x,a_y,a_z,c_x,c_y,c_z\n0,{frame}\n")
    geometry = "geometry={kind: file, dimension: generalised_plane_strain, path: ./disc.msh}"
    # A lattice misfit has axes too, but the same all around c.
    if not says:
        assert load(complete, geometry, *overrides).geometry.kind == "file"
        return
    lines = refuse(complete, geometry, *overrides)
    assert all(": geometry.path: crystal frame of a " in line for line in lines)
    assert any(says in line for line in lines), lines
