"""How many occupancies a potential and a strain allow: one where V is constant, several where it bends."""

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from benchmarks.verification.exact.curved_crystal import ENDS
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
from benchmarks.verification.setups import cases, hand_made, tabulated
from benchmarks.verification.setups.curved_crystals import (
    CAPACITY,
    CLAMPED,
    COMPONENTS,
    HEXAGONAL,
    HOST,
    SOLID,
    STRAIN,
    THERMAL,
    crystal,
    program,
    states,
    stretched,
)
from solver.materials import elasticity
from solver.materials.elimination import eliminate
from solver.materials.hosts import MsmrHost
from solver.materials.lattice_table import AXES, LatticeTable

Array = npt.NDArray[np.float64]

ONE, SEVERAL = "one root where V is constant", "several roots where V bends"
STRETCHES = (0.0, 0.01, 0.02, 0.03)
"""Of a crystal along c [1]."""
PULL, START = 3e9, 0.58
CURRENTS = (0.2, 0.1, 0.05)
"""Tension on a ball [Pa], its occupancy at the start and the current densities that charge it [A/m^2]."""


def count_roots(found: Findings, dimension: Dimension, count: int) -> None:
    """Numbers and places of the roots at random states."""
    mu, tensors, vectors = states(dimension, count, seed=DIMENSIONS.index(dimension))
    medium, law = program(dimension), crystal(isotropic=hand_made.FRAMES[dimension] is None)
    if medium.curved is None:
        return
    load = medium.modes[1] @ vectors.T
    roots = medium.curved.every_root(mu, load)
    numbers, wrong, several, off = np.bincount(roots.point, minlength=count), 0, 0, 0.0
    for k in range(count):
        wanted = law.roots(THERMAL * mu[k], tensors[k])
        wrong += len(wanted) != numbers[k]
        several += len(wanted) > 1
        if len(wanted) == numbers[k]:
            y, theta = roots.y[roots.point == k], expit(wanted)
            # Close to a fold round-off of mu moves the root far: judged by what it is worth in mu.
            middle = np.clip(theta, ENDS, 1.0 - ENDS)
            steep = np.abs(law.slope(middle, tensors[k])) * middle * (1.0 - middle) / THERMAL
            steep = np.minimum(steep, 1.0)
            apart = np.abs(y - wanted) * steep / (1.0 + np.abs(y))
            off = max(off, float(apart.max()))
    what = f"states with another number of roots, of {count}, {several} of them with several"
    found.compare(SEVERAL, dimension, what, wrong, 0.0, 0.0, scale=1.0)
    found.compare(
        SEVERAL, dimension, "where the roots lie, worst, in R T of potential", off, 0.0, 1e-12, scale=1.0
    )


def one_root(found: Findings, batches: int, size: int) -> None:
    """Straight tables through the scan that knows nothing of it: one root, that of the constant law."""
    for dimension in DIMENSIONS:
        rng = np.random.default_rng(DIMENSIONS.index(dimension) + 50)
        others, off = 0, 0.0
        for _ in range(batches):
            slope = rng.uniform(-0.2, 0.2, 2)
            theta = np.array([0.0, 0.37, 1.0])
            table = LatticeTable(theta, 1.0 + slope * theta[:, None], 0.0, AXES)
            levels, widths = np.sort(rng.uniform(-10.0, 10.0, 3)), rng.uniform(0.2, 5.0, 3)
            host = MsmrHost(tuple(levels), (0.5, 0.2, 0.3), tuple(widths))
            medium = program(dimension, table, host)
            if medium.curved is None:
                return
            strain = rng.uniform(-0.1, 0.1, (size, 6)) * COMPONENTS[dimension]
            mu, load = rng.uniform(-40.0, 40.0, size), medium.modes[1] @ strain.T
            root = medium.curved.solve(mu, load)
            others += int(np.sum(root.count != 1))
            kappa = float(slope @ medium.curved.stiffness @ slope)
            known = eliminate(host, kappa, mu + slope @ load)
            off = max(off, float(np.max(np.abs(root.occupancy - known.occupancy))))
        what = f"random states with more than one root, of {batches * size}"
        found.compare(ONE, dimension, what, others, 0.0, 0.0, scale=1.0)
        found.compare(ONE, dimension, "occupancy against the constant law, worst", off, 0.0, 3e-13, scale=1.0)


