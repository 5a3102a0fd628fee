"""A case opens files in its own folder and in the current one, and others only if it is told that it may."""

from collections.abc import Callable
from pathlib import Path

import pytest

from meshes import CoreShell, build, write_mesh
from solver.case import CaseError, load_case
from solver.cli import main

UM = 1e-6
CASE = """\
name: names-files
architecture: liquid
temperature: 298.15 K
geometry: {GEOMETRY}
phases: {layered: LAYERED, rock_salt: rock_salt_nio}
protocol: {start: {voltage: 3.7 V}, steps: []}
"""
SHELL = "kind: core_shell, dimension: spherical, radius: 2.5 um, shell_thickness: 100 nm"
OUTSIDE = "leads outside the folder of the case and the current one; a path inside one of the two"

type Write = Callable[..., Path]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`project/cases`, `project/phases` and, beside the project, `elsewhere` and where commands start."""
    for name in ("project/cases", "project/phases", "elsewhere", "start"):
        (tmp_path / name).mkdir(parents=True)
    for folder in ("project/phases", "elsewhere"):
        (tmp_path / folder / "mine.yaml").write_text("extends: nmc721\ndensity: 5000 kg/m^3\n")
    monkeypatch.chdir(tmp_path / "start")
    return tmp_path


@pytest.fixture
def case(places: Path) -> Write:
    def write(layered: str = "nmc721", geometry: str = SHELL, head: str = "") -> Path:
        path = places / "project" / "cases" / "case.yaml"
        path.write_text(head + CASE.replace("LAYERED", layered).replace("GEOMETRY", geometry))
        return path

    return write


def refusal(path: Path, *overrides: str) -> str:
    with pytest.raises(CaseError) as caught:
        load_case(path, overrides)
    (line,) = caught.value.lines
    return line


def test_a_phase_above_is_read_where_the_command_starts_there(
    case: Write, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case("../phases/mine.yaml")
    line = refusal(path)
    assert line.startswith(f"{path}:5:19: phases.layered: '")
    assert OUTSIDE in line
    assert "--allow-outside" in line
    monkeypatch.chdir(places / "project")
    assert load_case(Path("cases/case.yaml")).phases.layered.density == 5000.0
    monkeypatch.chdir(places)
    assert load_case("project/cases/case.yaml").phases.layered.density == 5000.0


def test_it_is_read_when_it_may_be(case: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = case("../phases/mine.yaml")
    assert load_case(path, allow_outside=True).phases.layered.density == 5000.0
    assert main(["check", str(path)]) == 2
    assert capsys.readouterr().err.count(OUTSIDE) == 1
    assert main(["check", str(path), "--allow-outside"]) == 0


@pytest.mark.parametrize(
    "way", ["absolute", "up", "link to a file", "link to a folder", "link there and back"]
)
def test_no_way_leads_out(case: Write, places: Path, way: str) -> None:
    cases, there = places / "project" / "cases", places / "elsewhere" / "mine.yaml"
    named = {
        "absolute": str(there),
        "up": "../../elsewhere/mine.yaml",
        "link to a file": "./link.yaml",
        "link to a folder": "./linked/mine.yaml",
        "link there and back": "./linked/../elsewhere/mine.yaml",
    }[way]
    (cases / "link.yaml").symlink_to(there)
    (cases / "linked").symlink_to(places / "elsewhere")
    for text in (named, f"{{extends: {named}}}"):
        path = case(text)
        assert OUTSIDE in refusal(path)
        assert load_case(path, allow_outside=True).phases.layered.density == 5000.0


def test_a_base_outside_is_refused_and_so_is_what_an_inner_base_extends(case: Write, places: Path) -> None:
    base = places / "elsewhere" / "base.yaml"
    base.write_text(CASE.replace("LAYERED", "nmc721").replace("GEOMETRY", SHELL))
    path = places / "project" / "cases" / "mine.yaml"
    path.write_text("extends: ../../elsewhere/base.yaml\nname: mine\n")
    assert f"{path}:1:10: extends: '" in refusal(path)
    (path.parent / "inner.yaml").write_text(f"extends: {base}\n")
    path.write_text("extends: ./inner.yaml\n")
    assert f"{path.parent / 'inner.yaml'}:1:10: extends: '" in refusal(path)


def test_ways_round_that_end_inside_are_no_ways_out(case: Write, places: Path) -> None:
    (places / "project" / "cases" / "near.yaml").write_text("extends: nmc721\ndensity: 5000 kg/m^3\n")
    (places / "back").symlink_to(places / "project" / "cases")
    for named in ("../cases/near.yaml", str(places / "back" / "near.yaml"), "./../../back/near.yaml"):
        assert load_case(case(named)).phases.layered.density == 5000.0


def test_nothing_is_told_of_files_outside(case: Write) -> None:
    told = [refusal(case(named)).partition(": phases")[2] for named in ("/etc/passwd", "/etc/not-there")]
    assert told[0].replace("passwd", "not-there") == told[1]


def test_a_path_after_set_is_the_readers_own(case: Write, places: Path) -> None:
    there = places / "elsewhere"
    (there / "further.yaml").write_text("extends: ./mine.yaml\n")
    for named in (there / "mine.yaml", "../elsewhere/further.yaml"):
        assert load_case(case(), [f"phases.layered={named}"]).phases.layered.density == 5000.0
    (there / "further.yaml").write_text("extends: ../project/phases/mine.yaml\n")
    assert OUTSIDE in refusal(case(), f"phases.layered={there / 'further.yaml'}")


def file_geometry(path: Path | str) -> str:
    return f"kind: file, dimension: spherical, path: {path}, scale: 1 um"


def test_meshes_and_their_frames_stay_inside(case: Write, places: Path) -> None:
    mesh = build(CoreShell(2.5 * UM, 2e-7))
    cases, there = places / "project" / "cases", places / "elsewhere"
    write_mesh(mesh, there / "line.msh", UM)
    path = case(geometry=file_geometry("../../elsewhere/line.msh"))
    assert refusal(path).startswith(f"{path}:4:52: geometry.path: '")
    assert load_case(path, allow_outside=True).mesh_geometry().path == cases / "../../elsewhere/line.msh"
    assert load_case(case(), [f"geometry={{{file_geometry(there / 'line.msh')}}}"])
    write_mesh(mesh, cases / "line.msh", UM)
    path = case(geometry=file_geometry("./line.msh"))
    assert load_case(path)
    (there / "some.csv").write_text("grain,a_x,a_y,a_z,c_x,c_y,c_z\n0,0,1,0,1,0,0\n")
    (cases / "line.frames.csv").symlink_to(there / "some.csv")
    assert "line.frames.csv' leads outside" in refusal(path)


def test_a_run_elsewhere_is_still_compared(
    case: Write, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from solver.case.resolved import write_resolved
    from solver.report.substances import case_of
    from solver.results import Run

    write_mesh(build(CoreShell(2.5 * UM, 2e-7)), places / "elsewhere" / "line.msh", UM)
    read = load_case(case(geometry=file_geometry("../../elsewhere/line.msh")), allow_outside=True)
    (places / "start" / "resolved.yaml").write_text(write_resolved(read))
    assert case_of(Run(places / "start")).name == "names-files"
