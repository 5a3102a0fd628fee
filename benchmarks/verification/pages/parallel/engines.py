"""The same cases marched by forms and by compiled code, and behind LU and behind GMRES."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, diffusing, twins
from benchmarks.verification.setups.running import Run

COMPILED = "forms and compiled code march alike"
BEHIND = "the linear solver changes nothing"
SAME = 1e-9
"""Largest deviation of a number, relative to the largest value of its column."""
MORE_STEPS = 1.15
"""Newton iterations behind GMRES over those behind LU: GMRES stops at 1e-4 of each right side."""
CURRENT, MINUTES = 0.83, 60.0
"""Current of charges [A/m^2], unit of durations [s]."""
HELD, LAST, RESISTANCE = 4.12, 0.07, 0.19
"""Voltage of a hold [V], current density that ends it [A/m^2], series resistance [ohm m^2]."""
CAVITY, FILLING = 0.37, -0.31
"""Radius of the cavity [R], current that fills the dilute host [A/m^2]."""
SIZES, DISC = (250e-9, 60e-9), (900e-9, 500e-9)
"""Cell sizes, bulk and interface, of a line and of a disc [m]."""
TOLERANCE = (1e-3, 5e-3)
"""Of time stepping: full and short form."""
JUDGED: Mapping[str, Sequence[str]] = {
    "time [s]": ("time [s]",),
    "voltage [V]": ("voltage [V]",),
    "current density [A/m^2]": ("current_density [A/m2]",),
    "capacity [mAh/g]": ("capacity [mAh/g]",),
    "mean occupancy of a phase [1]": ("mean_occupancy_layered", "mean_occupancy_rock_salt"),
    "mean hydrostatic stress of a phase [Pa]": (
        "mean_hydrostatic_stress_layered [Pa]",
        "mean_hydrostatic_stress_rock_salt [Pa]",
    ),
}
"""Columns of `history.csv` that are compared, those of a quantity together."""
POINTS = {"hoop_stress_Pa": "hoop stress [Pa]", "concentration_mol_m3": "concentration [mol/m^3]"}
"""Keys of the points in `summary.json`, and their words."""

Array = npt.NDArray[np.float64]
Make = Callable[[Mapping[str, Any]], cases.Mapping]
"""Makes a case from its `numerics`."""


@dataclass(frozen=True)
class March:
    """A case that is marched twice.

    Attributes:
        make: gives it.
        reasons: how its steps end.
    """

    make: Make
    reasons: tuple[str, ...]


def _coated(dimension: Dimension, sizes: tuple[float, float]) -> Make:
    steps = [
        cases.drive("current_density", CURRENT, 7.0 * MINUTES),
        {"drive": "rest", "for": f"{2.0 * MINUTES!r} s"},
        cases.drive("current_density", -CURRENT, 4.0 * MINUTES),
    ]
    return lambda numerics: twins.COATED.case("coated", dimension, steps, sizes, numerics=dict(numerics))


def _hollow(numerics: Mapping[str, Any]) -> cases.Mapping:
    """A hollow ball whose cavity is wetted; the exchange current falls with the vacancies of the surface."""
    surface = {
        "exchange_current_density": f"{twins.SURFACE.exchange!r} A/m^2",
        "exchange_current": "concentration",
        "anodic_transfer": twins.SURFACE.transfer[0],
        "cathodic_transfer": twins.SURFACE.transfer[1],
    }
    geometry = diffusing.hollow("spherical", CAVITY, SIZES[1] / cases.RADIUS) | {"cavity_wetted": True}
    return cases.case(
        "hollow",
        geometry,
        {"layered": twins.phase_of(twins.CORE)},
        {"occupancy": twins.PLAIN.occupancy},
        [cases.drive("current_density", CURRENT, 9.0 * MINUTES)],
        surface=surface,
        mechanics={"stack_pressure": f"{twins.PLAIN.pressure!r} Pa"},
        numerics=dict(numerics),
    )


def _dilute(numerics: Mapping[str, Any]) -> cases.Mapping:
    """A dilute host of given tracer diffusivity, filled."""
    core = twins.CORE
    return cases.case(
        "dilute",
        cases.core_shell("spherical", 0.0, SIZES),
        {
            "layered": cases.lithium(
                core.solid,
                cases.dilute(4.1),
                core.capacity,
                core.volume,
                ("tracer", core.diffusivity),
                reference=0.0,
                activation_volume=f"{core.activation!r} m^3/mol",
            )
        },
        {"occupancy": 0.03},
        [cases.drive("current_density", FILLING, 11.0 * MINUTES)],
        surface={"exchange_current_density": f"{twins.SURFACE.exchange!r} A/m^2"},
        mechanics={"stack_pressure": f"{twins.PLAIN.pressure!r} Pa"},
        numerics=dict(numerics),
    )


def _held(numerics: Mapping[str, Any]) -> cases.Mapping:
    """A charge and a hold behind a resistance."""
    steps = [
        twins.until("current_density", CURRENT, voltage=HELD),
        twins.until("voltage", HELD, current_density=LAST),
    ]
    twin = replace(twins.PLAIN, electrode=replace(twins.SURFACE, resistance=RESISTANCE))
    return twin.case("held", "spherical", steps, SIZES, numerics=dict(numerics))


SPHERES: Mapping[str, March] = {
    "core and shell": March(_coated("spherical", SIZES), ("time",) * 3),
    "wetted cavity": March(_hollow, ("time",)),
    "dilute tracer": March(_dilute, ("time",)),
    "hold behind a resistance": March(_held, ("voltage", "current")),
}
FLAT: tuple[Dimension, ...] = ("axisymmetric", "generalised_plane_strain", "plane_strain")


def compute(bench: Workbench) -> Findings:
    """Every sphere by both engines, a coated particle of other dimensions by both linear solvers."""
    found, lines = Findings(), []
    tolerance = bench.pick(*TOLERANCE)
    for name, march in SPHERES.items():
        one, other = (
            bench.run(march.make({"tolerance": tolerance, "engine": engine}), reasons=march.reasons)
            for engine in ("forms", "compiled")
        )
        lines.append(Line(name, *_voltages(one, other), ".-"))
        _compare(found, COMPILED, "spherical", name, one, other)
    for dimension in bench.pick(FLAT, FLAT[1:2]):
        make = _coated(dimension, DISC)
        one, other = (
            bench.run(make({"tolerance": 10.0 * tolerance, "linear_solver": solver}), reasons=("time",) * 3)
            for solver in ("direct", "block")
        )
        _compare(found, BEHIND, dimension, "core and shell", one, other)
        steps = [run.summary["counts"]["newton_iterations"] for run in (other, one)]
        words = "Newton iterations behind GMRES over those behind LU [1]"
        found.compare(BEHIND, dimension, words, steps[0] / steps[1], 1.0, MORE_STEPS - 1.0, kind="itself")
    title = "compiled code against forms"
    found.panels.append(
        Panel(title, "increment", "deviation of the voltage [V]", tuple(lines), ("linear", "log"))
    )
    return found


def _voltages(one: Run, other: Run) -> tuple[list[float], list[float]]:
    """Numbers of the increments and how far the voltages are apart there [V]."""
    gap = np.abs(_column(one, "voltage [V]") - _column(other, "voltage [V]"))
    gap = np.maximum(gap, np.finfo(float).eps)  # where they are the same a logarithm shows round-off
    return list(range(1, len(gap) + 1)), [float(value) for value in gap]


def _column(run: Run, name: str) -> Array:
    return np.asarray(run.history[name], dtype=float)


def _compare(found: Findings, law: str, dimension: Dimension, name: str, one: Run, other: Run) -> None:
    """Every judged column where it differs most, and the last state of the points."""
    counts = [len(run.history["time [s]"]) for run in (other, one)]
    found.compare(law, dimension, f"increments, {name}", counts[0], counts[1], 0.0, kind="itself")
    for quantity, columns in JUDGED.items():
        worst = max(
            (_furthest(other, one, column) for column in columns if column in one.history),
            key=lambda far: abs(far[0] - far[1]) / far[2],
        )
        value, wanted, scale = worst
        words = f"{quantity} where it differs most, {name}"
        found.compare(law, dimension, words, value, wanted, SAME, scale=scale, kind="itself")
    for point, last in one.final["points"].items():
        for key, quantity in POINTS.items():
            words = f"{quantity}, {point} at the end, {name}"
            found.compare(law, dimension, words, other.point(point, key), last[key], SAME, kind="itself")


def _furthest(run: Run, than: Run, column: str) -> tuple[float, float, float]:
    """Both values where a column differs most, and the largest value of the column."""
    values, wanted = _column(run, column), _column(than, column)
    k = int(np.argmax(np.abs(values - wanted)))
    return float(values[k]), float(wanted[k]), float(np.max(np.abs(wanted)))


def headline(bench: Workbench) -> float:
    """Voltage of the coated ball at the end: one rank takes compiled code, several take the forms."""
    make = _coated("spherical", SIZES)
    return float(bench.run(make({"tolerance": TOLERANCE[1]}), reasons=("time",) * 3).final["voltage_V"])


PAGE = Page(
    title="Forms and compiled code",
    claim="Spheres marched by compiled code have, increment by increment, the voltages, capacities, contents "
    "and stresses that the forms give them; and a particle behind GMRES has those that it has behind LU, in "
    "as many iterations of Newton's method.",
    equation=r"""
