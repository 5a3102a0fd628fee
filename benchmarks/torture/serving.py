"""The far end of a `Worker`: takes commands one by one in a process that may die of them.

`python -m benchmarks.torture.serving BYTES` reads one JSON object a line, `{"words": [...], "folder": ...}`,
and answers each with code, texts and seconds. The process may take no more than so much address space.
"""

import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, Final

READ: Final = "read"
"""Word that asks for `read_everything`, which is no command."""
TRACEBACK: Final = 1
"""Exit code of a command that Python itself ended."""


def answer(words: list[str], folder: str, stop_after: float) -> dict[str, Any]:
    """Run one command and tell how it ended.

    Args:
        words: those after `lithostat`.
        folder: where it runs.
        stop_after: what it may take of a processor before it is interrupted, as by Ctrl-C [s]; 0 for ever.
    """
    from solver.cli import main

    os.chdir(folder)
    began = time.process_time()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.setitimer(signal.ITIMER_PROF, stop_after)
            code = read_everything(words[1]) if words[0] == READ else main(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else TRACEBACK
        except BaseException:
            code = TRACEBACK
            traceback.print_exc()
        finally:
            # A signal that comes late must not end the worker.
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    seconds = time.process_time() - began
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "seconds": seconds}


def read_everything(folder: str) -> int:
    """Read all of a run folder, as a script would; 2 where it says what is wrong with it."""
    from solver.results import RunReadError, read_run

    try:
        run = read_run(Path(folder))
        print(run.name, run.status, run.dimension, len(run.provenance), len(run.history))
        for record in run.snapshots:
            print(record.moment, record.load().n_cells)
    except RunReadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def serve(limit: int) -> None:
    """Answer until nothing more is asked.

    Args:
        limit: of the address space [bytes].
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, lambda number, frame: os.kill(os.getpid(), signal.SIGINT))
    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What libraries print in C goes elsewhere than the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        asked = json.loads(line)
        print(
            json.dumps(answer(asked["words"], asked["folder"], asked["stop_after"])), file=answers, flush=True
        )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
