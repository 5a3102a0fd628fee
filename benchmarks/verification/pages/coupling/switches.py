"""Each coupling switched off gives, to round-off, what a particle without that effect gives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import (
    DIMENSIONS,
    Dimension,
    Findings,
    Headline,
    Line,
    Page,
    Panel,
    Workbench,
)
from benchmarks.verification.setups import cases, hand_made
from benchmarks.verification.setups.running import Run
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.media import Couplings

LAW = "each coupling switched off"
CORE, SHELL = exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)
ROUND_OFF, ASSEMBLED = 1e-11, 1e-13
"""Allowed deviation of histories and of residuals, relative to the largest value [1]."""
CHEMISTRY = ("voltage [V]", "capacity [mAh/g]", "mean_occupancy_layered", "mean_occupancy_rock_salt")
MECHANICS = (
    "mean_hydrostatic_stress_layered [Pa]",
    "mean_hydrostatic_stress_rock_salt [Pa]",
    "elastic_energy [J]",
)
MISFIT, ACTIVATION, PRESSURE, COHERENCY = 0.017, 1.9e-6, 300e6, 0.6
CURRENT, DURATION = 0.5, 200.0
BOX_PRESSURE, BOX_COHERENCY = 3e8, 0.7

Residuals = dict[str, npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Effect:
    """An effect, and two ways to be without it.

    Attributes:
        switches: what is switched off.
        numbers: of every phase, that mean the same.
        rows: residuals that must then be the same.
    """

    switches: tuple[str, ...]
    numbers: Mapping[str, Any]
    rows: tuple[str, ...] = ("u", "mu")


NOTHING = np.zeros((3, 3))
EFFECTS: Mapping[str, Effect] = {
    "misfit": Effect(("misfit",), {"misfit": NOTHING}),
    "chemical strain": Effect(("chemical_strain",), {"molar_volume": NOTHING}, ("u",)),
    "stress in the potential": Effect(
        ("stress_in_potential", "stress_in_mobility"),
        {"molar_volume": NOTHING, "activation_volume": 0.0},
        ("mu",),
    ),
    "swelling": Effect(("chemical_strain", "stress_in_potential"), {"molar_volume": NOTHING}),
    "stress in the mobility": Effect(("stress_in_mobility",), {"activation_volume": 0.0}),
    "everything": Effect(
        ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility"),
        {"misfit": NOTHING, "molar_volume": NOTHING, "activation_volume": 0.0},
    ),
}
"""Without stress in the potential the particle still swells: forces are left out of the rows there."""


def residuals(dimension: Dimension, couplings: Couplings, numbers: Mapping[str, Any]) -> Residuals:
    """Both residuals of a box of crystals in one and the same random state, with some numbers replaced."""
    frame = hand_made.FRAMES[dimension]
    crystals = hand_made.coupled_phases(crystal=frame is not None)
    body = hand_made.particle(
        hand_made.box(dimension, 2),
        {name: replace(phase, **numbers) for name, phase in crystals.items()},
        couplings=couplings,
        pressure=BOX_PRESSURE,
        frame=frame,
        coherency=BOX_COHERENCY,
    )
    hand_made.randomise(body, seed=5, size=1e-3)
    body.update()
    forms = (body.forms.momentum, body.forms.lithium)
    return {
        block.name: assemble_rows(compile_form(form), block)
        for block, form in zip(body.blocks, forms, strict=True)
    }


def charge(
    couplings: Mapping[str, bool],
    swelling: float = 1.0,
    misfit: float = MISFIT,
    activation: float = ACTIVATION,
    pressure: float = PRESSURE,
) -> Any:
    """A charge of a coated sphere in which every coupling acts."""
    phases = {
        "layered": cases.lithium(
            CORE, cases.ideal(3.83), 49e3, 1.4e-6 * swelling, ("lattice_gas", 4e-15), reference=1.0
        ),
        "rock_salt": cases.lithium(
            SHELL,
            cases.ideal(3.88),
            31e3,
            2.2e-6 * swelling,
            ("lattice_gas", 2e-15),
            reference=0.3,
            misfit={"kind": "isotropic", "strain": misfit},
        ),
    }
    for phase in phases.values():
        phase["activation_volume"] = f"{activation!r} m^3/mol"
    return cases.case(
        "couplings",
        cases.core_shell("spherical", 0.4e-6, (150e-9, 50e-9)),
        phases,
        {"voltage": "3.85 V"},
        [cases.drive("current_density", CURRENT, DURATION)],
        mechanics={"coherency": COHERENCY, "stack_pressure": f"{pressure!r} Pa"},
        surface={"exchange_current_density": "1.3 A/m^2"},
        couplings=dict(couplings),
        numerics={"tolerance": 1e-2},
    )


HISTORIES: Mapping[str, tuple[Any, Any, tuple[str, ...]]] = {
    "misfit": (charge({"misfit": False}), charge({}, misfit=0.0), (*CHEMISTRY, *MECHANICS)),
    "swelling": (
        charge({"chemical_strain": False, "stress_in_potential": False}),
        charge({}, swelling=0.0),
        (*CHEMISTRY, *MECHANICS),
    ),
    "chemical strain": (
        charge({"chemical_strain": False, "misfit": False}, pressure=0.0),
        charge({}, swelling=0.0, misfit=0.0, pressure=0.0),
        CHEMISTRY,
    ),
    "stress in the potential": (
        charge({"stress_in_potential": False}, activation=0.0),
        charge({}, swelling=0.0, activation=0.0),
        CHEMISTRY,
    ),
    "stress in the mobility": (
        charge({"stress_in_mobility": False}),
        charge({}, activation=0.0),
        (*CHEMISTRY, *MECHANICS),
    ),
}
"""What is off; the same without it; and the columns of the history that must be the same then."""


def deviation(one: Run, other: Run, columns: tuple[str, ...]) -> float:
    """Largest deviation in any row, increments included, relative to the column's largest value."""
    if len(one.history["time [s]"]) != len(other.history["time [s]"]):
        return np.inf
    gaps = []
    for name in ("time [s]", *columns):
        a, b = one.history[name], other.history[name]
        gaps.append(np.abs(a - b).max() / np.abs(a).max())
    return float(np.max(gaps))