Both engines solve, in every increment $\Delta t$ and for all $v$ quadratic and $q$ linear on each cell,

$$\int \left(\sigma_r \frac{dv}{dr} + 2 \sigma_t \frac{v}{r}\right) 4\pi r^2 dr
+ 4\pi R^2 p\,v(R) = 0$$

$$\int \left[c_\mathrm{max} (a_0 \theta + a_1 \theta_n + a_2 \theta_{n-1})\, q
+ \Delta t\, M(\theta, \sigma_h) \frac{d\mu}{dr} \frac{dq}{dr}\right] 4\pi r^2 dr
+ \Delta t \sum_\mathrm{walls} 4\pi r^2\, i(\phi + \mu, \theta)\, q = 0$$

with the occupancy at each of the three Gauss points of a cell from
$y(\theta) + \kappa \theta = \mu + P : (\varepsilon - \varepsilon_0)$, by means that share no line:
symbolic forms differentiated by machine, LU of a sparse matrix with the electrode as a border; and sums
written out for one line of cells, with their tangent by hand and LU of a band.
""",
    source="none needed: the text of a program cannot change what its equations say",
    setup=f"""
The coated ball of [a whole charge](../kinetics/constant_current_charge.md), both of whose phases hold
lithium, with its misfit and {twins.COATED.pressure / 1e6:g} MPa, charged and discharged at {CURRENT:g} A/m^2
with a rest between; a hollow ball with a wetted cavity of {CAVITY:g} R, its exchange current that of the
surface's occupancy; a dilute host of given tracer diffusivity, filled at {abs(FILLING):g} A/m^2; and a charge
to {HELD:g} V and a hold until {LAST:g} A/m^2 behind {RESISTANCE:g} ohm m^2. Tolerance of time stepping
{TOLERANCE[0]:g}; every increment is compared, relative to the largest value of its column. The coated
particle in other dimensions has cells of {DISC[0] * 1e9:g} nm, {DISC[1] * 1e9:g} nm at the phase boundary,
and ten times the tolerance, once with `linear_solver: direct` and once with `block`.
""",
    compute=compute,
    headline=Headline("voltage of a coated ball at the end [V]", "spherical", headline),
)
