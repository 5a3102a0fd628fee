"""The exact solutions themselves, against arithmetic that shares nothing with them."""

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series

Array = npt.NDArray[np.float64]
CORE, SHELL = exact.Solid(210e9, 0.21), exact.Solid(35e9, 0.36)
RADII = (2.1e-6, 3e-6)


def rings(power: int, strain: float, pressure: float, axially_free: bool) -> tuple[float, float]:
    """Mean hydrostatic stresses of core and shell from linear elements on the radius, extrapolated.

    power 2 is a sphere (both transverse strains are u/r), power 1 a cylinder.
    """
    coarse, fine = (_rings(n, power, strain, pressure, axially_free) for n in (60, 120))
    core, shell = (4.0 * fine - coarse) / 3.0
    return core, shell


def _rings(n: int, power: int, strain: float, pressure: float, axially_free: bool) -> Array:
    r = np.concatenate([np.linspace(0, RADII[0], n + 1), np.linspace(*RADII, n + 1)[1:]]) / RADII[1]
    size = len(r) + 1  # the last unknown is the axial strain
    matrix, load = np.zeros((size, size)), np.zeros(size)
    sums = np.zeros((2, 2 + size))  # per phase: volume, constant part and displacement's part of its stress
    for k in range(len(r) - 1):
        outside = int(k >= n)
        solid, eigen = ((CORE, 0.0), (SHELL, strain))[outside]
        stiffness = solid.lame * np.ones((3, 3)) + 2.0 * solid.shear * np.eye(3)
        h, middle = r[k + 1] - r[k], 0.5 * (r[k] + r[k + 1])
        own = [k, k + 1, size - 1]
        hoop = [0.5 / middle, 0.5 / middle, 0.0]
        across = hoop if power == 2 else [0.0, 0.0, 1.0]
        operator = np.array([[-1.0 / h, 1.0 / h, 0.0], hoop, across])
        weight = h * middle**power
        matrix[np.ix_(own, own)] += weight * operator.T @ stiffness @ operator
        load[own] += weight * operator.T @ stiffness @ np.full(3, eigen)
        sums[outside, :2] += weight, -weight * 3.0 * solid.bulk * eigen
        sums[outside, 2 + np.array(own)] += weight * (stiffness @ operator).mean(axis=0)
    load[-2:] -= pressure, 0.5 * pressure
    held = [0] if power == 1 and axially_free else [0, size - 1]
    free = np.setdiff1d(np.arange(size), held)
    u = np.zeros(size)
    u[free] = np.linalg.solve(matrix[np.ix_(free, free)], load[free])
    return np.asarray((sums[:, 2:] @ u + sums[:, 1]) / sums[:, 0])


@pytest.mark.parametrize(("strain", "pressure"), [(0.021, 0.0), (0.0, 0.7e9), (-0.013, 0.4e9)])
def test_coated_sphere_agrees_with_rings(strain: float, pressure: float) -> None:
    found = exact.coated_sphere(CORE, SHELL, RADII, strain, pressure)
    core, shell = rings(2, strain, pressure, axially_free=False)
    assert found.core == pytest.approx(core, rel=2e-6)
    assert found.shell == pytest.approx(shell, rel=2e-6)


@pytest.mark.parametrize("axially_free", [True, False])
@pytest.mark.parametrize(("strain", "pressure"), [(0.021, 0.0), (0.0, 0.7e9), (-0.013, 0.4e9)])
def test_coated_cylinder_agrees_with_rings(strain: float, pressure: float, axially_free: bool) -> None:
    found = exact.coated_cylinder(CORE, SHELL, RADII, strain, pressure, axially_free)
    core, shell = rings(1, strain, pressure, axially_free)
    assert found.core == pytest.approx(core, rel=2e-6)
    assert found.shell == pytest.approx(shell, rel=2e-6)


def test_a_coat_of_the_same_solid_only_carries_the_pressure() -> None:
    sphere = exact.coated_sphere(CORE, CORE, RADII, 0.0, 0.3e9)
    cylinder = exact.coated_cylinder(CORE, CORE, RADII, 0.0, 0.3e9, axially_free=True)
    for found in (sphere, cylinder):
        assert [found.core, found.shell, found.hoop_surface] == pytest.approx([-0.3e9] * 3, rel=1e-12)


