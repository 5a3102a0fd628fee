"""A sweep that is disturbed: workers and the command are killed, cases are wrong or fail by themselves.

Whatever happens, every case must be accounted for, none may be finished twice, and what comes out must be
what the same cases give one after another in one undisturbed process.
"""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from solver.sweep.engine import Task
from solver.sweep.one_case import run_task
from solver.sweep.plan import read_plan
from solver.sweep.store import Store

BASE: Final = "quick/sphere_2007"
KINDS: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    # What it is, what makes it so, and how it must end.
    "good": ({}, "done"),
    "bad input": ({"geometry.radius": "-1 um"}, "invalid"),
    "unreachable cut-off": ({"protocol.steps.0.value": "-20 A/m^2"}, "ended_early"),
    "numerics": ({"protocol.steps.0.value": "-1e6 A/m^2"}, "failed"),
}
VARIED: Final = {
    "geometry.radius": "4 um",
    "protocol.steps.0.value": "-2 A/m^2",
    "protocol.steps.0.for": "400 s",
}
PATIENCE: Final = 1800.0
"""How long a disturbed sweep may take altogether [s]."""
LINGERING: Final = 20.0
"""How long workers may outlive a command that was killed [s]."""


@dataclass(frozen=True)
class Disturbance:
    """Something that happens to a sweep.

    Attributes:
        after: how many cases have ended by then.
        what: `worker` or `command`, each killed, or `interrupt`, Ctrl-C.
    """

    after: int
    what: str


@dataclass
class Watched:
    """What was seen of a sweep from outside.

    Attributes:
        store: its folder.
        plot: disturbances still to come.
        deadly: hash of a case whose worker is killed each time; empty for none.
        seen: of each finished case the identity of its summary when it was first seen.
        commands: how often the command was started.
        killed: workers that were killed.
        complaints: what should not have been.
    """

    store: Store
    plot: list[Disturbance]
    deadly: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    commands: int = 0
    killed: list[int] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def sweep() -> bool:
    """The long form: 500 cases, workers and the command killed, Ctrl-C, a case that kills its workers.

    Returns:
        Whether all of it held.
    """
    plot = [Disturbance(after, "worker") for after in range(20, 420, 50)]
    plot += [Disturbance(90, "command"), Disturbance(200, "interrupt"), Disturbance(310, "command")]
    with tempfile.TemporaryDirectory(prefix="lithostat-sweep-") as folder:
        complaints = survive(Path(folder), 500, plot, deadly=True)
    for complaint in complaints:
        print(f"sweep: {complaint}")
    return not complaints


def survive(folder: Path, count: int, plot: Sequence[Disturbance], *, deadly: bool = False) -> list[str]:
    """Run a sweep that is disturbed and compare it with the same cases run in turn.

    Args:
        folder: for everything; empty.
        count: cases.
        plot: what happens to it.
        deadly: whether the workers of one case are killed each time they run it.

    Returns:
        What did not hold, one line each.
    """
    kinds = _write(folder, count)
    plan = read_plan(folder / "sweep.yaml")
    of_hash = {case.hash: kinds[case.number - 1] for case in plan.cases}
    good = [case.hash for case in plan.runnable if of_hash[case.hash] == "good"]
    watched = Watched(Store(folder / "disturbed"), sorted(plot, key=lambda d: d.after), good[-1] * deadly)
    _disturb(folder, watched)
    reference = Store(folder / "undisturbed")
    with reference.driving(plan):
        for case in plan.runnable:
            run_task(Task(case.hash, plan.base, case.overrides, reference.root, "in turn"))
    _judge(watched, reference, of_hash)
    statuses = Counter(result.status for result in _ended(watched.store).values())
    print(
        f"sweep: {len(of_hash)} cases, {watched.commands} commands, {len(watched.killed)} workers killed: "
        + ", ".join(f"{n} {status}" for status, n in statuses.most_common())
    )
    return watched.complaints


def _write(folder: Path, count: int) -> list[str]:
    """A sweep file and its table of cases; the kind of each case."""
    # Seven good cases, then one of each other kind.
    turns = ["good"] * 7 + [kind for kind in KINDS if kind != "good"]
    kinds = [turns[n % len(turns)] for n in range(count)]
    stream = io.StringIO(newline="")
    table = csv.DictWriter(stream, list(VARIED), lineterminator="\n")
    table.writeheader()
    for n, kind in enumerate(kinds):
        table.writerow(VARIED | {"protocol.steps.0.for": f"{400 + n / 8} s"} | KINDS[kind][0])
    (folder / "cases.csv").write_text(stream.getvalue())
    (folder / "sweep.yaml").write_text(
        f"name: disturbed\nbase: {BASE}\naxes:\n  - {{kind: csv, path: cases.csv}}\n"
    )
    return kinds


