"""Three kinds of diffusivity, told apart by their chemical diffusivity."""

import numpy as np
import pytest

from solver.materials.hosts import DiluteHost, MsmrHost
from solver.materials.mobility import FLOOR, chemical_diffusivity, content_factor

LATTICE_GAS = MsmrHost((-150.0,), (1.0,), (1.0,))
LAYERED = MsmrHost((-175.0, -155.2, -146.0, -139.0), (0.30, 0.25, 0.35, 0.10), (4.9, 2.8, 1.1, 0.35))
THETA = np.linspace(0.03, 0.97, 40)


def test_a_chemical_diffusivity_is_one_whatever_the_host() -> None:
    for host in (LATTICE_GAS, LAYERED, DiluteHost(-120.0)):
        np.testing.assert_allclose(chemical_diffusivity("chemical", 3e-15, host, THETA), 3e-15, rtol=1e-12)


def test_a_tracer_is_chemical_only_when_dilute() -> None:
    np.testing.assert_allclose(
        chemical_diffusivity("tracer", 3e-15, DiluteHost(-9.0), THETA), 3e-15, rtol=1e-12
    )
    found = chemical_diffusivity("tracer", 3e-15, LATTICE_GAS, THETA)
    np.testing.assert_allclose(found, 3e-15 / (1 - THETA), rtol=1e-9)


def test_a_lattice_gas_is_chemical_only_for_one_site() -> None:
    np.testing.assert_allclose(chemical_diffusivity("lattice_gas", 2.0, LATTICE_GAS, THETA), 2.0, rtol=1e-9)
    assert np.max(chemical_diffusivity("lattice_gas", 2.0, LAYERED, THETA)) > 4.0


@pytest.mark.parametrize("kind", ["chemical", "tracer", "lattice_gas"])
@pytest.mark.parametrize("host", [LATTICE_GAS, LAYERED], ids=["one site", "several"])
def test_the_slope_is_that_of_finite_differences(kind: str, host: MsmrHost) -> None:
    h = 1e-6
    up, down = (content_factor(kind, host, host.potential(THETA + s))[0] for s in (h, -h))
    _, slope = content_factor(kind, host, host.potential(THETA))
    np.testing.assert_allclose((up - down) / (2 * h), slope, rtol=2e-6, atol=2e-6)
    assert np.max(np.abs(slope)) > 0.1


@pytest.mark.parametrize("kind", ["chemical", "tracer", "lattice_gas"])
def test_the_floor_holds_where_lithium_or_room_runs_out(kind: str) -> None:
    y = np.array([-190.0, -110.0]) if kind != "tracer" else np.array([-190.0])
    factor, slope = content_factor(kind, LATTICE_GAS, y)
    np.testing.assert_array_equal(factor, FLOOR)
    np.testing.assert_array_equal(slope, 0.0)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="self"):
        content_factor("self", LATTICE_GAS, np.zeros(1))
