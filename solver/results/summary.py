"""summary.json: the words that a run may use about itself.

A program that reads summaries needs a closed vocabulary, so a word outside it is an error of ours and is
caught where it is written.
"""

from collections.abc import Mapping, Sequence

STATUSES = ("done", "ended_early", "failed", "interrupted")
REASONS = (
    "time",
    "voltage",
    "current",
    "occupancy",
    "surface_depleted",
    "surface_saturated",
    "phase_separation",
    "numerics",
    "interrupted",
)
EXIT_CODES = {"done": 0, "ended_early": 3, "failed": 4, "interrupted": 130}


def checked_summary(summary: Mapping[str, object]) -> Mapping[str, object]:
    """Refuse a summary whose status or reasons a reader would not know.

    Args:
        summary: The whole summary; `status` and `steps`, each step with a `reason`, are looked at.

    Returns:
        The same mapping.

    Raises:
        ValueError: A key is missing or a word unknown.
    """
    status = summary.get("status")
    if status not in STATUSES:
        raise ValueError(f"status {status!r} is none of {', '.join(STATUSES)}")
    steps = summary.get("steps")
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        raise ValueError("a summary needs the list `steps`, empty where no step was begun")
    for step in steps:
        reason = step.get("reason") if isinstance(step, Mapping) else None
        if reason not in REASONS:
            raise ValueError(f"reason {reason!r} of a step is none of {', '.join(REASONS)}")
    return summary


def exit_code(status: str) -> int:
    """Exit code of the `run` command for a status of `STATUSES`."""
    return EXIT_CODES[status]
