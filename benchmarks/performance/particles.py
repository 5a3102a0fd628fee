"""Spherical particles under one charge in lithostat, by whatever way it has: compiled, or as a run."""

import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.verification.pages.programs.pybamm_particle import CHARGE
from benchmarks.verification.setups import charged_ball


@dataclass(frozen=True)
class Marched:
    """What a charge came to.

    Attributes:
        seconds: of the march, start-up apart [s]; of a batch all together.
        voltage: at the end [V], of the first particle.
        increments: of the first particle.
        engine: what marched.
    """

    seconds: float
    voltage: float
    increments: int
    engine: str


def has_compiled() -> bool:
    """Whether this lithostat marches spheres without DOLFINx."""
    if importlib.util.find_spec("solver.radial") is None:
        return False
    return hasattr(importlib.import_module("solver.radial"), "march")


def case_of(cells: int, tolerance: float, speed: float = 1.0) -> Mapping[str, Any]:
    """The charge that PyBaMM is asked for too: a dilute host whose stress drives diffusion.

    Args:
        cells: equal ones along the radius.
        tolerance: of the time steps.
        speed: factor on the diffusivity.
    """
    charge = replace(CHARGE, diffusivity=CHARGE.diffusivity * speed)
    return charged_ball.case_of(charge, "dilute", "tracer", True, cells, tolerance)


def march(mapping: Mapping[str, Any]) -> Marched:
    """One particle, marched once before so that nothing is compiled or read for the first time."""
    with TemporaryDirectory(prefix="particle-") as name:
        case = _loaded(mapping, Path(name))
        if not has_compiled():
            return _as_run(case, Path(name))
        radial = importlib.import_module("solver.radial")
        radial.march(case)
        began = perf_counter()
        curve = radial.march(case)
        seconds = perf_counter() - began
        return Marched(seconds, float(np.asarray(curve.voltage)[-1]), len(curve.time), "compiled")


def march_all(mappings: Sequence[Mapping[str, Any]], processes: int) -> Marched:
    """Many particles: together, or one after the other where there is no batch."""
    with TemporaryDirectory(prefix="particles-") as name:
        loaded = [_loaded(mapping, Path(name)) for mapping in mappings]
        if not has_compiled():
            each = [_as_run(case, Path(name)) for case in loaded]
            return Marched(sum(one.seconds for one in each), each[0].voltage, each[0].increments, "run")
        radial = importlib.import_module("solver.radial")
        radial.march(loaded[0])
        began = perf_counter()
        curves = radial.march_all(loaded, processes=processes)
        seconds = perf_counter() - began
        return Marched(seconds, float(np.asarray(curves[0].voltage)[-1]), len(curves[0].time), "compiled")


def _loaded(mapping: Mapping[str, Any], folder: Path) -> Any:
    from solver.case import load_case

    path = folder / "charge.yaml"
    path.write_text(json.dumps(dict(mapping)), encoding="utf-8")  # JSON is YAML
    return load_case(str(path))


def _as_run(case: Any, folder: Path) -> Marched:
    """A whole run, the second of two: all but mesh, compilation and output."""
    from benchmarks.performance.charging import costs
    from solver.results.reader import read_run
    from solver.run import run

    run(case, folder / "run", force=True)
    found = costs(run(case, folder / "run", force=True).summary)
    voltage = float(np.asarray(read_run(folder / "run").history["voltage [V]"])[-1])
    spent = float(found["march_s"]) - float(found["output_s"])
    return Marched(spent, voltage, int(found["increments"]), "run")
