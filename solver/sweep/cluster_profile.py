"""What a cluster wants to be told before it takes jobs: a small YAML file, one for each cluster.

Job arrays and Dask's workers read the same file.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from solver.case.errors import CaseError, Place, Problem
from solver.case.explaining import explain
from solver.case.model_parts import Spec
from solver.case.number_fields import Duration, ReadAs, wrong
from solver.case.tree import Table, plain
from solver.case.yaml_reader import read_yaml
from solver.quantities import shown

_BYTES: Final = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_BYTES_BINARY: Final = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_MEMORY: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([kMGT]B|[KMGT]iB)")
_NAME: Final = re.compile(r"[A-Za-z0-9_.,:@+-]{1,80}")
_DIRECTIVE: Final = re.compile(r"-[\x20-\x7e]{1,200}")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f]{1,1000}")

OWN_DIRECTIVES: Final = (
    *(
        "array",
        "job-name",
        "output",
        "error",
        "open-mode",
        "signal",
        "requeue",
        "no-requeue",
        "chdir",
        "wrap",
    ),
    *("ntasks", "cpus-per-task", "mem-per-cpu", "time", "partition", "account", "parsable"),
)
"""What job scripts say themselves, so that no directive of a profile may."""


def _memory(text: str) -> int:
    """Bytes of "4 GB" or "4 GiB"."""
    match = _MEMORY.fullmatch(text)
    allowed = "an amount with its unit, such as 4 GB, at least 1 MB"
    if match is None:
        raise wrong(f"{shown(text)} is no amount of memory", allowed)
    number, unit = match.groups()
    amount = round(float(number) * (_BYTES | _BYTES_BINARY)[unit])
    if amount < _BYTES["MB"]:
        raise wrong(f"{shown(text)} is out of range", allowed)
    return amount


def _name(text: str) -> str:
    """A name that the cluster gave."""
    if not _NAME.fullmatch(text):
        raise wrong(f"{shown(text)} is no name", "letters, digits and _ . , : @ + - as the cluster has it")
    return text


def _directive(text: str) -> str:
    """An option of the submitting command, as it stands behind #SBATCH."""
    if not _DIRECTIVE.fullmatch(text):
        raise wrong(f"{shown(text)} is no directive", "one option, such as '--constraint=avx2'")
    word = re.split(r"[= ]", text.lstrip("-"), maxsplit=1)[0]
    if text.startswith("--") and word in OWN_DIRECTIVES:
        raise wrong(
            f"{shown(text)} is what the job script says itself", "a key of the profile, or another option"
        )
    return text


def _line(text: str) -> str:
    """A line of shell, or a word of a command."""
    if not _LINE.fullmatch(text):
        raise wrong(f"{shown(text)} does not fit", "one line of at most 1000 characters")
    return text


Name = Annotated[str, ReadAs(str, _name)]
Memory = Annotated[int, ReadAs(str, _memory)]
Lines = tuple[Annotated[str, ReadAs(str, _line)], ...]
Directives = tuple[Annotated[str, ReadAs(str, _directive)], ...]
Count = Annotated[int, Field(ge=1, le=100_000)]


class ClusterProfile(Spec):
    """A cluster as its users see it.

    Attributes:
        scheduler: who takes the jobs; job arrays are for Slurm alone.
        partition: queue to submit to; the cluster's own choice if none.
        account: project that pays.
        time: limit of one job [s].
        memory: for each rank, or each worker of Dask [bytes].
        at_once: most cases, or workers, that run at one time.
        notice: how long before its limit a job is told to write what it has and to stop [s].
        restarts: how often a job that its limit stopped goes back into the queue by itself.
        directives: further options of the submitting command.
        prologue: lines of shell before the program starts: modules, environments, variables.
        launcher: words that start the ranks of a job; ranks are not to wait for ever for one that died.
        command: words that start lithostat on a node; where this one was started from, if empty.
        interface: network interface over which Dask's workers talk.
    """

    scheduler: Literal["slurm", "pbs", "sge", "lsf", "oar", "moab", "htcondor"] = "slurm"
    partition: Name | None = None
    account: Name | None = None
    time: Duration | None = None
    memory: Memory = 2 * _BYTES["GB"]
    at_once: Count = 50
    notice: Duration = 120.0
    restarts: Annotated[int, Field(ge=0, le=1000)] = 3
    directives: Directives = ()
    prologue: Lines = ()
    launcher: Lines = ("srun", "--wait=60")
    command: Lines = ()
    interface: Name | None = None


def read_profile(path: Path) -> ClusterProfile:
    """Read the profile of a cluster.

    Args:
        path: the YAML file.

    Returns:
        The profile, in SI.

    Raises:
        CaseError: every mistake in it, a line each with its place.
    """
    origin = Place(str(path), 1, 1, path.parent)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaseError([Problem(origin, "profile", error.strerror or str(error), "a YAML file")]) from error
    tree, problems = read_yaml(data, origin)
    if tree is None or problems:
        raise CaseError(problems)
    if not isinstance(tree, Table):
        raise CaseError([Problem(origin, "profile", "no mapping of keys", _keys())])
    try:
        profile = ClusterProfile.model_validate(plain(tree))
    except ValidationError as error:
        raise CaseError(explain(error, tree, ClusterProfile)) from error
    return profile


def _keys() -> str:
    fields: dict[str, Any] = ClusterProfile.model_fields
    return f"keys: {', '.join(fields)}"
