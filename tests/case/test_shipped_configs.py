import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from solver.case import load_case
from solver.case.shipped import configs_folder, find_case, shipped_cases, shipped_phases
from solver.constants import FARADAY, GAS_CONSTANT
from solver.materials.hosts import MsmrHost
from solver.materials.phase import build_phase

AVOGADRO = 6.02214076e23
THERMAL = GAS_CONSTANT * 298.15 / FARADAY
PHASES = ["lnmo", "nmc721", "nmc811", "rock_salt_lithiated", "rock_salt_nio"]
CASES = [
    "core_shell_liquid",
    "core_shell_liquid_3d",
    "core_shell_liquid_disc",
    "dispersed_solid",
    "dispersed_solid_3d",
    "hollow_secondary",
    "hollow_secondary_3d",
    "sphere_2007",
]


def script() -> Any:
    """The fitting script as a module."""
    path = Path(__file__).resolve().parents[2] / "scripts" / "fit_msmr.py"
    spec = importlib.util.spec_from_file_location("fit_msmr", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def raw(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(shipped_phases()[name].read_text(encoding="utf-8"))


def numbers(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number of a phase file, bare or with its source."""
    if isinstance(node, dict) and "value" in node and "kind" not in node:
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from numbers(value, f"{path}.{key}")
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from numbers(value, f"{path}[{n}]")
    elif not isinstance(node, str) or re.match(r"[-+.0-9]", node):
        yield path, node


def test_what_is_shipped() -> None:
    assert sorted(shipped_phases()) == PHASES
    assert sorted(shipped_cases()) == sorted(CASES + [f"quick/{name}" for name in CASES])


@pytest.mark.parametrize("name", PHASES)
def test_each_number_has_value_source_and_confidence(name: str) -> None:
    found = list(numbers(raw(name)))
    assert len(found) > 4
    for path, number in found:
        assert {"value", "source", "confidence"} <= set(number), path
        assert number["confidence"] in {"S", "V", "V2", "D", "M", "A"}, path
        assert (
            number["confidence"] != "A" or "assumed" in number["source"] or "one site" in number["source"]
        ), path


@pytest.mark.parametrize("name", shipped_cases())
def test_each_case_loads_without_a_warning(name: str) -> None:
    case = load_case(name)
    assert case.warnings == ()
    assert case.name == name.removeprefix("quick/") + ("_quick" if name.startswith("quick/") else "")


def test_a_bare_name_is_a_shipped_case_unless_such_a_file_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = configs_folder() / "cases"
    assert find_case("sphere_2007") == shipped / "sphere_2007.yaml"
    assert find_case("quick/sphere_2007") == shipped / "quick" / "sphere_2007.yaml"
    Path("sphere_2007").write_text("")
    assert find_case("sphere_2007") == Path("sphere_2007")
    assert find_case("nothing") == Path("nothing")


@pytest.mark.parametrize(
    ("phase", "table"),
    [("nmc721", "nmc811_sturm2019"), ("nmc811", "nmc811_sturm2019"), ("lnmo", "lnmo_pron2019")],
)
def test_the_stated_error_of_a_fit_is_its_error(phase: str, table: str) -> None:
    occupancy, potential = script().read_table(configs_folder() / "ocp" / f"{table}.csv")
    sites = raw(phase)["host"]["sites"]
    host = MsmrHost(
        tuple(-float(site["potential"]["value"].split()[0]) / THERMAL for site in sites),
        tuple(site["fraction"]["value"] for site in sites),
        tuple(site["omega"]["value"] for site in sites),
    )
    error = 1e3 * (-THERMAL * host.potential(occupancy) - potential)
    stated = re.search(r"rms ([0-9.]+) mV, worst ([0-9.]+) mV", sites[0]["potential"]["source"])
    assert stated is not None
    assert np.sqrt(np.mean(error**2)) == pytest.approx(float(stated[1]), abs=6e-3)
    assert np.abs(error).max() == pytest.approx(float(stated[2]), abs=6e-3)


@pytest.mark.parametrize("phase", ["nmc721", "nmc811"])
def test_a_built_phase_has_the_potential_of_its_table(phase: str) -> None:
    occupancy, potential = script().read_table(configs_folder() / "ocp" / "nmc811_sturm2019.csv")
    spec = load_case("core_shell_liquid", [f"phases.layered={phase}"]).phases.layered
    error = -THERMAL * build_phase(spec, 298.15).host.potential(occupancy) - potential
    assert abs(error.mean()) < 2e-4
    assert np.abs(error).max() < 3e-3


def test_the_fit_finds_sites_that_it_was_given() -> None:
    module = script()
    module.STARTS = 4
    potentials, fractions, widths = np.array([4.1, 3.7]), np.array([0.4, 0.6]), np.array([2.0, 1.0])
    occupancy = np.linspace(0.05, 0.95, 15)
    found = module.fit(occupancy, module.model_potential(occupancy, potentials, fractions, widths), 2)
    for got, wanted in zip(found, (potentials, fractions, widths), strict=True):
        assert got == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("name", "mass"), [("nmc721", 97.30e-3), ("nmc811", 97.28e-3)])
def test_density_and_concentration_follow_from_the_lattice(name: str, mass: float) -> None:
    phase = load_case("core_shell_liquid", [f"phases.layered={name}"]).phases.layered
    assert phase.lattice is not None
    volume = np.sqrt(3) / 2 * phase.lattice.a**2 * phase.lattice.c / 3 * AVOGADRO
    assert phase.max_concentration == pytest.approx(1 / volume, rel=1e-3)
    assert phase.density == pytest.approx(mass / volume, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "mass", "lattice"),
    [("rock_salt_nio", 74.69e-3, 4.177e-10), ("rock_salt_lithiated", 59.16e-3, 4.12e-10)],
)
def test_density_of_the_rock_salt_follows_from_its_lattice(name: str, mass: float, lattice: float) -> None:
    phase = load_case("core_shell_liquid", [f"phases.rock_salt={name}", "protocol.steps=[]"]).phases.rock_salt
    assert phase is not None
    assert phase.misfit is not None
    assert phase.misfit.model_dump() == {"kind": "lattice", "a": lattice}
    sites = 4 / (lattice**3 * AVOGADRO)
    assert phase.density == pytest.approx(sites * mass, rel=2e-3)
    if phase.max_concentration is not None:
        assert phase.max_concentration == pytest.approx(0.3 * sites, rel=1e-3)
