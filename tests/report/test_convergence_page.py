"""The page of a convergence study, from run folders that were made up."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from solver.convergence.study import Study
from solver.report.convergence import write_convergence
from solver.report.errors import ReportError

FILES = {f"convergence.{kind}" for kind in ("md", "html", "csv", "json", "png")}


def region(mean: float, largest: float) -> dict[str, float]:
    return {
        "volume_m3": 1e-17,
        "mean_occupancy": 0.5,
        "mean_hydrostatic_stress_Pa": mean,
        "p05_hydrostatic_stress_Pa": mean - 1e6,
        "p95_hydrostatic_stress_Pa": mean + 1e6,
        "p95_principal_stress_Pa": mean + 2e6,
        "max_principal_stress_Pa": largest,
    }


def write_level(folder: Path, size: float, tolerance: float = 1e-3, **changes: Any) -> Path:
    """A run whose capacity converges with order 2, phase mean with order 1, and whose corner does not."""
    folder.mkdir(parents=True)
    capacity = 100.0 + 0.5 * size**2
    state = {
        "regions": {"layered": region(50e6 + 10e6 * size, 200e6 * size**-0.3), "rock_salt": region(0.0, 1e6)},
        "points": {"surface": {"radial_stress_Pa": 0.0, "concentration_mol_m3": 2e4}},
    }
    summary: dict[str, Any] = {
        "name": "made_up",
        "architecture": "solid",
        "dimension": "generalised_plane_strain",
        "status": "done",
        "ended_by": "voltage",
        "steps": [{"name": "Charge at 1C until 4.3 V", "reason": "voltage", "capacity_mAh_g": capacity}],
        "equilibrium": state,
        "final": state,
        "counts": {"cells": round(10_000 / size**2), "dofs": round(50_000 / size**2), "increments": 50},
        "mesh": {"rock_salt_fraction": 0.3},
        "wall_time_s": {"total": 1.0},
    }
    (folder / "summary.json").write_text(json.dumps({**summary, **changes}))
    (folder / "resolved.yaml").write_text(
        "name: made_up\ngeometry:\n  dimension: generalised_plane_strain\n"
        f"  mesh_size: {{bulk: {1e-7 * size!r} m, interface: {5e-8 * size!r} m}}\n"
        f"numerics: {{tolerance: {tolerance!r}}}\n"
    )
    (folder / "history.csv").write_text("step,voltage [V]\n0,3.6\n1,4.0\n1,4.3\n")
    return folder


Judged = Callable[..., tuple[Study, str]]


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    """`judged({"status": "failed"}, ...)`: three levels with these changes to their summaries."""

    def write(*changes: Mapping[str, Any], sizes: Sequence[float] = (1.0, 0.5, 0.25)) -> tuple[Study, str]:
        levels = [
            write_level(tmp_path / f"mesh-{k + 1}", size, **(changes[k] if k < len(changes) else {}))
            for k, size in enumerate(sizes)
        ]
        (study,) = write_convergence(tmp_path, levels)
        return study, (tmp_path / "convergence.md").read_text()

    return write


def row(study: Study, key: str) -> Any:
    (found,) = [row for row in study.rows if row.figure.key == key]
    return found


def line(text: str, start: str) -> str:
    (found,) = [line for line in text.splitlines() if line.startswith(start)]
    return found


def test_what_is_written(judged: Judged, tmp_path: Path) -> None:
    study, _ = judged()
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == FILES
    assert row(study, "steps.1.capacity_mAh_g").judgement.order == pytest.approx(2.0)
    assert row(study, "final.regions.layered.mean_hydrostatic_stress_Pa").judgement.order == pytest.approx(
        1.0
    )
    table = list(csv.DictReader(io.StringIO((tmp_path / "convergence.csv").read_text())))
    assert len(table) == len(study.rows)
    loaded = json.loads((tmp_path / "convergence.json").read_text())["studies"]["mesh"]
    assert [level["relative_size"] for level in loaded["levels"]] == pytest.approx([1.0, 0.5, 0.25])
    assert len(loaded["figures"]) == len(study.rows)


def test_what_is_said(judged: Judged) -> None:
    _, text = judged()
    assert "capacity of step 1;" in line(text, "Converged to 1 %, on the case's own mesh already")
    # 10 MPa of 52.5: 2.5 MPa left on the finest level with a safety of 1.25.
    assert "layered at the end: mean σ_h (6.0 %)" in line(text, "Not converged to 1 %")
    assert "layered at the end: largest σ_1" in line(text, "Singular")
    end = text.partition("## Mesh: end of the run")[2]
    corner = line(end, "| layered: largest σ_1 | MPa | 200.0 | 246.2 | 303.1 ")
    assert corner.split("|")[7:10] == [" – "] * 3
    assert "singular: grows with refinement" in corner


def test_a_zero_is_measured_against_the_largest_stress_that_is_no_extreme(judged: Judged) -> None:
    noise = {"surface": {"radial_stress_Pa": 1e-3, "concentration_mol_m3": 2e4}}
    state = {"regions": {"layered": region(5e7, 3e8)}, "points": noise}
    study, _ = judged({}, {"final": state})
    found = row(study, "final.points.surface.radial_stress_Pa")
    assert found.figure.scale == pytest.approx(0.01 * (50.0 + 10.0 + 2.0))
    assert found.judgement.settled


def test_a_figure_that_only_the_finest_level_has_right_is_told_apart(judged: Judged) -> None:
    _, text = judged(sizes=(4.0, 0.5, 0.25))
    # 100.5 on the finest, 108 on the first.
    assert "capacity of step 1 (8." in line(text, "Converged to 1 % on the finest level, but off by more")


def test_a_level_that_failed_is_a_row_with_its_reason(judged: Judged) -> None:
    steps = [{"name": "Charge at 1C until 4.3 V", "reason": "numerics", "capacity_mAh_g": 3.0}]
    study, text = judged({}, {}, {"status": "failed", "ended_by": "no increment", "steps": steps})
    assert "mesh-3 is failed (no increment)" in text
    assert row(study, "steps.1.capacity_mAh_g").figure.values[2] is None
    assert row(study, "steps.1.capacity_mAh_g").judgement.kind == "two"
    assert row(study, "final.regions.layered.max_principal_stress_Pa").judgement.kind == "two"
    assert row(study, "equilibrium.regions.layered.max_principal_stress_Pa").judgement.kind == "singular"
    assert "capacity of step 1" in line(text, "Undecided (too few levels")


def test_levels_that_end_differently_are_not_compared(judged: Judged) -> None:
    steps = [{"name": "Charge at 1C until 4.3 V", "reason": "surface_depleted", "capacity_mAh_g": 100.0}]
    study, text = judged({"status": "ended_early", "steps": steps})
    assert row(study, "steps.1.capacity_mAh_g").judgement.kind == "differing"
    assert row(study, "final.regions.layered.mean_hydrostatic_stress_Pa").judgement.kind == "differing"
    assert row(study, "equilibrium.regions.layered.mean_hydrostatic_stress_Pa").judgement.kind == "ordered"
    assert "step 1 ended by surface depleted, voltage, voltage" in text
    assert "mesh-1: the physics ended a step early (surface_depleted)" in text


def test_a_geometry_that_changes_and_meshes_that_do_not_are_named(judged: Judged) -> None:
    fraction, cells = {"rock_salt_fraction": 0.31}, {"cells": 11_000, "dofs": 1, "increments": 1}
    _, text = judged({"mesh": fraction}, {"counts": cells})
    assert "rock salt is 31.00 %, 30.00 %, 30.00 % of the volume" in text
    assert "mesh-2 is hardly finer than mesh-1: by 1.05 where 2.00 was asked for" in text


def test_a_case_that_asks_for_cells_larger_than_its_walls_allow_gets_no_warning(
    judged: Judged, tmp_path: Path
) -> None:
    judged()
    path = tmp_path / "mesh-1" / "resolved.yaml"
    path.write_text(path.read_text().replace("1e-07 m", "5e-07 m"))
    (study,) = write_convergence(tmp_path, [tmp_path / f"mesh-{k}" for k in (1, 2, 3)])
    assert study.levels[0].bulk == 5e-7
    assert "hardly finer" not in (tmp_path / "convergence.md").read_text()


def test_a_figure_that_the_first_level_lacks_is_not_said_to_be_off_there(judged: Judged) -> None:
    steps = [{"name": "Charge at 1C until 4.3 V", "reason": "numerics", "capacity_mAh_g": 3.0}]
    study, text = judged({"status": "failed", "steps": steps}, sizes=(1.0, 0.5, 0.25, 0.125))
    found = row(study, "steps.1.capacity_mAh_g")
    assert found.judgement.settled
    assert found.first_off is None
    said = line(text, "Converged to 1 % on the finest level; what it is on the case's own mesh is not known")
    assert "capacity of step 1" in said
    assert "(–)" not in text


def test_time_steps_are_sized_by_their_tolerance(tmp_path: Path) -> None:
    levels = [write_level(tmp_path / f"time-{k}", 0.5**k, 1e-3 / 4**k, counts={"cells": 7}) for k in range(3)]
    mesh, time = write_convergence(tmp_path, levels[:2], levels)
    assert [level.size for level in time.levels] == pytest.approx([1.0, 0.5, 0.25])
    assert row(time, "steps.1.capacity_mAh_g").judgement.order == pytest.approx(2.0)
    assert {row.judgement.kind for row in mesh.rows} == {"few"}


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no such folder"):
        write_convergence(tmp_path / "out", [tmp_path / "nowhere"])
    assert not list(tmp_path.iterdir())
