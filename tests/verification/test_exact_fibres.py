"""Plane moduli and Hill's relations against coated cylinders, whose stresses are known otherwise."""

import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import fibres

CORE, SHELL = exact.Solid(210e9, 0.21), exact.Solid(3.5e9, 0.36)
RADII, PRESSURE = (0.7, 1.0), 0.3e9


def apparent(core: exact.Solid, shell: exact.Solid, axially_free: bool) -> float:
    """Pressure over the loss of volume (of area at held length), from the mean stresses of core and coat."""
    f = RADII[0] ** 2
    found = exact.coated_cylinder(core, shell, RADII, 0.0, PRESSURE, axially_free)
    loss = 0.0
    for share, solid, stress in ((f, core, found.core), (1.0 - f, shell, found.shell)):
        loss -= share * stress / solid.bulk
    return PRESSURE / loss


@pytest.mark.parametrize("shell_is_soft", [True, False])
def test_a_coated_cylinder_attains_a_bound(shell_is_soft: bool) -> None:
    core, shell = (CORE, SHELL) if shell_is_soft else (SHELL, CORE)
    bound = fibres.plane_bounds(1.0 - RADII[0] ** 2, core, shell)[0 if shell_is_soft else 1]
    assert apparent(core, shell, axially_free=False) == pytest.approx(bound, rel=1e-12)


@pytest.mark.parametrize("shell_is_soft", [True, False])
def test_hills_relation_gives_a_coated_cylinder_of_free_length(shell_is_soft: bool) -> None:
    core, shell = (CORE, SHELL) if shell_is_soft else (SHELL, CORE)
    held = apparent(core, shell, axially_free=False)
    found = fibres.bulk_at_free_length(1.0 - RADII[0] ** 2, core, shell, held)
    assert found == pytest.approx(apparent(core, shell, axially_free=True), rel=1e-11)


def test_plane_stress_of_a_body_that_wants_to_grow() -> None:
    """Held along z alone, with nothing in the plane, it has sigma_zz = -E e."""
    strain = 0.013
    assert fibres.plane_stress(CORE, -CORE.young * strain / 3.0, strain) == pytest.approx(0.0, abs=1e-3)
