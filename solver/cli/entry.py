"""From the command line to a command and back to an exit code."""

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Sequence

from solver.cli.bad_input import BadInput
from solver.cli.launch import RANK_VARIABLES, launched_rank
from solver.cli.parser import build_parser
from solver.cli.resources import without_ranks
from solver.threads import pin_threads

BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

TOGETHER = {"run", "resume", "converge"}
"""Commands that all ranks share."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words after `lithostat`; those of the process unless given.

    Returns:
        Exit code: 0 good, 2 bad input, 3 ended early by the physics, 4 failed numerics, 130 interrupted.
    """
    pin_threads()
    rank = launched_rank()
    # Every rank reads the same command line; one of them complaining about it is enough.
    with contextlib.ExitStack() as silence:
        if rank:
            nowhere = silence.enter_context(open(os.devnull, "w"))  # noqa: PTH123 - no path, a device
            silence.enter_context(contextlib.redirect_stderr(nowhere))
            silence.enter_context(contextlib.redirect_stdout(nowhere))
        parser = build_parser()
        parsed = parser.parse_args(_bound(sys.argv[1:] if arguments is None else arguments))
        if parsed.command is None:
            parser.print_help(sys.stderr)
            return BAD_INPUT
    together = parsed.command in {"run", "resume", "converge"} or (
        parsed.command == "compare" and parsed.ablate
    )
    if rank and not together:
        return 0  # the first rank does it alone
    try:
        if getattr(parsed, "ranks", None) is not None:
            return _on_ranks(parsed, arguments)
        return _COMMANDS[parsed.command](parsed)
    except BadInput as error:
        if not error.quiet:
            for line in error.lines:
                print(line, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left, as in `lithostat schema | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception:
        _end_all_ranks(rank)
        raise


def _on_ranks(parsed: argparse.Namespace, arguments: Sequence[str] | None) -> int:
    """The same command once more, on several ranks."""
    if any(name in os.environ for name in RANK_VARIABLES):
        raise BadInput(["-n: started by mpiexec or srun already, which says how many ranks there are"])
    from solver.cli.launching import launch

    return launch(parsed.ranks, without_ranks(sys.argv[1:] if arguments is None else arguments))


def _bound(words: Sequence[str]) -> list[str]:
    """Bind the text of --petsc to it: a text that begins with a dash would be taken for an option."""
    bound: list[str] = []
    for word in words:
        if bound and bound[-1] == "--petsc":
            bound[-1] += f"={word}"
        else:
            bound.append(word)
    return bound


def _end_all_ranks(rank: int) -> None:
    """An error of ours on one rank would leave the others waiting for ever: end them with it."""
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi is not None and mpi.Is_initialized() and not mpi.Is_finalized() and mpi.COMM_WORLD.size > 1:
        print(f"rank {rank}:\n{traceback.format_exc()}", file=sys.stderr, flush=True)
        mpi.COMM_WORLD.Abort(1)


def _check(given: argparse.Namespace) -> int:
    from solver.cli.cases import check

    return check(given.case, given.overrides, given.allow_outside)


def _mesh(given: argparse.Namespace) -> int:
    from solver.cli.meshing import mesh

    return mesh(given.case, given.overrides, given.out, given.force, given.allow_outside)


def _run(given: argparse.Namespace) -> int:
    from solver.cli.running import run_case

    return run_case(
        given.case, given.overrides, given.out, given.force, given.petsc, given.allow_outside, given.wall_time
    )


def _resume(given: argparse.Namespace) -> int:
    from solver.cli.resuming import resume_run

    return resume_run(given.run, given.petsc, given.wall_time)


def _compare(given: argparse.Namespace) -> int:
    from solver.cli.reporting import compare

    return compare(given.run_a, given.run_b, given.out, given.force, given.ablate, given.strength)


def _converge(given: argparse.Namespace) -> int:
    from solver.cli.converging import Wish, converge

    wish = Wish(given.levels, given.ratio, given.time, given.threshold / 100.0, given.allow_outside)
    return converge(given.case, given.overrides, wish, given.out, given.force, given.petsc)


def _sweep(given: argparse.Namespace) -> int:
    from solver.cli.sweeping import sweep

    return sweep(given)


def _report(given: argparse.Namespace) -> int:
    from solver.cli.reporting import report

    return report(given.run, given.data, given.out)


def _schema(_: argparse.Namespace) -> int:
    from solver.cli.cases import schema

    return schema()


def _init(given: argparse.Namespace) -> int:
    from solver.cli.cases import init, list_cases

    return list_cases() if given.list else init(given.path, given.like, given.force)


def _doctor(_: argparse.Namespace) -> int:
    from solver.doctor import doctor

    return doctor()


_COMMANDS = {
    "check": _check,
    "mesh": _mesh,
    "run": _run,
    "resume": _resume,
    "compare": _compare,
    "converge": _converge,
    "sweep": _sweep,
    "report": _report,
    "schema": _schema,
    "init": _init,
    "doctor": _doctor,
}
