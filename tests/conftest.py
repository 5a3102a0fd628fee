"""Fixtures for more than one area."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from solver.results import RunFolder, Snapshot, collect_provenance

# The same examples every time: a test that fails now and then says nothing of the change that it fails for.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.load_profile("fixed")

R = 2.5e-6
CORE = 0.8
TIMES = np.linspace(0.0, 3600.0, 25)


def _disc(rings: int, sectors: int, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) in units of the radius and counterclockwise triangles of a sector of a disc."""
    r, phi = np.meshgrid(
        np.linspace(0.0, 1.0, rings + 1)[1:], np.linspace(0.0, angle, sectors + 1), indexing="ij"
    )
    ring = np.column_stack([(r * np.cos(phi)).ravel(), (r * np.sin(phi)).ravel()])
    points = np.vstack([[0.0, 0.0], ring])
    width = sectors + 1
    cells = [(0, 1 + j, 2 + j) for j in range(sectors)]
    for i in range(rings - 1):
        for j in range(sectors):
            a, b = 1 + i * width + j, 1 + (i + 1) * width + j
            cells += [(a, b, b + 1), (a, b + 1, a + 1)]
    return points, np.array(cells)


def _octant(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) in units of the radius and positively oriented tetrahedra of an eighth of a ball."""
    steps = np.arange(number + 1)
    corners = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    number_of = {tuple(corner): k for k, corner in enumerate(corners.tolist())}
    cells = []
    for start in corners[(corners < number).all(axis=1)]:
        for order in permutations(range(3)):
            path = [start]
            for axis in order:
                path.append(path[-1] + np.eye(3, dtype=int)[axis])
            cell = [number_of[tuple(place.tolist())] for place in path]
            even = np.linalg.det(np.eye(3)[list(order)]) > 0
            cells.append(cell if even else [*cell[:2], cell[3], cell[2]])
    # Shells of a cube become shells of the ball.
    places = corners / number
    length = np.linalg.norm(places, axis=1)
    return places * (places.max(axis=1) / np.maximum(length, 1e-30))[:, None], np.array(cells)


def _simplices(dimension: str) -> tuple[np.ndarray, np.ndarray]:
    if dimension == "spherical":
        r = np.linspace(0.0, 1.0, 41)
        points = np.column_stack([r, 0 * r, 0 * r])
        cells = np.column_stack([np.arange(40), np.arange(1, 41)])
    elif dimension == "3d":
        points, cells = _octant(5)
    else:
        flat, cells = _disc(20, 24, np.pi / 2)
        points = np.column_stack([flat, np.zeros(len(flat))])
    exploded = points[cells].reshape(-1, 3) * R
    return exploded, np.arange(len(exploded)).reshape(cells.shape)


def _snapshot(dimension: str, time: float, step: int, moment: str, voltage: float, level: float) -> Snapshot:
    """Core under compression, shell under tension, lithium leaving from the outside."""
    points, cells = _simplices(dimension)
    centre = points[cells].mean(axis=1)
    region = np.where(np.linalg.norm(centre, axis=1) < CORE * R, 1, 2).astype(np.int8)
    here = np.repeat(region, cells.shape[1])
    rho = np.linalg.norm(points, axis=1) / R
    outward = centre / np.maximum(np.linalg.norm(centre, axis=1), 1e-30)[:, None]
    hydrostatic = np.where(here == 1, -1.2e9 * (1 - 0.5 * level), 1.8e9 * (1 - 0.5 * level))
    occupancy = np.where(here == 1, 1 - 0.6 * level * (0.5 + 0.5 * rho**2), np.nan)
    return Snapshot(
        time=time,
        step=step,
        increment=int(24 * level),
        voltage=voltage,
        moment=moment,
        points=points,
        cells=cells,
        point_data={
            "displacement": 0.01 * points,
            "chemical_potential": np.full(len(points), -96485.0 * voltage),
            "occupancy": occupancy,
            "concentration": 49000.0 * occupancy,
            "hydrostatic_stress": hydrostatic,
            "max_principal_stress": hydrostatic + 0.3e9 * rho,
            "von_mises_stress": 0.9e9 * rho,
            "stress": hydrostatic[:, None] * np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]),
        },
        cell_data={
            "region": region,
            "grain": np.zeros(len(cells), np.int32),
            "lithium_flux": 1e-5 * np.where(region == 1, 1.0, 0.0)[:, None] * outward,
            "wall": (np.linalg.norm(points[cells], axis=2).max(axis=1) > 0.9999 * R).astype(np.uint8),
        },
    )


def _history_row(time: float, k: int, scale: float) -> dict[str, float | int | str]:
    level = time / TIMES[-1]
    return {
        "time [s]": float(time),
        "step": 1,
        "increment": k,
        "dt [s]": float(TIMES[1]),
        "voltage [V]": 3.6 + 0.7 * level,
        "open_circuit_part [V]": 3.55 + 0.7 * level,
        "overpotential [V]": 0.05,
        "ohmic_part [V]": 0.0,
        "current_density [A/m2]": 0.5,
        "capacity [mAh/g]": 150.0 * scale * level,
        "mean_occupancy_layered": 1 - 0.5 * level,
        "mean_hydrostatic_stress_layered [Pa]": -1.2e9 * (1 - 0.5 * level),
        "mean_hydrostatic_stress_rock_salt [Pa]": 1.8e9 * (1 - 0.5 * level),
        "elastic_energy [J]": 1e-10,
        "force_residual": 1e-12,
        "lithium_balance": 1e-14,
        "volume_mean_error": 1e-11,
        "newton_iterations": 4,
    }


def _state(level: float) -> dict[str, object]:
    def region(volume: float, stress: float, occupancy: float | None) -> dict[str, object]:
        return {
            "volume_m3": volume,
            "mean_occupancy": occupancy,
            "mean_hydrostatic_stress_Pa": stress,
            "p05_hydrostatic_stress_Pa": stress - 1e8,
            "p95_hydrostatic_stress_Pa": stress + 1e8,
            "max_principal_stress_Pa": stress + 5e8,
            "p95_principal_stress_Pa": stress + 2e8,
        }

    whole = 4 / 3 * np.pi * R**3
    wall = {
        "concentration_mol_m3": 2e4,
        "hydrostatic_stress_Pa": 1e9,
        "radial_stress_Pa": 0.0,
        "hoop_stress_Pa": 1.5e9,
    }
    return {
        "regions": {
            "layered": region(CORE**3 * whole, -1.2e9 * (1 - 0.5 * level), 1 - 0.5 * level),
            "rock_salt": region((1 - CORE**3) * whole, 1.8e9 * (1 - 0.5 * level), None),
        },
        "points": {"centre": wall, "surface": wall},
        "interface": {"radial_stress_Pa": -1e9, "hoop_stress_core_Pa": -1e9, "hoop_stress_shell_Pa": 2e9},
        "voltage_V": 3.6 + 0.7 * level,
    }


def _summary(name: str, architecture: str, dimension: str, scale: float) -> dict[str, object]:
    capacity = 150.0 * scale
    return {
        "status": "done",
        "name": name,
        "architecture": architecture,
        "dimension": dimension,
        "case_hash": "c" * 16,
        "steps": [
            {
                "name": "Charge at 1C until 4.3 V",
                "reason": "voltage",
                "duration_s": float(TIMES[-1]),
                "capacity_mAh_g": capacity,
                "capacity_mAh_per_g_pristine": 1.4 * capacity,
            }
        ],
        "equilibrium": _state(0.0),
        "final": _state(1.0),
        "lithium_balance_error": 1e-14,
        "volume_mean_stress_error": 1e-11,
        "mass_kg": 3e-13,
        "specific_current_1C": 150.0,
        "couplings": dict.fromkeys(
            ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility"), True
        ),
        "warnings": [],
        "ended_by": "protocol",
        "gates": {},
        "counts": dict.fromkeys(
            (
                "cells",
                "dofs",
                "increments",
                "rejected",
                "newton_iterations",
                "linear_solves",
                "linear_iterations",
                "factorisations",
            ),
            24,
        ),
        "wall_time_s": dict.fromkeys(("mesh", "assemble", "solve", "output", "total"), 1.0),
        "ranks": 1,
    }


def build_synthetic_run(
    path: Path,
    dimension: str = "axisymmetric",
    architecture: str = "liquid",
    name: str = "synthetic",
    scale: float = 1.0,
) -> Path:
    """Write the folder of a made-up charge of a core-shell particle through the real writers."""
    resolved = (
        f"name: {name}\narchitecture: {architecture}\ntemperature: 298.15 K\n"
        f"geometry:\n  kind: core_shell\n  dimension: {dimension}\n  radius: 2.5e-06 m\n"
        f"  shell_thickness: 5e-07 m\nmechanics:\n  coherency: 1.0\n  stack_pressure: 0.0 Pa\n"
        f"  loading: hydrostatic\nprotocol:\n  specific_current_1C: 150.0 A/kg\n"
        f"  reference_potential: 0.0 V\n  start:\n    voltage: 3.6 V\n  steps:\n"
        f"  - Charge at 1C until 4.3 V\n"
    )
    with RunFolder.create(path) as folder:
        folder.write_case(resolved.encode(), resolved)
        folder.write_provenance(collect_provenance(ranks=1, mesh_hash="m" * 16, case_hash="c" * 16))
        folder.write_snapshot(_snapshot(dimension, 0.0, 0, "equilibrium", 3.6, 0.0))
        for k, time in enumerate(TIMES):
            folder.append_history(_history_row(time, k, scale))
        folder.write_snapshot(_snapshot(dimension, 1800.0, 1, "step 1 increment 12", 3.95, 0.5))
        folder.write_snapshot(
            _snapshot(dimension, 3600.0, 1, "end of step 1: Charge at 1C until 4.3 V", 4.3, 1.0)
        )
        folder.write_summary(_summary(name, architecture, dimension, scale))
    return path


@pytest.fixture(scope="session")
def synthetic_run() -> Callable[..., Path]:
    """`synthetic_run(tmp_path / "a", dimension="spherical", ...)` writes a made-up run folder there."""
    return build_synthetic_run
