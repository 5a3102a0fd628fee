"""A command on several ranks: starts `mpiexec`, hands signals on, and tells its end in our words."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from solver.cli.bad_input import BadInput
from solver.results.summary import EXIT_CODES

FAILED = 4
KNOWN = {2, *EXIT_CODES.values()}
HANDED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


def launch(ranks: int, words: Sequence[str]) -> int:
    """Run `lithostat` with these words on several ranks.

    Args:
        ranks: How many.
        words: Command and arguments.

    Returns:
        Its exit code; 4 where a rank died.

    Raises:
        BadInput: There is no launcher.
    """
    process = subprocess.Popen(
        [_launcher(), "-n", str(ranks), sys.executable, "-m", "solver.cli", *words], stdin=subprocess.DEVNULL
    )

    def hand_on(number: int, _: FrameType | None) -> None:
        process.send_signal(number)

    earlier = {number: signal.signal(number, hand_on) for number in HANDED_ON}
    try:
        code = process.wait()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    if code in KNOWN:
        return code
    print(
        f"a rank died (mpiexec ended with {code}): what was written before still opens, and"
        " `lithostat resume` goes on from the last checkpoint",
        file=sys.stderr,
    )
    return FAILED


def _launcher() -> str:
    """The `mpiexec` that belongs to this Python: the one beside it, else the first one there is."""
    beside = Path(sys.executable).parent / "mpiexec"
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise BadInput(["-n: no mpiexec beside Python or in PATH; start the command with that of your MPI"])
    return found
