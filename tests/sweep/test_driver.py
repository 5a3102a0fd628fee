"""One call of the sweep's command: what it runs, says, and how it ends. Engines are stand-ins here."""

import io
import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from solver.sweep import dask_engine, driver
from solver.sweep.cluster_profile import ClusterProfile, read_profile
from solver.sweep.engine import Result, SweepError, Task
from solver.sweep.job_workers import cluster_class, job_cluster, job_options
from solver.sweep.plan import Plan, Planned
from solver.sweep.store import Store
from solver.sweep.tally import Tally, Teller

GOOD, OTHER, WRONG = "0" * 16, "1" * 16, "f" * 16


def planned(number: int, name: str, *problem: str) -> Planned:
    return Planned(
        number, name, {"geometry.radius": f"{number} um"}, (f"geometry.radius={number} um",), problem
    )


PLAN = Plan(
    "tiny",
    "quick/sphere_2007",
    (planned(1, GOOD), planned(2, WRONG, "too big", "too small"), planned(3, OTHER), planned(4, GOOD)),
    2,
    90.0,
    b"name: tiny\n",
)


class StandIn:
    """An engine that ends each case at once, as `statuses` says, until it is asked to stop."""

    def __init__(self, store: Store, poll: Callable[[], bool], *more: object) -> None:
        self.store, self.poll, self.more = store, poll, more
        engines.append(self)
        self.tasks: Sequence[Task] = ()

    def run(self, tasks: Sequence[Task], each: Callable[[Result], None]) -> None:
        self.tasks = tasks
        for task in tasks:
            if self.poll():
                return
            status = statuses.get(task.hash, "done")
            if status == "failed":
                each(self.store.fail(Result(task.hash, status, "by itself", 1.0), 1))
                continue
            if status == "interrupt":
                signal.raise_signal(signal.SIGINT)
                continue
            folder = self.store.running / task.hash
            folder.mkdir()
            (folder / "summary.json").write_text(
                json.dumps({"status": status, "wall_time_s": {"total": 1.0}})
            )
            self.store.keep(task.hash)
            each(Result(task.hash, status, "", 1.0))


engines: list[StandIn] = []
statuses: dict[str, str] = {}


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    engines.clear()
    statuses.clear()
    monkeypatch.setattr(dask_engine, "DaskEngine", StandIn)


def test_what_is_missing_is_run_and_everything_is_accounted_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    assert driver.run_sweep(PLAN, out, workers=3) == 0
    (engine,) = engines
    tasks = {task.hash: task for task in engine.tasks}
    assert sorted(task.hash for task in engine.tasks) == [GOOD, OTHER]  # equal cases once
    task = tasks[GOOD]
    assert (task.base, task.overrides, task.folder) == (PLAN.base, ("geometry.radius=1 um",), out)
    assert (task.ranks, task.wall_time) == (2, 90.0)
    assert engine.more == (3, None, None)
    store = Store(out)
    assert set(store.finished()) == {GOOD, OTHER}
    assert store.failed() == {WRONG: Result(WRONG, "invalid", "too big; too small", 0.0)}
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"sweep tiny: 3 cases, 2 to be run: {out}"
    assert f"  invalid {WRONG}: too big; too small" in said
    assert said[-1].startswith("2 done, 1 invalid after ")
    assert driver.run_sweep(PLAN, out) == 0
    assert engines[-1].tasks == []


def test_failed_cases_are_run_again_when_asked(tmp_path: Path) -> None:
    statuses[OTHER] = "failed"
    assert driver.run_sweep(PLAN, tmp_path) == 0
    assert driver.run_sweep(PLAN, tmp_path) == 0
    assert engines[-1].tasks == []
    statuses.clear()
    assert driver.run_sweep(PLAN, tmp_path, retry_failed=True) == 0
    assert [task.hash for task in engines[-1].tasks] == [OTHER]
    store = Store(tmp_path)
    assert set(store.finished()) == {GOOD, OTHER}
    assert set(store.failed()) == {WRONG}


def test_a_run_that_failed_is_replaced_when_asked(tmp_path: Path) -> None:
    assert driver.run_sweep(PLAN, tmp_path) == 0
    summary = tmp_path / "cases" / GOOD / "summary.json"
    summary.write_text(json.dumps({"status": "failed", "ended_by": "numerics"}))
    assert driver.run_sweep(PLAN, tmp_path, retry_failed=True) == 0
    assert [task.hash for task in engines[-1].tasks] == [GOOD]
    assert json.loads(summary.read_text())["status"] == "done"


def test_an_interrupt_says_how_to_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    statuses.update({GOOD: "interrupt", OTHER: "interrupt"})
    assert driver.run_sweep(PLAN, tmp_path) == 130
    said = capsys.readouterr().out.splitlines()
    assert said[-2].startswith("interrupted by SIGINT after ")
    assert "2 of 3 cases still to be run" in said[-2]
    assert said[-1] == "the same command goes on with them"
    assert signal.getsignal(signal.SIGINT) is before
    statuses.clear()
    assert driver.run_sweep(PLAN, tmp_path) == 0
    assert len(engines[-1].tasks) == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"engine": "carrier-pigeon"}, "--engine carrier-pigeon: is none of the engines; dask | slurm-array"),
        ({"profile": Path("no_such_profile.yaml")}, "no_such_profile.yaml:1:1: profile: "),
    ],
)
def test_bad_input_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: dict[str, object], said: str
) -> None:
    assert driver.run_sweep(PLAN, tmp_path, **more) == 2  # type: ignore[arg-type]
    assert said in capsys.readouterr().err
    assert not Store(tmp_path).is_driven()


def test_a_folder_of_another_sweep_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert driver.run_sweep(PLAN, tmp_path) == 0
    other = Plan(PLAN.name, PLAN.base, PLAN.cases, 2, 90.0, b"name: other\n")
    assert driver.run_sweep(other, tmp_path) == 2
    assert "+name: other" in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("scheduler", ["slurm", "pbs", "sge", "lsf", "oar", "moab"])
def test_a_profile_becomes_jobs(tmp_path: Path, scheduler: str) -> None:
    file = tmp_path / "profile.yaml"
    file.write_text(
        f"scheduler: {scheduler}\npartition: long\naccount: paid\ntime: 90 min\nmemory: 3 GB\n"
        "directives: ['--constraint=avx2']\nprologue: ['module load mpi']\n"
    )
    options = job_options(read_profile(file), 4, tmp_path / "jobs")
    if scheduler in {"lsf", "oar"}:
        options |= {"use_stdin": True} if scheduler == "lsf" else {"memory_per_core_property_name": "mem"}
    script = cluster_class(scheduler).job_cls("tcp://head:1", name="0", **options).job_script()
    for word in ("long", "paid", "1:30", "--constraint=avx2", "module load mpi", "--no-dashboard"):
        assert word in script, word
    assert "--nthreads 4" in script
    assert sys.executable in script


def test_without_dask_jobqueue_profiles_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    with pytest.raises(SweepError, match=r"lithostat\[cluster\]"):
        job_cluster(ClusterProfile(), 1, tmp_path)


def test_progress_is_told_in_plain_lines_now_and_then() -> None:
    now = [0.0]
    stream = io.StringIO()
    teller = Teller(stream, lambda: now[0])
    assert teller.due
    tally = Tally(Counter(done=3, ended_early=1, failed=2), 2, 10, 125.0)
    teller.update(tally)
    assert not teller.due
    now[0] = 6.0
    assert teller.due
    teller.update(tally)  # nothing new
    assert stream.getvalue() == "4 of 10 done | 2 running | 2 failed | 2 waiting | about 2 min 05 s left\n"