def test_flux_series_obeys_diffusion_and_its_boundary() -> None:
    time, h = 0.07, 1e-3
    for x in (0.2, 0.5, 0.8):
        c = [series.crank_flux(x + k * h, time) for k in (-1, 0, 1)]
        laplacian = (c[2] - 2 * c[1] + c[0]) / h**2 + (c[2] - c[0]) / (x * h)
        rate = (series.crank_flux(x, time + h**2) - series.crank_flux(x, time - h**2)) / (2 * h**2)
        assert rate == pytest.approx(laplacian, rel=1e-5)
    slope = (series.crank_flux(1.0, time) - series.crank_flux(1.0 - 1e-6, time)) / 1e-6
    assert slope == pytest.approx(1.0, rel=1e-4)
    assert series.crank_flux_mean(1.0, time) == pytest.approx(3.0 * time, rel=1e-10)


def test_flux_series_mean_is_its_integral() -> None:
    x = np.linspace(1e-9, 0.6, 4001)
    values = np.array([series.crank_flux(float(s), 0.05) for s in x[::40]])
    integral = np.trapezoid(values * x[::40] ** 2, x[::40])
    assert series.crank_flux_mean(0.6, 0.05) == pytest.approx(3.0 / 0.6**3 * integral, rel=1e-3)


def test_cylinder_series_obeys_diffusion_and_its_boundary() -> None:
    time, h = 0.07, 1e-3
    for x in (0.2, 0.5, 0.8):
        c = [series.crank_flux_cylinder(x + k * h, time) for k in (-1, 0, 1)]
        laplacian = (c[2] - 2 * c[1] + c[0]) / h**2 + (c[2] - c[0]) / (2 * x * h)
        ends = [series.crank_flux_cylinder(x, time + k * h**2) for k in (-1, 1)]
        assert (ends[1] - ends[0]) / (2 * h**2) == pytest.approx(laplacian, rel=1e-5)
    slope = (series.crank_flux_cylinder(1.0, time) - series.crank_flux_cylinder(1.0 - 1e-6, time)) / 1e-6
    assert slope == pytest.approx(1.0, rel=1e-4)


def test_free_cylinder_is_in_equilibrium() -> None:
    """For c = (r/R)^2: sigma_r' = (sigma_t - sigma_r)/r, and the side is free."""

    def stress(x: float) -> tuple[float, float]:
        return exact.free_cylinder_stress(CORE, 3e-6, 0.5, 0.5 * x**2, x**2)

    for x in (0.3, 0.7):
        slope = (stress(x + 1e-5)[0] - stress(x - 1e-5)[0]) / 2e-5
        assert slope == pytest.approx((stress(x)[1] - stress(x)[0]) / x, rel=1e-8)
    assert stress(1.0)[0] == 0.0


def test_held_series_obeys_diffusion_and_its_boundary() -> None:
    time, h = 0.07, 1e-3
    for x in (0.2, 0.5, 0.8):
        c = [series.crank_held(x + k * h, time) for k in (-1, 0, 1)]
        laplacian = (c[2] - 2 * c[1] + c[0]) / h**2 + (c[2] - c[0]) / (x * h)
        rate = (series.crank_held(x, time + h**2) - series.crank_held(x, time - h**2)) / (2 * h**2)
        assert rate == pytest.approx(laplacian, rel=1e-5)
    assert series.crank_held(1.0, time) == pytest.approx(1.0, rel=1e-12)
    slope = (series.crank_held(1.0, time) - series.crank_held(1.0 - 1e-6, time)) / 1e-6
    rate = (series.crank_held_mean(time + 1e-6) - series.crank_held_mean(time - 1e-6)) / 2e-6
    assert rate == pytest.approx(3.0 * slope, rel=1e-4)