def spinodals(found: Findings, stretches: list[float]) -> None:
    """Where the program's count jumps as mu falls, beside the folds of the law."""
    law, medium = crystal(), program("3d")
    frame = hand_made.FRAMES["3d"]
    if medium.curved is None or frame is None:
        return
    places, folds, reach, loads = [], [], [], []
    for stretch in stretches:
        strain = stretched(law, stretch)
        turned = law.potential(law.folds(strain), strain) / THERMAL
        load = medium.modes[1] @ elasticity.strain_vector(frame @ strain @ frame.T)
        places += [100 * stretch] * turned.size
        folds += turned.tolist()
        apart = np.abs(turned[:, None] - turned) + np.where(np.eye(turned.size), np.inf, 0.0)
        reach += np.minimum(0.4 * apart.min(axis=1, initial=np.inf), 1e-3).tolist()
        loads += [load] * turned.size
    exactly, at = np.array(folds), np.array(loads).T
    low, high = exactly - reach, exactly + reach
    here = np.bincount(medium.curved.every_root(low, at).point)
    for _ in range(40):
        middle = 0.5 * (low + high)
        same = np.bincount(medium.curved.every_root(middle, at).point) == here
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    worst = float(np.max(np.abs(0.5 * (low + high) - exactly)))
    what = f"{exactly.size} spinodals at {len(stretches)} strains, worst, in R T"
    found.compare(SEVERAL, "3d", what, worst, 0.0, 1e-11, scale=1.0)
    found.panels.append(
        Panel(
            "spinodals of a crystal stretched along c",
            "stretch along c [%]",
            "chemical potential [R T]",
            (
                Line("number of roots jumps", places, (0.5 * (low + high)).tolist(), "o"),
                Line("d mu/d theta = 0", places, folds, "k."),
            ),
        )
    )


def draw_roots(found: Findings) -> None:
    """mu over occupancy under several strains, the program's roots at one mu each."""
    law, medium = crystal(), program("3d")
    frame = hand_made.FRAMES["3d"]
    if medium.curved is None or frame is None:
        return
    theta, lines = np.linspace(0.02, 0.98, 300), []
    marks: tuple[list[float], list[float]] = ([], [])
    for stretch, style in zip(STRETCHES, ("k-", "b-", "g-", "r-"), strict=True):
        strain = stretched(law, stretch)
        curve = law.potential(theta, strain) / 1e3
        lines.append(Line(f"{100 * stretch:g} %", theta.tolist(), curve.tolist(), style))
        folds = law.folds(strain)
        level = float(law.potential(folds[:2] if len(folds) else np.array([CLAMPED]), strain).mean())
        load = medium.modes[1] @ elasticity.strain_vector(frame @ strain @ frame.T)
        roots = medium.curved.every_root(np.array([level / THERMAL]), load[:, None])
        marks[0].extend(HOST.occupancy(roots.y).tolist())
        marks[1].extend([level / 1e3] * roots.y.size)
    lines.append(Line("roots found", *marks, "ko"))
    found.panels.append(
        Panel("crystal stretched along c: roots", "occupancy [1]", "mu - mu0 [kJ/mol]", tuple(lines))
    )


def pulled_ball(current: float) -> cases.Mapping:
    """A ball under tension, charged until it separates."""
    layered = cases.lithium(
        SOLID, cases.ideal(3.9), CAPACITY, 0.0, ("chemical", 2e-15), expansion=tabulated.specification()
    )
    return cases.case(
        "pulled",
        cases.core_shell("spherical", 0.0, (0.5e-6, 0.25e-6)),
        {"layered": layered},
        {"occupancy": START},
        [cases.drive("current_density", current, 1e6)],
        mechanics={"stack_pressure": f"{-PULL!r} Pa"},
        surface={"exchange_current_density": "1 A/m^2"},
        numerics={"tolerance": 1e-3},
    )


def onset() -> float:
    """Occupancy at which a uniform ball under tension, as it empties, first has another root."""
    law = crystal(isotropic=True)
    bulk = SOLID.young / (3.0 * (1.0 - 2.0 * SOLID.poisson))

    def others(theta: float) -> bool:
        strain = law.eigenstrain(theta) + np.eye(3) * PULL / (3.0 * bulk)
        return len(law.roots(float(law.potential(theta, strain)), strain)) > 1

    for low in np.arange(START, 0.0, -5e-3):
        if others(float(low)):
            high = low + 5e-3
            for _ in range(20):
                middle = 0.5 * (low + high)
                low, high = (middle, high) if others(float(middle)) else (low, middle)
            return float(low)
    msg = "the ball never separates"
    raise ArithmeticError(msg)


