"""A long core in a misfitting coat, in generalised plane strain and in plane strain: Lame's cylinder."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.pages.mechanics.core_shell_misfit import SHELL, expected, misfitting
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

SOLIDS = exact.Solid(139e9, 0.25), exact.Solid(27e9, 0.36)
MEANS, WALLS = 1e-3, 1e-2

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("pressure", [0.0, 760e6])
@pytest.mark.parametrize("dimension", ["generalised_plane_strain", "plane_strain"])
def test_disc(run: Runner, dimension: str, pressure: float) -> None:
    geometry = cases.core_shell(dimension, SHELL, (300e-9, 100e-9))
    found = run(misfitting("disc", geometry, SOLIDS, pressure))
    wanted = expected(SOLIDS, pressure, dimension)
    assert relative(found.mean_stress("layered"), wanted.core) < MEANS
    assert relative(found.mean_stress("rock_salt"), wanted.shell) < MEANS
    interface = found.final["interface"]
    for value, there in (
        (interface["radial_stress_Pa"], wanted.interface),
        (interface["hoop_stress_core_Pa"], wanted.hoop_core),
        (interface["hoop_stress_shell_Pa"], wanted.hoop_shell),
        (found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface),
        (found.point("surface", "radial_stress_Pa"), -pressure),
        (found.point("centre", "hydrostatic_stress_Pa"), wanted.core),
    ):  # a polygon's corners cost the values on its edges an order
        assert abs(value - there) < WALLS * abs(wanted.hoop_shell)
