"""Commands in a process apart, with a limit on memory and on time: what becomes of them is a value."""

import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 30.0
"""What a command may take of a processor before it counts as hung [s]."""
PATIENCE_BY_THE_CLOCK: Final = 900.0
"""The same by the clock, of a machine that others keep busy [s]."""
ENOUGH: Final = 12.0
"""What a run may take of a processor before it is asked to stop [s]."""
MEMORY: Final = 6 * 1024**3
"""Address space of a worker [bytes]."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Attributes:
        code: exit code; 1 where Python itself ended it, below 0 where a signal ended the process.
        out: what it printed.
        err: what it complained about; a traceback where Python ended it.
        seconds: what it took of a processor [s].
        hung: whether it took longer than `PATIENCE`, or had to be killed.
    """

    code: int
    out: str = ""
    err: str = ""
    seconds: float = 0.0
    hung: bool = False


@dataclass
class Worker:
    """A process that runs commands one after another; started when first asked, and anew after it died.

    Attributes:
        memory: address space that it may take [bytes]; 0 for all there is.
    """

    memory: int = MEMORY
    _process: "subprocess.Popen[str] | None" = None
    _said: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+"))  # noqa: SIM115 - `__exit__` closes it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.end()
        self._said.close()

    def ask(self, words: Sequence[str | Path], folder: Path, stop_after: float = 0.0) -> Outcome:
        """Run one command.

        Args:
            words: those after `lithostat`.
            folder: where it runs.
            stop_after: what it may take of a processor before it is interrupted [s]; 0 for ever.

        Returns:
            How it ended, whatever that is.
        """
        process = self._started()
        began = time.monotonic()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("a worker without pipes")
        asked = {"words": [str(word) for word in words], "folder": str(folder), "stop_after": stop_after}
        with suppress(
            BrokenPipeError
        ):  # it may have died since the last command, and then says nothing below
            stdin.write(json.dumps(asked) + "\n")
            stdin.flush()
        hung = not select.select([stdout], [], [], PATIENCE_BY_THE_CLOCK)[0]
        line = "" if hung else stdout.readline()
        if line:
            told: dict[str, Any] = json.loads(line)
            return Outcome(
                told["code"], told["out"], told["err"], told["seconds"], told["seconds"] > PATIENCE
            )
        code = self.end()
        self._said.seek(0)
        return Outcome(code, "", self._said.read()[-2000:], time.monotonic() - began, hung)

    def end(self) -> int:
        """End the process, and return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        try:
            return process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _started(self) -> "subprocess.Popen[str]":
        if self._process is None:
            self._said.seek(0)
            self._said.truncate()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.torture.serving", str(self.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                text=True,
                cwd=ROOT,
            )
        return self._process
