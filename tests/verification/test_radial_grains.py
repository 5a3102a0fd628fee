"""Radial grains smeared around the radius: a hollow sphere, stiff and swelling along its tangents alone."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.verification.pages.mechanics.radial_grains import LOADS, RADII, expected, grains
from benchmarks.verification.setups.running import Run, relative

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("load", LOADS)
def test_radial_grains(run: Runner, load: str) -> None:
    found = run(grains(*LOADS[load], (40e-9, 10e-9)))
    for place, r in (("inner", RADII[0]), ("surface", RADII[1])):
        radial, hoop = expected(*LOADS[load], r)
        assert relative(found.point(place, "hoop_stress_Pa"), hoop) < 2e-4
        assert found.point(place, "radial_stress_Pa") == pytest.approx(radial, abs=2e-4 * abs(hoop))
