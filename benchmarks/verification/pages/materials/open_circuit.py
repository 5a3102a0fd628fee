"""Open-circuit potentials of the shipped layered phases beside the measured curves they were fitted to."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.page import Findings, Headline, Kind, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from solver.case.shipped import configs_folder

LAW = "open-circuit potential of shipped phases"
KIND: Kind = "measured"
TABLES = {"nmc721": "nmc811_sturm2019", "nmc811": "nmc811_sturm2019", "lnmo": "lnmo_pron2019"}
RUNS, SHORT = 25, {"nmc721": 9, "lnmo": 4}
"""Points of each curve that are run; the phases and points of the short form."""
POINT, MEAN, SHORT_MEAN = 5e-3, 2e-5, 5e-4
"""Largest deviation of a point and of the mean of many [V]; in the short form some is left by chance."""
MANY = 9
"""A fit leaves no mean deviation over all points; over fewer than this it says nothing."""
TEMPERATURE, RADIUS, CELL = 298.15, 1e-6, 250e-9

Array = npt.NDArray[np.float64]


@cache
def table(name: str) -> tuple[Array, Array]:
    """Occupancy [1] and potential [V] of a measured curve."""
    path: Path = configs_folder() / "ocp" / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return np.array([float(r["occupancy"]) for r in rows]), np.array([float(r["potential_V"]) for r in rows])


def resting(phase: str, occupancy: float) -> Any:
    """A free particle of one phase that rests at an occupancy."""
    return {
        "name": "resting",
        "architecture": "liquid",
        "temperature": f"{TEMPERATURE!r} K",
        "geometry": cases.core_shell("spherical", 0.0, (CELL, CELL), RADIUS),
        "phases": {"layered": phase},
        "protocol": {"start": {"occupancy": occupancy}, "steps": []},
    }


def compute(bench: Workbench) -> Findings:
    """Voltages at points of each curve, and their mean deviation."""
    found = Findings()
    for phase, points in bench.pick(dict.fromkeys(TABLES, RUNS), SHORT).items():
        occupancy, potential = table(TABLES[phase])
        picked = np.unique(np.linspace(0, len(occupancy) - 1, points).round().astype(int))
        at, wanted = occupancy[picked], potential[picked]
        voltage = np.array([bench.run(resting(phase, float(x))).equilibrium["voltage_V"] for x in at])
        worst = int(np.abs(voltage - wanted).argmax())
        words = f"{phase}, the worst of {len(at)} points: voltage [V], error in V"
        found.compare(LAW, "spherical", words, voltage[worst], wanted[worst], POINT, scale=1.0, kind=KIND)
        if len(at) >= MANY:
            words = f"{phase}, mean of {len(at)} points: voltage [V], error in V"
            close = bench.pick(MEAN, SHORT_MEAN)
            found.compare(LAW, "spherical", words, voltage.mean(), wanted.mean(), close, scale=1.0, kind=KIND)
        measured = Line("measured", occupancy.tolist(), potential.tolist(), "k-")
        computed = Line(phase, at.tolist(), voltage.tolist(), "o")
        found.panels.append(Panel(phase, "occupancy [1]", "voltage against Li [V]", (measured, computed)))
    return found


def headline(bench: Workbench) -> float:
    """Voltage of NMC721 at half filling [V]."""
    return float(bench.run(resting("nmc721", 0.5)).equilibrium["voltage_V"])


PAGE = Page(
    title="Shipped phases rest at their measured potentials",
    claim="A free particle of a shipped layered phase rests at the potential of the measured curve.",
    equation=r"$$V = U(\theta), \qquad \theta(U) = \sum_j \frac{X_j}{1 + e^{F (U - U_j)/(\omega_j R T)}}$$",
    source="M. Verbrugge et al., J. Electrochem. Soc. 164 (2017) E3243, eq. 5, for the sum; for the curve of "
    "NMC811, which NMC721 takes over, J. Sturm et al., Modeling and simulation of inhomogeneities in a 18650 "
    "nickel-rich, silicon-graphite lithium-ion cell during fast charging, J. Power Sources 412 (2019) 204, "
    "doi:10.1016/j.jpowsour.2018.11.043, as tabulated with the model of Zhuo et al. (2023); for that of LNMO "
    "Pron et al. (2019), as tabulated in BattMo (`LNMO_Pron_OCV.json`)",
    setup=f"""
A sphere of {RADIUS * 1e6:g} um at {TEMPERATURE:g} K without pressure, started at occupancies of the measured
curve. The sum of sites was fitted to all of its points, so that what is left should scatter around zero.
""",
    compute=compute,
    headline=Headline("voltage of NMC721 at half filling [V]", "spherical", headline),
)
