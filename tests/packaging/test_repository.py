"""What the repository promises about its own files."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def project() -> dict[str, object]:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return tomllib.load(stream)


def test_ci_calls_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1:] == ['cd "$(dirname "$0")/.." || exit', "exec make test"]


def test_no_tracked_file_names_a_package_registry() -> None:
    # Written in parts, so that this file does not name one itself.
    hosts = ["py" + "pi.org", "python" + "hosted.org", "conda." + "anaconda.org", "deb." + "debian.org"]
    options = [r"index-url[ =]+\"?http", r"https?://[^ \"]+/simp" + "le"]
    pattern = re.compile("|".join([*map(re.escape, hosts), *options]))
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures and meshes
        found += [f"{path}:{n}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    assert found == []
    assert pattern.search("index" + "-url = https://example.org")
    assert not [path for path in tracked() if path.name == "uv.lock"]


def test_every_locked_package_carries_hashes() -> None:
    for name in ("requirements.lock", "requirements-peers.lock", "scripts/bootstrap.lock"):
        text = re.sub(r"^ *#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
        entries = text.replace("\\\n", " ").splitlines()
        assert len(entries) >= 1
        for entry in entries:
            assert re.match(r"^[a-z0-9-]+==\S+ ", entry), entry
            assert "--hash=sha256:" in entry, entry


def entries(lock: str) -> dict[str, str]:
    """Packages of a lock by name: version, marker and hashes, without what asks for them."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / lock).read_text(), flags=re.MULTILINE)
    return dict(entry.split("==", 1) for entry in text.replace("\\\n", " ").splitlines())


def test_every_dependency_is_locked_and_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    table = project()
    about = table["project"]
    groups = table["dependency-groups"]
    assert isinstance(about, dict)
    assert isinstance(groups, dict)
    of_all = about["dependencies"] + about["optional-dependencies"]["wheel"] + groups["dev"]
    for wanted, lock in ((of_all, "requirements.lock"), (groups["peers"], "requirements-peers.lock")):
        for requirement in wanted:
            name = re.split(r"[<>=~ ]", requirement)[0]
            assert name.replace(".", "-") in entries(lock)
            assert re.search(rf'"{re.escape(requirement)}", +# \S+ \S+', text), requirement


def test_the_programs_compared_with_change_nothing_of_what_lithostat_itself_uses() -> None:
    own, peers = entries("requirements.lock"), entries("requirements-peers.lock")
    shared = own.keys() & peers.keys()
    assert "numpy" in shared
    assert {name: own[name] for name in shared} == {name: peers[name] for name in shared}
    # A second PETSc beside the one of the wheel would break it.
    assert not [name for name in peers if re.search(r"petsc|mpi4py|mpich|fenics|dolfinx", name)]


def test_the_finite_element_wheel_stays_an_extra() -> None:
    about = project()["project"]
    assert isinstance(about, dict)
    of_the_cluster = re.compile(r"dolfinx|petsc|mpi4py|mpich|fenics")
    assert not [name for name in about["dependencies"] if of_the_cluster.search(name)]
    assert [name for name in about["optional-dependencies"]["wheel"] if "dolfinx" in name]