def _disturb(folder: Path, watched: Watched) -> None:
    """Run the command, disturb it, and start it again until it ends by itself."""
    until = time.monotonic() + PATIENCE
    code: int | None = None
    while code != 0 and time.monotonic() < until:
        watched.commands += 1
        with (folder / "said.txt").open("ab") as said:
            command = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "solver.cli",
                    "sweep",
                    "sweep.yaml",
                    "--out",
                    "disturbed",
                    "--workers",
                    "2",
                ],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        code = _watch(command, watched, until)
        if code not in {0, 130, -signal.SIGKILL}:
            watched.complaints.append(f"the command ended with {code}: {_last(folder / 'said.txt')}")
            return
    if code != 0:
        watched.complaints.append(f"not done after {PATIENCE:.0f} s: {_last(folder / 'said.txt')}")


def _watch(command: "subprocess.Popen[bytes]", watched: Watched, until: float) -> int:
    """Look at a running command and do to it what is due; its exit code."""
    store = watched.store
    with command:
        while command.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
            running = store.being_run()
            _look(watched)
            if watched.deadly in running:
                _kill_worker(watched, watched.deadly)
            if watched.plot and running and len(watched.seen) >= watched.plot[0].after:
                _happen(watched, watched.plot.pop(0).what, command, next(iter(running)))
        if command.poll() is None:
            command.kill()
    gone = time.monotonic() + LINGERING
    while store.being_run():
        if time.monotonic() > gone:
            watched.complaints.append(f"workers were alive {LINGERING:.0f} s after their command had ended")
            break
        time.sleep(0.02)
    return command.returncode


def _happen(watched: Watched, what: str, command: "subprocess.Popen[bytes]", case: str) -> None:
    if what == "worker":
        if case != watched.deadly:
            _kill_worker(watched, case)
    else:
        command.send_signal(signal.SIGINT if what == "interrupt" else signal.SIGKILL)


def _kill_worker(watched: Watched, case: str) -> None:
    """Kill the worker that runs a case: the last line of the lock tells its number."""
    try:
        lines = (watched.store.running / f"{case}.lock").read_text().splitlines()
        number = int(lines[-1].split()[-1])
    except (OSError, IndexError, ValueError):
        return  # it has just ended
    if number not in watched.killed:
        os.kill(number, signal.SIGKILL)
        watched.killed.append(number)


def _look(watched: Watched) -> None:
    """Note which cases are finished, and whether one was finished a second time."""
    for path in watched.store.cases.glob("*/summary.json"):
        try:
            identity = path.stat().st_ino
        except OSError:
            continue
        if watched.seen.setdefault(path.parent.name, identity) != identity:
            watched.complaints.append(f"{path.parent.name} was finished twice")


def _judge(watched: Watched, reference: Store, of_hash: Mapping[str, str]) -> None:
    """Compare what is there with what should be."""
    complain = watched.complaints.append
    store = watched.store
    _look(watched)
    ended, wanted = _ended(store), _ended(reference)
    for name, kind in of_hash.items():
        status = "invalid" if kind == "bad input" else wanted[name].status if name in wanted else "nothing"
        if status != KINDS[kind][1]:
            complain(f"{name}, {kind}: undisturbed it is {status}, not {KINDS[kind][1]}")
        if name == watched.deadly:
            status = "lost"
        found = ended[name].status if name in ended else "nothing"
        if found != status:
            complain(f"{name}, {kind}: {found}, not {status}")
        elif found not in {"done", "invalid"} and not ended[name].reason:
            complain(f"{name}, {kind}: {found} without a reason")
    for name in sorted(set(ended) - set(of_hash)):
        complain(f"{name}: nobody asked for it")
    for name in store.finished():
        if _results(store, name) != _results(reference, name):
            complain(f"{name}: other results than undisturbed")
    for left in sorted(path.name for path in store.running.iterdir()):
        if left != watched.deadly:  # its folder may be looked at
            complain(f"running/{left} was left")
    if store.scratch.exists():
        complain("the workers' folder was left")
    for number in watched.killed:
        complain_of = list(Path("/dev/shm").glob(f"mpich_shm_{number:x}_*"))
        watched.complaints += [f"{path} was left" for path in complain_of]


def _ended(store: Store) -> dict[str, Any]:
    return store.failed() | store.finished()


def _results(store: Store, name: str) -> tuple[bytes, dict[str, Any]]:
    """History and summary of a case, without what depends on the machine."""
    folder = store.cases / name
    summary = json.loads((folder / "summary.json").read_text())
    return (folder / "history.csv").read_bytes(), {
        key: value for key, value in summary.items() if key not in {"wall_time_s", "peak_memory_bytes"}
    }


def _last(said: Path) -> str:
    return " | ".join(said.read_text(errors="replace").splitlines()[-3:])
