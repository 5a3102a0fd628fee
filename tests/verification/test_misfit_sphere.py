"""A core in a misfitting shell, with and without outer pressure: Lame's sphere."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.pages.mechanics.core_shell_misfit import (
    COHERENCY,
    PAIRS,
    SHELL,
    expected,
    misfitting,
)
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

MEANS, WALLS, MEANS_2D = 1e-6, 2e-4, 1e-3
MEANS_3D, WALLS_3D = 2e-3, 1e-2

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("pressure", [0.0, 760e6])
@pytest.mark.parametrize("pair", PAIRS)
def test_spherical(run: Runner, pair: str, pressure: float) -> None:
    solids = PAIRS[pair]
    geometry = cases.core_shell("spherical", SHELL)
    found, wanted = run(misfitting("misfit", geometry, solids, pressure)), expected(solids, pressure)
    assert relative(found.mean_stress("layered"), wanted.core) < MEANS
    assert relative(found.mean_stress("rock_salt"), wanted.shell) < MEANS
    interface = found.final["interface"]
    assert relative(interface["radial_stress_Pa"], wanted.interface) < WALLS
    assert relative(interface["hoop_stress_core_Pa"], wanted.hoop_core) < WALLS
    assert relative(interface["hoop_stress_shell_Pa"], wanted.hoop_shell) < WALLS
    assert relative(found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface) < WALLS
    assert relative(found.point("centre", "hydrostatic_stress_Pa"), wanted.core) < WALLS
    scale = abs(wanted.hoop_surface)
    assert found.point("surface", "radial_stress_Pa") == pytest.approx(-pressure, abs=WALLS * scale)
    assert found.point("surface", "hydrostatic_stress_Pa") == pytest.approx(wanted.shell, rel=WALLS)


@pytest.mark.parametrize("pressure", [0.0, 760e6])
@pytest.mark.parametrize("pair", PAIRS)
def test_axisymmetric_with_thirty_elements_around(run: Runner, pair: str, pressure: float) -> None:
    around = 3.14159 * (cases.RADIUS - SHELL) / 30  # from pole to pole
    solids = PAIRS[pair]
    geometry = cases.core_shell("axisymmetric", SHELL, (1.5 * around, around))
    found, wanted = run(misfitting("misfit", geometry, solids, pressure)), expected(solids, pressure)
    assert relative(found.mean_stress("layered"), wanted.core) < MEANS_2D
    assert relative(found.mean_stress("rock_salt"), wanted.shell) < MEANS_2D
    assert relative(found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface) < 20 * MEANS_2D


@pytest.mark.parametrize(
    ("pair", "pressure", "beside"),
    [
        ("close moduli", 760e6, WALLS_3D),
        ("soft shell", 760e6, WALLS_3D),
        # Misfit alone, the core 1000 times stiffer: flat facets show at the interface, to first order only.
        ("soft shell", 0.0, 3.5 * WALLS_3D),
        ("soft core", 760e6, WALLS_3D),
    ],
)
def test_octant(run: Runner, pair: str, pressure: float, beside: float) -> None:
    """`beside` is the share that values at the interface may be off by."""
    solids = PAIRS[pair]
    geometry = cases.core_shell("3d", SHELL, (420e-9, 140e-9))
    found, wanted = run(misfitting("misfit", geometry, solids, pressure)), expected(solids, pressure)
    assert relative(found.mean_stress("layered"), wanted.core) < MEANS_3D
    assert relative(found.mean_stress("rock_salt"), wanted.shell) < MEANS_3D
    interface, hoop = found.final["interface"], found.point("surface", "hoop_stress_Pa")
    assert relative(hoop, wanted.hoop_surface) < WALLS_3D
    assert relative(found.point("centre", "hydrostatic_stress_Pa"), wanted.core) < WALLS_3D
    assert relative(interface["hoop_stress_core_Pa"], wanted.hoop_core) < beside
    assert relative(interface["hoop_stress_shell_Pa"], wanted.hoop_shell) < beside
    # The radial stress is small beside the hoop stress of the stiffer side, whose errors it shares.
    scale = max(abs(wanted.hoop_core), abs(wanted.hoop_shell))
    assert interface["radial_stress_Pa"] == pytest.approx(wanted.interface, abs=beside * scale)
    surface = found.point("surface", "radial_stress_Pa")
    assert surface == pytest.approx(-pressure, abs=WALLS_3D * max(scale, abs(wanted.hoop_surface)))


def test_misfit_of_two_lattices_acts_by_its_mean(run: Runner) -> None:
    """A sphere in one dimension has no crystal axes: the three misfits of (111) on (003) are averaged."""
    a, c, cubic = 2.878, 14.19, 4.177
    in_plane, along = cubic / 2.0**0.5 / a - 1.0, 2.0 * cubic / 3.0**0.5 / (c / 3.0) - 1.0
    assert (in_plane, along) == pytest.approx((0.0263, 0.0197), abs=5e-5)
    solids = PAIRS["close moduli"]
    case = misfitting("lattices", cases.core_shell("spherical", SHELL), solids, 0.0)
    case["phases"]["layered"]["lattice"] = {"a": f"{a} Å", "c": f"{c} Å"}
    case["phases"]["rock_salt"]["misfit"] = {"kind": "lattice", "a": f"{cubic} Å"}
    strain = COHERENCY * (2.0 * in_plane + along) / 3.0
    wanted = exact.coated_sphere(*solids, (cases.RADIUS - SHELL, cases.RADIUS), strain, 0.0)
    found = run(case)
    assert relative(found.mean_stress("layered"), wanted.core) < MEANS
    assert relative(found.mean_stress("rock_salt"), wanted.shell) < MEANS
