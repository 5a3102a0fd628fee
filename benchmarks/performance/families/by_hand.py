"""lithostat beside the script that a competent user of DOLFINx writes by hand, on the same tetrahedra."""

import json
import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.performance.charging import charge as charged_by_lithostat
from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.plain_mesh import LAYERED, ROCK_SALT, prepare_mesh, read_mesh
from benchmarks.performance.rows import Rows
from benchmarks.performance.sample import Sample, ratio
from benchmarks.performance.section import Section, Table, Target
from benchmarks.performance.sizes import WHOLE, named, profile

NAME = "by_hand"
CASE = "core_shell_liquid_3d"
"""A shell: current passes its surface evenly, so that the script's even flux is the same problem."""
UNKNOWNS, QUICK = (12e3, 25e3, 100e3), (12e3,)
LARGE, FEW = 20e3, 4
"""From this size the script is stopped after a few steps, and its charge is counted from theirs."""
STEP, STOP = 60.0, 4.3
"""Longest step of the script [s], end of the charge [V]."""
FASTER, MEMORY = 10.0, 1.0


def jobs(quick: bool) -> list[Job]:
    """Both on every mesh."""
    found, repeats = [], 1 if quick else 5
    for unknowns in QUICK if quick else UNKNOWNS:
        mesh = {"case": CASE, "unknowns": unknowns}
        most = FEW if unknowns >= LARGE or quick else 10**6
        script = {**mesh, "program": "script", "most": most}
        found.append(Job(f"script-{named(unknowns)}", script, repeats=repeats, longest=3 * 3600.0))
        if unknowns < LARGE and not quick:
            few = {**script, "most": FEW}
            found.append(Job(f"few-{named(unknowns)}", few, repeats=repeats))
        mine = {**mesh, "program": "lithostat", "steps": [WHOLE]}
        found.append(Job(f"lithostat-{named(unknowns)}", mine, repeats=repeats))
    return found


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """The whole charge, or a few steps of the script."""
    if given["program"] == "lithostat":
        found = charged_by_lithostat(given, prepared)
        return {**found, "seconds": float(found["march_s"]) - float(found["output_s"])}
    import solver.fenics  # noqa: F401  (opens DOLFINx where it is a wheel)

    from benchmarks.performance.by_hand import charge  # isort: skip
    from benchmarks.performance.in_dolfinx import imported  # isort: skip

    done = charge(imported(read_mesh(given, prepared)), asked(given["most"]))
    return {
        "unknowns": done.unknowns,
        "seconds": done.seconds,
        "increments": done.steps,
        "increment_s": done.seconds / done.steps,
        "newton_iterations": done.newton,
        "capacity_mAh_g": done.capacity / 3600.0,
        "voltage_V": done.voltage,
        "reached": int(done.reached),
        "memory_bytes": 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def asked(most: int) -> Any:
    """The shipped case in numbers, for the script.

    Args:
        most: steps at most.

    Raises:
        ValueError: the case has what the script has not.
    """
    import numpy as np

    from benchmarks.performance.by_hand import Charge, Material
    from solver.bodies import build_phases
    from solver.case import load_case
    from solver.materials.elasticity import bulk_and_shear

    case = load_case(CASE, [f"protocol.steps={json.dumps([WHOLE])}"])
    materials = {}
    for tag, name in ((LAYERED, "layered"), (ROCK_SALT, "rock_salt")):
        phase = build_phases(case)[name].averaged()
        host: Any = phase.host
        if phase.diffusivity_kind not in ("chemical", "lattice_gas"):
            msg = f"the script does not know {phase.diffusivity_kind} diffusivities"
            raise ValueError(msg)
        bulk, shear = bulk_and_shear(phase.stiffness)
        materials[tag] = Material(
            bulk=bulk,
            shear=shear,
            capacity=phase.max_concentration,
            volume=float(np.trace(phase.molar_volume)),
            reference=phase.reference_occupancy,
            misfit=case.mechanics.coherency * float(np.trace(phase.misfit)) / 3.0,
            diffusivity=phase.diffusivity,
            vacancies=phase.diffusivity_kind == "lattice_gas",
            activation=phase.activation_volume,
            density=phase.density,
            sites=tuple(zip(host.levels, host.fractions, host.widths, strict=True)),
        )
    surface, protocol = case.surface, case.protocol
    if surface is None or protocol.start.voltage is None or protocol.specific_current_1C is None:
        msg = f"{CASE} has no surface, start voltage or C-rate"
        raise ValueError(msg)
    return Charge(
        materials=materials,
        temperature=case.temperature,
        radius=case.mesh_geometry().radius,
        start=protocol.start.voltage,
        stop=STOP,
        specific_current=protocol.specific_current_1C,
        exchange=surface.exchange_current_density,
        step=STEP,
        most=most,
    )


def tell(rows: Rows) -> Section:
    """Times, memory and capacities of both."""
    targets, lines, told = [], [], []
    for job in [job for job in rows.jobs(NAME) if job.startswith("script-")]:
        size = job.removeprefix("script-")
        mine = f"lithostat-{size}"
        whole = _whole_charge(rows, job, mine)
        words = f"1C charge of {CASE}, {size} unknowns: script over lithostat"
        gain = ratio(whole, rows.sample(NAME, mine, "seconds"))
        parts = profile(rows, NAME, mine)
        targets.append(Target(f"{words}, time", FASTER, gain, at_least=True, profile=parts))
        memory = ratio(*(rows.sample(NAME, name, "memory_bytes") for name in (mine, job)))
        targets.append(Target(f"lithostat over script, {size} unknowns, memory", MEMORY, memory))
        counted = _whole_charge(rows, f"few-{size}", mine)
        if counted is not None and whole is not None:
            told.append(
                f"At {size} unknowns, where the script ran to the end, counting its charge from {FEW} "
                f"steps gives {ratio(counted, whole)} times what was measured."
            )
        for name in (job, mine):
            numbers = (
                "unknowns",
                "increments",
                "newton_iterations",
                "seconds",
                "increment_s",
                "capacity_mAh_g",
            )
            samples = [rows.sample(NAME, name, number) for number in numbers]
            held = rows.sample(NAME, name, "memory_bytes")
            cells = [str(sample) if sample else "" for sample in samples]
            lines.append((name, *cells, f"{held.median / 1e9:.2f}" if held else ""))
    heads = ("program, size", "unknowns", "steps", "Newton", "s", "s a step", "mAh/g", "memory [GB]")
    return Section(
        "Beside a script written by hand",
        (
            "[by_hand.py](../benchmarks/performance/by_hand.py) is the coupled problem as a user of DOLFINx "
            "writes it without lithostat: SNES and MUMPS on all fields, backward Euler with steps of "
            f"{STEP:g} s, halved where Newton fails. Both charge the same mesh with all couplings on; "
            "capacities tell how far both mean the same. Compilation and output are apart. From "
            f"{LARGE:.0f} unknowns on the script takes {FEW} steps (in the quick form always), "
            "and its charge is counted as that of as many steps of the same cost as the charge of "
            "lithostat lasts; elsewhere it runs to the end.",
        ),
        tuple(targets),
        (Table(heads, tuple(lines)),),
        notes=tuple(told),
    )


def _whole_charge(rows: Rows, script: str, mine: str) -> Sample | None:
    """Seconds of the script's whole charge: measured, or its steps times what one of a few took."""
    seconds, reached = (rows.sample(NAME, script, name) for name in ("seconds", "reached"))
    if seconds is None or reached is None or reached.median > 0.0:
        return seconds
    # lithostat's capacity over the script's: both charge at the same rate, with equal steps.
    more = ratio(rows.sample(NAME, mine, "capacity_mAh_g"), rows.sample(NAME, script, "capacity_mAh_g"))
    return None if more is None else seconds.times(more.median)


FAMILY = Family(NAME, jobs, measure, tell, prepare_mesh)
