"""What a command may do with input that is damaged, and what it may not."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.torture.worker import Outcome

GOOD: Final = 0
BAD_INPUT: Final = 2
ENDED: Final = (GOOD, 3, 4, 130)
"""Exit codes of runs that leave a folder: done, ended early, failed, interrupted."""
PLACE: Final = re.compile(r"(?s).*?\.(?:yaml|yml):[0-9]+:[0-9]+: .+")
"""How a complaint about a case begins: file, line and column."""
LONGEST: Final = 1000
"""Characters of the longest complaint."""


@dataclass
class Tally:
    """How many commands ended how.

    Attributes:
        counts: by exit code.
        faults: what should not have been, with the input that did it.
    """

    counts: dict[int, int] = field(default_factory=dict)
    faults: list[tuple[str, bytes]] = field(default_factory=list)

    def note(self, outcome: Outcome, fault: str | None, given: bytes) -> None:
        """Count one command, and keep what was wrong with it."""
        self.counts[outcome.code] = self.counts.get(outcome.code, 0) + 1
        if fault is not None:
            self.faults.append((fault, given))

    def __str__(self) -> str:
        """Counts by exit code, and the faults."""
        counts = ", ".join(f"{count} with {code}" for code, count in sorted(self.counts.items()))
        faults = "".join(f"\n    {fault}" for fault in sorted({fault for fault, _ in self.faults}))
        return f"{sum(self.counts.values())} commands: {counts}; {len(self.faults)} faults{faults}"


def fault_of(outcome: Outcome, placed: bool, good: tuple[int, ...] = (GOOD,)) -> str | None:
    """What is wrong with how a command ended, or None.

    Args:
        outcome: how it ended.
        placed: whether each complaint must begin with file, line and column.
        good: exit codes of commands that took the input.
    """
    if outcome.hung:
        return f"took {outcome.seconds:.0f} s"
    if outcome.code in good:
        return None
    lines = outcome.err.splitlines()
    if outcome.code != BAD_INPUT:
        return (
            f"code {outcome.code}: {lines[-1][:160] if lines else 'without a word'} ({_frame(outcome.err)})"
        )
    complaints = [line for line in lines if not line.startswith("warning: ")]
    if not complaints:
        return "refused without a word"
    for line in complaints:
        if not line.isprintable() or len(line) > LONGEST:
            return f"an unreadable complaint: {line[:80]!r}"
        if placed and not PLACE.fullmatch(line):
            return f"a complaint without a place: {line[:120]}"
    return None


def left_behind(outcome: Outcome, folder: Path) -> str | None:
    """Whether a run left a folder although its input was refused, or none although it was not."""
    if outcome.code == BAD_INPUT and folder.exists():
        return "refused, and yet a folder was written"
    if outcome.code in ENDED and not (folder / "summary.json").is_file():
        return f"code {outcome.code}, and no summary"
    return None


def _frame(trace: str) -> str:
    """The innermost place of this program in a traceback."""
    found = re.findall(r'File "[^"]*/((?:solver|meshes)/[^"]+)", line ([0-9]+)', trace)
    return ":".join(found[-1]) if found else "elsewhere"
