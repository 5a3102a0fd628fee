"""The finite volumes along the radius, beside series, closed forms of stress and arithmetic of their own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.exact.charge_transfer import Electrode
from benchmarks.verification.exact.radial_volumes import Layer, RadialVolumes
from benchmarks.verification.exact.sites import Sites
from benchmarks.verification.exact.swollen_cylinders import swollen_cylinders
from benchmarks.verification.page import Dimension
from benchmarks.verification.setups import twins

TEMPERATURE = 297.0
HOST = Sites((3.8,), (1.0,), (1.0,), TEMPERATURE)
RADIUS, DIFFUSIVITY, CAPACITY, START = 1.7e-6, 3.1e-15, 43e3, 0.6
UNSTRESSED = Layer(RADIUS, exact.Solid(139e9, 0.26), HOST, CAPACITY, 0.0, 0.5, DIFFUSIVITY)
UNIT_TIME = RADIUS**2 / DIFFUSIVITY


def made(*layers: Layer, shape: str = "ball", cells: int = 100, exchange: float = 0.7) -> RadialVolumes:
    return RadialVolumes(layers, Electrode(exchange), TEMPERATURE, shape=shape, cells=cells)


@pytest.mark.parametrize(
    ("shape", "law"), [("ball", series.crank_flux), ("free cylinder", series.crank_flux_cylinder)]
)
def test_constant_flux_is_cranks(shape: str, law: Callable[[float, float], float]) -> None:
    current, moments = 0.05, np.array([0.0, 0.02, 0.1, 0.3])
    errors = []
    for cells in (50, 100, 200):
        program = made(UNSTRESSED, shape=shape, cells=cells)
        course = program.march(program.uniform(START), moments * UNIT_TIME, current=current)
        unit = current / exact.FARADAY * RADIUS / DIFFUSIVITY / CAPACITY
        found = np.array([program.surface(state, current)[0] for state in course.states[1:]])
        wanted = np.array([START - unit * law(1.0, float(tau)) for tau in moments[1:]])
        errors.append(np.max(np.abs(found - wanted)) / unit)
        assert course.states[:, -1] == pytest.approx(
            START - unit * (3.0 if shape == "ball" else 2.0) * moments, rel=1e-10
        )
    assert errors[-1] < 2e-5
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx(2.0, abs=0.1)


def test_held_surface_is_cranks() -> None:
    program = made(UNSTRESSED, cells=200, exchange=1e6)
    occupancy = 0.4
    held = exact.lattice_gas_potential(occupancy, 3.8, TEMPERATURE)
    moments = np.array([0.0, 0.05, 0.15])
    course = program.march(program.uniform(START), moments * UNIT_TIME, voltage=held)
    wanted = [START + (occupancy - START) * series.crank_held_mean(float(tau)) for tau in moments[1:]]
    assert course.states[1:, -1] == pytest.approx(wanted, abs=6e-6)


def test_sites_return_what_they_were_given() -> None:
    host = twins.CORE.host
    theta = np.linspace(1e-4, 1.0 - 1e-4, 997)
    assert host.occupancy(host.inverse(theta))[0] == pytest.approx(theta, abs=1e-11)
    y, step = host.inverse(0.37), 1e-5
    slope = (host.occupancy(y + step)[0] - host.occupancy(y - step)[0]) / (2.0 * step)
    assert host.occupancy(y)[1] == pytest.approx(slope, rel=1e-8)
    potential = exact.lattice_gas_potential(0.37, 3.8, TEMPERATURE)
    assert HOST.inverse(0.37) == pytest.approx(
        -potential * exact.FARADAY / (exact.GAS_CONSTANT * TEMPERATURE), rel=1e-12
    )


@pytest.mark.parametrize("current", [-70.0, -0.4, 1e-4, 3.0, 900.0])
def test_overpotential_gives_its_current(current: float) -> None:
    electrode = Electrode(0.83, (0.37, 0.71))
    eta = electrode.overpotential(current, TEMPERATURE)
    assert exact.butler_volmer(eta, 0.83, (0.37, 0.71), TEMPERATURE) == pytest.approx(current, rel=1e-9)
    symmetric = Electrode(0.83).overpotential(current, TEMPERATURE)
    assert symmetric == pytest.approx(exact.overpotential(current, 0.83, TEMPERATURE), rel=1e-12)


def test_stress_of_a_misfitting_shell_under_pressure_is_lames() -> None:
    program = twins.COATED.volumes()
    core, shell = twins.COATED.layers
    levels = program.level(np.array([core.reference, shell.reference]))
    radii = (core.outer, shell.outer)
    wanted = exact.coated_sphere(core.solid, shell.solid, radii, shell.misfit, twins.COATED.pressure)
    assert program.stress(core, levels[0], core.reference) == pytest.approx(wanted.core, rel=1e-10)
    assert program.stress(shell, levels[1], shell.reference) == pytest.approx(wanted.shell, rel=1e-10)


@pytest.mark.parametrize("dimension", ["generalised_plane_strain", "plane_strain"])
def test_stress_of_a_misfitting_swollen_shell_of_a_cylinder(dimension: Dimension) -> None:
    """Uniform strains: the solution of two cylinders, by another route."""
    program = twins.COATED.volumes(dimension)
    core, shell = twins.COATED.layers
    means = np.array([0.83, 0.41])
    levels = program.level(means)
    strains = [float(layer.strain(mean)) for layer, mean in zip((core, shell), means, strict=True)]
    wanted = swollen_cylinders(
        (core.solid, shell.solid),
        core.outer / shell.outer,
        ((strains[0], strains[0]), (strains[1], strains[1])),
        twins.COATED.pressure,
        dimension == "generalised_plane_strain",
    )
    assert program.stress(core, levels[0], means[0]) == pytest.approx(wanted.core, rel=1e-11)
    assert program.stress(shell, levels[1], means[1]) == pytest.approx(wanted.shell, rel=1e-11)


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_volume_mean_of_stress_is_minus_the_pressure(dimension: Dimension) -> None:
    program = twins.COATED.volumes(dimension)
    state = np.concatenate([np.linspace(0.9, 0.6, 200), np.linspace(0.5, 0.2, 200), [0.0, 0.0]])
    for part, k in zip(program.slices, (-2, -1), strict=True):
        state[k] = state[part] @ program.content[part] / np.sum(program.content[part])
    levels = program.level(state[-2:])
    total = sum(
        program.content[part] @ program.stress(layer, level, state[part])
        for part, layer, level in zip(program.slices, program.layers, levels, strict=True)
    )
    assert total / np.sum(program.content) == pytest.approx(-twins.COATED.pressure, rel=1e-10)


@pytest.mark.parametrize(("shape", "mean"), [("ball", 0.0), ("free cylinder", 0.0), ("held cylinder", 1.0)])
def test_stress_of_a_profile(shape: str, mean: float) -> None:
    """In the ball by Cheng and Verbrugge; cylinders by their exact mean, held ones with axial stress."""
    layer = replace(UNSTRESSED, volume=2.9e-6)
    here, whole = 0.41, 0.55
    stress = made(layer, shape=shape).stress(
        layer, made(layer, shape=shape).level(np.array([whole]))[0], here
    )
    radial, hoop = exact.free_sphere_stress(
        layer.solid, layer.volume, whole * CAPACITY, here * CAPACITY, here * CAPACITY
    )
    axial = -layer.solid.young * layer.volume / 3.0 * CAPACITY * (whole - layer.reference)
    assert stress == pytest.approx((radial + 2.0 * hoop) / 3.0 + mean * axial / 3.0, rel=1e-12)


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain", "plane_strain"])
def test_two_layers_of_one_material_are_one(dimension: Dimension) -> None:
    whole = twins.PLAIN
    halves = replace(whole, layers=(replace(twins.CORE, outer=1.9e-6), twins.CORE))
    moments = [0.0, 500.0, 4000.0]
    one, two = (
        program.march(program.uniform(0.9), moments, current=0.3)
        for program in (twin.volumes(dimension, cells=300) for twin in (whole, halves))
    )
    assert two.voltage[1:] == pytest.approx(one.voltage[1:], abs=2e-6)


def test_start_is_in_equilibrium_and_stays() -> None:
    program = twins.COATED.volumes(cells=40)
    start = program.uniform(0.77)
    sites = [layer.capacity * size for layer, size in zip(program.layers, program.sizes, strict=True)]
    assert np.array(sites) @ start[-2:] / sum(sites) == pytest.approx(0.77, rel=1e-11)
    course = program.march(start, [0.0, 1e4])
    assert course.states[-1] == pytest.approx(start, abs=1e-9)
    assert course.voltage == pytest.approx(program.at_rest(start), abs=1e-9)


def test_a_hold_takes_up_where_the_charge_ended() -> None:
    program = twins.PLAIN.volumes(cells=60)
    charge = program.march(
        program.uniform(0.93), [0.0, 1e5], current=0.31, until=lambda voltage, _: voltage - 4.0
    )
    assert charge.voltage[-1] == pytest.approx(4.0, abs=1e-8)
    hold = program.march(charge.states[-1], [0.0, 1e5], voltage=4.0, until=lambda _, current: current - 0.05)
    assert hold.current[0] == pytest.approx(0.31, rel=1e-7)
    assert hold.current[-1] == pytest.approx(0.05, rel=1e-7)