def compute(bench: Workbench) -> Findings:
    """Residuals of every dimension, then histories of a charge."""
    found = Findings()
    smallest = np.inf
    for dimension in DIMENSIONS:
        gaps = {}
        coupled = residuals(dimension, Couplings(), {})
        for name, effect in EFFECTS.items():
            off = residuals(dimension, Couplings(**dict.fromkeys(effect.switches, False)), {})
            without = residuals(dimension, Couplings(), effect.numbers)
            sizes = {row: np.abs(coupled[row]).max() for row in effect.rows}
            gaps[name] = np.max([np.abs(off[row] - without[row]).max() / sizes[row] for row in effect.rows])
            moved = max(np.abs(off[row] - coupled[row]).max() / sizes[row] for row in effect.rows)
            smallest = min(smallest, moved)
        worst = float(np.max(list(gaps.values())))
        which = ", ".join(name for name, gap in gaps.items() if not gap <= ASSEMBLED) or "all alike"
        quantity = f"residuals, worst of {len(gaps)} effects ({which}) [1]"
        found.compare(LAW, dimension, quantity, worst, 0.0, ASSEMBLED, scale=1.0)
    lines = []
    names = bench.pick(tuple(HISTORIES), ("stress in the potential",))
    for number, name in enumerate(names):
        off, without, columns = HISTORIES[name]
        one, other = bench.run(off), bench.run(without)
        words = "chemistry and mechanics" if len(columns) > len(CHEMISTRY) else "chemistry"
        quantity = f"{name}: history of a charge, {words} [1]"
        gap = deviation(one, other, columns)
        found.compare(LAW, "spherical", quantity, gap, 0.0, ROUND_OFF, scale=1.0)
        lines += [_curve(one, f"{name} off", f"C{number}-"), _curve(other, "", f"C{number}.")]
    coupled_run = bench.run(charge({}))
    lines.append(_curve(coupled_run, "all on", "k-"))
    title = "lines: switched off; dots: without the effect"
    found.panels.append(Panel(title, "time [s]", "voltage [V]", tuple(lines)))
    found.notes.append(
        f"Each of these effects changes residuals by {smallest:.1g} of their size at least: they do not "
        "agree because nothing acted."
    )
    return found


def _curve(run: Run, label: str, style: str) -> Line:
    rows = run.history["step"] > 0
    return Line(
        label, run.history["time [s]"][rows].tolist(), run.history["voltage [V]"][rows].tolist(), style
    )


def headline(bench: Workbench) -> float:
    """Elastic energy after a charge without misfit."""
    return float(bench.run(HISTORIES["misfit"][0]).history["elastic_energy [J]"][-1])


PAGE = Page(
    title="Each coupling switched off",
    claim="""
A coupling that is switched off leaves, to round-off, what a particle has whose phases do not know the effect;
none switches another.
""",
    equation=r"""
| off | means the same as | in |
|---|---|---|
| `misfit` | $m_0 = 0$ | both balances |
| `chemical_strain` | $V = 0$ | the balance of momentum |
| `stress_in_potential` and `stress_in_mobility` | $V = 0$, $V_{act} = 0$ | the balance of lithium |
| `chemical_strain` and `stress_in_potential` | $V = 0$ | both |
| `stress_in_mobility` | $V_{act} = 0$ | both |
| all four | $m_0 = 0$, $V = 0$, $V_{act} = 0$ | both |
""",
    source="the equations of the model, term by term: `docs/model.md`, section Switches",
    setup=rf"""
Residuals: boxes of two crystals, turned as far as each dimension holds, in a random state, coherency
{BOX_COHERENCY:g}, {BOX_PRESSURE / 1e6:g} MPa. Histories: a coated sphere charged at {CURRENT:g} A/m² for
{DURATION:g} s, misfit {MISFIT:g} at coherency {COHERENCY:g}, {PRESSURE / 1e6:g} MPa, $V_{{act}}$ =
{ACTIVATION:g} m³/mol; all rows are compared, increments included. The chemical strain alone is switched off
without misfit and pressure, which would leave a stress for the potential.
""",
    compute=compute,
    headline=Headline("elastic energy after a charge without misfit [J]", "spherical", headline),
)
