"""Each coupling switched off gives, to round-off, what the same particle without that effect gives."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import cases, hand_made
from benchmarks.verification.setups.running import Run
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.media import Couplings

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


NOTHING = np.zeros((3, 3))
WITHOUT: Mapping[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "misfit": (("misfit",), {"misfit": NOTHING}),
    "swelling": (("chemical_strain", "stress_in_potential"), {"molar_volume": NOTHING}),
    "stress in the mobility": (("stress_in_mobility",), {"activation_volume": 0.0}),
    "everything": (
        ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility"),
        {"misfit": NOTHING, "molar_volume": NOTHING, "activation_volume": 0.0},
    ),
}
"""Switches, and the phases' numbers that mean the same."""


@pytest.fixture(scope="module")
def residuals() -> Callable[[Couplings, Mapping[str, Any]], dict[str, Any]]:
    """Both residuals of turned crystals in space in one and the same state, with some numbers replaced."""
    mesh = hand_made.box("3d", 2)

    def evaluate(couplings: Couplings, numbers: Mapping[str, Any]) -> dict[str, Any]:
        crystals = hand_made.coupled_phases(crystal=True)
        phases = {name: replace(phase, **numbers) for name, phase in crystals.items()}
        body = hand_made.particle(
            mesh, phases, couplings=couplings, pressure=3e8, frame=hand_made.FRAMES["3d"], coherency=0.7
        )
        hand_made.randomise(body, seed=5, size=1e-3)
        body.update()
        forms = (body.forms.momentum, body.forms.lithium)
        return {
            block.name: assemble_rows(compile_form(form), block)
            for block, form in zip(body.blocks, forms, strict=True)
        }

    return evaluate


@pytest.mark.parametrize("effect", WITHOUT)
def test_crystals_in_space(residuals: Any, effect: str) -> None:
    switches, numbers = WITHOUT[effect]
    off = residuals(Couplings(**dict.fromkeys(switches, False)), {})
    without, coupled = residuals(Couplings(), numbers), residuals(Couplings(), {})
    gaps = {}
    for name, rows in off.items():
        size = np.abs(coupled[name]).max()
        assert np.abs(rows - without[name]).max() < 1e-12 * size, name
        gaps[name] = np.abs(rows - coupled[name]).max() / size
    assert gaps["mu"] > 1e-3
    assert (gaps["u"] > 1e-3) == (effect != "stress in the mobility")
