"""Effective stiffness and diffusivity of dispersed balls against bounds, and Crum's means in a finite ball.

    python -m benchmarks.effective_3d [--out FOLDER] [--seeds N] [--page PAGE]

meshes every 3D pattern coarsely as an octant, squeezes it with unequal moduli, and lets it misfit with equal
ones, one run at a time; then it writes `docs/effective_3d.md` from the run folders and mesh reports. A run
whose folder is complete is not repeated.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bulk_bounds import conduction_bound
from benchmarks.loaded_balls import (
    FINER,
    LOADS,
    PATTERNS,
    PRESSURE,
    RADIUS,
    SOFT,
    STIFF,
    STRAIN,
    Ball,
    crum,
    measure,
)

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "effective_3d.md"
FRACTIONS = (0.35, 0.5, 0.7)
ROUND_OFF = 1e-9
SIZE, OTHERS = 300, (450, 200)
"""Cell size, and those of a comparison for the first pattern at the middle fraction [nm]."""


def page(found: Sequence[Ball]) -> str:
    """The page, every number from the runs and meshes."""
    main = [ball for ball in found if ball.size == SIZE and ball.pattern in PATTERNS]
    first = main[0].pattern
    compared = [b for b in found if (b.pattern, b.asked, b.seed) == (first, FRACTIONS[1], 1) or b not in main]
    sizes = sorted(compared, key=lambda ball: -ball.size)
    return "\n".join(
        [
            "# Dispersed balls against bounds",
            "",
            "Written by `python -m benchmarks.effective_3d`, no number by hand: octants of a ball of "
            f"{RADIUS * 1e6:g} µm with {min(len(b.mesh.cells) for b in main)} to "
            f"{max(len(b.mesh.cells) for b in main)} cells of {SIZE} nm, one seed; both phases inert and "
            f"isotropic. The soft phase has {SOFT.young * 1e-9:g} GPa and Poisson's ratio {SOFT.poisson:g} "
            f"(K {SOFT.bulk * 1e-9:.4g} GPa), the stiff one {STIFF.young * 1e-9:g} GPa and "
            f"{STIFF.poisson:g} (K {STIFF.bulk * 1e-9:.4g} GPa).",
            "",
            *_bulk(main),
            "",
            *_sizes(sizes),
            "",
            *_diffusivity(main),
            "",
            *_crum(main),
            "",
        ]
    )


def place(ball: Ball, load: str) -> float:
    """Where the apparent bulk modulus lies between Hashin and Shtrikman's bounds: 0 lower, 1 upper."""
    low, high, *_ = ball.bounds(load)
    return (ball.bulk[load] - low) / (high - low)


def within_own(ball: Ball, load: str) -> bool:
    """Whether the apparent bulk modulus lies within the ball's own bounds, to round-off."""
    _, _, low, high = ball.bounds(load)
    return (1 - ROUND_OFF) * low <= ball.bulk[load] <= (1 + ROUND_OFF) * high


def _bulk(found: Sequence[Ball]) -> list[str]:
    pairs = [(ball, load) for ball in found for load in ball.bulk]
    below = [pair for pair in pairs if place(*pair) < 0]
    deepest = min((ball.bulk[load] / ball.bounds(load)[0] - 1, ball.pattern) for ball, load in pairs)
    outside = [pair for pair in pairs if not within_own(*pair)]
    lines = [
        "## Bulk modulus under uniform pressure",
        "",
        f"K = p² V/(2 E) from the elastic energy E at {PRESSURE * 1e-6:g} MPa, without misfit. "
        "Three things about a ball of finite size:",
        "",
        "- Hashin and Shtrikman's *upper* bound holds for it as well, whatever the pattern. Their principle "
        "is tried with hydrostatic stresses only, which do not see direction: isotropy is not needed for a "
        "bulk modulus under uniform pressure, so that parallel plates are bound like the others.",
        "- Their *lower* bound is that of an infinite body. A free surface gives way, so that a ball may lie "
        "below (with equal shear moduli, where both bounds are one value, it has to, as soon as its phase "
        "means fall short of Crum's); only the mean of the compliances (Reuss) holds without more knowledge.",
        "- Its own two bounds take the place of 4 G/3 from the measured phase means of the last table "
        "(`benchmarks/bulk_bounds.py`). They hold for the finite elements of this very mesh, to round-off.",
        "",
        f"Of {len(pairs)} runs, below Hashin and Shtrikman's lower bound: {len(below)}; above the upper "
        f"one: {sum(place(*pair) > 1 for pair in pairs)}; outside the ball's own bounds: {len(outside)}. "
        f"The lowest against the lower bound: {100 * deepest[0]:+.1f} % ({deepest[1]}). Place: 0 at the "
        "lower, 1 at the upper bound.",
        "",
        "| pattern | rock salt | stiff phase | K [GPa] | Reuss | the ball's own lower "
        "| Hashin-Shtrikman lower | upper | the ball's own upper | place |",
        "|---" * 10 + "|",
    ]
    for ball, load in pairs:
        low, high, own_low, own_high = ball.bounds(load)
        reuss = 1.0 / (ball.fraction / LOADS[load][1].bulk + (1.0 - ball.fraction) / LOADS[load][0].bulk)
        numbers = [ball.bulk[load], reuss, own_low, low, high, own_high]
        lines.append(
            f"| {ball.pattern} | {ball.fraction:.3f} | {load.removeprefix('stiff-').replace('-', ' ')} | "
            + " | ".join(f"{value * 1e-9:.2f}" for value in numbers)
            + f" | {place(ball, load):.3f} |"
        )
    return lines


