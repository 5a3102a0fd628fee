"""What was measured, a file a measurement, so that an interrupted session goes on where it stopped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.performance.job import Job, Values
from benchmarks.performance.sample import Sample

GIVEN_UP = "took more than"
"""How the failure of a measurement begins that was given up; it is an answer and is not asked for again."""


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        job: its name.
        repeat: which of the repeats, from 0.
        given: what was asked.
        ranks: MPI ranks.
        values: what was found; empty where it failed.
        failure: why it failed; empty for none.
        version: of the program.
    """

    job: str
    repeat: int
    given: Mapping[str, Any]
    ranks: int
    values: Values
    failure: str = ""
    version: str = ""


def path_of(folder: Path, family: str, job: Job, repeat: int) -> Path:
    """Where a measurement is kept."""
    return folder / "rows" / family / f"{job.name}.{repeat}.json"


def keep(path: Path, row: Row) -> None:
    """Write a row; a half-written one never bears its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(asdict(row), indent=1), encoding="utf-8")
    beside.replace(path)


def recall(path: Path, job: Job) -> Row | None:
    """The row of a measurement, or None where it is still to be made.

    Missing are also rows that failed, unless by taking too long, and rows of something else by that name.
    """
    if not path.exists():
        return None
    row = Row(**json.loads(path.read_text(encoding="utf-8")))
    same = dict(row.given) == json.loads(json.dumps(dict(job.given))) and row.ranks == job.ranks
    settled = not row.failure or row.failure.startswith(GIVEN_UP)
    return row if same and settled else None


@dataclass(frozen=True)
class Rows:
    """All rows that are kept, by family.

    Attributes:
        by_family: rows in the order of jobs and repeats.
    """

    by_family: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def of(self, family: str, job: str = "") -> list[Row]:
        """Rows of a family that did not fail, or of one of its jobs."""
        rows = self.by_family.get(family, ())
        return [row for row in rows if not row.failure and (not job or row.job == job)]

    def jobs(self, family: str) -> list[str]:
        """Names of the jobs of which something is known, in order."""
        return list(dict.fromkeys(row.job for row in self.of(family)))

    def given(self, family: str, job: str) -> Mapping[str, Any]:
        """What a measured job was asked."""
        return self.of(family, job)[0].given

    def sample(self, family: str, job: str, name: str) -> Sample | None:
        """All repeats of a number; None where there is none."""
        rows = self.of(family, job)
        values = [float(row.values[name]) for row in rows if name in row.values]
        return Sample(tuple(values)) if values else None

    def words(self, family: str, job: str, name: str) -> str:
        """A word that a job gave, the first time."""
        rows = self.of(family, job)
        return str(rows[0].values.get(name, "")) if rows else ""

    def failures(self, family: str) -> list[str]:
        """What failed, a line each."""
        return [f"{row.job}: {row.failure}" for row in self.by_family.get(family, ()) if row.failure]


def gather(folder: Path, families: Mapping[str, Sequence[Job]]) -> Rows:
    """Read all rows of the jobs of some families, failed ones too."""
    found: dict[str, list[Row]] = {}
    for family, jobs in families.items():
        found[family] = []
        for job in jobs:
            for repeat in range(job.repeats):
                path = path_of(folder, family, job, repeat)
                if path.exists():
                    found[family].append(Row(**json.loads(path.read_text(encoding="utf-8"))))
    return Rows(found)
