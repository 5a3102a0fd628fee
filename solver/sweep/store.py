"""The folder of a sweep, its only state: what is planned, being run, finished, and what came to nothing.

    sweep.yaml            as given
    table.csv             every planned case
    cases/HASH/           a finished run folder
    running/HASH/         a run folder that is being written, or that a dead worker left
    running/HASH.lock     held by whoever runs the case; a line for each worker that tried
    failed/HASH.json      status, reason and attempts of a case that left no finished run folder

Each change is one renaming, so that a kill at any instant leaves either the state before or the one after.
"""

import csv
import difflib
import io
import json
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.results.atomic import replace_file
from solver.results.file_lock import is_held
from solver.results.jsontext import to_json
from solver.sweep.engine import Result, SweepError
from solver.sweep.locking import HeldError, holding
from solver.sweep.plan import Plan

ENDED = ("done", "ended_early", "failed")
"""Statuses of a summary with which a run folder is finished."""

PATIENCE = 1.0
"""How long a second command waits for the first one to leave [s]."""


@dataclass(frozen=True)
class Claim:
    """The right to run one case, held by one process at a time.

    Attributes:
        path: run folder to write; may hold what a dead worker left.
        deaths: workers of this session that died while they held the claim.
        lock: the open file whose lock is the claim; processes that inherit it share the claim.
    """

    path: Path
    deaths: int
    lock: int


