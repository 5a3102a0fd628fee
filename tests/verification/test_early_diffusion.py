"""The early surface of a sphere and a cylinder, beside the series and finite differences."""

import numpy as np
import pytest
from scipy.linalg import solve_banded

from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.exact.early_diffusion import early_flux, early_flux_cylinder


@pytest.mark.parametrize("time", [2e-3, 5e-3, 1e-2])
def test_early_times_meet_the_series(time: float) -> None:
    assert early_flux(time) == pytest.approx(float(series.crank_flux(1.0, time)), rel=1e-11)
    assert early_flux_cylinder(time) == pytest.approx(float(series.crank_flux_cylinder(1.0, time)), rel=2e-6)


@pytest.mark.parametrize(("power", "law"), [(2, early_flux), (1, early_flux_cylinder)])
def test_early_times_by_differences(power: int, law: object) -> None:
    """Implicit Euler on shells that are thinnest outside, extrapolated from two lengths of step."""
    faces = 1.0 - np.linspace(1.0, 0.0, 2001) ** 2
    volume, area = np.diff(faces ** (power + 1)) / (power + 1), faces**power
    middle = 0.5 * (faces[1:] + faces[:-1])
    conductance = area[1:-1] / np.diff(middle)
    end, found = 4e-4, []
    for steps in (2000, 4000):
        step = end / steps
        band = np.zeros((3, volume.size))
        band[1] = volume / step
        band[1, :-1] += conductance
        band[1, 1:] += conductance
        band[0, 1:] = band[2, :-1] = -conductance
        c = np.zeros(volume.size)
        for _ in range(steps):
            right = volume / step * c
            right[-1] += 1.0
            c = solve_banded((1, 1), band, right)
        found.append(c[-1] + 1.0 - middle[-1])
    assert callable(law)
    assert law(end) == pytest.approx(2.0 * found[1] - found[0], rel=1e-5)


def test_the_first_moment_is_that_of_a_half_space() -> None:
    for law in (early_flux, early_flux_cylinder):
        assert law(1e-10) == pytest.approx(2.0 * np.sqrt(1e-10 / np.pi), rel=2e-5)
