"""Each coupling switched off gives, to round-off, what the same particle without that effect gives."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from tests.verification import cases
from tests.verification import closed_forms as exact
from tests.verification.running import Run

CORE, SHELL = exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)
ROUND_OFF = 1e-9
CHEMISTRY = ("voltage [V]", "capacity [mAh/g]", "mean_occupancy_layered", "mean_occupancy_rock_salt")
MECHANICS = (
    "mean_hydrostatic_stress_layered [Pa]",
    "mean_hydrostatic_stress_rock_salt [Pa]",
    "elastic_energy [J]",
)

Runner = Callable[[Any], Run]


def charge(
    couplings: Mapping[str, bool],
    swelling: float = 1.0,
    misfit: float = 0.017,
    activation: float = 1.9e-6,
    pressure: float = 300e6,
) -> Any:
    """A charge of a coated particle in which every coupling acts."""
    phases = {
        "layered": cases.lithium(
            CORE, cases.ideal(3.83), 49e3, 1.4e-6 * swelling, ("lattice_gas", 4e-15), reference=1.0
        ),
        "rock_salt": cases.lithium(
            SHELL,
            cases.ideal(3.88),
            31e3,
            2.2e-6 * swelling,
            ("lattice_gas", 2e-15),
            reference=0.3,
            misfit={"kind": "isotropic", "strain": misfit},
        ),
    }
    for phase in phases.values():
        phase["activation_volume"] = f"{activation!r} m^3/mol"
    return cases.case(
        "couplings",
        cases.core_shell("spherical", 0.4e-6, (150e-9, 50e-9)),
        phases,
        {"voltage": "3.85 V"},
        [cases.drive("current_density", 0.5, 200.0)],
        mechanics={"coherency": 0.6, "stack_pressure": f"{pressure!r} Pa"},
        surface={"exchange_current_density": "1.3 A/m^2"},
        couplings=dict(couplings),
        numerics={"tolerance": 1e-2},
    )


@pytest.fixture(scope="module")
def coupled(run_once: Runner) -> Run:
    return run_once(charge({}))


def difference(one: Run, other: Run, columns: tuple[str, ...]) -> float:
    """Largest deviation of the histories at the end, relative to the column's largest value."""
    gaps = []
    for name in columns:
        a, b = one.history[name], other.history[name]
        gaps.append(abs(a[-1] - b[-1]) / np.abs(a).max())
    return float(max(gaps))


def agree(one: Run, other: Run, columns: tuple[str, ...]) -> bool:
    """Whether two histories are the same in every row, increments included."""
    if len(one.history["time [s]"]) != len(other.history["time [s]"]):
        return False
    return all(
        np.abs(one.history[name] - other.history[name]).max() < ROUND_OFF * np.abs(one.history[name]).max()
        for name in ("time [s]", *columns)
    )


def test_misfit(run_once: Runner, coupled: Run) -> None:
    off, without = run_once(charge({"misfit": False})), run_once(charge({}, misfit=0.0))
    assert agree(off, without, (*CHEMISTRY, *MECHANICS))
    assert difference(off, coupled, MECHANICS) > 0.1


def test_swelling_and_its_potential(run_once: Runner, coupled: Run) -> None:
    off = run_once(charge({"chemical_strain": False, "stress_in_potential": False}))
    assert agree(off, run_once(charge({}, swelling=0.0)), (*CHEMISTRY, *MECHANICS))
    assert difference(off, coupled, MECHANICS) > 0.1
    assert difference(off, coupled, CHEMISTRY) > 1e-3


def test_chemical_strain_alone(run_once: Runner) -> None:
    """Without strain from lithium, misfit and pressure there is no stress left to enter the potential."""
    off = run_once(charge({"chemical_strain": False, "misfit": False}, pressure=0.0))
    without = run_once(charge({}, swelling=0.0, misfit=0.0, pressure=0.0))
    assert agree(off, without, CHEMISTRY)
    assert np.abs(off.history["mean_hydrostatic_stress_layered [Pa]"]).max() < 1e-3


def test_stress_in_the_potential(run_once: Runner, coupled: Run) -> None:
    """Chemistry goes its own way; the stresses are those of the swelling that it makes."""
    off = run_once(charge({"stress_in_potential": False}, activation=0.0))
    assert agree(off, run_once(charge({}, swelling=0.0, activation=0.0)), CHEMISTRY)
    assert difference(off, coupled, CHEMISTRY) > 1e-3
    assert difference(off, coupled, MECHANICS) > 1e-3


def test_stress_in_the_mobility(run_once: Runner, coupled: Run) -> None:
    off, without = run_once(charge({"stress_in_mobility": False})), run_once(charge({}, activation=0.0))
    assert agree(off, without, (*CHEMISTRY, *MECHANICS))
    assert difference(off, coupled, CHEMISTRY) > 1e-4
