"""The books of a run: what happened, kept as plain values, and the summary made from them."""

import math
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from meshes import TaggedMesh
from solver.case import Case
from solver.discretisation.linear import SolveCounts
from solver.observation.validity import Validity
from solver.stepping.bookmark import StepOutcome

PER_MILLIAMPERE_HOUR_PER_GRAM = 1.0 / 3600.0
"""mAh/g in one C/kg."""

EARLY = {"surface_depleted", "surface_saturated", "phase_separation"}
"""Reasons by which the physics, not the protocol, ends a step."""


@dataclass
class Ledger:
    """Facts of one run, filled in as they become known.

    Attributes:
        case: the case.
        tagged: its mesh.
        case_hash: hash of the resolved case.
        ranks: MPI ranks.
        seconds: wall time by kind of work [s].
        began: clock at the start of the run, the mesh included [s].
        failure: why the numerics failed, or nothing.
        separated: what separates at the start, or nothing.
        interrupted_by: the signal that ended the run, or nothing.
        moments: the `equilibrium` and `final` parts of the summary.
        outcomes: how each protocol step ended.
        worst_balance: largest error of the lithium balance.
        worst_mean: largest deviation of the volume mean of stress.
        validity: how far the run left the range of the model.
        masses: by region name [kg], per metre in 2D.
        densities: by region name [kg/m^3].
        unknowns: global degrees of freedom.
        increments: accepted increments.
        rejections: rejected attempts by reason.
        newton_iterations: linearisations, rejected attempts included.
        linear: counts of the linear solver.
        earlier: the same of the runs that this one goes on from.
        linear_solver: its description.
        coarse: warnings of steps that ended before the mesh could follow.
        peak_memory: most resident memory so far, all ranks together [byte].
        contact_share: contacted part of the outer surface [1].
    """

    case: Case
    tagged: TaggedMesh
    case_hash: str
    ranks: int
    seconds: dict[str, float]
    began: float
    failure: str = ""
    separated: str = ""
    interrupted_by: str = ""
    moments: dict[str, Any] = field(default_factory=lambda: {"equilibrium": None, "final": None})
    outcomes: list[StepOutcome] = field(default_factory=list)
    worst_balance: float = 0.0
    worst_mean: float = 0.0
    validity: Validity = field(default_factory=Validity)
    masses: dict[str, float] = field(default_factory=dict)
    densities: dict[str, float] = field(default_factory=dict)
    unknowns: int = 0
    increments: int = 0
    rejections: Counter[str] = field(default_factory=Counter)
    newton_iterations: int = 0
    linear: SolveCounts = field(default_factory=SolveCounts)
    earlier: SolveCounts = field(default_factory=SolveCounts)
    linear_solver: str = ""
    coarse: list[str] = field(default_factory=list)
    peak_memory: int = 0
    contact_share: float = 1.0

    @property
    def mass(self) -> float:
        """Mass of all meshed active phases [kg], per metre in 2D."""
        return sum(self.masses.values())

    @property
    def pristine_mass(self) -> float:
        """Mass if the whole active volume were the layered phase [kg], per metre in 2D."""
        volume = sum(mass / self.densities[name] for name, mass in self.masses.items())
        return volume * self.densities["layered"]

    def status(self) -> str:
        """How the run ended, in one word."""
        reasons = {outcome.reason for outcome in self.outcomes}
        if self.interrupted_by or "interrupted" in reasons:
            return "interrupted"
        if self.failure or "numerics" in reasons:
            return "failed"
        if self.separated:
            return "ended_early"
        if "phase_separation" not in reasons and len(self.outcomes) < len(self.case.protocol.steps):
            return "failed"
        return "ended_early" if EARLY & reasons else "done"

    def summary(self) -> dict[str, Any]:
        """What summary.json says."""
        last = self.outcomes[-1].reason if self.outcomes else "equilibrium"
        if self.separated:
            last = "phase_separation"
        report = self.tagged.report
        kinds = ("mesh", "compile", "assemble", "solve", "output")
        return {
            "name": self.case.name,
            "architecture": self.case.architecture,
            "dimension": self.case.geometry.dimension,
            "status": self.status(),
            "ended_by": self.failure or self.interrupted_by or last,
            "steps": [self._step(outcome) for outcome in self.outcomes],
            "equilibrium": self.moments["equilibrium"],
            "final": self.moments["final"],
            "lithium_balance_error": self.worst_balance,
            "volume_mean_stress_error": self.worst_mean,
            "counts": {
                "cells": len(self.tagged.cells),
                "dofs": self.unknowns,
                "increments": self.increments,
                "rejected": sum(self.rejections.values()),
                "newton_iterations": self.newton_iterations,
                "linear_solves": self.linear.solves + self.earlier.solves,
                "linear_iterations": self.linear.iterations + self.earlier.iterations,
                "factorisations": self.linear.factorisations + self.earlier.factorisations,
            },
            "rejected_by_reason": dict(self.rejections),
            "wall_time_s": {
                **{kind: round(self.seconds.get(kind, 0.0), 3) for kind in kinds},
                "total": round(time.perf_counter() - self.began, 3),
                # Shares of `assemble` and of `solve`.
                "local": round(self.seconds.get("local", 0.0), 3),
                "preconditioner": round(self.seconds.get("preconditioner", 0.0), 3),
            },
            "peak_memory_bytes": self.peak_memory,
            "ranks": self.ranks,
            "mass_kg": self.mass,
            "specific_current_1C_A_kg": self.case.protocol.specific_current_1C,
            "linear_solver": self.linear_solver,
            "couplings": self.case.couplings.model_dump(),
            "coherency": self.case.mechanics.coherency,
            "stack_pressure_Pa": self.case.mechanics.stack_pressure,
            "contact_share": round(self.contact_share, 12),
            "case_hash": self.case_hash,
            "mesh": {
                "rock_salt_fraction": report.rock_salt_fraction,
                "quality_min": report.quality_min,
                "connected_share": dict(report.connected_share),
                "islands": dict(report.islands),
                # A phase that carries nothing has no finite tortuosity, and JSON no infinity.
                "tortuosity": {k: v if math.isfinite(v) else None for k, v in report.tortuosity.items()},
                "notes": list(report.notes),
            },
            "largest_strain": self.validity.largest_strain,
            "mobility_floor_share": self.validity.floored_share,
            "warnings": [*self.case.warnings, *self.validity.warnings(), *self.coarse, *self._why()],
        }

    def _why(self) -> list[str]:
        """What ended the run before its protocol did, in words."""
        told = [f"step {outcome.index}: {outcome.detail}" for outcome in self.outcomes if outcome.detail]
        return [*told, self.separated] if self.separated else told

    def _step(self, outcome: StepOutcome) -> dict[str, Any]:
        charge = abs(outcome.charge) * PER_MILLIAMPERE_HOUR_PER_GRAM
        return {
            "name": outcome.name,
            "reason": outcome.reason,
            "duration_s": outcome.duration,
            "capacity_mAh_g": charge / self.mass,
            "capacity_mAh_per_g_pristine": charge / self.pristine_mass,
        }
