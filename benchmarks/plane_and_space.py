"""What a plane model of dispersed rock salt gets wrong: the same cycle in a disc and in a ball.

    python -m benchmarks.plane_and_space [--out FOLDER] [--limit SECONDS] [--seeds N]

runs patterns of equal fraction, length and radius as a cylinder and as an octant of a ball, one run at a
time, and writes a section of `docs/dispersed_3d.md` from the run folders. A run whose folder is complete is
not repeated; one that takes longer than the limit is left out, and the page says so.
"""

import argparse
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.cycled_particles import (
    CELLS,
    DIMENSIONS,
    FRACTION,
    LENGTH,
    PARTICLES,
    PHASES,
    PLANE,
    ROOT,
    STEPS,
    Found,
    folder_of,
    measure,
)

PAGE = ROOT / "docs" / "dispersed_3d.md"
MARKS = ("<!-- plane and space: begin -->", "<!-- plane and space: end -->")
"""The section stands between these lines of the page."""


def section(found: Sequence[Found]) -> str:
    """The section of the page, every number from the runs."""
    finished = [one for one in found if one.summary is not None]
    done = sorted(finished, key=lambda one: (one.particle.dimension == "3d", one.particle.name, one.seed))
    lines = [
        MARKS[0],
        "## The same cycle in the plane and in space",
        "",
        "Written by `python -m benchmarks.plane_and_space`: the shipped `dispersed_solid` with "
        f"{100 * FRACTION:g} % of rock salt and lengths of {LENGTH}, but for the row that says so; "
        f"{STEPS[0][0].lower()}{STEPS[0][1:]} and {STEPS[1][0].lower()}{STEPS[1][1:]}, no hold, tolerance "
        f"1e-2, coarse cells ({CELLS[PLANE]} in the plane, {CELLS['3d']} in space). Layered phase and rock "
        "salt, in this order; hydrostatic stresses unless named, in MPa; capacities in mAh/g of all "
        "active material; tortuosity of the layered phase as above. Stiffness and stress of such balls "
        "against bounds: [dispersed balls against bounds](effective_3d.md).",
        "",
        "| pattern | in the | seed | cells | linked | tortuosity | charge | discharge | mean, start "
        "| mean, charged | mean, end | 95th percentile, end | 95th percentile of principal stress, end |",
        "|---" * 13 + "|",
        *(_row(one) for one in done),
        "",
        *_left_out(found),
        *_verdict(done),
        MARKS[1],
    ]
    return "\n".join(lines)


def _row(one: Found) -> str:
    summary = one.summary or {}
    regions = {moment: summary[moment]["regions"] for moment in ("equilibrium", "final")}

    def both(moment: str, key: str) -> str:
        return " / ".join(f"{regions[moment][phase][key] * 1e-6:.0f}" for phase in PHASES)

    cells = [
        one.particle.name,
        DIMENSIONS[one.particle.dimension],
        str(one.seed) if one.particle.random else "",
        str(summary["counts"]["cells"]),
        " / ".join(f"{100 * summary['mesh']['connected_share'][phase]:.0f} %" for phase in PHASES),
        f"{one.tortuosity:.2f}",
        *(f"{capacity:.1f}" for capacity in one.capacities),
        both("equilibrium", "mean_hydrostatic_stress_Pa"),
        " / ".join(f"{one.charged[phase] * 1e-6:.0f}" for phase in PHASES),
        both("final", "mean_hydrostatic_stress_Pa"),
        both("final", "p95_hydrostatic_stress_Pa"),
        both("final", "p95_principal_stress_Pa"),
    ]
    return "| " + " | ".join(cells) + " |"


def _left_out(found: Sequence[Found]) -> list[str]:
    slow = [
        f"{one.particle.name} ({DIMENSIONS[one.particle.dimension]})" for one in found if one.summary is None
    ]
    return [f"Left out, since they took too long: {', '.join(slow)}.", ""] if slow else []


def _of(done: Sequence[Found], name: str, dimension: str) -> tuple[float, float, float]:
    # Means over the seeds: charge and discharge [mAh/g], tortuosity of the layered phase.
    chosen = [one for one in done if (one.particle.name, one.particle.dimension) == (name, dimension)]
    return (
        statistics.mean(one.capacities[0] for one in chosen),
        statistics.mean(one.capacities[1] for one in chosen),
        statistics.mean(one.tortuosity for one in chosen),
    )


