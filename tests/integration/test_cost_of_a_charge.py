"""The measurement of costs, in its short form: the page says what the run folders say."""

import json
from pathlib import Path

from benchmarks.cost import main, runs


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
    seconds = summary["wall_time_s"]
    parts = ("mesh", "compile", "assemble", "solve", "output")
    assert seconds["total"] >= sum(seconds[part] for part in parts)


def test_every_family_is_measured_at_two_sizes_and_on_two_numbers_of_ranks() -> None:
    found = runs(("core_shell_liquid_3d", "dispersed_solid_3d"), "1 minute")
    assert len(found) == 9
    assert len({run.folder for run in found}) == 9
    assert sum("whole" in run.size for run in found) == 1
