"""`lithostat converge`: levels are run, kept or refused, and the worst of them is the exit code."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver.convergence.study import CONVERGED

Lithostat = Callable[..., subprocess.CompletedProcess[str]]
SPHERE = "quick/sphere_2007"
SHORT = ("--set", "protocol.steps=['Discharge at 2 A/m^2 for 5 s']", "--set", "name=short")
WRITTEN = {f"convergence.{kind}" for kind in ("md", "html", "csv", "json", "png")}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def study(folder: Path, kind: str = "mesh") -> Any:
    return json.loads((folder / "convergence.json").read_text())["studies"][kind]


def test_a_study_goes_on_where_it_was(here: Lithostat, tmp_path: Path) -> None:
    done = here("converge", SPHERE, *SHORT, "--time")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "converge" / "short"
    runs = {"mesh-1", "mesh-2", "mesh-3", "time-2", "time-3"}
    assert {path.name for path in out.iterdir()} == runs | WRITTEN
    # The cost comes before the first run, the files come last.
    lines = done.stdout.splitlines()
    assert lines[2].startswith("mesh-3: bulk 50 nm, interface 50 nm; about 100 cells, 302 unknowns")
    assert lines[5].startswith("5 runs, all together about 13 times")
    assert "Mesh, 3 levels: " in done.stdout
    assert "Time steps, 3 levels: " in done.stdout
    assert {Path(line).name for line in lines[-5:]} == WRITTEN

    mesh, time = study(out), study(out, "time")
    assert [level["counts"]["cells"] for level in mesh["levels"]] == [25, 50, 100]
    assert [level["name"] for level in time["levels"]] == ["mesh-1", "time-2", "time-3"]
    assert [level["tolerance"] for level in time["levels"]] == [1e-3, 1e-3 / 4, 1e-3 / 16]
    capacity = mesh["figures"][0]
    assert (capacity["key"], capacity["kind"]) == ("steps.1.capacity_mAh_g", "constant")

    before = contents(out)
    refused = here("converge", SPHERE, *SHORT, "--time")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert "--force" in refused.stderr
    assert contents(out) == before

    (out / "mesh-2" / "summary.json").unlink()
    again = here("converge", SPHERE, *SHORT, "--time", "--force")
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("kept, ") == 4
    after = contents(out)
    assert {path for path, content in after.items() if content != before[path]} >= {"mesh-2/log.txt"}
    kept = [path for path in before if path.startswith(("mesh-1", "mesh-3", "time"))]
    assert [path for path in kept if after[path] != before[path]] == []
    assert study(out)["figures"] == mesh["figures"]

    another = here("converge", SPHERE, *SHORT, "--force", "--levels", "2", "--set", "numerics.tolerance=0.1")
    assert another.returncode == 0, another.stderr
    assert "kept, " not in another.stdout
    # Folders of a longer study before are not part of this one.
    assert [level["name"] for level in study(out)["levels"]] == ["mesh-1", "mesh-2"]
    assert "too few levels" in another.stdout


def test_ratio_and_threshold(here: Lithostat, tmp_path: Path) -> None:
    done = here("converge", SPHERE, *SHORT, "--levels", "2", "--ratio", "1.6", "--threshold", "3")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "converge" / "short"
    assert [level["counts"]["cells"] for level in study(out)["levels"]] == [25, 40]
    assert json.loads((out / "convergence.json").read_text())["threshold"] == 0.03
    assert "to 3 %" in done.stdout


def test_one_default_threshold() -> None:
    from solver.cli.parser import build_parser

    assert build_parser().parse_args(["converge", "case.yaml"]).threshold == 100 * CONVERGED


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--levels", "1"), "a whole number from 2 to 8"),
        (("--levels", "3.5"), "a whole number from 2 to 8"),
        (("--ratio", "1"), "a number from 1.1 to 4"),
        (("--ratio", "nan"), "a number from 1.1 to 4"),
        (("--threshold", "-1"), "a number from"),
        (("--set", "geometry.radius='-1 um'"), "radius"),
        (("--levels", "8", "--ratio", "4", "--set", "geometry.mesh_size.bulk='50 nm'"), "mesh_size"),
    ],
)
def test_bad_input_writes_nothing(
    here: Lithostat,
    tmp_path: Path,
    words: tuple[str, ...],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        done = here("converge", SPHERE, *words)
        code, said = done.returncode, done.stderr
    except SystemExit as left:  # the parser's own way
        code, said = int(str(left.code)), capsys.readouterr().err
    assert code == 2
    assert complaint in said
    assert not list(tmp_path.iterdir())


def test_a_mesh_from_a_file_is_refused(here: Lithostat, tmp_path: Path) -> None:
    assert here("mesh", SPHERE, "--out", "m").returncode == 0
    case = (
        "name: own\narchitecture: liquid\ntemperature: 300 K\nphases: {layered: nmc811}\n"
        "geometry: {kind: file, dimension: spherical, path: m/mesh.msh}\n"
        "protocol: {start: {voltage: 3.7 V}, steps: [Rest for 5 s]}\n"
    )
    (tmp_path / "own.yaml").write_text(case)
    refused = here("converge", "own.yaml")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert "a mesh from a file has no cell size" in refused.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"m", "own.yaml"}


def test_a_step_that_the_physics_ended_is_said(here: Lithostat, tmp_path: Path) -> None:
    steps = ("--set", "protocol.steps=['Discharge at 2 A/m^2 for 9 hours', 'Rest for 5 s']")
    done = here(
        "converge", SPHERE, *steps, "--set", "numerics.tolerance=0.1", "--levels", "2", "--out", "out"
    )
    assert done.returncode == 3
    assert "mesh-2: the physics ended a step early" in done.stdout
    assert "mesh-2: the physics ended a step early" in (tmp_path / "out" / "convergence.md").read_text()


@pytest.mark.parametrize(("codes", "worst"), [((4, 0, 3), 4), ((0, 3, 0), 3), ((0, 130, 0), 130)])
def test_the_worst_level_is_the_exit_code(
    here: Lithostat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...], worst: int
) -> None:
    def pretended(
        comm: object, case: object, text: object, out: Path, *more: object
    ) -> tuple[int, dict[str, Any]]:
        code = next(ahead)
        out.mkdir(parents=True)
        (out / "resolved.yaml").write_text("name: pretended\n")
        status = {0: "done", 3: "ended_early", 4: "failed", 130: "interrupted"}[code]
        why = {"name": "pretended", "dimension": "spherical", "status": status, "ended_by": "pretence"}
        (out / "summary.json").write_text(json.dumps({**why, "counts": {"cells": 10 * 2**code}}))
        return code, {}

    ahead = iter(codes)
    monkeypatch.setattr("solver.cli.converging.run_into", pretended)
    done = here("converge", SPHERE, *SHORT, "--out", "out")
    assert done.returncode == worst
    if worst == 130:
        # Nothing is judged before all levels are there, and what is there is kept.
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"mesh-1", "mesh-2"}
        assert "with --force goes on" in done.stdout
    else:
        assert ("mesh-1 is failed (pretence)" in done.stdout) == (worst == 4)
        assert next(ahead, None) is None
