"""Exact inclusions, cylinders and profiles, against arithmetic that shares nothing with them."""

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import inclusions
from benchmarks.verification.exact.radial_profiles import concentric, thick_tube
from benchmarks.verification.exact.sheared_core import modes, sheared_core, tractions
from benchmarks.verification.exact.smeared_crystal import hexagonal, smeared
from benchmarks.verification.exact.swollen_cylinders import swollen_cylinders

Array = npt.NDArray[np.float64]
CORE, SHELL, SOFT = exact.Solid(210e9, 0.21), exact.Solid(35e9, 0.36), exact.Solid(0.2e9, 0.3)
PAIRS = [(CORE, SHELL), (SHELL, CORE), (CORE, SOFT), (SOFT, CORE)]


def displacement(mode: int, strain: Array, x: Array) -> Array:
    """Displacement of a mode at x."""
    r = float(np.linalg.norm(x))
    f, _, h, _ = modes(CORE, len(x), r)
    return np.asarray(f[mode] * strain @ x + h[mode] / r**2 * (x @ strain @ x) * x)


def gradient(mode: int, strain: Array, x: Array, step: float) -> Array:
    """du_i/dx_j by central differences of fourth order."""
    columns = []
    for axis in np.eye(len(x)):
        near, far = (
            displacement(mode, strain, x + k * step * axis) - displacement(mode, strain, x - k * step * axis)
            for k in (1, 2)
        )
        columns.append((8.0 * near - far) / (12.0 * step))
    return np.array(columns).T


def stress(mode: int, strain: Array, x: Array) -> Array:
    slope = gradient(mode, strain, x, 2e-3)
    return np.asarray(CORE.lame * np.trace(slope) * np.eye(len(x)) + CORE.shear * (slope + slope.T))


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize("axes", [2, 3])
def test_modes_of_a_sheared_core_are_in_equilibrium(axes: int, mode: int) -> None:
    rng = np.random.default_rng(3)
    strain = rng.uniform(-1.0, 1.0, (axes, axes))
    strain = strain + strain.T
    strain -= np.trace(strain) / axes * np.eye(axes)
    x = rng.uniform(0.4, 0.6, axes)
    r, n = float(np.linalg.norm(x)), x / np.linalg.norm(x)
    here, h = stress(mode, strain, x), 2e-3
    balance = sum(
        (8.0 * (stress(mode, strain, x + h * a) - stress(mode, strain, x - h * a)) @ a
         - (stress(mode, strain, x + 2 * h * a) - stress(mode, strain, x - 2 * h * a)) @ a) / (12.0 * h)
        for a in np.eye(axes)
    )  # fmt: skip
    assert np.abs(balance).max() < 1e-6 * np.abs(here).max() / r
    direct, normal = tractions(CORE, axes, r)[:, mode]
    assert here @ n == pytest.approx(
        direct * strain @ n + normal * (n @ strain @ n) * n, abs=1e-7 * np.abs(here).max()
    )


@pytest.mark.parametrize(("core", "shell"), PAIRS)
@pytest.mark.parametrize(
    ("axes", "endless"), [(3, inclusions.sheared_sphere), (2, inclusions.sheared_cylinder)]
)
def test_a_sheared_core_in_a_large_shell_is_eshelbys(axes: int, endless, core, shell) -> None:
    wanted = endless(core, shell)
    small, large = (sheared_core(core, shell, reach, axes) for reach in (1e-4, 0.7))
    assert small.centre == pytest.approx(wanted, rel=1e-6)
    assert small.mean == pytest.approx(wanted, rel=1e-6)
    walls = np.array([0.7, 0.7, 1.0])
    inside, outside, surface = large.radial(walls, np.array([True, False, False]))
    assert inside == pytest.approx(outside, rel=1e-9)
    assert abs(surface) < 1e-9 * abs(inside)
    # In the middle of the core the stress is uniform to second order, and equal to that at the centre.
    assert large.radial(np.array([1e-6]), np.array([True]))[0] == pytest.approx(large.centre, rel=1e-6)


def test_equal_moduli_give_eshelbys_own_numbers() -> None:
    nu = CORE.poisson
    swollen = -2.0 * CORE.young * 0.01 / (3.0 * (1.0 - nu))
    assert inclusions.swollen_sphere(CORE, CORE, 0.01) == pytest.approx(swollen, rel=1e-12)
    beta = 2.0 * (4.0 - 5.0 * nu) / (15.0 * (1.0 - nu))
    assert inclusions.sheared_sphere(CORE, CORE) == pytest.approx(-2.0 * CORE.shear * (1.0 - beta), rel=1e-12)
    # Of a cylinder S_1111 - S_1122 is what happens of (e, -e) in its section.
    happens = ((5.0 - 4.0 * nu) - (4.0 * nu - 1.0)) / (8.0 * (1.0 - nu))
    held = inclusions.sheared_cylinder(CORE, CORE)
    assert held == pytest.approx(-2.0 * CORE.shear * (1.0 - happens), rel=1e-12)


