"""The hunt: an error is planted in a copy of the code; pages and tests run there until they catch it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks.planted.error import PlantedError
from benchmarks.verification.computing import complaints, read
from benchmarks.verification.contents import names

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 900.0
"""A page or a file of tests that takes longer has hung: that too is noticed [s]."""

KEPT = ("forms", "kernels")
"""Parts of the cache that name their files by the text that they were compiled from."""

BROKEN = re.compile(r"\b(SyntaxError|ImportError|ModuleNotFoundError|NameError|IndentationError)\b")
"""An error that keeps the program from starting is caught by anything, and proves nothing."""


@dataclass(frozen=True)
class Catch:
    """What noticed a planted error.

    Attributes:
        where: the page or the test.
        words: what it said.
    """

    where: str
    words: str


@dataclass(frozen=True)
class Hunt:
    """How the hunt for one error went.

    Attributes:
        error: the error.
        page: what caught it among the pages, or None.
        test: what caught it among the tests, or None.
        duration: [s].
    """

    error: PlantedError
    page: Catch | None
    test: Catch | None
    duration: float

    @property
    def caught(self) -> bool:
        """Whether a page and a test both caught it."""
        return self.page is not None and self.test is not None


class Copy:
    """A copy of the repository's files where one error at a time is planted."""

    def __init__(self, root: Path, kept: Path | None = None) -> None:
        """Copy what git knows of, as it stands in the working tree.

        Args:
            root: folder to make.
            kept: a cache whose compiled code is there from the start; meshes are always made anew, by the
                code of the copy.
        """
        self.root, self.kept = root, kept
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
        for name in filter(None, listed.split("\0")):
            source, goal = ROOT / name, root / name
            if source.is_file():
                goal.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, goal)
        # Tests of the repository itself ask git; its objects are not needed.
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        self.cache = root.with_name(root.name + "-cache")

    def fresh_cache(self) -> None:
        """Forget all meshes, and compiled code but that which was handed over."""
        shutil.rmtree(self.cache, ignore_errors=True)
        self.cache.mkdir(parents=True)
        for part in KEPT:
            if self.kept is not None and (self.kept / part).exists():
                shutil.copytree(self.kept / part, self.cache / part)

    def page(self, name: str) -> Catch | None:
        """Compute the short form of a page; what it complains of, or None where it holds."""
        path = self.root.with_name(f"{self.root.name}-page.json")
        path.unlink(missing_ok=True)
        code, said = self._run(["-m", "benchmarks.verification.computing", name, str(path), "--short"])
        if not path.exists():
            return None if BROKEN.search(said) else Catch(name, f"ended with {code}: {_last(said)}")
        computed = read(path)
        if computed.holds or BROKEN.search(computed.failure):
            return None
        return Catch(name, complaints(computed)[0])

    def tests(self, name: str) -> Catch | None:
        """Run a file of tests until one fails; the failed test, or None where all pass."""
        code, said = self._run(["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line", name])
        if code == -signal.SIGKILL:
            return Catch(name, "did not end")
        return first_failure(said) if code == 1 and not BROKEN.search(said) else None

    def _run(self, words: Sequence[str]) -> tuple[int, str]:
        """Run Python on the copy's own packages; exit code and everything said."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.root),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "LITHOSTAT_CACHE": str(self.cache),
        }
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return -signal.SIGKILL, ""
        return process.returncode, said


def first_failure(said: str) -> Catch | None:
    """The first test that pytest's summary names as failed; its name may hold spaces."""
    failed = re.search(r"^FAILED (.+?)(?: - (.*))?$", said, re.M)
    return Catch(failed[1], failed[2] or "failed") if failed else None


def _last(said: str) -> str:
    return (said.strip().splitlines() or ["nothing said"])[-1]


def hunt(error: PlantedError, copy: Copy) -> Hunt:
    """Plant an error and run pages and tests, the nearest first, until one of each has caught it."""
    began = monotonic()
    page: Catch | None = None
    test: Catch | None = None
    copy.fresh_cache()
    with error.in_place(copy.root):
        for name in _in_order(error.pages, names()):
            page = copy.page(name)
            if page is not None:
                break
        for name in _in_order(error.tests, files_of_tests()):
            test = copy.tests(name)
            if test is not None:
                break
    return Hunt(error, page, test, monotonic() - began)


def _in_order(nearest: Sequence[str], everything: Sequence[str]) -> Iterator[str]:
    yield from nearest
    yield from (name for name in everything if name not in nearest)


def files_of_tests() -> list[str]:
    """All files of tests that may catch an error.

    Not the one that runs the pages, which would count the same catch twice, nor those of installations, which
    fail for reasons of their own where a copy is installed on a busy machine.
    """
    found = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))
    own = [name for name in found if not name.startswith("tests/packaging/")]
    return [name for name in own if not name.endswith(("test_book.py", "test_planted_errors.py"))]


def nearest(errors: Sequence[PlantedError]) -> tuple[list[str], list[str]]:
    """The pages and test files that stand first in the hunts, each once."""
    pages = dict.fromkeys(page for error in errors for page in error.pages)
    tests = dict.fromkeys(test for error in errors for test in error.tests)
    return list(pages), list(tests)
