"""Job scripts and lists of cases, as texts."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from solver.sweep.cluster_profile import ClusterProfile
from solver.sweep.engine import SweepError, Task
from solver.sweep.slurm_script import Limits, job_script, limits, read_lines, task_lines

HOSTILE = (
    "name=$(touch pwned)",
    "name=`touch pwned`",
    "name=a'; touch pwned; '",
    'name="a\\\\b\\tc"',
    "name= * ~ ? [a-z] # & | > pwned ",
    "name=%s%n µ €",
    "--out=/",
    "x=",
)


def task(folder: Path, overrides: tuple[str, ...] = (), **given: object) -> Task:
    made = Task("0123456789abcdef", "quick/sphere_2007", overrides, folder, "session")
    return replace(made, **given)  # type: ignore[arg-type]


def directives(script: str) -> list[str]:
    return [line.removeprefix("#SBATCH ") for line in script.splitlines() if line.startswith("#SBATCH ")]


def test_a_list_of_cases_comes_back_as_it_was(tmp_path: Path) -> None:
    tasks = [task(tmp_path, HOSTILE), task(tmp_path, hash="f" * 16), task(tmp_path, ("a=1",), hash="e" * 16)]
    file = tmp_path / "tasks"
    file.write_bytes(task_lines(tasks))
    assert file.read_bytes().count(b"\n") == 3
    assert read_lines(file) == (("0123456789abcdef", *HOSTILE), ("f" * 16,), ("e" * 16, "a=1"))


@pytest.mark.parametrize("text", ["a=1\nb=2", "a=1\tb", "a=\r", "a=\0", "", "a=\x1b[31m"])
def test_a_text_that_is_no_line_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="0123456789abcdef: a job array takes values of one line"):
        task_lines([task(tmp_path, (text,))])


def test_the_script_asks_for_what_the_profile_says(tmp_path: Path) -> None:
    profile = ClusterProfile.model_validate(
        {
            "partition": "long", "account": "p7", "time": "2 h", "memory": "4 GiB", "at_once": 5,
            "restarts": 7, "notice": "3 min", "directives": ("--constraint=avx2",),
            "launcher": ("srun", "--mpi=pmi2"), "command": ("apptainer", "exec", "my image.sif", "lithostat"),
        }
    )  # fmt: skip
    script = job_script("thin", 24, task(tmp_path, ranks=16), profile)
    assert directives(script) == [
        "--constraint=avx2", "--job-name=thin", "--array=1-24%5", "--partition=long", "--account=p7",
        "--time=120", "--ntasks=16", "--cpus-per-task=1", "--mem-per-cpu=4194304K", "--output=log/%a.txt",
        "--open-mode=append", "--requeue", "--signal=TERM@180",
    ]  # fmt: skip
    assert "srun --mpi=pmi2 apptainer exec 'my image.sif' lithostat\n" in script
    assert '[ "$again" -lt 7 ]' in script


def test_what_is_left_out_is_left_to_the_cluster(tmp_path: Path) -> None:
    said = " ".join(directives(job_script("thin", 1, task(tmp_path), ClusterProfile())))
    assert "--ntasks=1 " in said
    for option in ("--time", "--partition", "--account"):
        assert option not in said


@pytest.mark.parametrize("base", ["/a b/$(touch pwned).yaml", "/it's/`touch pwned`", '/"; touch pwned; "'])
def test_the_script_is_bash_and_a_base_is_one_word_of_it(base: str, tmp_path: Path) -> None:
    script = job_script("thin", 2, task(tmp_path, base=base), ClusterProfile())
    file = tmp_path / "job.sh"
    file.write_text(script, encoding="utf-8")
    assert subprocess.run(["bash", "-n", file], capture_output=True, check=True).stderr == b""
    # The line that starts the case, with a printer of words in the place of the program.
    keeper = next(line for line in script.splitlines() if "solver.sweep.array_job" in line)
    printer = tmp_path / "print.sh"
    printer.write_text(script.replace(keeper, "printf '%s\\n' \\").replace("exit ", ": "), encoding="utf-8")
    done = subprocess.run(["bash", printer], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[1:3] == [base, "0"]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("time", "wall", "expected"),
    [
        (None, None, Limits(None, 120, 3)),
        ("90 s", None, SweepError),
        ("2 h", None, Limits(120, 120, 3)),
        ("100.5 min", None, Limits(101, 120, 3)),
        # 30 min for the case, 2 of notice and the one by which Slurm may be early.
        (None, 1800.0, Limits(33, 120, 0)),
        ("2 h", 1800.0, Limits(33, 120, 0)),
        # 28 min of each half hour: 60 min need two restarts.
        ("30 min", 3600.0, Limits(30, 120, 2)),
        ("30 min", 36000.0, Limits(30, 120, 3)),
    ],
)
def test_limits(time: str | None, wall: float | None, expected: Limits | type[SweepError]) -> None:
    profile = ClusterProfile.model_validate({} if time is None else {"time": time})
    if isinstance(expected, Limits):
        assert limits(profile, wall) == expected
    else:
        with pytest.raises(SweepError, match=r"notice: 120 s leave nothing of a job of 90 s"):
            limits(profile, wall)
