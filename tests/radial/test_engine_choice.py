"""Who marches a case, and what is said where compiled code cannot."""

from pathlib import Path

import pytest

from solver.case import load_case
from solver.discretisation.stopwatch import Stopwatch
from solver.engine import EngineError, choose_engine
from solver.fenics import MPI
from solver.meshing import build_mesh
from solver.run import run

DISC = "quick/core_shell_liquid_disc"
SPHERE = "quick/core_shell_liquid"
TABLE = (
    "phases.layered.expansion={kind: table, reference_occupancy: 1, rows: ["
    "{occupancy: 0.1, a: 2.82 Å, c: 14.1 Å}, {occupancy: 0.6, a: 2.83 Å, c: 14.4 Å}, "
    "{occupancy: 1, a: 2.878 Å, c: 14.19 Å}]}"
)


def chosen(case: str, *overrides: str, ranks: int = 1, options: str = "") -> str:
    read = load_case(case, overrides)
    return choose_engine(read, build_mesh(read, MPI.COMM_SELF, Stopwatch()), ranks, options)


def test_a_sphere_on_one_rank_is_compiled() -> None:
    assert chosen(SPHERE) == "compiled"
    assert chosen(SPHERE, "numerics.engine=compiled") == "compiled"


def test_everything_else_takes_the_forms() -> None:
    assert chosen(DISC) == "forms"
    assert chosen(SPHERE, "numerics.engine=forms") == "forms"
    assert chosen(SPHERE, ranks=2) == "forms"
    assert chosen(SPHERE, TABLE) == "forms"


def test_what_speaks_to_petsc_takes_the_forms() -> None:
    assert chosen(SPHERE, "numerics.linear_solver=direct") == "forms"
    assert chosen(SPHERE, options=" -ksp_view ") == "forms"
    assert chosen(SPHERE, options="  ") == "compiled"


@pytest.mark.parametrize(
    ("case", "ranks", "overrides", "why"),
    [
        (DISC, 1, (), "only spherical particles"),
        (SPHERE, 1, (TABLE,), "tabulated expansion"),
        (SPHERE, 3, (), "one rank only"),
    ],
)
def test_compiled_code_that_cannot_says_why(
    case: str, ranks: int, overrides: tuple[str, ...], why: str
) -> None:
    with pytest.raises(EngineError, match=f"numerics.engine: 'compiled': .*{why}.*; auto or forms"):
        chosen(case, "numerics.engine=compiled", *overrides, ranks=ranks)


def test_nothing_is_written_where_the_engine_cannot(tmp_path: Path) -> None:
    case = load_case(DISC, ["numerics.engine=compiled"])
    with pytest.raises(EngineError):
        run(case, tmp_path / "none", comm=MPI.COMM_SELF)
    assert not (tmp_path / "none").exists()
