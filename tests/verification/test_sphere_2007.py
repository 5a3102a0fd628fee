"""Stress speeds diffusion up: the sphere of Zhang, Shyy and Sastry (2007), J. Electrochem. Soc. 154, A910.

A sphere of lithium manganese oxide takes up lithium at a constant current. Without the stress in the
potential the answer is Crank's series with Cheng and Verbrugge's stresses, with it one nonlinear diffusion
equation that finite volumes integrate.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.exact import filled_sphere as filled
from benchmarks.verification.pages.coupling import sphere_2007 as page
from benchmarks.verification.setups.running import Run, relative

DURATION = page.PRINTED_AT

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize("dimension", ["spherical", "axisymmetric"])
def test_against_the_radial_solution(run: Runner, dimension: str, coupled: bool) -> None:
    found = run(page.sphere(dimension, coupled, DURATION))
    if dimension == "spherical":
        assert found.summary["counts"]["cells"] == 200
    (wanted,) = filled.moments(page.reference(), coupled, (DURATION,))
    check(page.moment(found), wanted, 1e-3 if dimension == "spherical" else 1e-2)


def test_an_octant_against_the_radial_solution(run: Runner) -> None:
    """In space the sphere starts with a little lithium: out of nothing takes four times as long."""
    (wanted,) = filled.moments(page.reference(page.PARTLY), True, (DURATION,))
    check(page.moment(run(page.sphere("3d", True, DURATION))), wanted, 1e-2)


def check(found: filled.Moment, wanted: filled.Moment, share: float) -> None:
    """Concentrations and stresses in the centre and at the surface agree to a share."""
    for key in ("centre", "surface", "radial", "hoop"):
        assert relative(getattr(found, key), getattr(wanted, key)) < share, key


@pytest.mark.parametrize("coupled", [False, True])
def test_the_radial_solution_is_the_one_found_before(coupled: bool) -> None:
    """Values of an earlier independent radial solution, so that the reference itself is checked twice."""
    (found,) = filled.moments(page.reference(), coupled, (DURATION,))
    check(found, page.PRINTED[coupled], 5e-5)


def test_finite_volumes_become_crank_where_stress_does_not_act() -> None:
    """A volume of lithium that swells by nothing leaves linear diffusion."""
    sphere = filled.Sphere(page.SOLID, 3e-6, 1e-12, 2e-15, 310.0, 3e-6, 500.0)
    unit = sphere.flux * sphere.radius / sphere.diffusivity
    for reduced in (0.03, 0.3):
        found = filled.ends(sphere, True, reduced * sphere.radius**2 / sphere.diffusivity)
        wanted = [sphere.start + unit * series.crank_flux(x, reduced) for x in (0.0, 1.0)]
        assert np.allclose(found, wanted, rtol=0.0, atol=1e-5 * unit)


@pytest.mark.parametrize("coupled", [False, True])
def test_time_of_saturation_is_where_the_surface_is_full(coupled: bool) -> None:
    time = filled.saturation(page.reference(), coupled, page.CAPACITY)
    (moment,) = filled.moments(page.reference(), coupled, (time,))
    assert moment.surface == pytest.approx(page.CAPACITY, rel=1e-9)
    assert moment.centre < page.CAPACITY