def _range(found: Iterable[float]) -> str:
    values = [value * 1e-6 for value in found]
    return f"{min(values):.0f} to {max(values):.0f}"


def _pair(found: tuple[float, float, float]) -> str:
    return f"{found[0]:.1f} and {found[1]:.1f}"


def _verdict(done: Sequence[Found]) -> list[str]:
    names = {(one.particle.name, one.particle.dimension) for one in done}
    if not {("parallel plates", d) for d in CELLS} | {("random field", d) for d in CELLS} <= names:
        return []
    plates, field = (
        [_of(done, name, dimension) for dimension in CELLS] for name in ("parallel plates", "random field")
    )
    radial = _of(done, "radial plates", PLANE)
    means = [
        _range(one.charged["layered"] for one in done if one.particle.dimension == dimension)
        for dimension in CELLS
    ]
    tension = [
        _range(
            one.summary["final"]["regions"]["layered"]["p95_principal_stress_Pa"]
            for one in done
            if one.summary and one.particle.dimension == dimension
        )
        for dimension in CELLS
    ]
    seeds = [
        " to ".join(f"{value:.1f}" for value in (min(found), max(found)))
        for found in (
            [o.capacities[1] for o in done if (o.particle.name, o.particle.dimension) == ("random field", d)]
            for d in CELLS
        )
    ]
    return [
        "What the plane gets wrong. First the shape: a cylinder has a surface of 2/R per volume, a ball "
        "3/R, so that one C-rate is 1.5 times the current density, and the mean diffusion overpotential "
        "goes with R²/8 in place of R²/15, 1.9 times as much. Parallel plates show the shape alone, and "
        "more of it still, since a plate is a strip open at two ends in the plane (R²/3) and a disc open "
        f"all round in the ball (R²/8): {_pair(plates[0])} mAh/g on charge and discharge in the plane, "
        f"{_pair(plates[1])} in space. Second the connection: the layered phase of the random field has a "
        f"tortuosity of {field[0][2]:.1f} in the plane and {field[1][2]:.1f} in space, although all that "
        f"touches the rim counts as linked; its capacities are {_pair(field[0])} against {_pair(field[1])} "
        f"mAh/g, shape and connection together. Radial plates give {_pair(radial)}: straight ways to the "
        "surface, which no random pattern has, make up for the shape to some degree, so that a capacity "
        "near a ball's is no proof that they stand for one. Third the constraint out of the plane: every "
        "region runs on without end and shares one axial strain with all others, where a ball has a free "
        "surface all around. The mean stress of the layered phase at the end of the charge, over all "
        f"rows, is {means[0]} MPa in the plane and {means[1]} in space; the 95th percentile of its "
        f"principal stress, after the discharge, {tension[0]} and {tension[1]} MPa: patterns and seeds "
        "differ by more than the two dimensions do. Meshes are coarse (plates of the layered phase one to "
        f"three cells wide) and seeds few: the random field alone discharges {seeds[0]} mAh/g in the plane "
        f"and {seeds[1]} in space.",
        "",
    ]


def written(text: str, new: str) -> str:
    """The page with the section put in the place of an older one, or at its end."""
    if MARKS[0] in text:
        before, rest = text.split(MARKS[0], 1)
        return before + new + rest.split(MARKS[1], 1)[1]
    return text.rstrip("\n") + "\n\n" + new + "\n"


def main(words: Sequence[str] | None = None) -> None:
    """Run, and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "plane_and_space")
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds that a run may take")
    parser.add_argument("--seeds", type=int, default=2, help="seeds of each random pattern")
    parser.add_argument("--page", type=Path, default=PAGE, help="page that has the section")
    given = parser.parse_args(words)
    wanted = [(p, seed) for seed in range(1, given.seeds + 1) for p in PARTICLES if seed == 1 or p.random]
    begun, found = time.perf_counter(), []
    for number, (particle, seed) in enumerate(wanted, 1):
        found.append(measure(particle, seed, given.out, given.limit))
        ended = "left out, too slow" if found[-1].summary is None else str(found[-1].summary["status"])
        passed = time.perf_counter() - begun
        print(f"[{number}/{len(wanted)}, {passed:.0f} s] {folder_of(particle, seed)}: {ended}", flush=True)
    given.page.write_text(written(given.page.read_text(encoding="utf-8"), section(found)), encoding="utf-8")
    print(given.page)


if __name__ == "__main__":
    main()
