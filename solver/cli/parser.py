"""The words of the command line. Nothing heavy is imported here: `--help` and `--version` answer at once."""

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from solver.cli.resources import takes_resources
from solver.cli.sweep_parser import WordsFirst, add_sweep

DESCRIPTION = "Stress, lithium flux and phase coherency in two-phase cathode particles."
EPILOG = """\
exit codes: 0 every step met its own condition; 2 bad input; 3 the physics ended a step early;
4 the numerics failed (what was computed is kept); 130 interrupted

example:
  lithostat init my_case.yaml
  lithostat check my_case.yaml
  mpiexec -n 2 lithostat run my_case.yaml
  lithostat report runs/my_case
"""

# As a text, because the module that knows why this number is too heavy for `--help`.
STRENGTH = "745 MPa"

Subparsers = Any  # argparse keeps the class of its sub-commands private


class ShowVersion(argparse.Action):
    """Prints the version and leaves; looked up only when asked for."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Print the version and leave with exit code 0."""
        from solver.version import program_version

        print(f"lithostat {program_version()}")
        parser.exit(0)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; a parsed namespace carries `command` and the command's own arguments."""
    parser = argparse.ArgumentParser(
        prog="lithostat",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version and leave")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=WordsFirst
    )
    _add_check(commands)
    _add_mesh(commands)
    _add_run(commands)
    _add_resume(commands)
    _add_compare(commands)
    _add_converge(commands)
    add_sweep(commands)
    _add_report(commands)
    _add_schema(commands)
    _add_init(commands)
    _add_doctor(commands)
    return parser


def _command(commands: Subparsers, name: str, brief: str, text: str, example: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=brief,
        description=text,
        epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return made


def _takes_case(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", type=Path, metavar="CASE", help="case file (YAML)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="overrides",
        help="set one value of the case, as YAML; repeatable",
    )
    parser.add_argument(
        "--allow-outside",
        action="store_true",
        help="let the case name files outside its folder and the current one",
    )


def _takes_out(
    parser: argparse.ArgumentParser, what: str, force: str = "replace what is there already"
) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help=what)
    parser.add_argument("--force", action="store_true", help=force)


def _add_check(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "check",
        "check a case and print what it means",
        "Checks a case in seconds, without the finite element library, and prints it with every default\n"
        "written out, and what follows from it: misfit strains, current, diffusion time, size, warnings.",
        "  lithostat check case.yaml --set geometry.shell_thickness='40 nm'",
    )
    _takes_case(parser)


def _add_mesh(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "mesh",
        "build the mesh of a case, write it and a picture of it",
        "Builds the mesh, prints its quality, and writes it for other programs to read, with a picture.",
        "  lithostat mesh case.yaml --out meshes/case",
    )
    _takes_case(parser)
    _takes_out(parser, "folder for the mesh (default meshes/NAME)")


def _add_run(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "run",
        "run a case",
        "Runs a case and writes its run folder, on several ranks with -n, or started by mpiexec or srun.",
        "  lithostat run case.yaml --out runs/first --set protocol.start.voltage='3.5 V'\n"
        "  mpiexec -n 2 lithostat run case.yaml --petsc '-ksp_monitor -log_view'",
    )
    _takes_case(parser)
    _takes_out(parser, "run folder (default runs/NAME)")
    _takes_petsc(parser)
    takes_resources(parser)


def _add_resume(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "resume",
        "go on with a run that was stopped",
        "Goes on with a run from its last checkpoint, on as many ranks as you like; begins it anew where\n"
        "there is none yet.",
        "  lithostat resume runs/first\n  lithostat resume runs/first -n 2 --wall-time '2 h'",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="run folder")
    _takes_petsc(parser)
    takes_resources(parser)


def _takes_petsc(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--petsc",
        default="",
        metavar="OPTIONS",
        help="options for the linear and nonlinear solvers, one text",
    )


