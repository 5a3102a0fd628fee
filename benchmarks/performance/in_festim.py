"""Diffusion under a constant flux as FESTIM solves it; it runs in an environment of FESTIM's own.

FESTIM imports two functions of scifem, which has a compiled part that the wheels of DOLFINx give no headers
for; and io4dolfinx for checkpoints. None of them is called here, so that names stand in for them where they
are missing.
"""

import importlib.util
import sys
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.performance.plain_mesh import OUTER, PlainMesh

Array = npt.NDArray[np.float64]

ABSENT: dict[str, tuple[str, ...]] = {
    "scifem": ("assemble_scalar",),
    "scifem.mesh": ("transfer_meshtags_to_submesh",),
    "io4dolfinx": (),
}
"""What FESTIM imports and does not call here."""
RTOL, ATOL = 1e-8, 1e-10
END = 1.0 - 1e-9
"""Where FESTIM may stop [duration]: its sum of steps can end a rounding error early, and it would add one."""


def _never(*_given: Any, **_named: Any) -> None:
    """Stands in for a function of a missing package.

    Raises:
        NotImplementedError: always.
    """
    msg = "FESTIM calls what is not installed: the measurement would not be FESTIM's"
    raise NotImplementedError(msg)


def _festim() -> Any:
    """FESTIM, opened."""
    if "festim" in sys.modules:
        return sys.modules["festim"]
    if importlib.util.find_spec("dolfinx_solver") is not None:
        importlib.import_module("dolfinx_solver")
    missing = {package for package in ("scifem", "io4dolfinx") if importlib.util.find_spec(package) is None}
    for name, functions in ABSENT.items():
        if name.partition(".")[0] in missing:
            module = ModuleType(name)
            for function in functions:
                setattr(module, function, _never)
            sys.modules[name] = module
    return importlib.import_module("festim")


def diffuse(plain: PlainMesh, time: float, steps: int) -> tuple[float, Array, Array]:
    """Seconds of the march, vertices [R] and the rise of concentration there [J R/D].

    Args:
        plain: the ball.
        time: duration [R^2/D].
        steps: equal ones.
    """
    festim = _festim()
    from benchmarks.performance.in_dolfinx import imported

    body = imported(plain)
    problem = festim.HydrogenTransportProblem()
    problem.mesh = festim.Mesh(body.mesh)
    material = festim.Material(D_0=1.0, E_D=0.0)
    inside, surface = festim.VolumeSubdomain(id=1, material=material), festim.SurfaceSubdomain(id=OUTER)
    problem.subdomains = [inside, surface]
    problem.volume_meshtags, problem.facet_meshtags = body.phases, body.facets
    lithium = festim.Species("Li")
    problem.species = [lithium]
    problem.temperature = 300.0
    problem.boundary_conditions = [festim.ParticleFluxBC(subdomain=surface, value=1.0, species=lithium)]
    problem.settings = festim.Settings(atol=ATOL, rtol=RTOL, transient=True, final_time=END * time)
    problem.settings.stepsize = festim.Stepsize(time / steps)
    problem.show_progress_bar = False
    problem.initialise()
    began = perf_counter()
    problem.run()
    seconds = perf_counter() - began
    solution = lithium.post_processing_solution or problem.u
    points = solution.function_space.tabulate_dof_coordinates()
    return seconds, np.asarray(points), np.asarray(solution.x.array).copy()
