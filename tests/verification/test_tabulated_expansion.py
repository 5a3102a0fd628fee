"""An expansion that is tabulated: exact tangents, and states that follow the table."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.setups import cases, curved_crystals, hand_made, tabulated
from benchmarks.verification.setups.running import run_case
from solver.cli import main
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.body import SurfaceLaw
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.discretisation.media import Couplings
from solver.discretisation.particle import Particle

STEPS = 4e-4 * 0.5 ** np.arange(5)
"""Small enough that no point passes a row of the table, where the curvature jumps."""
SURFACE = SurfaceLaw(5.0, exchange="concentration", anodic=0.4, cathodic=0.7, contact_fraction=0.6)


def curved_particle(dimension: str, couplings: Couplings | None = None) -> Particle:
    """A random state of a particle whose layered phase has a table and whose rock salt a constant V."""
    frame = hand_made.FRAMES[dimension]
    body = hand_made.particle(
        hand_made.box(dimension, 1 if dimension == "3d" else 2, multiplicity=2.0, split=0.3),
        tabulated.coupled_phases(crystal=frame is not None),
        couplings=couplings,
        coherency=0.8,
        pressure=3e8,
        surface=SURFACE,
        frame=frame,
    )
    hand_made.randomise(body, seed=7, size=0.002)
    return body


def remainders(body: Particle, moved: str) -> dict[str, tuple[float, list[float]]]:
    """Size of each residual's derivative along one unknown, and what it leaves of finite moves."""
    forms, n = body.forms, body.unknowns
    compiled = {"u": compile_form(forms.momentum), "mu": compile_form(forms.lithium)}
    level = Condition("level", forms, forms.content, "mu", [])
    axial = Condition("axial", forms, forms.axial_force, "axial", [n.axial])
    scalars = {"level": level, "axial": axial} if moved == "axial" else {"level": level}
    blocks = {block.name: block for block in body.blocks}
    start = {name: block.function.x.array.copy() for name, block in blocks.items()}
    rng, at = np.random.default_rng(3), float(n.axial.x.array[0])
    way = {name: rng.uniform(-1.0, 1.0, block.owned) for name, block in blocks.items()}
    way["u"] *= 0.01
    for name, block in blocks.items():
        way[name][block.held] = 0.0

    def evaluate(step: float) -> dict[str, np.ndarray]:
        for name, block in blocks.items():
            block.function.x.array[:] = start[name] + (step * way[name] if moved == name else 0.0)
        n.axial.x.array[:] = at + (0.01 * step if moved == "axial" else 0.0)
        body.update()
        found = {name: assemble_rows(form, blocks[name]) for name, form in compiled.items()}
        return found | {name: np.array([scalar.measure()]) for name, scalar in scalars.items()}

    at_rest = evaluate(0.0)
    if moved == "axial":
        slopes = {name: 0.01 * axial.column(block) for name, block in blocks.items()}
        slopes |= {name: np.array([0.01 * scalar.corner(axial)]) for name, scalar in scalars.items()}
    else:
        system = body.tangent()
        system.assemble()
        x, y = system.matrix.createVecs()
        x.setArray(np.concatenate([way[name] * (name == moved) for name in blocks]))
        system.matrix.mult(x, y)
        slopes = dict(zip(blocks, system.split(y.getArray().copy()), strict=True))
        for name, block in blocks.items():
            slopes[name][block.held] = 0.0
        slopes["level"] = np.array([level.row(blocks[moved]) @ way[moved]])
    left = {name: [] for name in slopes}
    for step in STEPS:
        changed = evaluate(step)
        for name, slope in slopes.items():
            left[name].append(float(np.linalg.norm(changed[name] - at_rest[name] - step * slope)))
    return {name: (float(np.linalg.norm(slope)), left[name]) for name, slope in slopes.items()}


@pytest.mark.parametrize(
    ("dimension", "moved"),
    [(d, m) for d in hand_made.DIMENSIONS for m in ("u", "mu")] + [("generalised_plane_strain", "axial")],
)
def test_the_tangent_is_exact(dimension: str, moved: str) -> None:
    body = curved_particle(dimension)
    for name, (size, left) in remainders(body, moved).items():
        assert size > 0.0, name
        assert 1.9 < np.log2(left[-2] / left[-1]) < 2.2, (name, left)
        assert left[0] < 0.2 * STEPS[0] * size, name