def _number(least: float, most: float, kind: type[int] | type[float] = float) -> Callable[[str], float]:
    """A reader of numbers within limits, for `type=` of an argument."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            what = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {least:g} to {most:g}")
        return value

    return read


def _add_converge(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "converge",
        "run a case at finer meshes and say which of its figures are converged",
        "Runs a case at finer and finer meshes, its own being the coarsest, and with --time at tighter\n"
        "tolerances on its own mesh. Gives the observed order, the extrapolated value and the\n"
        "grid-convergence index of capacities, voltages and stresses, and says which are converged, which\n"
        "are not, and which are singular: convergence.md, .html, .csv, .json, .png. An interrupted study\n"
        "goes on with --force: finished levels of the same case are kept. Start it with mpiexec for\n"
        "several ranks.",
        "  lithostat converge core_shell_liquid --levels 3 --time\n"
        "  mpiexec -n 2 lithostat converge case.yaml --ratio 1.4 --threshold 2 --out converge/case",
    )
    _takes_case(parser)
    going_on = "go on in a folder that exists; finished levels of the same case are kept"
    _takes_out(parser, "folder of the study (default converge/NAME)", going_on)
    parser.add_argument(
        "--levels", type=_number(2, 8, int), default=3, metavar="N",
        help="levels, the case's own included (default 3; with 2 no order can be observed)",
    )  # fmt: skip
    parser.add_argument(
        "--ratio", type=_number(1.1, 4.0), metavar="R",
        help="ratio of successive cell sizes (default 2 in spherical, 1.5 in the plane, 1.3 in 3d)",
    )  # fmt: skip
    parser.add_argument(
        "--time", action="store_true",
        help="also divide the tolerance by 4, and the largest increment by 2, from level to level",
    )  # fmt: skip
    parser.add_argument(
        "--threshold", type=_number(1e-6, 100.0), default=1.0, metavar="PERCENT",
        help="index up to which a figure counts as converged (default 1)",
    )  # fmt: skip
    _takes_petsc(parser)


def _add_compare(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "compare",
        "compare two runs",
        "Puts two runs side by side on one scale: comparison.png, comparison.csv, comparison.md.",
        "  lithostat compare runs/core_shell runs/dispersed --strength '1 GPa' --ablate",
    )
    parser.add_argument("run_a", type=Path, metavar="RUN_A", help="run folder")
    parser.add_argument("run_b", type=Path, metavar="RUN_B", help="run folder")
    _takes_out(parser, "folder for the comparison (default comparison)")
    parser.add_argument(
        "--ablate",
        action="store_true",
        help="run each case again with each coupling switched off in turn, and list what each one changes",
    )
    parser.add_argument(
        "--strength",
        metavar="STRESS",
        default=STRENGTH,
        help=f"tensile strength above which a phase's share is counted (default {STRENGTH}, an assumption)",
    )


def _add_report(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "report",
        "make the figures and the page of a run",
        "Makes figures, tables and a page from a run folder, beside measured curves if there are any.",
        "  lithostat report runs/first --data measured.csv",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="run folder")
    parser.add_argument("--data", type=Path, metavar="CSV", help="measured voltage against capacity")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the report (default RUN/report)")


def _add_schema(commands: Subparsers) -> None:
    _command(
        commands,
        "schema",
        "print the JSON schema of case files",
        "Prints the JSON schema of case files, for editors that complete and check them.",
        "  lithostat schema > lithostat.schema.json",
    )


def _add_init(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "init",
        "write a case to start from",
        "Writes a shipped case under a name of your own, to be changed.",
        "  lithostat init my_case.yaml --like dispersed_solid\n  lithostat init --list",
    )
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        default=Path("case.yaml"),
        metavar="FILE",
        help="file to write (default case.yaml)",
    )
    parser.add_argument(
        "--like", default="core_shell_liquid", metavar="NAME", help="shipped case to start from"
    )
    parser.add_argument("--list", action="store_true", help="list the shipped cases and leave")
    parser.add_argument("--force", action="store_true", help="replace an existing file")


def _add_doctor(commands: Subparsers) -> None:
    _command(
        commands,
        "doctor",
        "look whether everything that a run needs is there",
        "Looks at MPI, DOLFINx, the compiler of forms, mesh generation, rendering and the cache folder,\n"
        "and says what to do about what is missing.",
        "  lithostat doctor",
    )
