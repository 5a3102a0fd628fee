"""Past this machine: counts that were measured, carried to a billion unknowns."""

import os
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.network import Iteration, Measured, Network, iteration
from benchmarks.performance.plain_mesh import prepare_mesh, read_mesh
from benchmarks.performance.rows import Rows
from benchmarks.performance.sample import short
from benchmarks.performance.section import Section, Table, panel
from benchmarks.performance.sizes import SOLID

NAME = "past"
MESH, QUICK = 250e3, 12e3
PARTS = (2, 4, 8, 16, 32, 64)
TRIAD, TRIADS = 20_000_000, 5
"""Numbers in each of the three arrays of the triad, far beyond any cache, and how often it runs."""
A_RANK = 50_000.0
"""Unknowns of a rank that are carried on."""
RANKS = (1, 64, 1024, 20_000)
SIZES = (20e3, 50e3, 200e3)


def jobs(quick: bool) -> list[Job]:
    """Partitions of one mesh of each family, and the memory's bandwidth."""
    found = [Job("triad", {"triad": TRIAD // 10 if quick else TRIAD}, ranks=ranks) for ranks in _triads()[:1]]
    found += [
        Job(f"triad-{ranks}", {"triad": TRIAD // 10 if quick else TRIAD}, ranks=ranks)
        for ranks in _triads()[1:]
    ]
    for case in SOLID:
        for parts in PARTS[:4] if quick else PARTS:
            given = {"case": case, "unknowns": QUICK if quick else MESH, "parts": parts}
            found.append(Job(f"{case}-{parts}-parts", given, repeats=1))
    return found


def _triads() -> list[int]:
    """One process, then all cores."""
    return sorted({1, os.cpu_count() or 1})


def prepare(given: Mapping[str, Any], folder: Path) -> None:
    """The mesh of a partition."""
    if "case" in given:
        prepare_mesh(given, folder)


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """Bandwidth of each of the processes that are started together, or the halos of a partition."""
    if "triad" in given:
        return {"bandwidth_bytes_s": triad(given["triad"])}
    from benchmarks.performance.halo import halo, partitioned

    cells = read_mesh(given, prepared).cells
    found = halo(cells, partitioned(cells, given["parts"]))
    return {
        "parts": found.parts,
        "shared_nodes": found.shared,
        "owned_nodes": found.owned,
        "neighbours": found.neighbours,
        "balance": found.balance,
        "halo_factor": found.shared / found.owned ** (2.0 / 3.0),
    }


def triad(size: int) -> float:
    """Bytes a second of a = b + s c in NumPy, the best of a few.

    NumPy makes it in two passes: s c is written and read again, so that five arrays pass through memory, not
    three.
    """
    import numpy as np

    b, c, a = np.ones(size), np.ones(size), np.empty(size)
    best = float("inf")
    for _ in range(TRIADS):
        began = perf_counter()
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)
        best = min(best, perf_counter() - began)
    return 5.0 * 8.0 * size / best


def tell(rows: Rows) -> Section:
    """Halos, the extrapolation, its first bottleneck, and what a user of a cluster should set."""
    lines = []
    for job in [job for job in rows.jobs(NAME) if job.endswith("-parts")]:
        row = rows.of(NAME, job)[0].values
        numbers = [float(row[name]) for name in ("owned_nodes", "shared_nodes", "neighbours", "balance")]
        lines.append((job, *(short(number) for number in numbers), short(numbers[1] / numbers[0])))
    heads = (
        "mesh and parts",
        "nodes a part owns",
        "most that one needs of others",
        "neighbours",
        "balance",
        "halo",
    )
    told, tables, panels = [], [Table(heads, tuple(lines))], []
    known = counts(rows)
    if known is not None:
        table, words, curves = _carried(known)
        tables.append(table)
        told += words
        panels.append(
            panel("weak scaling, extrapolated", "unknowns", "efficiency", curves, ("log", "linear"))
        )
    return Section(
        "Past this machine",
        (
            "No cluster was at hand. Counts measured here (entries a row, grids and their entries, halos of "
            "partitions by DOLFINx's own partitioner, the bandwidth of memory by a triad in NumPy with "
            "all cores busy) are carried to a billion unknowns by a model of one preconditioned "
            "iteration: bytes through memory, bytes and messages between neighbours on every grid, dot "
            "products over all ranks, and the grids that are smaller than the machine. Iterations are "
            "taken to stay as the section on scaling measures them. The network is assumed, not measured: "
            f"{Network().latency * 1e6:g} µs a message and {Network().bandwidth / 1e9:g} GB/s a rank.",
        ),
        tables=tuple(tables),
        panels=tuple(panels),
        notes=(
            *told,
            "To check it: `srun -n N python -m benchmarks.performance.weak_scaling --out weak.jsonl` on "
            "growing N ([weak_scaling.py](../benchmarks/performance/weak_scaling.py)).",
        ),
    )


def counts(rows: Rows) -> Measured | None:
    """The counts of the largest elastic solve and of the finest partition, or None where some are missing."""
    units = [
        (size.median, job)
        for job in rows.jobs("elastic_unit")
        if job.startswith(SOLID[1]) and (size := rows.sample("elastic_unit", job, "unknowns"))
    ]
    parts = [job for job in rows.jobs(NAME) if job.startswith(SOLID[1])]
    busy = rows.sample(NAME, f"triad-{_triads()[-1]}" if len(_triads()) > 1 else "triad", "bandwidth_bytes_s")
    if not units or not parts or busy is None:
        return None
    unknowns, unit = max(units)
    row = rows.of("elastic_unit", unit)[0].values
    cut = [rows.of(NAME, job)[0].values for job in parts]
    return Measured(
        entries_a_row=float(row["entries_a_row"]),
        complexity=float(row["operator_complexity"]),
        grids=float(row["grids"]),
        unknowns=unknowns,
        bandwidth=busy.median,
        halo=max(float(one["halo_factor"]) for one in cut),
        neighbours=max(float(one["neighbours"]) for one in cut),
    )


def _carried(known: Measured) -> tuple[Table, list[str], dict[str, tuple[list[float], list[float]]]]:
    """Iterations on growing machines, what they wait for, and the efficiencies to draw."""
    network, lines = Network(), []
    for ranks in RANKS:
        one = iteration(known, ranks, A_RANK, network)
        parts = (one.memory, one.volume, one.messages, one.reductions, one.coarse, one.total)
        cells = [f"{1e3 * part:.3g}" for part in parts]
        lines.append((f"{ranks}", f"{ranks * A_RANK:.3g}", *cells, f"{100 * one.efficiency:.0f} %"))
    heads = (
        "ranks",
        "unknowns",
        "memory [ms]",
        "halo [ms]",
        "messages [ms]",
        "dots [ms]",
        "coarse [ms]",
        "all [ms]",
        "efficiency",
    )
    many = [2**k for k in range(15)]
    curves = {
        f"{size / 1e3:.0f}k a rank": (
            [ranks * size for ranks in many],
            [iteration(known, ranks, size, network).efficiency for ranks in many],
        )
        for size in SIZES
    }
    last = iteration(known, RANKS[-1], A_RANK, network)
    name = bottleneck(last)
    least = next(
        (size for size in range(10_000, 1_000_000, 10_000) if _half(known, float(size), network)), None
    )
    words = [
        f"At {RANKS[-1] * A_RANK:.0e} unknowns on {RANKS[-1]} ranks the first thing that an iteration "
        f"waits for besides memory is {name}; the model gives it {100 * last.efficiency:.0f} % of the "
        "speed of a rank alone. What the model leaves out and a machine will not: the mesh is made by "
        "Gmsh on rank 0, in memory and within the limit of cells that `lithostat check` names, which ends "
        "every run long before the solver does.",
    ]
    if least is not None:
        words.append(
            f"Settings: at least {least} unknowns a rank keep half of the efficiency at a billion "
            "unknowns; as many ranks a node as saturate its memory, not as it has cores; `linear_solver: "
            "block`, which takes multigrid for the elastic block where it is too large to factorise; for "
            "the potential's block `--petsc '-transport_pc_type gamg -transport_ksp_type cg "
            "-transport_ksp_rtol 1e-3'` in place of its factorisation, if the log says that it is one; "
            "`-elastic_pc_gamg_process_eq_limit 1000` gathers coarse grids on fewer ranks; `output.every` "
            "as rare as the question allows."
        )
    return Table(heads, tuple(lines)), words, curves


def _half(known: Measured, size: float, network: Network) -> bool:
    return iteration(known, max(int(1e9 / size), 2), size, network).efficiency >= 0.5


def bottleneck(one: Iteration) -> str:
    """What an iteration waits for most, memory apart."""
    waits = {
        "the volume of halos": one.volume,
        "the latency of messages between neighbours": one.messages,
        "the latency of dot products over all ranks": one.reductions,
        "the grids that are smaller than the machine": one.coarse,
    }
    return max(waits, key=lambda name: waits[name])


FAMILY = Family(NAME, jobs, measure, tell, prepare)
