"""Profiles of clusters are read as strictly as cases."""

from pathlib import Path

import pytest

from solver.case.errors import CaseError
from solver.sweep.cluster_profile import OWN_DIRECTIVES, ClusterProfile, read_profile

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "configs" / "cluster").glob("*.yaml"))


def read(text: str, folder: Path) -> ClusterProfile:
    file = folder / "profile.yaml"
    file.write_text(text, encoding="utf-8")
    return read_profile(file)


def complaint(text: str, folder: Path) -> str:
    with pytest.raises(CaseError) as told:
        read(text, folder)
    (line,) = told.value.lines
    return line.removeprefix(f"{folder}/")


def test_a_profile_is_read_in_si(tmp_path: Path) -> None:
    profile = read(
        "partition: long\naccount: proj-7\ntime: 1.5 h\nmemory: 1.5 GiB\nnotice: 3 min\n"
        "directives: [--constraint=avx2, '--exclude=node[1-3]']\nprologue: ['module load gcc; date']\n",
        tmp_path,
    )
    assert (profile.time, profile.memory, profile.notice) == (5400.0, 1_610_612_736, 180.0)
    assert profile.directives == ("--constraint=avx2", "--exclude=node[1-3]")
    assert profile.prologue == ("module load gcc; date",)
    assert profile.launcher == ("srun", "--wait=60")


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    assert read("{}\n", tmp_path) == ClusterProfile()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_shipped_profiles_are_read(file: Path) -> None:
    assert read_profile(file).time


def test_there_are_shipped_profiles() -> None:
    assert len(SHIPPED) >= 2


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("partitoin: long\n", "profile.yaml:1:1: partitoin: unknown key, did you mean 'partition'?"),
        ("time: 90\n", "profile.yaml:1:7: time: the number 90 has no unit"),
        ("time: 1 m\n", "profile.yaml:1:7: time: "),
        ("time: 0 h\n", "profile.yaml:1:7: time: '0 h' is out of range"),
        ("memory: 4 G\n", "profile.yaml:1:9: memory: '4 G' is no amount of memory"),
        ("memory: 2 kB\n", "profile.yaml:1:9: memory: '2 kB' is out of range"),
        ("memory: 4000000000\n", "profile.yaml:1:9: memory: "),
        ("account: 'a b'\n", "profile.yaml:1:10: account: 'a b' is no name"),
        ('account: "a\\n#SBATCH --uid=0"\n', "profile.yaml:1:10: account: "),
        ("partition: '$(reboot)'\n", "profile.yaml:1:12: partition: "),
        ("at_once: 0\n", "profile.yaml:1:10: at_once: "),
        ("restarts: -1\n", "profile.yaml:1:11: restarts: "),
        ("restarts: true\n", "profile.yaml:1:11: restarts: "),
        ("\nscheduler: slrm\n", "profile.yaml:2:12: scheduler: "),
        ("directives: [constraint]\n", "profile.yaml:1:14: directives[0]: 'constraint' is no directive"),
        ('directives: ["--x\\nreboot"]\n', "profile.yaml:1:14: directives[0]: "),
        ('prologue: ["a\\nb"]\n', "profile.yaml:1:12: prologue[0]: "),
        ("prologue: module load x\n", "profile.yaml:1:11: prologue: "),
        ("- a\n", "profile.yaml:1:1: profile: no mapping of keys"),
        ("time: 1 h\ntime: 2 h\n", "profile.yaml:2:1: time: duplicate key"),
    ],
)
def test_a_mistake_is_named_where_it_stands(text: str, start: str, tmp_path: Path) -> None:
    assert complaint(text, tmp_path).startswith(start)


@pytest.mark.parametrize("option", OWN_DIRECTIVES)
@pytest.mark.parametrize("form", ["--{}", "--{}=x", "--{} x"])
def test_what_the_job_script_says_itself_is_no_directive(option: str, form: str, tmp_path: Path) -> None:
    text = f"directives: ['{form.format(option)}']\n"
    assert "is what the job script says itself" in complaint(text, tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"none\.yaml:1:1: profile: No such file"):
        read_profile(tmp_path / "none.yaml")
