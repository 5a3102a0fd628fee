"""What a charge costs, read from its summary; meshes of a size that is asked for."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

import solver.run as page_of_a_run
from benchmarks.performance.charging import charge, costs, sized
from benchmarks.performance.rows import Row, Rows
from benchmarks.performance.sizes import HEADS, named, profile, table
from meshes import estimate_cells
from solver.case import load_case
from solver.estimates import estimate_unknowns


def test_a_short_charge_says_what_it_cost(tmp_path: Path) -> None:
    given = {"case": "dispersed_solid_3d", "unknowns": 6e3, "steps": ["Charge at 1C for 1 s"]}
    found = charge(given, tmp_path)
    assert 0.5 < float(found["unknowns"]) / 6e3 < 2.0
    assert int(found["increments"]) > 0
    assert float(found["capacity_mAh_g"]) == pytest.approx(150.0 / 3600.0)  # 150 mA/g for a second
    parts = ("assembly_s", "local_s", "preconditioner_s", "Krylov_s", "output_s")
    assert all(float(found[part]) >= 0.0 for part in parts)
    assert sum(float(found[part]) for part in parts) <= float(found["march_s"])
    assert float(found["memory_bytes"]) > 1e8
    rows = Rows({"charge": [Row("a", 0, given, 1, found)]})
    (line,) = table(rows, "charge").rows
    assert len(line) == len(HEADS)
    assert line[:3] == ("a", f"{found['unknowns']}", "1")
    assert "assembly" in profile(rows, "charge", "a")


def test_costs_are_those_of_the_summary() -> None:
    summary = {
        "status": "done",
        "counts": {
            "cells": 70,
            "dofs": 1000,
            "increments": 4,
            "rejected": 1,
            "newton_iterations": 10,
            "linear_solves": 20,
            "linear_iterations": 150,
        },
        "wall_time_s": {
            "mesh": 3.0,
            "compile": 2.0,
            "assemble": 5.0,
            "local": 1.0,
            "solve": 7.0,
            "preconditioner": 3.0,
            "output": 0.5,
            "total": 25.0,
        },
        "peak_memory_bytes": 4_000_000,
        "linear_solver": "direct",
        "steps": [],
    }
    found = costs(summary)
    wanted = {
        "march_s": 20.0,
        "increment_s": 5.0,
        "newton_s": 2.0,
        "unknown_increment_us": 5000.0,
        "krylov_a_solve": 7.5,
        "assembly_s": 4.0,
        "Krylov_s": 4.0,
        "memory_per_unknown_bytes": 4000.0,
    }
    assert {name: found[name] for name in wanted} == wanted
    with pytest.raises(RuntimeError, match="ended as failed"):
        costs({**summary, "status": "failed", "ended_by": "numerics"})


def test_meshes_of_a_size() -> None:
    for unknowns in (25e3, 1e6):
        (word,) = sized("dispersed_solid_3d", unknowns)
        geometry = load_case("dispersed_solid_3d", [word]).mesh_geometry()
        found = estimate_unknowns("3d", estimate_cells(geometry))
        assert found == pytest.approx(unknowns, rel=0.05)
        assert geometry.mesh_size.bulk == geometry.mesh_size.interface  # as in the shipped case
    with pytest.raises(ValueError, match="no mesh within"):
        sized("dispersed_solid_3d", 1e9)
    assert [named(size) for size in (25e3, 1e6)] == ["25k", "1M"]


def test_the_total_counts_the_mesh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = page_of_a_run.build_mesh

    def slowly(case: Any, comm: Any, watch: Any) -> Any:
        with watch.measure("mesh"):
            time.sleep(3.0)  # more than a run of this size spends on what no part counts
        return made(case, comm, watch)

    monkeypatch.setattr(page_of_a_run, "build_mesh", slowly)
    case = load_case("quick/core_shell_liquid", [f"protocol.steps={json.dumps([])}"])
    seconds = page_of_a_run.run(case, tmp_path / "run").summary["wall_time_s"]
    parts = ("mesh", "compile", "assemble", "solve", "output")
    assert seconds["mesh"] >= 3.0
    assert seconds["total"] >= sum(seconds[part] for part in parts)
