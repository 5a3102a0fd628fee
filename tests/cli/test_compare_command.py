import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.cli.parser import STRENGTH
from solver.quantities import read_quantity
from solver.report.compare import DEFAULT_STRENGTH

Lithostat = Callable[..., subprocess.CompletedProcess[str]]
Build = Callable[..., Path]


def test_one_default_strength() -> None:
    assert read_quantity(STRENGTH, "Pa") == DEFAULT_STRENGTH


def test_comparison_spares_an_earlier_one_without_force(
    here: Lithostat, tmp_path: Path, synthetic_run: Build
) -> None:
    synthetic_run(tmp_path / "a", dimension="spherical", name="first")
    synthetic_run(tmp_path / "b", dimension="spherical", name="second", scale=0.5)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "comparison.csv").write_text("earlier")
    refused = here("compare", "a", "b", "--out", "c")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert "--force" in refused.stderr
    assert [path.read_text() for path in (tmp_path / "c").iterdir()] == ["earlier"]

    done = here("compare", "a", "b", "--out", "c", "--strength", "1 GPa", "--force")
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "c").iterdir()}
    assert {"comparison.png", "comparison.csv", "comparison.md"} <= names
    assert (tmp_path / "c" / "comparison.csv").read_text() != "earlier"
    assert "1000 MPa" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("c/comparison.")


@pytest.mark.parametrize("strength", ["1", "-1 MPa", "2 um", "1 MPa + 2 MPa"])
def test_strength_is_a_stress(here: Lithostat, tmp_path: Path, synthetic_run: Build, strength: str) -> None:
    synthetic_run(tmp_path / "a", dimension="spherical")
    done = here("compare", "a", "a", f"--strength={strength}")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith("--strength: ")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_all_that_is_wrong_is_said_together(here: Lithostat, tmp_path: Path) -> None:
    done = here("compare", "nowhere", "neither", "--strength", "much")
    assert done.returncode == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "nowhere",
        "neither",
        "--strength",
    ]


def test_report_names_its_figures(here: Lithostat, tmp_path: Path, synthetic_run: Build) -> None:
    synthetic_run(tmp_path / "a", dimension="spherical")
    done = here("report", "a")
    assert done.returncode == 0, done.stderr
    files = done.stdout.splitlines()
    assert len(files) >= 2
    assert all((tmp_path / file).is_file() for file in files)
    missing = here("report", "a", "--data", "nowhere.csv")
    assert (missing.returncode, len(missing.stderr.splitlines())) == (2, 1)
