import csv
import io

import numpy as np
import pytest

from solver.report.ablation import ablation_rows, outcomes
from solver.report.branches import branches, end_of_first_charge
from solver.report.compare import compare, differences
from solver.report.demo import main
from solver.report.moments import names_of
from solver.results import read_run


def history(*steps: tuple[int, float]) -> dict[str, np.ndarray]:
    """A history of steps, each with its number and its signed capacity."""
    share = np.linspace(0.25, 1.0, 4)
    return {
        "step": np.concatenate([np.full(4, float(number)) for number, _ in steps]),
        "capacity [mAh/g]": np.concatenate([capacity * share for _, capacity in steps]),
        "voltage [V]": np.arange(4.0 * len(steps)),
        "time [s]": np.arange(4.0 * len(steps)),
    }


def test_charge_and_hold_are_one_branch_and_rests_join_what_went_before():
    found = branches(history((1, 100.0), (2, 20.0), (3, 0.0), (4, -90.0), (5, 80.0)))
    assert [(branch.charge, branch.steps) for branch in found] == [
        (True, (1, 2, 3)),
        (False, (4,)),
        (True, (5,)),
    ]
    assert found[0].capacity[-1] == pytest.approx(120.0)
    assert (np.diff(found[0].capacity[:8]) > 0).all()
    assert found[1].capacity[-1] == pytest.approx(90.0)
    assert found[1].capacity.min() > 0


def test_the_two_runs_stand_side_by_side_and_a_cylinder_is_no_sphere(tmp_path, synthetic_run, capsys):
    a = synthetic_run(tmp_path / "a", "generalised_plane_strain", name="liquid-disc", architecture="liquid")
    b = synthetic_run(tmp_path / "b", "spherical", name="solid-ball", architecture="solid", scale=1.2)
    page = compare(a, b, tmp_path / "out", strength=1e9)
    assert "0.73 R_sphere" in capsys.readouterr().err
    assert "a cylinder is not a sphere" in page.read_text()
    assert {file.name for file in page.parent.iterdir()} >= {
        "comparison.png",
        "comparison.csv",
        "comparison.md",
    }
    rows = list(csv.DictReader(io.StringIO((page.parent / "comparison.csv").read_text())))
    by_name = {(row["section"], row["quantity"]): row for row in rows}
    charge = by_name["Capacity by step", "1. Charge at 1C until 4.3 V"]
    assert float(charge["A: liquid-disc"]) == pytest.approx(150.0)
    assert float(charge["B - A"]) == pytest.approx(30.0)
    mean = by_name["Stress: equilibrium", "layered: mean σ_h"]
    assert float(mean["A: liquid-disc"]) == pytest.approx(-1200.0)
    # In the shell sigma_1 is 1.8 GPa and more at equilibrium; in the core never above -0.9 GPa.
    shares = {
        name: by_name["Stress: equilibrium", f"{name}: share with σ_1 above 1000 MPa"]
        for name in ("layered", "rock salt")
    }
    assert float(shares["rock salt"]["A: liquid-disc"]) == pytest.approx(100.0)
    assert float(shares["layered"]["A: liquid-disc"]) == 0.0
    assert "comparison.png" in page.read_text()


def test_two_round_dimensions_differ_without_talk_of_cylinders(tmp_path, synthetic_run):
    ball = read_run(synthetic_run(tmp_path / "ball", dimension="spherical"))
    half = read_run(synthetic_run(tmp_path / "half", dimension="axisymmetric"))
    (words,) = differences(ball, half)
    assert "dimensions differ" in words
    assert "cylinder" not in words
    assert differences(ball, ball) == []


def test_runs_of_one_name_are_told_apart_by_their_folders(tmp_path, synthetic_run):
    runs = [read_run(synthetic_run(tmp_path / folder, name="same")) for folder in "ab"]
    other = read_run(synthetic_run(tmp_path / "c", name="other"))
    assert names_of([*runs, other]) == ["same (a)", "same (b)", "other"]


def test_ablation_rows_are_without_less_with(tmp_path, synthetic_run):
    full = read_run(synthetic_run(tmp_path / "full"))
    less = read_run(synthetic_run(tmp_path / "less", scale=0.9))
    rows = ablation_rows([full, full], {"stress_in_mobility": [less, full]})
    (charge,) = [row for row in rows if row.quantity == "stress in mobility: charge capacity"]
    assert charge.first == pytest.approx(-15.0)
    assert charge.second == pytest.approx(0.0)
    assert end_of_first_charge(full) == 1
    assert outcomes(full)["mean σ_h at the end of charge, layered"] == pytest.approx(-600.0)


def test_the_demonstration_prints_a_table_and_paths(tmp_path, synthetic_run, capsys):
    run = synthetic_run(tmp_path / "a", name="liquid-disc")
    (tmp_path / "a" / "picture.png").write_bytes(b"")
    assert main([str(run)]) == 0
    said = capsys.readouterr().out
    assert "charge [mAh/g]" in said
    assert "150.0" in said
    assert said.rstrip().endswith("picture.png")
    assert main([str(tmp_path / "none")]) == 2
    assert main([]) == 2
