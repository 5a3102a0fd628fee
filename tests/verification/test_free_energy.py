"""A closed body at rest: backward Euler never gains free energy and loses what the flux dissipates."""

import numpy as np
import pytest
from scipy.integrate import quad

from benchmarks.verification.exact.free_energy import chemical_energy
from benchmarks.verification.setups.closed_body import Closed, Leap
from benchmarks.verification.setups.hand_made import LAYERED_HOST
from solver.discretisation.media import Couplings

INCREMENTS = (0.01, 1.0, 30.0, 30.0, 1e3, 1e5, 1e8)


def relax(dimension: str, couplings: Couplings, pressure: float) -> list[Leap]:
    """Energy gained and energy dissipated in each increment of a body that starts far from equilibrium."""
    closed = Closed(dimension, {"spherical": 24, "3d": 3}.get(dimension, 4), couplings, pressure)
    closed.begin()
    return closed.leaps(INCREMENTS, first_order=True)


@pytest.mark.parametrize("pressure", [0.0, 7e8])
@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain", "3d"])
def test_energy_only_falls(dimension: str, pressure: float) -> None:
    found = relax(dimension, Couplings(), pressure)
    scale = abs(found[0].gain)
    assert scale > 0.0
    for leap in found:
        assert leap.gain <= -leap.lost + 1e-11 * scale
    assert sum(leap.lost > 1e-3 * scale for leap in found) >= 3
    assert found[-1].lost < 1e-9 * scale  # it has come to rest


def test_a_potential_without_stress_gains_energy_somewhere() -> None:
    found = relax("spherical", Couplings(stress_in_potential=False), 0.0)
    assert any(leap.gain > -leap.lost for leap in found)


def test_chemical_energy_is_the_integral_of_the_potential() -> None:
    """Between two potentials: the integral of y over occupancy, by quadrature."""
    low, high = -4.0, 3.0
    y = np.array([low, high])
    here = chemical_energy(LAYERED_HOST, y, LAYERED_HOST.occupancy(y))
    wanted, _ = quad(lambda s: s * float(LAYERED_HOST.slope(np.array([s]))[0]), low, high)
    assert here[1] - here[0] == pytest.approx(wanted, rel=1e-9)
