"""The two recipes for images take the same steps, and install what the set-up of a clone asks for."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Stage:
    """What one stage of an image starts from, copies and runs."""

    base: str
    name: str = ""
    copies: list[tuple[str, str, str]] = field(default_factory=list)
    """Where from (a stage, or nothing for the repository), what, and to where."""
    steps: list[str] = field(default_factory=list)


def of_the_dockerfile() -> list[Stage]:
    stages: list[Stage] = []
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base, name))
        elif word == "RUN":
            stages[-1].steps.append(rest)
        elif word == "COPY":
            *sources, target = rest.split()
            place = sources.pop(0).removeprefix("--from=") if sources[0].startswith("--from=") else ""
            stages[-1].copies += [(place, source, target) for source in sources]
    return stages


def of_apptainer() -> list[Stage]:
    stages: list[Stage] = []
    section = place = ""
    for line in (ROOT / "docs" / "apptainer.def").read_text().splitlines():
        key, _, value = line.partition(": ")
        if line.startswith("%"):
            section, _, rest = line.removeprefix("%").partition(" ")
            place = rest.removeprefix("from ")
        elif key == "Bootstrap":
            assert value == "docker"
            section = ""
        elif key == "From":
            stages.append(Stage(value))
        elif key == "Stage":
            stages[-1].name = value
        elif section == "files" and line:
            source, target = line.split()
            stages[-1].copies.append((place, source, target))
        elif section == "post" and line.startswith(" "):
            stages[-1].steps.append(line.strip())
    return stages


def packages(step: str) -> set[str]:
    found = re.search(r"apt-get install -y --no-install-recommends ([a-z0-9 .+-]+)", step)
    assert found, step
    return set(found[1].split())


def test_apptainer_takes_the_steps_of_the_dockerfile() -> None:
    docker, apptainer = of_the_dockerfile(), of_apptainer()
    assert [stage.name for stage in docker] == ["environment", ""]
    assert [len(stage.steps) for stage in docker] == [3, 2]
    # Whoever starts an Apptainer image is that user inside, too: no account and no folders are needed.
    account = docker[-1].steps.pop()
    assert account.startswith("useradd ")
    docker[-1].name = "final"  # there every stage has a name
    assert apptainer == docker


def test_both_start_the_command_with_the_same_path() -> None:
    variable = re.compile(r"^(?:ENV|    export) PATH=(.*)$", re.MULTILINE)
    docker = (ROOT / "Dockerfile").read_text()
    apptainer = (ROOT / "docs" / "apptainer.def").read_text()
    assert variable.findall(docker) == variable.findall(apptainer) != []
    assert docker.count('\nENTRYPOINT ["lithostat"]\n') == 1
    assert apptainer.count('\n%runscript\n    exec lithostat "$@"\n') == 1


def test_the_image_holds_what_the_set_up_of_a_clone_asks_for(tmp_path: Path) -> None:
    # A system with nothing at all, and a Python without its venv module and headers.
    for name, script in (
        ("ldconfig", ""),
        ("apt-get", ""),
        ("id", "echo 1000"),
        ("sudo", "exit 1"),
        ("tr", 'exec /usr/bin/tr "$@"'),
        ("python", 'case "$2" in *executable*) echo /opt/python3 ;; *) exit 1 ;; esac'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    check = ["/bin/bash", str(ROOT / "scripts" / "system_libraries.sh"), str(tmp_path / "python")]
    result = subprocess.run(
        check, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert result.returncode == 2, result.stderr
    asked = set(result.stderr.split("--no-install-recommends ")[1].split())
    assert {"gcc", "libc6-dev", "python3-dev", "python3-venv", "libegl1"} <= asked
    environment, image = of_the_dockerfile()
    assert packages(image.steps[0]) == asked - {"python3-venv"} | {"python3"}
    assert packages(environment.steps[0]) == {"ca-certificates", "python3", "python3-venv"}
