"""Damaged input by the thousand: cases, meshes and run folders, and what the commands make of them.

Every command must take its input, or refuse it with exit code 2 and a line that says where; no traceback, no
hang, no crash, and no folder of a run whose input was refused.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from benchmarks.torture.damaged_files import damaged
from benchmarks.torture.good_input import (
    MESH_CASE,
    RUN_FILES,
    good_cases,
    side_of,
    small_cases,
    write_good_meshes,
    write_good_run,
)
from benchmarks.torture.hostile_cases import damaged_cases, mistaken_cases
from benchmarks.torture.judging import BAD_INPUT, ENDED, Tally, fault_of, left_behind
from benchmarks.torture.serving import READ
from benchmarks.torture.worker import ENOUGH, Worker

CASES: Final = 1000
RUNS: Final = 200
FILES: Final = 200
SEED: Final = 20250
READERS: Final[Sequence[Sequence[str]]] = (
    (READ, "bad"),
    ("check", "bad/resolved.yaml"),
    ("report", "bad"),
    (READ, "bad"),
    ("compare", "good", "bad", "--out", "compared", "--force"),
    (READ, "bad"),
)
"""Who reads a run folder."""
MOST_KEPT: Final = 20
"""Inputs at fault that are kept of each kind."""


def mutations() -> bool:
    """Damage everything that commands read, and print what became of it.

    Returns:
        Whether nothing happened that should not.
    """
    with tempfile.TemporaryDirectory(prefix="lithostat-torture-") as name, Worker() as worker:
        folder = Path(name)
        tallies = {
            f"check of {CASES} damaged cases": checks(worker, folder, CASES),
            f"run of {RUNS} damaged cases": runs(worker, folder, RUNS),
            f"check and mesh of {FILES} damaged meshes": mesh_files(worker, folder, FILES),
            f"read, report and compare of {FILES} damaged run folders": run_folders(worker, folder, FILES),
        }
        for words, tally in tallies.items():
            print(f"{words}: {tally}")
        kept = [_keep(words, tally) for words, tally in tallies.items() if tally.faults]
    for path in kept:
        print(f"inputs at fault: {path}")
    return not kept


def checks(worker: Worker, folder: Path, number: int) -> Tally:
    """`check` of damaged cases, shipped ones before."""
    tally = Tally()
    with _empty(folder / "checks") as here:
        for data in examples(damaged_cases(good_cases()), number):
            (here / "case.yaml").write_bytes(data)
            outcome = worker.ask(["check", "case.yaml"], here)
            fault = fault_of(outcome, placed=True)
            if fault is None and sorted(path.name for path in here.iterdir()) != ["case.yaml"]:
                fault = "files were written"
            tally.note(outcome, fault, data)
    return tally


def runs(worker: Worker, folder: Path, number: int) -> Tally:
    """`run` of small spheres, damaged or with numbers that are off; one that goes on for long is stopped."""
    tally = Tally()
    with _empty(folder / "runs") as here:
        wild = examples(damaged_cases(small_cases()), number // 2)
        for data in [*wild, *examples(mistaken_cases(small_cases()), number - len(wild))]:
            shutil.rmtree(here / "out", ignore_errors=True)
            (here / "case.yaml").write_bytes(data)
            outcome = worker.ask(["run", "case.yaml", "--out", "out"], here, ENOUGH)
            fault = fault_of(outcome, placed=True, good=ENDED)
            if outcome.code != 130 or (here / "out").exists():  # before its folder a run just leaves
                fault = fault or left_behind(outcome, here / "out")
            tally.note(outcome, fault, data)
    return tally


def mesh_files(worker: Worker, folder: Path, number: int) -> Tally:
    """`check`, and `mesh` now and then, of cases with damaged mesh files or crystal frames."""
    tally, chance = Tally(), np.random.default_rng(SEED)
    with _empty(folder / "meshes") as here:
        names = write_good_meshes(here)
        for name in names:
            (here / "case.yaml").write_text(MESH_CASE.replace("MESH", name), encoding="utf-8")
            outcome = worker.ask(["check", "case.yaml"], here)
            if outcome.code:
                raise RuntimeError(f"the mesh to damage is not taken: {outcome.err}")
        for turn in range(number):
            mesh = here / names[turn % len(names)]
            target = side_of(mesh) if turn % 4 == 3 else mesh
            good = target.read_bytes()
            data = damaged(good, chance, text=b"\x00" not in good)
            target.write_bytes(data)
            (here / "case.yaml").write_text(MESH_CASE.replace("MESH", mesh.name), encoding="utf-8")
            words = ["mesh", "case.yaml", "--out", "out"] if turn % 5 == 4 else ["check", "case.yaml"]
            outcome = worker.ask(words, here)
            fault = fault_of(outcome, placed=True)
            if fault is None and outcome.code == BAD_INPUT and (here / "out").exists():
                fault = "refused, and yet a folder was written"
            tally.note(outcome, fault, data)
            shutil.rmtree(here / "out", ignore_errors=True)
            target.write_bytes(good)
    return tally


def run_folders(worker: Worker, folder: Path, number: int, asked: Sequence[Sequence[str]] = READERS) -> Tally:
    """Damaged run folders, read by a script and by commands, each in its turn."""
    tally, chance = Tally(), np.random.default_rng(SEED)
    with _empty(folder / "folders") as here:
        good, bad = write_good_run(worker, here), here / "bad"
        for turn in range(number):
            shutil.copytree(good, bad)
            name = RUN_FILES[turn % len(RUN_FILES)]
            data = damaged((bad / name).read_bytes(), chance, text=name != "fields.vtkhdf")
            (bad / name).write_bytes(data)
            words = asked[turn % len(asked)]
            outcome = worker.ask(words, here)
            tally.note(outcome, fault_of(outcome, placed=words[0] == "check"), data)
            shutil.rmtree(bad)
    return tally


def examples(made: SearchStrategy[bytes], number: int) -> list[bytes]:
    """Inputs, always the same ones.

    Args:
        made: how they are made.
        number: how many.
    """
    found: list[bytes] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made)
    def collect(data: bytes) -> None:
        found.append(data)

    collect()
    return found[:number]


@contextmanager
def _empty(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _keep(words: str, tally: Tally) -> Path:
    """Write inputs at fault where they can be looked at."""
    folder = Path(tempfile.mkdtemp(prefix=f"lithostat-{words.split()[0]}-"))
    for number, (fault, data) in enumerate(tally.faults[:MOST_KEPT]):
        (folder / f"{number}.input").write_bytes(data)
        (folder / f"{number}.txt").write_text(fault + "\n", encoding="utf-8")
    return folder