@pytest.mark.parametrize("switch", ["chemical_strain", "stress_in_potential"])
def test_each_switch_keeps_the_tangent_exact(switch: str) -> None:
    body = curved_particle("plane_strain", Couplings(**{switch: False}))
    for moved in ("u", "mu"):
        for name, (size, left) in remainders(body, moved).items():
            if size > 1e-9 * max(left):
                assert left[-1] < 1e-12 * size or np.log2(left[-2] / left[-1]) > 1.9, (name, left)


def test_a_tangent_without_the_change_of_volume_is_noticed() -> None:
    """What a constant V would answer, in place of the law's own response, spoils the order."""
    body = curved_particle("spherical")
    region = body.media.regions[0]
    curved = region.curved
    assert curved is not None
    root = body.volume_points.solve()[region.name]
    host_slope = curved.host.slope(root.y)
    own = np.einsum("i...,ij,j...->...", root.slope, curved.stiffness, root.slope)
    without = host_slope / (1.0 + host_slope * own)
    assert np.max(np.abs(without / root.response - 1.0)) > 0.03


@pytest.mark.parametrize("isotropic", [False, True])
def test_the_reference_of_the_book_follows_from_one_energy(isotropic: bool) -> None:
    """Its potential is the slope of the energy density, its own slope that of the potential."""
    law, h = curved_crystals.crystal(isotropic), 1e-5
    rng = np.random.default_rng(8)
    strain = rng.uniform(-0.02, 0.02, (3, 3))
    strain = strain + strain.T
    theta = np.array([0.05, 0.2, 0.35, 0.6, 0.9])  # h from no row

    def energy(x: np.ndarray) -> np.ndarray:
        host = curved_crystals.THERMAL * (x * np.log(x) + (1.0 - x) * np.log(1.0 - x))
        elastic = np.array([strain - law.eigenstrain(t) for t in x])
        stored = 0.5 * np.einsum("nij,ijkl,nkl->n", elastic, law.stiffness, elastic)
        return host + stored / law.capacity

    slope = (energy(theta + h) - energy(theta - h)) / (2.0 * h)
    np.testing.assert_allclose(law.potential(theta, strain), slope, rtol=1e-6, atol=1e-3)
    change = (law.potential(theta + h, strain) - law.potential(theta - h, strain)) / (2.0 * h)
    np.testing.assert_allclose(law.slope(theta, strain), change, rtol=1e-5)
    roots = law.roots(-2e4, strain)
    occupancies = 1.0 / (1.0 + np.exp(-roots))
    np.testing.assert_allclose(law.potential(occupancies, strain), -2e4, rtol=1e-9)
    fold = law.folds(strain)
    assert fold.size > 0
    # At a row the slope may jump through zero.
    assert np.all(law.slope(fold - 1e-9, strain) * law.slope(fold + 1e-9, strain) < 0.0)


SOLID, CAPACITY, PULL = Solid(140e9, 0.25), 4.9e4, 3e9


def charged(expansion: dict[str, Any], start: float, steps: list[Any], **sections: Any) -> dict[str, Any]:
    """A ball of one phase that holds lithium; further sections replace those of the case."""
    layered = cases.lithium(SOLID, cases.ideal(3.9), CAPACITY, 0.0, ("chemical", 2e-15), expansion=expansion)
    given = {"surface": {"exchange_current_density": "1 A/m^2"}, "numerics": {"tolerance": 1e-2}, **sections}
    geometry = cases.core_shell("spherical", 0.0, (0.6e-6, 0.3e-6))
    return cases.case("ball", geometry, {"layered": layered}, {"occupancy": start}, steps, **given)


