import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.cli.ablation import ablate_runs
from solver.results import read_run

Lithostat = Callable[..., subprocess.CompletedProcess[str]]
SHORT = ("--set", "protocol.steps=['Discharge at 2 A/m^2 for 5 s']", "--set", "name=short")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_and_what_may_replace_it(here: Lithostat, tmp_path: Path) -> None:
    done = here("run", "quick/sphere_2007", *SHORT)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "runs" / "short"
    assert done.stdout.splitlines()[-1].endswith(": runs/short")
    assert done.stdout.splitlines()[-1].startswith("done")
    assert {path.name for path in out.iterdir()} == {
        "case.yaml",
        "resolved.yaml",
        "provenance.json",
        "history.csv",
        "fields.vtkhdf",
        "log.txt",
        "summary.json",
    }
    assert json.loads((out / "summary.json").read_text())["status"] == "done"
    provenance = json.loads((out / "provenance.json").read_text())
    assert provenance["ranks"] == 1
    assert provenance["packages"]["gmsh"]
    assert any("Gmsh" in line for line in provenance["citations"])

    before = contents(out)
    for words, complaint in (
        ((*SHORT,), "exists already"),
        ((*SHORT, "--force", "--set", "temperature=cold"), "temperature"),
        ((*SHORT, "--force", "--set", "geometry.radius='2 m'"), "radius"),
    ):
        refused = here("run", "quick/sphere_2007", *words)
        assert refused.returncode == 2
        assert complaint in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        assert contents(out) == before

    again = here("run", "quick/sphere_2007", *SHORT, "--force", "--set", "protocol.steps=[]")
    assert again.returncode == 0, again.stderr
    summary = json.loads((out / "summary.json").read_text())
    assert summary["steps"] == []
    assert summary["final"] == summary["equilibrium"]


SATURATED = ("protocol.steps=['Discharge at 2 A/m^2 for 9 hours', 'Rest for 5 s']",)
HOPELESS = ("protocol.steps=['Discharge at 2000 A/m^2 for 9 s', 'Rest for 5 s']", "numerics.tolerance=1e-12")


@pytest.mark.parametrize(
    ("words", "code", "last", "reasons"),
    [
        (SATURATED, 3, "ended early", ["surface_saturated", "time"]),
        (HOPELESS, 4, "failed", ["numerics"]),
    ],
)
def test_exit_codes_say_how_it_ended(
    here: Lithostat, tmp_path: Path, words: tuple[str, ...], code: int, last: str, reasons: list[str]
) -> None:
    settings = [word for setting in words for word in ("--set", setting)]
    done = here("run", "quick/sphere_2007", *settings, "--out", "out")
    assert done.returncode == code
    assert done.stdout.splitlines()[-1].startswith(last)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["status"] == last.replace(" ", "_")
    assert [step["reason"] for step in summary["steps"]] == reasons
    assert read_run(tmp_path / "out").final() is not None


def test_petsc_options_are_passed_through(lithostat: Lithostat) -> None:
    done = lithostat("run", "quick/sphere_2007", *SHORT, "--petsc", "-ksp_view")
    assert done.returncode == 0, done.stderr
    assert "KSP Object" in done.stdout


def test_a_run_goes_on_when_nobody_reads_what_it_says(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "solver.cli", "run", "quick/sphere_2007", *SHORT, "--out", "out"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read().decode()
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["status"] == "done"
    assert "Traceback" not in complaints
    assert "PETSC ERROR" not in complaints


def test_ablation_runs_what_is_missing_only(here: Lithostat, tmp_path: Path) -> None:
    brief = ("--set", "protocol.steps=['Charge at 1C for 20 s']", "--set", "numerics.tolerance=0.1")
    names = ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility")
    for run, on in (("a", {"misfit", "stress_in_mobility"}), ("b", {"misfit"})):
        switches = [
            word for name in names for word in ("--set", f"couplings.{name}={str(name in on).lower()}")
        ]
        done = here("run", "quick/core_shell_liquid", *brief, *switches, "--out", run)
        assert done.returncode == 0, done.stderr
    first = here("compare", "a", "b", "--ablate", "--out", "c")
    assert first.returncode == 0, first.stderr
    made = sorted(path.parent for path in (tmp_path / "c").rglob("summary.json"))
    labels = [str(path.relative_to(tmp_path / "c" / "ablations")) for path in made]
    assert labels == ["a/misfit", "a/stress_in_mobility", "b/misfit"]
    for folder in made:
        couplings = json.loads((folder / "summary.json").read_text())["couplings"]
        assert couplings[folder.name] is False
    assert "misfit: charge capacity" in first.stdout

    before = [contents(folder) for folder in made]
    code, pairs = ablate_runs((tmp_path / "a", tmp_path / "b"), tmp_path / "c" / "ablations")
    assert code == 0
    # A run that lacks a coupling stands for itself.
    assert pairs == {"misfit": (made[0], made[2]), "stress_in_mobility": (made[1], tmp_path / "b")}
    assert [contents(folder) for folder in made] == before


def test_ranks_that_know_nothing_of_each_other_are_refused(
    here: Lithostat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_STEP_NUM_TASKS", "2")
    done = here("run", "quick/core_shell_liquid", "--out", "out")
    assert done.returncode == 2
    assert "2 processes that know nothing of each other" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_tolerance_below_round_off_ends_with_words(here: Lithostat, tmp_path: Path) -> None:
    words = ("--set", "numerics.tolerance=1e-13", "--set", "protocol.steps=['Rest for 1 s']")
    for engine in ("compiled", "forms"):
        done = here(
            "run", "quick/core_shell_liquid", "--out", engine, *words, "--set", f"numerics.engine={engine}"
        )
        assert done.returncode in {0, 4}, done.stderr
        assert "Error" not in json.loads((tmp_path / engine / "summary.json").read_text())["ended_by"]
