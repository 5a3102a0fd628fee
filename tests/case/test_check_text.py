import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solver.case import load_case, write_resolved
from solver.check import check_lines
from solver.estimates import NEWTON, duration_text, estimate_memory, estimate_seconds, estimate_unknowns
from solver.nominal import nominal_sizes

type Load = Any


def section(case: Any, title: str) -> list[str]:
    """The lines below a title, without indentation."""
    lines = list(check_lines(case))
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"# {title}"))
    found = []
    for line in lines[begin + 1 :]:
        if not line.startswith("  "):
            break
        found.append(line.strip())
    return found


def test_it_begins_with_the_resolved_case() -> None:
    case = load_case("sphere_2007")
    assert "\n".join(check_lines(case)).startswith(write_resolved(case).rstrip())


def test_misfit_of_nickel_oxide_on_nmc721() -> None:
    case = load_case(
        "core_shell_liquid",
        ["phases.rock_salt=rock_salt_nio", "protocol.steps=[]", "mechanics.coherency=0.5"],
    )
    full, half = section(case, "misfit")
    assert full.endswith(" in plane +2.626 %, along c +1.970 %, mean +2.408 %")
    assert "in plane +1.313 %" in half


def test_current_of_a_sphere_at_1C(load: Load, complete: str) -> None:
    case = load(complete, "geometry.shell_thickness=0 nm")
    # 150 A/kg * density * R / 3
    assert f"{150 * 4760 * 2.5e-6 / 3:.4g} A/m^2" in "\n".join(section(case, "current"))


def test_chemical_diffusivity_of_a_tracer_in_an_ideal_host(load: Load, complete: str) -> None:
    rows = [line.split() for line in section(load(complete), "chemical diffusivity")[1:]]
    for occupancy, layered, rock_salt in rows:
        assert float(layered) == 1e-15
        assert float(rock_salt) == pytest.approx(2e-17 / (1 - float(occupancy)), rel=1e-3)


def test_start_occupancies_are_those_of_the_hosts(load: Load, complete: str) -> None:
    lines = section(load(complete, "protocol.start.voltage=3.8 V"), "start")
    assert "rock_salt: occupancy 0.5000" in lines[1]
    against_indium = ("protocol.start.voltage=3.18 V", "protocol.reference_potential=0.62 V")
    assert "rock_salt: occupancy 0.5000" in section(load(complete, *against_indium), "start")[1]


def test_diffusion_time(load: Load, complete: str) -> None:
    layered, rock_salt = section(load(complete), "diffusion")
    assert f"{(2.4e-6) ** 2 / 1e-15:.4g} s" in layered
    assert f"{(1e-7) ** 2 / 4e-17:.4g} s" in rock_salt


def test_large_strains_and_assumptions_are_named(load: Load, complete: str) -> None:
    overrides = ("phases.layered.expansion.partial_molar_volume=4e-6 m^3/mol",)
    assert any("small strain" in line for line in section(load(complete, *overrides), "warnings"))
    assumed = "\n".join(section(load_case("dispersed_solid"), "assumed"))
    assert "rock_salt.host.sites[0].omega" in assumed
    assert "layered.density" not in assumed


def test_nominal_fractions() -> None:
    sphere, disc = load_case("core_shell_liquid"), load_case("core_shell_liquid_disc")
    ratio = 1 - 80 / 2500
    assert nominal_sizes(sphere.geometry).rock_salt_fraction == pytest.approx(1 - ratio**3, rel=1e-12)
    assert nominal_sizes(disc.geometry).rock_salt_fraction == pytest.approx(1 - ratio**2, rel=1e-12)
    hollow = nominal_sizes(load_case("hollow_secondary").geometry)
    assert hollow.rock_salt_fraction == 0
    assert hollow.volume == pytest.approx(3.141592653589793 * (2.5e-6**2 - 1e-6**2), rel=1e-12)


def test_unknowns_of_regular_meshes() -> None:
    assert estimate_unknowns("spherical", 100) == 201 + 101
    n = 50  # a square of n by n squares, each cut into two triangles
    assert estimate_unknowns("plane_strain", 2 * n**2) == pytest.approx(
        2 * (2 * n + 1) ** 2 + (n + 1) ** 2, rel=0.03
    )


@pytest.mark.parametrize(
    ("cells", "unknowns"), [(767, 4433), (1819, 9178), (2304, 12_931), (7610, 35_887), (17_317, 82_864)]
)
def test_unknowns_of_sectors_and_balls_are_those_counted(cells: int, unknowns: int) -> None:
    assert estimate_unknowns("3d", cells) == pytest.approx(unknowns, rel=0.1)


@pytest.mark.parametrize(
    ("dimension", "unknowns", "measured"),
    [
        ("spherical", 338, 0.157),
        ("generalised_plane_strain", 22_391, 0.191),
        ("generalised_plane_strain", 80_958, 0.391),
        ("generalised_plane_strain", 821_761, 2.30),
        ("3d", 25_343, 0.25),
        ("3d", 30_850, 0.27),
        ("3d", 134_095, 0.83),
    ],
)
def test_memory_is_estimated_to_a_fifth_of_what_was_measured(
    dimension: str, unknowns: int, measured: float
) -> None:
    assert estimate_memory(dimension, unknowns) / 2**30 == pytest.approx(measured, rel=0.21)


def test_time_of_a_solid_particle_is_that_measured() -> None:
    # Seconds of one core for 20 Newton iterations at 30 850 unknowns.
    assert estimate_seconds(30_850) / (100 * NEWTON) == pytest.approx(4.4 / 20, rel=0.1)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 seconds"), (83, "80 seconds"), (120, "2 minutes"), (5000, "80 minutes")]
)
def test_durations_are_round(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "dispersed_solid"], 0),
        (["check", "case.yaml"], 2),
        (["run", "case.yaml"], 2),
        (["schema"], 0),
    ],
)
def test_the_command_answers_without_the_finite_element_library(
    arguments: list[str], code: int, tmp_path: Path, complete: str
) -> None:
    (tmp_path / "case.yaml").write_text(complete.replace("radius: 2.5 um", "radius: 2.5"), encoding="utf-8")
    spy = (
        "import sys; from solver.cli import main; code = main(); print('dolfinx' in sys.modules); exit(code)"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", spy, *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": root, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    if arguments[0] != "run":
        assert done.stdout.splitlines()[-1] == "False"
    if code == 2:
        assert done.stderr.startswith("case.yaml:7:11: geometry.radius: the number 2.5 has no unit; a length")
        assert len(done.stderr.splitlines()) == 1
        assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml"]