def test_a_straight_table_is_the_constant_law_through_a_whole_run(tmp_path: Path) -> None:
    volumes, reference = (0.5e-6, -0.9e-6), 0.7
    constant = {
        "kind": "anisotropic",
        "partial_molar_volume_ab": f"{volumes[0]!r} m^3/mol",
        "partial_molar_volume_c": f"{volumes[1]!r} m^3/mol",
        "reference_occupancy": reference,
    }
    shell = cases.lithium(
        Solid(190e9, 0.3), cases.ideal(3.8), 3e4, 1e-6, ("tracer", 1e-15),
        misfit={"kind": "isotropic", "strain": 0.004},
    )  # fmt: skip
    steps = [
        cases.drive("current_density", 0.5, 600.0), "Rest for 5 minutes",
        cases.drive("current_density", -0.5, 300.0),
    ]  # fmt: skip
    surface = {"exchange_current_density": "1 A/m^2", "exchange_current": "concentration"}
    found = []
    for name, expansion in (
        ("constant", constant),
        ("table", tabulated.straight(volumes, CAPACITY, reference)),
    ):
        case = charged(expansion, 0.8, steps, surface=surface, mechanics={"stack_pressure": "300 MPa"})
        case["geometry"] = cases.core_shell("spherical", 0.5e-6, (0.6e-6, 0.3e-6))
        case["phases"]["rock_salt"] = shell
        found.append(run_case({**case, "name": name}, tmp_path))
    one, other = found
    assert one.summary["counts"] == other.summary["counts"]
    assert len(one.history["time [s]"]) > 20
    errors = {"force_residual", "lithium_balance", "volume_mean_error"}  # nothing but round-off is in them
    for name in one.history.keys() - errors:
        scale = np.abs(one.history[name]).max()
        assert np.abs(one.history[name] - other.history[name]).max() <= 1e-11 * scale, name


def test_a_run_that_separates_ends_early_and_keeps_what_came_before(tmp_path: Path) -> None:
    charge = cases.drive("current_density", 0.1, 1e5)
    pulled = {"mechanics": {"stack_pressure": f"{-PULL!r} Pa"}, "numerics": {"tolerance": 1e-3}}
    case = charged(tabulated.specification(), 0.6, [charge, charge], **pulled)
    run = run_case(case, tmp_path, reasons=["phase_separation"], status="ended_early")
    assert run.summary["ended_by"] == "phase_separation"
    assert any("points of the layered phase" in warning for warning in run.summary["warnings"])
    assert run.summary["rejected_by_reason"]["refused"] >= 1
    last = float(run.history["time [s]"][-1])
    assert last == pytest.approx(run.summary["steps"][0]["duration_s"], rel=1e-12)
    assert last > 0.0
    assert run.final["regions"]["layered"]["mean_occupancy"] == run.history["mean_occupancy_layered"][-1]
    # A charge that stops short of it goes through.
    steps = [cases.drive("current_density", 0.1, 0.9 * last)]
    shorter = charged(tabulated.specification(), 0.6, steps, **pulled)
    assert run_case({**shorter, "name": "shorter"}, tmp_path).summary["status"] == "done"


def test_a_start_that_separates_ends_early(tmp_path: Path) -> None:
    case = charged(tabulated.specification(), 0.714, [], mechanics={"stack_pressure": "-8 GPa"})
    path = tmp_path / "case.yaml"
    YAML(typ="safe").dump(case, path)
    assert main(["run", str(path), "--out", str(tmp_path / "out")]) == 3
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["status"], summary["ended_by"]) == ("ended_early", "phase_separation")
    assert summary["equilibrium"] is None
    assert any(warning.startswith("no start under load") for warning in summary["warnings"])
    assert main(["report", str(tmp_path / "out")]) == 0


def test_a_point_that_leaves_the_table_ends_the_run(tmp_path: Path) -> None:
    expansion = tabulated.specification()
    expansion["rows"] = expansion["rows"][4:]
    case = charged(expansion, 0.4, [cases.drive("current_density", 0.3, 1e5)])
    run = run_case(case, tmp_path, reasons=["numerics"], status="failed")
    (warning,) = run.summary["warnings"]
    assert "of the layered phase lies outside its expansion table, which goes from 0.31 to 1" in warning
    assert 0.31 < run.history["mean_occupancy_layered"][-1] < 0.36
    surface = run.point("surface", "concentration_mol_m3") / CAPACITY
    assert surface == pytest.approx(0.31, abs=0.01)