def test_hollow_sphere_is_in_equilibrium_and_free_on_both_walls() -> None:
    a, b = 1.1e-6, 3e-6

    def stress(r: float) -> tuple[float, float]:
        concentration, here = series.hollow_quasi_steady((a, b), r)
        whole = series.hollow_quasi_steady((a, b), b)[1]
        return exact.free_hollow_stress(CORE, 3e-6, (a, b), r, (here, whole, concentration))

    scale = abs(stress(b)[1])
    assert abs(stress(a)[0]) < 1e-12 * scale
    assert abs(stress(b)[0]) < 1e-12 * scale
    for r in (1.3e-6, 2e-6, 2.8e-6):
        h = 1e-10
        slope = (stress(r + h)[0] - stress(r - h)[0]) / (2 * h)
        radial, hoop = stress(r)
        assert slope + 2.0 * (radial - hoop) / r == pytest.approx(0.0, abs=1e-6 * scale / r)

    # compatibility: hoop strain is u/r, radial strain du/dr
    def strains(r: float) -> tuple[float, float]:
        radial, hoop = stress(r)
        swelling = 3e-6 / 3.0 * series.hollow_quasi_steady((a, b), r)[0]
        return (
            (radial - 2.0 * CORE.poisson * hoop) / CORE.young + swelling,
            (hoop * (1.0 - CORE.poisson) - CORE.poisson * radial) / CORE.young + swelling,
        )

    for r in (1.3e-6, 2e-6, 2.8e-6):
        h = 1e-10
        slope = ((r + h) * strains(r + h)[1] - (r - h) * strains(r - h)[1]) / (2 * h)
        assert slope == pytest.approx(strains(r)[0], rel=1e-7)


def test_pressed_hollow_sphere_meets_its_loads_and_equilibrium() -> None:
    radii, pressures = (1.1e-6, 3e-6), (0.2e9, 0.7e9)
    assert exact.thick_sphere(radii, pressures, radii[0])[0] == pytest.approx(-pressures[0])
    assert exact.thick_sphere(radii, pressures, radii[1])[0] == pytest.approx(-pressures[1])
    r, h = 2e-6, 1e-10
    slope = (
        exact.thick_sphere(radii, pressures, r + h)[0] - exact.thick_sphere(radii, pressures, r - h)[0]
    ) / (2 * h)
    radial, hoop = exact.thick_sphere(radii, pressures, r)
    assert slope == pytest.approx(-2.0 * (radial - hoop) / r, rel=1e-7)


def test_radial_anisotropy_of_an_isotropic_sphere_is_none() -> None:
    stiffness = CORE.lame * np.ones((6, 6)) + 2.0 * CORE.shear * np.eye(6)
    stiffness[0, 0] *= 1.0 + 1e-9  # an isotropic part in r has no eigenstrain to follow
    radii, pressure = (1.1e-6, 3e-6), 0.7e9
    for r in (*radii, 2e-6):
        found = exact.radially_anisotropic_sphere(stiffness, (0.0, 0.0), radii, pressure, r)
        assert found == pytest.approx(exact.thick_sphere(radii, (0.0, pressure), r), rel=1e-6, abs=1.0)


def test_radial_anisotropy_is_in_equilibrium_and_compatible() -> None:
    stiffness = np.diag([300e9, 210e9, 210e9, 60e9, 60e9, 60e9])
    stiffness[0, 1] = stiffness[0, 2] = stiffness[1, 0] = stiffness[2, 0] = 80e9
    stiffness[1, 2] = stiffness[2, 1] = 65e9
    eigenstrain, radii = (0.011, -0.007), (1.1e-6, 3e-6)
    s = stiffness[1, 1] + stiffness[1, 2]
    softness = np.linalg.inv([[stiffness[0, 0], 2.0 * stiffness[0, 1]], [stiffness[0, 1], s]])

    def stress(r: float) -> tuple[float, float]:
        return exact.radially_anisotropic_sphere(stiffness, eigenstrain, radii, 0.4e9, r)

    def strain(r: float) -> Array:
        return np.asarray(softness @ np.array(stress(r)) + np.array(eigenstrain))

    r, h = 2e-6, 1e-10
    slope = (stress(r + h)[0] - stress(r - h)[0]) / (2 * h)
    assert slope == pytest.approx(-2.0 * (stress(r)[0] - stress(r)[1]) / r, rel=1e-6)
    stretch = ((r + h) * strain(r + h)[1] - (r - h) * strain(r - h)[1]) / (2 * h)
    assert stretch == pytest.approx(strain(r)[0], rel=1e-6)
    assert stress(radii[0])[0] == pytest.approx(0.0, abs=1.0)
    assert stress(radii[1])[0] == pytest.approx(-0.4e9)


def test_roots_of_the_closed_sphere() -> None:
    assert series.diffusion_roots(4) == pytest.approx([4.493409, 7.725252, 10.904122, 14.066194], abs=1e-6)


def test_both_forms_of_butler_volmer_agree() -> None:
    eta = exact.overpotential(3.7, 0.9, 310.0)
    assert exact.butler_volmer(eta, 0.9, (0.5, 0.5), 310.0) == pytest.approx(3.7, rel=1e-12)
