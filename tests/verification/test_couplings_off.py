"""Each coupling switched off gives, to round-off, what the same particle without that effect gives."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.pages.coupling import switches as page
from benchmarks.verification.pages.coupling.switches import CHEMISTRY, MECHANICS
from benchmarks.verification.setups.running import Run
from solver.discretisation.media import Couplings

Runner = Callable[[Any], Run]


@pytest.fixture(scope="module")
def coupled(run_once: Runner) -> Run:
    return run_once(page.charge({}))


@pytest.fixture(scope="module")
def off(run_once: Runner) -> Callable[[str], Run]:
    """The run with an effect switched off, which agrees with the one without it."""

    def pair(name: str) -> Run:
        switched, without, columns = page.HISTORIES[name]
        found = run_once(switched)
        assert page.deviation(found, run_once(without), columns) < page.ROUND_OFF
        return found

    return pair


def difference(one: Run, other: Run, columns: tuple[str, ...]) -> float:
    """Largest deviation of the histories at the end, relative to the column's largest value."""
    gaps = []
    for name in columns:
        a, b = one.history[name], other.history[name]
        gaps.append(abs(a[-1] - b[-1]) / np.abs(a).max())
    return float(max(gaps))


def test_misfit(off: Callable[[str], Run], coupled: Run) -> None:
    assert difference(off("misfit"), coupled, MECHANICS) > 0.1


def test_swelling_and_its_potential(off: Callable[[str], Run], coupled: Run) -> None:
    found = off("swelling")
    assert difference(found, coupled, MECHANICS) > 0.1
    assert difference(found, coupled, CHEMISTRY) > 1e-3


def test_chemical_strain_alone(off: Callable[[str], Run]) -> None:
    """Without strain from lithium, misfit and pressure there is no stress left to enter the potential."""
    found = off("chemical strain")
    assert np.abs(found.history["mean_hydrostatic_stress_layered [Pa]"]).max() < 1e-3


def test_stress_in_the_potential(off: Callable[[str], Run], coupled: Run) -> None:
    """Chemistry goes its own way; the stresses are those of the swelling that it makes."""
    found = off("stress in the potential")
    assert difference(found, coupled, CHEMISTRY) > 1e-3
    assert difference(found, coupled, MECHANICS) > 1e-3


def test_stress_in_the_mobility(off: Callable[[str], Run], coupled: Run) -> None:
    assert difference(off("stress in the mobility"), coupled, CHEMISTRY) > 1e-4


@pytest.mark.parametrize("name", page.EFFECTS)
def test_crystals_in_space(name: str) -> None:
    effect = page.EFFECTS[name]
    switched = page.residuals("3d", Couplings(**dict.fromkeys(effect.switches, False)), {})
    without = page.residuals("3d", Couplings(), effect.numbers)
    coupled = page.residuals("3d", Couplings(), {})
    for row in effect.rows:
        size = np.abs(coupled[row]).max()
        assert np.abs(switched[row] - without[row]).max() < 1e-12 * size, row
        moved = np.abs(switched[row] - coupled[row]).max() / size
        assert (moved > 1e-3) == (name != "stress in the mobility" or row == "mu"), row
