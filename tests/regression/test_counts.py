"""What a march in three dimensions costs, in counts that no machine changes: a guard of its solvers."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.performance.charging import sized
from benchmarks.performance.families.scaling import variants
from solver.cli import main
from solver.discretisation import elastic_block

UNKNOWNS = 12e3
SHELL, DISPERSED = "core_shell_liquid_3d", "dispersed_solid_3d"


def counts(folder: Path, case: str, variant: str) -> dict[str, Any]:
    words = variants()[variant] if variant else ()
    words += (*sized(case, UNKNOWNS, words), 'protocol.steps=["Charge at 1C for 15 s"]')
    options = [word for text in words for word in ("--set", text)]
    assert main(["run", case, "--out", str(folder / "run"), *options]) == 0
    summary = json.loads((folder / "run" / "summary.json").read_text())
    assert "elastic block multigrid" in summary["linear_solver"]
    return dict(summary["counts"])


# Iterations a linear solve and an increment may take on average; found were 6.3, 5.8, 11.0, 11.7, 6.5 and
# 3.5, 3.4, 3.5, 2.9, 11. The slow shell is charged in one increment.
@pytest.mark.parametrize(
    ("case", "variant", "krylov", "newton"),
    [
        (DISPERSED, "", 7.5, 4.2),
        (SHELL, "", 7.0, 4.2),
        (SHELL, "soft-core", 13.0, 4.2),
        (SHELL, "soft-shell", 13.5, 3.6),
        (SHELL, "slow-shell", 8.0, 13.0),
    ],
)
def test_a_stretch_takes_no_more_than_it_took(
    tmp_path: Path, case: str, variant: str, krylov: float, newton: float
) -> None:
    found = counts(tmp_path, case, variant)
    assert found["linear_iterations"] <= krylov * found["linear_solves"]
    assert found["newton_iterations"] <= newton * (found["increments"] + found["rejected"])
    # One right side an iteration, however many scalars border the fields.
    assert found["linear_solves"] == found["newton_iterations"]
    # Elastic levels are made once for start and march; factors of lithium serve again.
    assert found["factorisations"] <= 2 + 0.35 * found["newton_iterations"]


def test_coarser_levels_of_a_thin_shell_do_not_fill_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    multigrid = elastic_block._multigrid

    def watched(*given: Any) -> Any:
        made.append(multigrid(*given))
        return made[-1]

    monkeypatch.setattr(elastic_block, "_multigrid", watched)
    monkeypatch.setattr(elastic_block, "COARSE_LIMIT", 0)
    found = counts(tmp_path, SHELL, "")
    assert found["linear_iterations"] <= 10.0 * found["linear_solves"]
    (ksp,) = made
    coarse = ksp.getPC().getMGCoarseSolve().getPC()
    assert coarse.getType() == "gamg"
    levels = [coarse.getMGSmoother(k).getOperators()[0] for k in range(coarse.getMGLevels())]
    entries = [level.getInfo()["nz_used"] for level in levels]
    assert len(entries) >= 2
    assert sum(entries) <= 2.0 * entries[-1]
