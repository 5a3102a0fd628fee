"""A crystal whose a shrinks and whose c bulges and collapses as lithium leaves, and phases made of it."""

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.verification.setups import hand_made
from solver.materials.lattice_table import AXES, LatticeTable
from solver.materials.phase import Phase

OCCUPANCY = (0.0, 0.08, 0.17, 0.24, 0.31, 0.42, 0.55, 0.71, 0.86, 1.0)
A = (2.806, 2.807, 2.809, 2.812, 2.816, 2.823, 2.832, 2.845, 2.857, 2.868)
C = (13.31, 13.52, 13.83, 14.12, 14.36, 14.47, 14.42, 14.33, 14.26, 14.21)
"""Rows: lattice parameters [1e-10 m], made up after a Ni-rich oxide."""

REFERENCE = 0.86


def table(reference: float = REFERENCE) -> LatticeTable:
    """The table, in crystal axes."""
    return LatticeTable(np.array(OCCUPANCY), 1e-10 * np.column_stack([A, C]), reference, AXES)


def specification(reference: float = REFERENCE) -> dict[str, Any]:
    """The same as the `expansion` of a case."""
    rows = [
        {"occupancy": x, "a": f"{a!r} angstrom", "c": f"{c!r} angstrom"}
        for x, a, c in zip(OCCUPANCY, A, C, strict=True)
    ]
    return {"kind": "table", "rows": rows, "reference_occupancy": reference}


def straight(volumes: tuple[float, float], capacity: float, reference: float) -> dict[str, Any]:
    """The table of a constant V along a and c [m^3/mol], for a capacity [mol/m^3]."""
    rows = []
    for x in (0.0, 0.2, 0.35, 0.7, 1.0):
        a, c = (1.0 + volume * capacity * (x - reference) for volume in volumes)
        rows.append({"occupancy": x, "a": f"{2.87e-10 * a!r} m", "c": f"{14.2e-10 * c!r} m"})
    return {"kind": "table", "rows": rows, "reference_occupancy": reference}


def coupled_phases(crystal: bool) -> dict[str, Phase]:
    """Two phases, all couplings at work, the layered one tabulated."""
    phases = hand_made.coupled_phases(crystal)
    return {**phases, "layered": replace(phases["layered"], table=table())}
