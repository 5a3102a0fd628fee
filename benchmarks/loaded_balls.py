"""Coarse balls of dispersed rock salt, squeezed with unequal moduli and misfitting with equal ones."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bulk_bounds import Solid, bulk_between, hashin_shtrikman, span
from meshes import TaggedMesh, build
from solver.cache import mesh_cache
from solver.case import load_case
from solver.report.crum import phase_means, transformation_modulus
from solver.run import run

RADIUS = 2.5e-6
PATTERNS: dict[str, dict[str, Any]] = {
    "random field, 1200 nm": {"kind": "random_field", "correlation_length": "1200 nm"},
    "domains, 1200 nm": {"kind": "domains", "size": "1200 nm"},
    "lamellae parallel, 1500 nm": {"kind": "lamellae", "orientation": "parallel", "spacing": "1500 nm"},
    "lamellae by domain, 1500 nm in 2400 nm": {
        "kind": "lamellae",
        "orientation": "by_domain",
        "spacing": "1500 nm",
        "domain_size": "2400 nm",
    },
    "overlapping spheres, 700 nm": {"kind": "spheres", "radius": "700 nm", "overlap": True},
}
FINER = "random field, 600 nm"
FINER_PATTERNS = {FINER: {"kind": "random_field", "correlation_length": "600 nm"}}
"""A finer pattern, for comparison alone."""
SOFT, STIFF = Solid(20e9, 0.30), Solid(200e9, 0.22)
PRESSURE, STRAIN = 760e6, 0.01
LOADS: dict[str, tuple[Solid, Solid, float, bool]] = {
    "stiff-rock-salt": (SOFT, STIFF, PRESSURE, False),
    "stiff-layered": (STIFF, SOFT, PRESSURE, False),
    "misfit-soft": (SOFT, SOFT, 0.0, True),
    "misfit-soft-pressed": (SOFT, SOFT, PRESSURE, True),
    "misfit-stiff": (STIFF, STIFF, PRESSURE, True),
}
"""Layered phase, rock salt, pressure [Pa] and whether the rock salt misfits, by name of the run."""


@dataclass(frozen=True)
class Ball:
    """What was measured on one mesh.

    Attributes:
        pattern: key of `PATTERNS`.
        asked: rock-salt fraction asked for [1].
        seed: of the pattern.
        size: cell size [nm].
        mesh: the mesh with its report.
        bulk: apparent bulk modulus [Pa] by run; without an entry for equal moduli.
        means: mean hydrostatic stress of layered phase and rock salt [Pa] by run.
    """

    pattern: str
    asked: float
    seed: int
    size: int
    mesh: TaggedMesh
    bulk: Mapping[str, float]
    means: Mapping[str, tuple[float, float]]

    @property
    def fraction(self) -> float:
        """Rock-salt fraction of the mesh [1]."""
        return self.mesh.report.rock_salt_fraction

    def span(self, load: str) -> float:
        """See `bulk_bounds.span`; of a run with misfit and equal moduli [Pa]."""
        solid = LOADS[load][0]
        layered, rock_salt = self.means[load]
        return span(solid, layered - rock_salt, STRAIN)

    def bounds(self, load: str) -> tuple[float, float, float, float]:
        """Bounds of an apparent bulk modulus [Pa]: Hashin and Shtrikman's two, then this ball's own two."""
        pair = LOADS[load][:2]
        low, high = hashin_shtrikman(self.fraction, *pair)
        own = [
            bulk_between(self.fraction, *pair, self.span(name)) for name in ("misfit-soft", "misfit-stiff")
        ]
        return low, high, own[0], own[1]


def case_of(name: str, geometry: Mapping[str, Any], load: tuple[Solid, Solid, float, bool]) -> dict[str, Any]:
    """A case of two inert, isotropic phases under load alone.

    Args:
        name: of the case.
        geometry: of the case.
        load: see `LOADS`.
    """
    layered, rock_salt, pressure, misfit = load
    phases: dict[str, Any] = {
        region: {
            "density": "4700 kg/m^3",
            "elasticity": {
                "kind": "isotropic",
                "young_modulus": f"{solid.young!r} Pa",
                "poisson_ratio": solid.poisson,
            },
            "host": {"kind": "inert"},
        }
        for region, solid in (("layered", layered), ("rock_salt", rock_salt))
    }
    phases["rock_salt"]["misfit"] = {"kind": "isotropic", "strain": STRAIN}
    return {
        "name": name,
        "architecture": "solid",
        "temperature": "298.15 K",
        "geometry": dict(geometry),
        "phases": phases,
        "mechanics": {"stack_pressure": f"{pressure!r} Pa"},
        "couplings": {"misfit": misfit, "chemical_strain": False, "stress_in_potential": False},
        "protocol": {"specific_current_1C": "150 mA/g", "start": {"voltage": "3.9 V"}, "steps": []},
        "output": {"fields": []},
    }


def geometry_of(pattern: str, asked: float, seed: int, size: int) -> dict[str, Any]:
    """Geometry of an octant of the ball."""
    return {
        "kind": "dispersed",
        "dimension": "3d",
        "sector": "octant",
        "radius": f"{RADIUS!r} m",
        "rock_salt_fraction": asked,
        "morphology": {**PATTERNS, **FINER_PATTERNS}[pattern],
        "seed": seed,
        "mesh_size": {"bulk": f"{size} nm", "interface": f"{size} nm"},
    }


def measure(pattern: str, asked: float, seed: int, size: int, out: Path) -> Ball:
    """Mesh a ball and put it under each load unless that is done.

    Raises:
        RuntimeError: a run failed.
    """
    bulk, means, mesh = {}, {}, None
    for load, given in LOADS.items():
        name = f"{pattern.replace(',', '').replace(' ', '-')}-{asked:g}-{seed}-{size}-{load}"
        path, folder = out / f"{name}.yaml", out / name
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(case_of(name, geometry_of(pattern, asked, seed, size), given)), "utf-8")
        case = load_case(path)
        if mesh is None:
            mesh = build(case.mesh_geometry(), mesh_cache())
        if not (folder / "summary.json").exists() and run(case, folder, force=True).exit_code != 0:
            raise RuntimeError(f"{name} failed: {folder / 'log.txt'}")
        means[load] = _means(folder)
        if not given[3]:
            bulk[load] = apparent_bulk(folder, given[2])
    if mesh is None:
        raise RuntimeError("no loads")
    return Ball(pattern, asked, seed, size, mesh, bulk, means)


def apparent_bulk(folder: Path, pressure: float) -> float:
    """Bulk modulus p^2 V/(2 E) of a run under pressure alone [Pa]; E and V are the whole particle's."""
    with (folder / "history.csv").open(newline="") as stream:
        energy = float(next(csv.DictReader(stream))["elastic_energy [J]"])
    regions = json.loads((folder / "summary.json").read_text())["equilibrium"]["regions"]
    return pressure**2 * sum(float(region["volume_m3"]) for region in regions.values()) / (2.0 * energy)


def _means(folder: Path) -> tuple[float, float]:
    regions = json.loads((folder / "summary.json").read_text())["equilibrium"]["regions"]
    layered, rock_salt = (
        float(regions[name]["mean_hydrostatic_stress_Pa"]) for name in ("layered", "rock_salt")
    )
    return layered, rock_salt


def crum(ball: Ball, load: str) -> tuple[float, float]:
    """Crum's means of layered phase and rock salt for a run with equal moduli [Pa]."""
    solid, _, pressure, _ = LOADS[load]
    return phase_means(ball.fraction, STRAIN, transformation_modulus(solid.bulk, solid.shear), -pressure)
