"""Order of the time scheme: increments of chosen length, equal increments, and increments of step control."""

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
from benchmarks.verification.setups import hand_stepped, timed_charges

LAW = "second order in time"
REFINEMENTS = (4, 8, 16)
"""Into how many the increments of the uneven row are divided."""
QUANTITIES = {"mu": "potential [R T]", "electrode": "electrode [R T/F]", "charge": "charge, relative [1]"}
LONGEST = (400.0, 200.0, 100.0)
"""Equal increments [s]."""
SETTLED = 0.1
"""Share of the charge after which equal increments are judged: they grow from a short first one."""
TOLERANCES = (1e-3, 1e-4, 1e-5)
EARLY = 0.02
"""Share of the charge after which increments of step control are judged."""


def compute(bench: Workbench) -> Findings:
    """The manufactured march in every dimension, then the charge of a sphere."""
    found = Findings()
    dimensions: tuple[Dimension, ...] = bench.pick(DIMENSIONS, ("spherical", "generalised_plane_strain"))
    refinements = bench.pick(REFINEMENTS, REFINEMENTS[:2])
    number = 2 * len(hand_stepped.PATTERN)
    for dimension in dimensions:
        errors = [hand_stepped.manufactured_in_time(dimension, k) for k in refinements]
        sizes = [hand_stepped.END / (number * k) for k in refinements]
        for name, words in QUANTITIES.items():
            found.refine(
                LAW,
                dimension,
                words,
                sizes,
                [error[name] for error in errors],
                2.0,
                slack=0.2,
                parameter=f"mean uneven increment [s]: {words.split(' ')[0].rstrip(',')}",
                kind="manufactured",
            )
    _equal(bench, found)
    _controlled(bench, found)
    return found


def _equal(bench: Workbench, found: Findings) -> None:
    """Increments as long as they may be, a tolerance that never binds."""
    longest = bench.pick(LONGEST, LONGEST[:2])
    numerics = [{"tolerance": 0.9, "max_increment": f"{size!r} s"} for size in longest]
    charges = [timed_charges.timed(bench, numbers) for numbers in numerics]
    errors = [charge.worst(SETTLED) for charge in charges]
    words = "voltage furthest off, equal increments [V]"
    found.refine(
        LAW,
        "spherical",
        words,
        longest,
        errors,
        2.0,
        slack=0.3,
        parameter="equal increment [s]",
        kind="program",
    )


def _controlled(bench: Workbench, found: Findings) -> None:
    """What step control makes of its tolerance."""
    tolerances = bench.pick(TOLERANCES, TOLERANCES[:2])
    charges = [timed_charges.timed(bench, {"tolerance": tolerance}) for tolerance in tolerances]
    sizes = [1.0 / charge.increments for charge in charges]
    errors = [charge.worst(EARLY) for charge in charges]
    words, parameter = "voltage furthest off, step control [V]", "1/increments"
    found.refine(LAW, "spherical", words, sizes, errors, 2.0, slack=0.35, parameter=parameter, kind="program")
    lines = [
        Line(f"tolerance {t:g}", list(c.times), list(1e3 * c.off), ".-")
        for t, c in zip(tolerances, charges, strict=True)
    ]
    title = "step control: deviation on the way"
    found.panels.append(Panel(title, "time [s]", "voltage off [mV]", tuple(lines), ("log", "log")))


def headline(bench: Workbench) -> float:
    """Voltage of a disc after the charge in equal increments."""
    numerics = {"tolerance": 0.9, "max_increment": "1000 s"}
    run = timed_charges.charge(bench, numerics, "generalised_plane_strain", 900e-9)
    return float(run.final["voltage_V"])


PAGE = Page(
    title="Second order in time",
    claim="BDF2 is of second order in time: with uneven increments, with equal ones, and with those that "
    "step control chooses; fields, electrode and charge alike.",
    equation=r"""
$$\Delta t_n \dot c_{n+1} = \frac{1+2w}{1+w}\,c_{n+1} - (1+w)\,c_n + \frac{w^2}{1+w}\,c_{n-1}, \qquad
w = \frac{\Delta t_n}{\Delta t_{n-1}}$$

The manufactured potential varies in time and is linear in space, so that time alone makes errors:
$\mu = 0.8\sin(t/t_1) + (0.4 + 0.5\cos(t/t_2))\,x - 0.3 \sin(t/t_3)\,z$, $\varphi = 0.3\cos(t/t_3)$ (units
of RT and RT/F; $z$ is the last coordinate where there are two or more).
""",
    source="E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I (1993), III.5",
    setup=f"""
Uneven increments: a pattern of ratios {", ".join(f"{r:g}" for r in hand_stepped.PATTERN)}, twice, over
{hand_stepped.END:g} s, each divided into {", ".join(map(str, REFINEMENTS))}; a core and a shell of two hosts,
driven by the exact current; t1 = {hand_stepped.RISE:g} s, t2 = {hand_stepped.TILT:g} s, t3 =
{hand_stepped.SWING:g} s.

Equal increments and step control: the stressed sphere of
[a whole charge](../kinetics/constant_current_charge.md), {timed_charges.CURRENT:g} A/m^2 for
{timed_charges.DURATION:g} s on cells of {timed_charges.FINE * 1e9:g} nm. Its voltage is set beside
{timed_charges.CELLS} finite volumes marched with a relative error of {timed_charges.ACCURACY:g}, after
{100 * SETTLED:g} % of the charge with equal increments and {100 * EARLY:g} % with step control.
""",
    compute=compute,
    headline=Headline("voltage after a charge in equal increments [V]", "generalised_plane_strain", headline),
)
