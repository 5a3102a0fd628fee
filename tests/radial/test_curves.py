"""Marches without run folders: the same numbers, failures as values, no finite-element library."""

import subprocess
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest

from solver.case import load_case
from solver.radial import newton, striding
from solver.radial.curves import Draft, march, march_all
from solver.radial.stride import ENDED

SHELL = "quick/core_shell_liquid"
COARSE = ("geometry.mesh_size={bulk: 250 nm, interface: 20 nm}", "numerics.tolerance=1e-2")

STEPS = (
    "protocol.steps=['Charge at 2C until 4.2 V', 'Hold at 4.2 V for 1 minute', 'Discharge at 2C until 3.5 V']"
)


def test_a_curve_is_that_of_the_run(marched: Callable[..., Any]) -> None:
    run = marched("compiled", (STEPS, "surface.area_specific_resistance=10 ohm*cm^2"))
    (found,) = march_all([load_case(SHELL, [*COARSE, STEPS, "surface.area_specific_resistance=10 ohm*cm^2"])])
    assert (found.status, found.problem, found.rejected) == ("done", "", run.summary["counts"]["rejected"])
    assert found.iterations == run.summary["counts"]["newton_iterations"]

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in run.rows])

    assert found.step.tolist() == column("step").tolist()
    for values, name in ((found.time, "time [s]"), (found.voltage, "voltage [V]")):
        assert values == pytest.approx(column(name), rel=1e-12)
    assert found.capacity == pytest.approx(column("capacity [mAh/g]"), rel=1e-12, abs=1e-12)
    area = 4.0 * np.pi * 2.5e-6**2
    assert found.current == pytest.approx(column("current_density [A/m2]") * area, rel=1e-10, abs=1e-22)
    for end, step in zip(found.steps, run.summary["steps"], strict=True):
        assert (end.name, end.reason) == (step["name"], step["reason"])
        assert end.capacity == pytest.approx(step["capacity_mAh_g"], rel=1e-10)
        assert end.duration == pytest.approx(step["duration_s"], rel=1e-12)
    assert found.mass == pytest.approx(run.summary["mass_kg"], rel=1e-12)


def test_many_cases_keep_their_order_in_several_processes_and_threads() -> None:
    rates = (0.5, 1.0, 2.0, 4.0)
    overrides = [(*COARSE, f"protocol.steps=['Charge at {rate:g}C for 1 minute']") for rate in rates]
    alone = march_all(load_case(SHELL, own) for own in overrides)
    together = march_all((Draft(SHELL, own) for own in overrides), processes=2)
    threads = march_all([load_case(SHELL, own) for own in overrides], processes=2)
    for one, other, third, rate in zip(alone, together, threads, rates, strict=True):
        assert one.steps == other.steps == third.steps
        assert np.array_equal(one.voltage, other.voltage)
        assert np.array_equal(one.voltage, third.voltage)
        assert one.steps[0].capacity == pytest.approx(150.0 * rate / 60.0, rel=1e-9)


def test_what_cannot_be_marched_is_a_value() -> None:
    disc, good, misread, broken = march_all(
        [
            load_case("quick/core_shell_liquid_disc"),
            load_case(SHELL, [*COARSE, "protocol.steps=['Rest for 1 s']"]),
            Draft(SHELL, ("geometry.radius=3 kg",)),
            load_case(SHELL, [*COARSE, "protocol.steps=['Discharge at 2000 A/m^2 for 9 s', 'Rest for 5 s']"]),
        ]
    )
    assert (disc.status, len(disc.time)) == ("refused", 0)
    assert "spherical" in disc.problem
    assert good.status == "done"
    assert misread.status == "refused"
    assert "geometry.radius" in misread.problem
    assert broken.status in {"failed", "ended_early"}
    assert broken.steps[0].reason in {"numerics", "surface_saturated"}


def test_a_newton_that_fails_ends_the_curve_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    stride, calls = striding.stride, count()

    def failing(*arguments: Any) -> int:
        made = stride(*arguments)
        known, track = arguments[9:11]
        for attempt in range(known, made):
            if next(calls) >= 6:
                track.account[ENDED, attempt] = newton.NO_SOLUTION
                return int(attempt + 1)
        return made

    monkeypatch.setattr(striding, "stride", failing)
    found = march(load_case(SHELL, [*COARSE, STEPS]))
    assert found.status == "failed"
    assert found.problem == "linear solve gave values that are not finite"
    assert found.steps[-1].reason == "numerics"
    assert 1 < len(found.time) <= 7


def test_a_march_can_be_stopped() -> None:
    polled = count()
    found = march(load_case(SHELL, [*COARSE, STEPS]), stop=lambda: next(polled) >= 5)
    assert found.status == "interrupted"
    assert len(found.time) == 6
    assert found.steps[-1].reason == "interrupted"


def test_no_finite_element_library_is_loaded() -> None:
    script = f"""
import sys
from solver.case import load_case
from solver.radial.curves import march
case = load_case({SHELL!r}, {[*COARSE, "protocol.steps=['Rest for 1 s']"]!r})
assert march(case).status == "done"
print([name for name in ("dolfinx", "petsc4py", "mpi4py", "ufl", "basix", "gmsh") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def test_the_package_itself_needs_no_case_models() -> None:
    script = (
        "import sys, solver.radial.curves; print([n for n in ('pydantic', 'dolfinx') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