@pytest.mark.parametrize(("core", "shell"), PAIRS)
def test_a_swollen_core_in_a_large_shell_is_eshelbys(core: exact.Solid, shell: exact.Solid) -> None:
    sphere = exact.coated_sphere(core, shell, (1e-3, 1.0), -0.01, 0.0)
    assert inclusions.swollen_sphere(core, shell, 0.01) == pytest.approx(sphere.core, rel=1e-6)
    in_plane, axial = inclusions.swollen_cylinder(core, shell, 0.01)
    found = swollen_cylinders((core, shell), 1e-4, ((0.01, 0.01), (0.0, 0.0)), 0.0, False)
    assert found.interface == pytest.approx(in_plane, rel=1e-5)
    assert found.core == pytest.approx((2.0 * in_plane + axial) / 3.0, rel=1e-5)


@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize(("core", "shell"), PAIRS)
def test_both_solutions_of_the_coated_cylinder_agree(
    core: exact.Solid, shell: exact.Solid, free: bool
) -> None:
    found = swollen_cylinders((core, shell), 0.7, ((0.0, 0.0), (0.02, 0.02)), 0.3e9, free)
    wanted = exact.coated_cylinder(core, shell, (0.7, 1.0), 0.02, 0.3e9, free)
    for name, value in vars(wanted).items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-9), name


def test_a_cylinder_that_swells_alike_feels_its_ends_alone() -> None:
    alike = ((0.02, 0.02), (0.02, 0.02))
    free, held = (swollen_cylinders((CORE, SHELL), 0.7, alike, 0.0, ends) for ends in (True, False))
    assert abs(free.core) < 1e-9 * CORE.young
    assert abs(free.shell) < 1e-9 * CORE.young
    whole = swollen_cylinders((CORE, CORE), 0.7, alike, 0.0, False)
    assert whole.core == pytest.approx(-CORE.young * 0.02 / 3.0, rel=1e-12)
    assert held.core == pytest.approx(whole.core, rel=0.1)


@pytest.mark.parametrize("power", [2, 3])
def test_profiles_of_a_core_in_a_shell_are_in_equilibrium(power: int) -> None:
    b, pressure = 0.7, 0.3e9
    walls = (
        exact.coated_sphere(CORE, SHELL, (b, 1.0), 0.02, pressure)
        if power == 3
        else exact.coated_cylinder(CORE, SHELL, (b, 1.0), 0.02, pressure, True)
    )

    def at(r: float, core: bool = False) -> tuple[float, float]:
        radial, hoop = concentric(walls, power, np.array([b / r]), np.array([core]))
        return float(radial[0]), float(hoop[0])

    slope = (at(0.85 + 1e-5)[0] - at(0.85 - 1e-5)[0]) / 2e-5
    assert slope == pytest.approx((power - 1) * (at(0.85)[1] - at(0.85)[0]) / 0.85, rel=1e-7)
    assert at(1.0) == pytest.approx((-pressure, walls.hoop_surface), rel=1e-9)
    assert at(0.3, core=True) == (walls.interface, walls.hoop_core)


def test_a_pressed_tube_meets_its_loads_and_equilibrium() -> None:
    radii, pressures, r, h = (1.1e-6, 3e-6), (0.2e9, 0.7e9), 2e-6, 1e-10
    for wall, pressure in zip(radii, pressures, strict=True):
        assert thick_tube(radii, pressures, wall)[0] == pytest.approx(-pressure)
    slope = (thick_tube(radii, pressures, r + h)[0] - thick_tube(radii, pressures, r - h)[0]) / (2 * h)
    radial, hoop = thick_tube(radii, pressures, r)
    assert slope == pytest.approx((hoop - radial) / r, rel=1e-7)


def test_smearing_leaves_an_isotropic_crystal_alone_and_makes_others_transversely_isotropic() -> None:
    c11, c12 = CORE.lame + 2.0 * CORE.shear, CORE.lame
    same = smeared(hexagonal({"C11": c11, "C12": c12, "C13": c12, "C33": c11, "C44": CORE.shear}))
    wanted = np.zeros((6, 6))
    wanted[:3, :3] = CORE.lame
    wanted += np.diag([2.0, 2.0, 2.0, 1.0, 1.0, 1.0]) * CORE.shear
    assert same == pytest.approx(wanted, rel=1e-12, abs=1e-3)
    mean = smeared(hexagonal({"C11": 300e9, "C12": 95e9, "C13": 65e9, "C33": 210e9, "C44": 60e9}))
    assert mean[1, 1] == pytest.approx(mean[2, 2], rel=1e-12)
    assert mean[0, 1] == pytest.approx(mean[0, 2], rel=1e-12)
    assert 2.0 * mean[3, 3] == pytest.approx(mean[1, 1] - mean[1, 2], rel=1e-12)
    assert mean[0, 0] == pytest.approx(300e9, rel=2e-2)
