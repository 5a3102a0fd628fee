"""A run in plain values: where it stands and what its books say, to be written down and read again."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from solver.discretisation.linear import SolveCounts
from solver.discretisation.state import Refusal
from solver.ledger import Ledger
from solver.observation.validity import Validity
from solver.protocol.ending import Observation
from solver.stepping.bookmark import Barrier, Bookmark, Opening, StepOutcome
from solver.stepping.history import Entry

Facts = dict[str, Any]

ARRAYS = ("occupancy", "displacement", "potential")
"""What an entry holds besides numbers."""


def bookmark_facts(mark: Bookmark) -> Facts:
    """Everything of a bookmark but its arrays."""
    numbers = [field.name for field in fields(Entry) if field.name not in ARRAYS]
    return {
        "step": mark.step,
        "entries": [{name: getattr(entry, name) for name in numbers} for entry in mark.entries],
        "opening": None if mark.opening is None else asdict(mark.opening),
        "wanted": mark.wanted,
        "barrier": None if mark.barrier is None else asdict(mark.barrier),
        "outcomes": [asdict(outcome) for outcome in mark.outcomes],
        "rejections": dict(mark.rejections),
    }


def bookmark_of(facts: Mapping[str, Any], arrays: Mapping[str, Any]) -> Bookmark:
    """The bookmark of these facts, without a memory.

    Args:
        facts: see `bookmark_facts`.
        arrays: `NUMBER NAME` to array, for each entry by its place and each of `ARRAYS`.
    """
    entries = [
        Entry(**numbers, **{name: arrays[f"{place} {name}"] for name in ARRAYS})
        for place, numbers in enumerate(facts["entries"])
    ]
    opening, barrier = facts["opening"], facts["barrier"]
    return Bookmark(
        step=facts["step"],
        entries=tuple(entries),
        opening=None if opening is None else Opening(**{**opening, "seen": _observation(opening["seen"])}),
        wanted=facts["wanted"],
        barrier=None if barrier is None else Barrier(barrier["time"], Refusal(**barrier["refusal"])),
        outcomes=tuple(StepOutcome(**outcome) for outcome in facts["outcomes"]),
        rejections=facts["rejections"],
    )


def _observation(seen: Mapping[str, Any]) -> Observation:
    surface = seen["surface_occupancy"]
    return Observation(**{**seen, "surface_occupancy": None if surface is None else tuple(surface)})


def ledger_facts(ledger: Ledger, newton_iterations: int, linear: SolveCounts, total: float) -> Facts:
    """What the books say before the run has ended.

    Args:
        ledger: the books.
        newton_iterations: linearisations of the whole run so far.
        linear: counts of the linear solver of the whole run so far.
        total: wall time of the whole run so far [s].
    """
    return {
        "increments": ledger.increments,
        "outcomes": [asdict(outcome) for outcome in ledger.outcomes],
        "worst_balance": ledger.worst_balance,
        "worst_mean": ledger.worst_mean,
        "validity": asdict(ledger.validity),
        "newton_iterations": newton_iterations,
        "linear": asdict(linear),
        "coarse": list(ledger.coarse),
        "moments": dict(ledger.moments),
        "peak_memory": ledger.peak_memory,
        "seconds": dict(ledger.seconds),
        "total": total,
    }


def restore_ledger(ledger: Ledger, facts: Mapping[str, Any]) -> None:
    """Have the books go on from what they said."""
    ledger.increments = facts["increments"]
    ledger.outcomes = [StepOutcome(**outcome) for outcome in facts["outcomes"]]
    ledger.worst_balance, ledger.worst_mean = facts["worst_balance"], facts["worst_mean"]
    ledger.validity = Validity(**facts["validity"])
    ledger.newton_iterations = facts["newton_iterations"]
    ledger.earlier = SolveCounts(**facts["linear"])
    ledger.coarse, ledger.moments = list(facts["coarse"]), dict(facts["moments"])
    ledger.peak_memory = facts["peak_memory"]
    for kind, seconds in facts["seconds"].items():
        ledger.seconds[kind] = ledger.seconds.get(kind, 0.0) + seconds
    ledger.began -= facts["total"]
