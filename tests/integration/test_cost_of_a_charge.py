"""The measurement of costs, in its short form: the page says what the run folders say."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

import solver.run as page_of_a_run
from benchmarks.cost import main, runs
from solver.case import load_case


def test_a_short_charge_makes_a_row(tmp_path: Path) -> None:
    page = tmp_path / "cost.md"
    words = ["dispersed_solid_3d", "--coarse", "--ranks", "1", "--duration", "3 s"]
    assert main([*words, "--out", str(tmp_path / "runs"), "--page", str(page)]) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    summary = json.loads((folder / "summary.json").read_text())
    row = next(line for line in page.read_text().splitlines() if line.startswith("| dispersed_solid_3d"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    counts = summary["counts"]
    wanted = (counts["dofs"], 1, counts["increments"], counts["newton_iterations"])
    assert cells[1:5] == [str(number) for number in wanted]
    assert sum(int(cell.removesuffix(" %")) for cell in cells[8:13]) <= 100
    assert float(cells[13]) > 0.1
    assert summary["peak_memory_bytes"] > 1e8


def test_the_total_counts_the_mesh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = page_of_a_run.build_mesh

    def slowly(case: Any, comm: Any, watch: Any) -> Any:
        with watch.measure("mesh"):
            time.sleep(3.0)  # more than a run of this size spends on what no part counts
        return made(case, comm, watch)

    monkeypatch.setattr(page_of_a_run, "build_mesh", slowly)
    case = load_case("quick/core_shell_liquid", ["protocol.steps=[]"])
    seconds = page_of_a_run.run(case, tmp_path / "run").summary["wall_time_s"]
    parts = ("mesh", "compile", "assemble", "solve", "output")
    assert seconds["mesh"] >= 3.0
    assert seconds["total"] >= sum(seconds[part] for part in parts)


def test_every_family_is_measured_at_two_sizes_and_on_two_numbers_of_ranks() -> None:
    found = runs(("core_shell_liquid_3d", "dispersed_solid_3d"), "1 minute")
    assert len(found) == 9
    assert len({run.folder for run in found}) == 9
    assert sum("whole" in run.size for run in found) == 1