def _sizes(found: Sequence[Ball]) -> list[str]:
    lines = [
        "One pattern on other meshes, and a finer one. Finite elements of displacement are too stiff, and "
        "fractions differ a little from mesh to mesh; a finer pattern has less of it at the surface:",
        "",
        "| pattern | cells [nm] | number | K, rock salt stiff [GPa] | K, layered stiff [GPa] | places "
        "| difference of the phases over Crum's, soft moduli |",
        "|---" * 7 + "|",
    ]
    for ball in found:
        cells = [
            ball.pattern,
            str(ball.size),
            str(len(ball.mesh.cells)),
            *(f"{value * 1e-9:.3f}" for value in ball.bulk.values()),
            " and ".join(f"{place(ball, load):.3f}" for load in ball.bulk),
            f"{_kept(ball, 'misfit-soft'):.4f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _diffusivity(found: Sequence[Ball]) -> list[str]:
    ratios = [
        (ball.mesh.report.diffusivity_ratio[name] / conduction_bound(share), ball.pattern)
        for ball in found
        for name, share in (("layered", 1 - ball.fraction), ("rock_salt", ball.fraction))
    ]
    above = [ratio for ratio, _ in ratios if ratio > 1]
    lines = [
        "## Diffusivity of each phase alone",
        "",
        "D_eff/D from the mesh report (the other phase insulates, mean over x, y and z) and the upper bound "
        "2 f/(3 - f) of an isotropic pattern in a large body; the lower one is zero. The report gives the "
        "outer surface a potential, which opens every end of a path there: that overstates a small ball, so "
        "that it may pass the bound. Parallel plates are not isotropic; the mean over the axes of ideal ones "
        f"would be 2 f/3, below the bound. {len(above)} of {len(ratios)} values pass the bound; the largest "
        f"is {max(ratios)[0]:.3f} of it ({max(ratios)[1]}). Both phases conducting at once is not reported "
        "by the mesh.",
        "",
        "| pattern | rock salt | layered D_eff/D | bound | of the bound | rock salt D_eff/D | bound "
        "| of the bound |",
        "|---" * 8 + "|",
    ]
    for ball in found:
        cells = []
        for name, share in (("layered", 1 - ball.fraction), ("rock_salt", ball.fraction)):
            ratio, bound = ball.mesh.report.diffusivity_ratio[name], conduction_bound(share)
            cells.append(f"{ratio:.3f} | {bound:.3f} | {ratio / bound:.3f}")
        lines.append(f"| {ball.pattern} | {ball.fraction:.3f} | " + " | ".join(cells) + " |")
    return lines


def _kept(ball: Ball, load: str) -> float:
    # Difference of the phase means over that of Crum's.
    layered, rock_salt = ball.means[load]
    crum_layered, crum_rock_salt = crum(ball, load)
    return (layered - rock_salt) / (crum_layered - crum_rock_salt)


def _crum(found: Sequence[Ball]) -> list[str]:
    loads = [name for name, load in LOADS.items() if load[3]]
    all_kept = [_kept(ball, load) for ball in found for load in loads]
    lines = [
        "## Phase means of hydrostatic stress under misfit",
        "",
        f"Equal moduli, a misfit of {100 * STRAIN:g} %; soft ones without pressure and under "
        f"{PRESSURE * 1e-6:g} MPa, stiff ones under it. Crum's values depend on the fraction alone, in an "
        f"infinite body. In the ball the difference between the phases is {100 * min(all_kept):.0f} to "
        f"{100 * max(all_kept):.0f} % of Crum's: the surface relaxes the misfit near it. It does not "
        "exceed Crum's but by errors of the mesh. The mean over both phases is minus the pressure "
        "exactly, so that both means deviate by the same share.",
        "",
        "| pattern | rock salt | stiffness, pressure | layered [MPa] | Crum | rock salt [MPa] | Crum "
        "| difference of the phases over Crum's |",
        "|---" * 8 + "|",
    ]
    for ball in found:
        for load in loads:
            pairs = zip(ball.means[load], crum(ball, load), strict=True)
            values = " | ".join(f"{mean * 1e-6:.1f} | {exact * 1e-6:.1f}" for mean, exact in pairs)
            moduli = f"{LOADS[load][0].young * 1e-9:g} GPa, {LOADS[load][2] * 1e-6:g} MPa"
            lines.append(
                f"| {ball.pattern} | {ball.fraction:.3f} | {moduli} | {values} | {_kept(ball, load):.4f} |"
            )
    return lines


def main(words: Sequence[str] | None = None) -> None:
    """Run, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "effective_3d")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--seeds", type=int, default=1)
    given = parser.parse_args(words)
    first = next(iter(PATTERNS))
    wanted = [(p, f, s, SIZE) for s in range(1, given.seeds + 1) for p in PATTERNS for f in FRACTIONS]
    wanted += [(first, FRACTIONS[1], 1, size) for size in OTHERS]
    wanted += [(FINER, FRACTIONS[1], 1, min(OTHERS))]
    begun, found = time.perf_counter(), []
    misfits = [name for name, load in LOADS.items() if load[3]]
    for number, (pattern, asked, seed, size) in enumerate(wanted, 1):
        found.append(measure(pattern, asked, seed, size, given.out))
        ball = found[-1]
        places = " ".join(f"{place(ball, load):.3f}" for load in ball.bulk)
        kept = " ".join(f"{_kept(ball, load):.3f}" for load in misfits)
        passed = time.perf_counter() - begun
        print(
            f"[{number}/{len(wanted)}, {passed:.0f} s] {pattern}, {asked:g}, seed {seed}, "
            f"{len(ball.mesh.cells)} cells: places {places}; means {kept}",
            flush=True,
        )
    given.page.write_text(page(found), encoding="utf-8")
    print(given.page)


if __name__ == "__main__":
    main()
