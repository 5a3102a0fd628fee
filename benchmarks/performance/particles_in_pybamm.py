"""The same particles in PyBaMM: built once, solved for one diffusivity or for many at once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.verification.pages.programs.pybamm_particle import CHARGE, VOLUME
from benchmarks.verification.setups import in_pybamm
from benchmarks.verification.setups.charged_ball import FARADAY


@dataclass(frozen=True)
class Solved:
    """What a charge came to.

    Attributes:
        seconds: of the solution with its curves, building apart [s]; of a batch all together.
        voltage: at the end with the stress of the surface in it, which PyBaMM leaves out [V].
    """

    seconds: float
    voltage: float


def solve(points: int, rtol: float, speeds: Sequence[float] = (1.0,), threads: int = 1) -> Solved:
    """The charge by IDAKLU, its model built and solved once before.

    Args:
        points: finite volumes along the radius.
        rtol: relative tolerance, a hundredth of it absolute, as its defaults are.
        speeds: factors on the diffusivity, one a particle; several are solved as one batch.
        threads: that a batch is shared by.
    """
    os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"
    import pybamm

    options = {
        "working electrode": "positive",
        "particle mechanics": "swelling only",
        "stress-induced diffusion": "true",
    }
    model = pybamm.lithium_ion.SPM(options)
    values = pybamm.ParameterValues("Xu2019")
    given = in_pybamm._values(CHARGE, "dilute", lambda _filled: pybamm.InputParameter("speed"), 0.0, pybamm)
    values.update(given, check_already_exists=False)
    electrode = in_pybamm.ELECTRODE.lower()
    names = [
        f"X-averaged {electrode}open-circuit potential [V]",
        f"X-averaged {electrode}reaction overpotential [V]",
        f"{in_pybamm.PARTICLE}surface tangential stress [Pa]",
    ]
    # The fastest way to the curves: a batch has the solver make them, a single particle makes them afterwards.
    told = {"output_variables": names} if len(speeds) > 1 else {}
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=rtol / 100.0, options={"num_threads": threads}, **told)
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        solver=solver,
        var_pts={"x_n": 2, "x_s": 2, "x_p": 2, "r_p": points},
    )
    times = [0.0, CHARGE.duration]
    inputs: Any = [{"speed": speed} for speed in speeds]
    if len(speeds) == 1:
        inputs = inputs[0]

    def curves() -> list[list[Any]]:
        found = simulation.solve(t_eval=times, inputs=inputs)
        return [[one[name].entries for name in names] for one in (found if len(speeds) > 1 else [found])]

    curves()
    began = perf_counter()
    first = curves()[0]
    seconds = perf_counter() - began
    rest, overpotential, hoop = (float(np.asarray(curve)[-1]) for curve in first)
    return Solved(seconds, rest + overpotential + VOLUME * (2.0 / 3.0) * hoop / FARADAY)