def separating_runs(bench: Workbench, found: Findings) -> None:
    """Runs that end with the reason, nearer to the uniform ball's onset the slower they are."""
    wanted, errors, first = onset(), [], None
    currents = bench.pick(CURRENTS, CURRENTS[:1])
    for current in currents:
        run = bench.run(pulled_ball(current), reasons=["phase_separation"], status="ended_early")
        occupancy = run.history["mean_occupancy_layered"]
        errors.append(abs(float(occupancy[-1]) - wanted))
        first = first or run
    what = f"occupancy at the end of the run, slowest of {len(currents)} [1]"
    found.compare(SEVERAL, "spherical", what, wanted + errors[-1], wanted, bench.pick(6e-3, 2e-2))
    if len(currents) > 1:
        found.refine(
            SEVERAL, "spherical", "occupancy at separation [1]", currents, errors, 1.0,
            parameter="current density [A/m^2]",
        )  # fmt: skip
    if first is not None:
        found.notes.append(
            f"At {currents[0]:g} A/m^2 the run kept {len(first.history['time [s]'])} rows of its history and "
            f"ended as `{first.summary['status']}` by `{first.summary['ended_by']}`; "
            f"{first.summary['warnings'][-1]}."
        )


def compute(bench: Workbench) -> Findings:
    """Counts at random states, spinodals, and runs."""
    found = Findings()
    one_root(found, *bench.pick((20, 20_000), (2, 2_000)))
    for dimension in DIMENSIONS:
        count_roots(found, dimension, bench.pick(600, 40))
    draw_roots(found)
    spinodals(found, np.linspace(0.0, STRETCHES[-1], bench.pick(13, 4)).tolist())
    separating_runs(bench, found)
    return found


def headline(bench: Workbench) -> float:
    """Voltage of a ball that is pulled and charged for a while."""
    case = pulled_ball(CURRENTS[0])
    case["protocol"]["steps"] = [cases.drive("current_density", CURRENTS[0], 100.0)]
    return float(bench.run(case).history["voltage [V]"][-1])


PAGE = Page(
    title="How many occupancies a potential and a strain allow",
    claim="One where the partial molar volume is constant. Where tabulated lattice parameters bend there are "
    "several between spinodals; the program finds them all, and a run that meets them ends with "
    "`phase_separation`.",
    equation=r"""
At a point $\mu$ and the strain are given, and

$$\mu_\mathrm{host}(\theta) - \sigma : V(\theta) = \mu, \qquad
\sigma = C : (\varepsilon - \varepsilon^*(\theta)), \qquad
c_\mathrm{max} V = \frac{d\varepsilon^*}{d\theta}$$

is solved for $\theta$. Its left side turns on the spinodals

$$\mu_\mathrm{host}' + c_\mathrm{max} V : C : V - \sigma : V' = 0,$$

of which there are none where $V' = 0$.
""",
    source="F. Larché and J. W. Cahn, Acta Metall. 21 (1973) 1051; J. W. Cahn, Acta Metall. 9 (1961) 795",
    setup=f"""
A lattice gas with {CAPACITY:g} mol/m³ at {cases.TEMPERATURE:g} K, its lattice in
{len(tabulated.OCCUPANCY)} rows: c bulges to {max(tabulated.C):g} and collapses to {min(tabulated.C):g} Å.
As one crystal (C11 {HEXAGONAL["c11"] / 1e9:g}, C33 {HEXAGONAL["c33"] / 1e9:g} GPa) in each dimension's own
frame, averaged ({SOLID.young / 1e9:g} GPa, {SOLID.poisson:g}) in `spherical`; random strains within
{100 * STRAIN:g} % of stress-free ones. The runs: a ball under {PULL / 1e9:g} GPa of tension is charged from
occupancy {START:g}; as it empties evenly, another root appears at an occupancy that the law gives.
""",
    compute=compute,
    headline=Headline("voltage of a pulled ball after 100 s of charge [V]", "spherical", headline),
)
