"""A nearly empty host on a fine line: pivots next to the centre are tiny, and no reason to give up."""

import json
from pathlib import Path

from solver.cli import main


def test_a_fine_sphere_fills_from_nearly_nothing(tmp_path: Path) -> None:
    # The lithium rows beside the centre weigh r^2 dr times an occupancy of 1e-6: less than 1e-14.
    step = "{drive: current_density, value: -2 A/m^2, for: 1 s}"
    settings = ("geometry.mesh_size={bulk: 10 nm, interface: 10 nm}", f"protocol.steps=[{step}]")
    words = [word for setting in settings for word in ("--set", setting)]
    assert main(["run", "sphere_2007", *words, "--out", str(tmp_path / "fine")]) == 0
    summary = json.loads((tmp_path / "fine" / "summary.json").read_text())
    assert summary["counts"]["cells"] == 500
    assert summary["lithium_balance_error"] < 1e-10
