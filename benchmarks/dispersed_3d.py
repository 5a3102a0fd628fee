"""What dispersed rock salt looks like in three dimensions, and what the plane gets wrong about it.

    python -m benchmarks.dispersed_3d [--short] [--out PAGE]

meshes every morphology at several fractions and seeds, in an octant of a ball and in a whole disc, one mesh
at a time, and writes `docs/dispersed_3d.md` from what the mesh reports say.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.plane_and_space import MARKS
from meshes import (
    Dispersed,
    Domains,
    Lamellae,
    MeshError,
    MeshSize,
    RandomField,
    Spheres,
    TaggedMesh,
    build,
)
from meshes.morphologies import Morphology
from meshes.simplices import facet_table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "dispersed_3d.md"
RADIUS = 2.5e-6
FRACTIONS = (0.35, 0.5, 0.6, 0.7, 0.75)
SEEDS = (1, 2, 3, 4, 5)
PATTERNS: dict[str, Morphology] = {
    "random field, 600 nm": RandomField(600e-9),
    "domains, 600 nm": Domains(600e-9),
    "lamellae by domain, 1200 nm in 2400 nm": Lamellae(1200e-9, "by_domain", 2400e-9),
    "lamellae parallel, 1200 nm": Lamellae(1200e-9, "parallel"),
    "overlapping spheres, 400 nm": Spheres(400e-9),
    "spheres apart, 400 nm": Spheres(400e-9, overlap=False),
}
APART = 0.25
"""The one fraction of spheres that may not overlap: random placing finds no room for more than 0.28."""
INTERWOVEN = tuple(PATTERNS)[:2]
"""The isotropic patterns that both phases share alike, for the comparison with the plane."""
COARSE = MeshSize(400e-9, 300e-9)


@dataclass(frozen=True)
class Row:
    """What was measured on the meshes of one pattern at one fraction, a value a seed.

    Attributes:
        pattern: Key of `PATTERNS`.
        asked: Rock-salt fraction asked for [-].
        dimension: "3d" or a plane one.
        fraction: Fractions met [-].
        linked: Shares of layered and rock salt linked to the outer surface [-].
        tortuosity: Of layered and rock salt [-].
        interface: Interface area per volume [1/m]; in the plane length per area.
        worst: Worst qualities [-].
        p05: Fifth percentiles of the quality [-].
        cells: Numbers of cells.
        seconds: Processor times [s].
        refused: Seeds that gave no mesh.
    """

    pattern: str
    asked: float
    dimension: str
    fraction: list[float]
    linked: tuple[list[float], list[float]]
    tortuosity: tuple[list[float], list[float]]
    interface: list[float]
    worst: list[float]
    p05: list[float]
    cells: list[int]
    seconds: list[float]
    refused: list[int]


def interface_density(mesh: TaggedMesh) -> float:
    """Area between the phases per volume of the particle [1/m]; in the plane length per area."""
    facets, sides, counts = facet_table(mesh.cells)
    two = counts == 2
    phase = mesh.cell_phase[sides[two]]
    ends = mesh.points[facets[two][phase[:, 0] != phase[:, 1]]]
    edges = ends[:, 1:] - ends[:, :1]
    gram = np.linalg.det(edges @ edges.transpose(0, 2, 1))
    d = mesh.points.shape[1]
    area = np.sqrt(np.maximum(gram, 0.0)).sum() / (d - 1)
    volume = sum(mesh.report.region_volumes.values()) / mesh.multiplicity / mesh.length**d
    return float(area / volume / mesh.length)


def measured(
    pattern: str,
    asked: float,
    dimension: str,
    seeds: Sequence[int],
    size: MeshSize,
    say: Callable[[str], None],
) -> Row:
    """Mesh one pattern at one fraction with several seeds."""
    row = Row(pattern, asked, dimension, [], ([], []), ([], []), [], [], [], [], [], [])
    for seed in seeds:
        geometry = Dispersed(RADIUS, asked, PATTERNS[pattern], seed=seed, dimension=dimension, mesh_size=size)
        begun = time.process_time()
        try:
            mesh = build(geometry)
        except MeshError as reason:
            row.refused.append(seed)
            say(f"{dimension}, {pattern}, {asked}, seed {seed}: refused, {reason}")
            continue
        row.seconds.append(time.process_time() - begun)
        report = mesh.report
        row.fraction.append(report.rock_salt_fraction)
        for k, name in enumerate(("layered", "rock_salt")):
            row.linked[k].append(report.connected_share[name])
            row.tortuosity[k].append(report.tortuosity.get(name, math.inf))
        row.interface.append(interface_density(mesh))
        row.worst.append(report.quality_min)
        row.p05.append(report.quality_p05)
        row.cells.append(len(mesh.cells))
        say(f"{dimension}, {pattern}, {asked}, seed {seed}: {len(mesh.cells)} cells, {row.seconds[-1]:.1f} s")
    return row


def rows(
    fractions: Sequence[float], seeds: Sequence[int], size: MeshSize, say: Callable[[str], None]
) -> list[Row]:
    """Every pattern at every fraction, in space and in the plane."""
    found = []
    for dimension in ("3d", "plane_strain"):
        for pattern, morphology in PATTERNS.items():
            apart = isinstance(morphology, Spheres) and not morphology.overlap
            for asked in (APART,) if apart else fractions:
                found.append(measured(pattern, asked, dimension, seeds, size, say))
    return found


def page(found: Sequence[Row]) -> str:
    """The page, every number from the meshes."""
    space = [row for row in found if row.dimension == "3d"]
    plane = [row for row in found if row.dimension != "3d"]
    seeds = max(len(row.fraction) + len(row.refused) for row in found)
    return "\n".join(
        [
            "# Dispersed rock salt in three dimensions",
            "",
            f"Written by `python -m benchmarks.dispersed_3d`, no number by hand: octants of a ball of "
            f"{RADIUS * 1e6:g} µm, {seeds} seeds to a row. Linked: share of a phase that "
            "reaches the outer surface through its own cells. Tortuosity: volume share over D_eff/D of a "
            "phase while the other one insulates, mean over x, y and z. Fractions met and linked shares are "
            "means over the seeds, tortuosities medians, qualities the lowest of all; brackets hold the "
            "extremes, for the linked share the lowest. Seconds are processor time.",
            "",
            *_verdict(space, plane),
            "",
            "## In space",
            "",
            *_table(space, "µm²/µm³"),
            "",
            "## In the plane",
            "",
            f"The same patterns in a disc of {RADIUS * 1e6:g} µm.",
            "",
            *_table(plane, "µm/µm²"),
            "",
        ]
    )


def _verdict(space: Sequence[Row], plane: Sequence[Row]) -> list[str]:
    clauses = []
    for row in space:
        if row.pattern not in INTERWOVEN or not row.fraction:
            continue
        flat = next(r for r in plane if (r.pattern, r.asked) == (row.pattern, row.asked))
        if not flat.fraction:
            continue
        share = [f"{100 * statistics.mean(values):.0f} %" for r in (flat, row) for values in r.linked]
        winding = [f"{statistics.median(values):.2f}" for r in (flat, row) for values in r.tortuosity]
        clauses.append(
            f"| {row.pattern} | {row.asked:g} | {share[0]} and {share[1]} | {share[2]} and {share[3]} | "
            f"{winding[0]} and {winding[1]} | {winding[2]} and {winding[3]} |"
        )
    linked, bends = [], []
    for chosen in (plane, space):
        pairs = [_worse(row) for row in chosen if row.pattern in INTERWOVEN and row.fraction]
        linked.append([share for shares, _ in pairs for share in shares])
        bends.append([bend for _, found in pairs for bend in found])
    percent = [(f"{100 * statistics.mean(v):.0f} %", f"{100 * min(v):.0f} %") for v in linked]
    return [
        "In space two interwoven phases both run through the particle. In the plane a path of one phase is a "
        "wall to the other, so that at most one of them can: over the random fields and domains below, the "
        f"phase that is linked worse has on average {percent[0][0]} of itself linked to the surface in the "
        f"plane ({percent[0][1]} in the worst mesh), and {percent[1][0]} in space ({percent[1][1]}). The "
        "linked share even flatters the plane, since a piece that touches the rim counts as linked: the "
        "tortuosity of the phase that conducts worse has a median of "
        f"{statistics.median(bends[0]):.1f} in the plane and of {statistics.median(bends[1]):.1f} in space. "
        "What is cut off has to empty through the other phase, so that a plane mesh of such a pattern gets "
        "the kind of transport wrong and not only its amount. Layered and rock salt, in this order:",
        "",
        "| pattern | fraction | linked in the plane | linked in space | tortuosity in the plane | in space |",
        "|---|---|---|---|---|---|",
        *clauses,
    ]


def _worse(row: Row) -> tuple[list[float], list[float]]:
    """Linked share and tortuosity of the worse phase of each seed."""
    shares = [min(pair) for pair in zip(*row.linked, strict=True)]
    return shares, [max(pair) for pair in zip(*row.tortuosity, strict=True)]


def _table(found: Sequence[Row], unit: str) -> list[str]:
    lines = [
        "| pattern | fraction asked | met | layered linked | rock salt linked | tortuosity, layered | "
        f"tortuosity, rock salt | interface [{unit}] | worst quality | fifth percentile | cells | seconds |",
        "|---" * 12 + "|",
    ]
    for row in found:
        if not row.fraction:
            lines.append(f"| {row.pattern} | {row.asked:g} |" + " refused |" * 10)
            continue
        cells = [
            row.pattern,
            f"{row.asked:g}",
            f"{statistics.mean(row.fraction):.4f} [{min(row.fraction):.4f}, {max(row.fraction):.4f}]",
            *(f"{statistics.mean(v):.3f} [{min(v):.3f}]" for v in row.linked),
            *(_spread(v) for v in row.tortuosity),
            f"{statistics.mean(row.interface) * 1e-6:.2f}",
            f"{min(row.worst):.3f}",
            f"{min(row.p05):.3f}",
            f"{statistics.mean(row.cells):.0f}",
            f"{statistics.mean(row.seconds):.1f}" + (f", {len(row.refused)} refused" if row.refused else ""),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} [{min(values):.2f}, {max(values):.2f}]"


def kept(old: str) -> str:
    """The section of `plane_and_space` in an earlier page, or nothing."""
    begin, end = MARKS
    return f"\n{begin}{old.split(begin, 1)[1].split(end, 1)[0]}{end}\n" if begin in old else ""


def main(words: Sequence[str] | None = None) -> None:
    """Mesh, measure and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="page to write")
    parser.add_argument("--short", action="store_true", help="one fraction, one seed, coarse meshes")
    given = parser.parse_args(words)
    begun = time.perf_counter()
    fractions, seeds, size = ((0.5,), (1,), COARSE) if given.short else (FRACTIONS, SEEDS, MeshSize())
    total = 2 * len(seeds) * (len(fractions) * (len(PATTERNS) - 1) + 1)
    done = 0

    def say(line: str) -> None:
        nonlocal done
        done += 1
        print(f"[{done}/{total}, {time.perf_counter() - begun:.0f} s] {line}", flush=True)

    text = page(rows(fractions, seeds, size, say))
    if given.out.exists():  # the section that another script writes stays
        text += kept(given.out.read_text(encoding="utf-8"))
    given.out.write_text(text, encoding="utf-8")
    print(given.out)


if __name__ == "__main__":
    main()
