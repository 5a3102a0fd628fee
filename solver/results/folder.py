"""The folder that a run writes into, from its first line of log to its summary."""

import contextlib
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TextIO

from solver.results.atomic import replace_file
from solver.results.checkpoint import FILE as CHECKPOINT
from solver.results.checkpoint import PREVIOUS, Checkpoint, drop_checkpoints, write_checkpoint
from solver.results.fields import FieldWriter, Snapshot
from solver.results.history import HistoryWriter, Value
from solver.results.jsontext import to_json
from solver.results.lock import FILE as LOCK
from solver.results.lock import FolderInUseError, FolderLock
from solver.results.summary import checked_summary
from solver.version import program_version

# The first words of log.txt: by them a folder is known as a run's own and may be replaced.
SIGNATURE = "lithostat "
OWN_FILES = (
    "case.yaml",
    "resolved.yaml",
    "provenance.json",
    "history.csv",
    "fields.vtkhdf",
    "log.txt",
    "summary.json",
    CHECKPOINT,
    PREVIOUS,
)


class FolderError(Exception):
    """The output folder cannot be used; the message is one line that says why and what to do."""


class RunFolder:
    """Everything a run leaves behind. Made by `RunFolder.create`, on rank 0 only.

    Each file is complete at any moment: tables are flushed row by row, the rest is replaced by renaming.
    Use it as a context manager, or close it.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path, lock: FolderLock, kept: tuple[int, int] | None = None) -> None:
        """Begin a folder, or go on with one.

        Args:
            path: The folder.
            lock: Its lock, held.
            kept: How many rows of the history and how many snapshots stay; None begins anew.
        """
        self.path, self._lock = path, lock
        rows, snapshots = kept if kept is not None else (None, None)
        self._history = HistoryWriter(path / "history.csv", rows)
        self._fields = FieldWriter(path, snapshots)
        self._log: TextIO = (path / "log.txt").open("w" if kept is None else "a", encoding="utf-8")
        self._began = time.monotonic()
        self._log.write(f"{SIGNATURE}{program_version()} {time.strftime('%Y-%m-%d %H:%M:%S %z')}\n")
        self._log.flush()

    @staticmethod
    def check(out: Path, force: bool) -> None:
        """Ask whether `create` would accept a folder, without touching it.

        Args:
            out: Folder that a run would write into.
            force: Whether an existing one may be replaced.

        Raises:
            FolderError: It exists and may not be replaced, or its place is taken by a file.
        """
        if not out.exists() and not out.is_symlink():
            return
        if not out.is_dir():
            raise FolderError(f"{out}: is a file; give --out a folder")
        if not force:
            raise FolderError(f"{out}: exists already; give --out another folder, or --force to replace it")

    @classmethod
    def create(cls, out: Path, force: bool = False) -> "RunFolder":
        """Make the folder of a run, once the case and its mesh are known to be good.

        With `force` an earlier run's folder is emptied first. In a folder that no run wrote, only files of
        the names that a run writes are replaced; whatever else lies there is somebody's and stays.

        Args:
            out: Folder to make; missing parents are made.
            force: Replace an existing one.

        Returns:
            The open folder, its log begun.

        Raises:
            FolderError: See `check`; or the disk refused.
        """
        cls.check(out, force)
        try:
            out.mkdir(parents=True, exist_ok=force)
            lock = FolderLock(out)
            _clear(out)
            return cls(out, lock)
        except FileExistsError:
            raise FolderError(f"{out}: another run made it just now; give --out another folder") from None
        except FolderInUseError as error:
            raise FolderError(f"{out}: {error}; give --out another folder, or wait for it") from None
        except OSError as error:
            raise FolderError(f"{out}: cannot be written ({error.strerror})") from error

    @classmethod
    def reopen(cls, path: Path, rows: int, snapshots: int) -> "RunFolder":
        """Go on with the folder of a run that has stopped; what it wrote beyond the counts is cut off.

        Args:
            path: The folder.
            rows: Rows of the history that stay.
            snapshots: Snapshots that stay.

        Returns:
            The open folder.

        Raises:
            FolderError: Somebody else writes into it, it holds less, or the disk refused.
        """
        try:
            lock = FolderLock(path)
            (path / "summary.json").unlink(missing_ok=True)
            return cls(path, lock, (rows, snapshots))
        except FolderInUseError as error:
            raise FolderError(f"{path}: {error}") from None
        except (ValueError, KeyError) as error:
            raise FolderError(f"{error}".strip("'\"")) from error
        except OSError as error:
            raise FolderError(f"{path}: cannot be read or written ({error.strerror or error})") from error

    @property
    def snapshots(self) -> int:
        """Snapshots so far."""
        return self._fields.count

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write_case(self, given: bytes, resolved: str) -> None:
        """Keep the case as its author wrote it, and as it was understood.

        Args:
            given: The case file, byte by byte.
            resolved: The same case as YAML with every default written out.
        """
        replace_file(self.path / "case.yaml", given)
        replace_file(self.path / "resolved.yaml", resolved.encode())

    def given(self) -> str:
        """The case as its author wrote it."""
        return (self.path / "case.yaml").read_bytes().decode(errors="replace")

    def write_provenance(self, provenance: Mapping[str, object]) -> None:
        """Write provenance.json; see `collect_provenance`."""
        replace_file(self.path / "provenance.json", to_json(provenance))

    def append_history(self, row: Mapping[str, Value]) -> None:
        """Add a row to history.csv; columns are `name [unit]`, the same in every row."""
        self._history.append(row)

    def write_snapshot(self, snapshot: Snapshot) -> None:
        """Add the fields of one moment; see `FieldWriter.write`."""
        self._fields.write(snapshot)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint, once the history that it counts on is safe; the one before it is kept."""
        self._history.settle()
        write_checkpoint(self.path, checkpoint)

    def drop_checkpoints(self) -> None:
        """Remove the checkpoints of a run that is over."""
        drop_checkpoints(self.path)

    def write_summary(self, summary: Mapping[str, object]) -> None:
        """Write summary.json, replacing an earlier one.

        Args:
            summary: What `checked_summary` accepts.

        Raises:
            ValueError: A status or a reason that does not exist.
        """
        replace_file(self.path / "summary.json", to_json(checked_summary(summary)))

    def log(self, line: str) -> None:
        """Add a line to log.txt, with the seconds since the folder was made before it.

        A line that the disk refuses is lost: what matters more will fail, too, and say why.
        """
        with contextlib.suppress(OSError):
            self._log.write(f"{time.monotonic() - self._began:10.2f}  {line}\n")
            self._log.flush()

    def give_up(self) -> None:
        """Remove a folder in which nothing has been computed yet."""
        self.close()
        shutil.rmtree(self.path, ignore_errors=True)

    def close(self) -> None:
        """Close the open files; what was written stays readable with or without this."""
        with contextlib.suppress(OSError):  # a full disk refuses what was not written yet
            self._history.close()
        with contextlib.suppress(OSError):
            self._log.close()
        self._lock.release()


def _is_run(folder: Path) -> bool:
    try:
        with (folder / "log.txt").open(encoding="utf-8", errors="replace") as stream:
            return stream.read(len(SIGNATURE)) == SIGNATURE
    except OSError:
        return False


def _clear(folder: Path) -> None:
    everything = _is_run(folder)
    for entry in sorted(folder.iterdir()):
        if entry.name == LOCK:
            continue
        if not everything and entry.name not in OWN_FILES:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