@dataclass(frozen=True)
class Store:
    """A sweep's folder; reading it needs no lock.

    Attributes:
        root: the folder.
    """

    root: Path

    @property
    def cases(self) -> Path:
        """Finished run folders."""
        return self.root / "cases"

    @property
    def running(self) -> Path:
        """Run folders that are not finished."""
        return self.root / "running"

    @property
    def refused(self) -> Path:
        """Reasons of cases without a finished run folder."""
        return self.root / "failed"

    @property
    def scratch(self) -> Path:
        """What workers of this machine need while they live."""
        return self.root / ".workers"

    @contextmanager
    def driving(self, plan: Plan) -> Iterator[None]:
        """Make the folder or go on in it, alone, while the block runs.

        Raises:
            SweepError: Another command is at work in it, or it belongs to something else.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with holding(self.root / ".driver.lock", PATIENCE):
                self._refuse_another(plan)
                for folder in (self.cases, self.running, self.refused):
                    folder.mkdir(exist_ok=True)
                replace_file(self.root / "sweep.yaml", plan.text)
                replace_file(self.root / "table.csv", table_of(plan))
                self.stop_mark.unlink(missing_ok=True)
                yield
                if not self.being_run():
                    self.stop_mark.unlink(missing_ok=True)
        except HeldError:
            raise SweepError(
                f"{self.root}: another `lithostat sweep` is at work here; lithostat sweep status {self.root}"
            ) from None
        except (FileExistsError, NotADirectoryError):
            raise SweepError(f"{self.root}: is a file; give --out a folder") from None
        except PermissionError as error:
            raise SweepError(f"{self.root}: cannot be written ({error.strerror})") from None

    def is_driven(self) -> bool:
        """Whether a command is at work here."""
        return is_held(self.root / ".driver.lock")

    def _refuse_another(self, plan: Plan) -> None:
        given = self.root / "sweep.yaml"
        if not given.exists():
            if any(not entry.name.startswith(".") for entry in self.root.iterdir()):
                raise SweepError(f"{self.root}: exists and holds no sweep; give --out another folder")
            return
        before = given.read_bytes()
        if before != plan.text:
            old, new = (text.decode(errors="replace").splitlines() for text in (before, plan.text))
            difference = difflib.unified_diff(old, new, "made from", "given now", lineterm="", n=0)
            raise SweepError(
                f"{self.root}: was made from another sweep file; give --out another folder", *difference
            )

    def ask_to_stop(self) -> None:
        """Let every worker of the sweep leave the case that it runs, wherever it is."""
        self.stop_mark.touch()

    def is_stopping(self) -> bool:
        """Whether workers are asked to stop."""
        return self.stop_mark.exists()

    @property
    def stop_mark(self) -> Path:
        """The file whose presence asks workers to stop."""
        return self.root / ".stop"

    def finished(self) -> dict[str, Result]:
        """Cases with a finished run folder, by hash."""
        found = (self._kept(name) for name in _names(self.cases))
        return {result.hash: result for result in found if result is not None}

    def failed(self) -> dict[str, Result]:
        """Cases of which nothing runnable came, by hash: `invalid`, `failed` or `lost`."""
        names = (name.removesuffix(".json") for name in _names(self.refused) if name.endswith(".json"))
        found = (self._refusal(name) for name in names)
        return {result.hash: result for result in found if result is not None}

    def being_run(self) -> dict[str, float]:
        """Cases that a living process holds, by hash, and since when [s since the epoch]."""
        found = {}
        for name in _names(self.running):
            path = self.running / name
            if path.suffix == ".lock" and is_held(path):
                try:
                    found[path.stem] = path.stat().st_mtime
                except OSError:
                    continue
        return found

    @contextmanager
    def claiming(self, name: str, session: str, patience: float) -> Iterator[Claim]:
        """Hold the right to run a case while the block runs.

        Args:
            name: Hash of the case.
            session: The command that asks for it.
            patience: How long to wait for another process that still runs it [s].

        Raises:
            HeldError: It ran it all the while.
        """
        path = self.running / f"{name}.lock"
        with holding(path, patience) as file:
            signed = path.read_text().splitlines()
            deaths = sum(line.split(" ", 1)[0] == session for line in signed)
            os.write(file, f"{session} {socket.gethostname()} {os.getpid()}\n".encode())
            yield Claim(self.running / name, deaths, file)

    def ended(self, name: str) -> Result | None:
        """How a case ended, or None; takes in a run folder that was finished but not yet in its place."""
        found = self._kept(name)
        if found is None and _summary(self.running / name).get("status") in ENDED:
            self.keep(name)
            found = self._kept(name)
        return found or self._refusal(name)

    def left(self, name: str) -> Mapping[str, Any]:
        """Summary of a case's unfinished run folder; empty where there is none."""
        return _summary(self.running / name)

    def keep(self, name: str) -> None:
        """Put a run folder with its summary among the finished ones; the case's claim is held."""
        self._put_aside(name)  # a damaged one may stand there
        (self.running / name).rename(self.cases / name)
        (self.refused / f"{name}.json").unlink(missing_ok=True)

    def fail(self, result: Result, attempts: int, trace: str = "") -> Result:
        """Say that nothing runnable came of a case, and why.

        Args:
            result: What came of it.
            attempts: How many workers have tried.
            trace: Where in the program it failed, for a mistake of the program.

        Returns:
            The result.
        """
        told = {"status": result.status, "reason": result.reason, "attempts": attempts}
        more = {"traceback": trace.splitlines()} if trace else {}
        content = to_json({**told, "seconds": round(result.seconds, 3), **more})
        replace_file(self.refused / f"{result.hash}.json", content)
        return result

    def forget(self, name: str) -> None:
        """Let a case be missing again, so that it is run again."""
        (self.refused / f"{name}.json").unlink(missing_ok=True)
        self._put_aside(name)
        shutil.rmtree(self.running / name, ignore_errors=True)

    def _put_aside(self, name: str) -> None:
        """Remove a finished run folder: out of its place at once, from the disk by and by."""
        aside = self.running / f"{name}.old"
        shutil.rmtree(aside, ignore_errors=True)
        if (self.cases / name).exists():
            (self.cases / name).rename(aside)
            shutil.rmtree(aside, ignore_errors=True)

    def _kept(self, name: str) -> Result | None:
        summary = _summary(self.cases / name)
        if summary.get("status") not in ENDED:
            return None
        seconds = (summary.get("wall_time_s") or {}).get("total") or 0.0
        return Result(name, summary["status"], reason_of(summary), float(seconds))

    def _refusal(self, name: str) -> Result | None:
        told = _json(self.refused / f"{name}.json")
        if "status" not in told:
            return None
        return Result(name, told["status"], told.get("reason", ""), float(told.get("seconds", 0.0)))


def reason_of(summary: Mapping[str, Any]) -> str:
    """Why a run did not end by its protocol, one line; empty where it did."""
    if summary.get("status") == "done":
        return ""
    said = str(summary.get("ended_by", "unknown")).replace("_", " ")
    details = [
        text.split(": ", 1)[-1] for text in summary.get("warnings", ()) if str(text).startswith("step ")
    ]
    return " ".join((f"{said}: {details[-1]}" if details else said).split())


def table_of(plan: Plan) -> bytes:
    """table.csv of a plan: number, hash, a column a field, and what is wrong with invalid cases."""
    fields = list(dict.fromkeys(field for case in plan.cases for field in case.values))
    stream = io.StringIO(newline="")
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["number", "hash", *fields, "problem"])
    for case in plan.cases:
        values = [_cell(case.values[field]) if field in case.values else "" for field in fields]
        table.writerow([case.number, case.hash, *values, "; ".join(case.problem)])
    return stream.getvalue().encode()


def _cell(value: object) -> str:
    """A value as text: as it stands in a case file, lists and switches as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - ten thousand names, no paths needed
    except OSError:
        return []


def _summary(folder: Path) -> Mapping[str, Any]:
    return _json(folder / "summary.json")


def _json(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
