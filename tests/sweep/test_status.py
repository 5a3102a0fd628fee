"""How a sweep stands, read from its folder while it runs and after."""

import io
import json
from pathlib import Path

import pytest

from solver.sweep.engine import Result
from solver.sweep.plan import Plan, Planned
from solver.sweep.rows import SweepReadError
from solver.sweep.status import look, status
from solver.sweep.store import Store

NAMES = [f"{n:016x}" for n in range(8)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two done after 4 s and 8 s; one failed, lost and invalid each; three to be run, one left over."""
    cases = tuple(
        Planned(n + 1, name, {"geometry.radius": f"{n} um"}, (), ("too small",) if n == 4 else ())
        for n, name in enumerate(NAMES)
    )
    made = Store(tmp_path / "sweep")
    with made.driving(Plan("tiny", "base", cases, 1, None, b"name: tiny\n")):
        for n, (state, seconds) in enumerate([("done", 4.0), ("ended_early", 8.0), ("failed", 6.0)]):
            folder = made.cases / NAMES[n]
            folder.mkdir()
            summary = {
                "status": state,
                "steps": [],
                "ended_by": "numerics",
                "wall_time_s": {"total": seconds},
            }
            (folder / "summary.json").write_text(json.dumps(summary))
        made.fail(Result(NAMES[3], "lost", "3 workers died while they ran it", 0.0), 3)
        (made.running / NAMES[7]).mkdir()
        (made.running / f"{NAMES[7]}.lock").write_text("session host 1\n")
    return made


def text_of(store: Store) -> list[str]:
    stream = io.StringIO()
    assert status(store.root, stream=stream) == 0
    return stream.getvalue().splitlines()


def test_a_sweep_that_nobody_works_on(store: Store) -> None:
    standing = look(store.root)
    assert standing.tally.counts == {"done": 1, "ended_early": 1, "failed": 1, "lost": 1, "invalid": 1}
    assert (standing.tally.running, standing.tally.waiting, standing.tally.left) == (0, 3, None)
    lines = text_of(store)
    assert "2 of 8 done | 0 running" in lines[0]
    assert "3 waiting" in lines[0]
    assert any(NAMES[3] in line and "lost" in line and "3 workers died" in line for line in lines)
    assert any(NAMES[2] in line and "radius=2 um: numerics" in line for line in lines)
    assert any(NAMES[4] in line and "invalid" in line and "too small" in line for line in lines)
    assert lines[-1].startswith("nobody is at work on it")


def test_a_sweep_that_is_being_run(store: Store) -> None:
    with store.claiming(NAMES[6], "session", 0.0), store.claiming(NAMES[5], "session", 0.0):
        before = {path: path.stat().st_mtime_ns for path in store.root.rglob("*")}
        standing = look(store.root)
        assert {path: path.stat().st_mtime_ns for path in store.root.rglob("*")} == before
        assert [row.hash for row, _ in standing.running] == [NAMES[5], NAMES[6]]
        assert all(0.0 <= age < 5.0 for _, age in standing.running)
        assert standing.tally.waiting == 1
        # One waits and two have just begun, of 6 s each in the mean, on two workers.
        assert standing.tally.left == pytest.approx(9.0, abs=5.0)
        lines = text_of(store)
    assert sum("  running " in line for line in lines) == 2
    assert "nobody is at work" not in lines[-1]


def test_a_command_at_work_is_seen(store: Store) -> None:
    assert not look(store.root).driven
    plan = Plan("tiny", "base", (), 1, None, b"name: tiny\n")
    with store.driving(plan):
        assert look(store.root).driven


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SweepReadError, match="is missing"):
        status(tmp_path)
