"""The wheel, installed not editably and run from another folder, brings its own cases and phases."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASE = """name: away
architecture: liquid
temperature: 298.15 K
geometry: {kind: core_shell, dimension: spherical, radius: 2.5 um, shell_thickness: 400 nm}
phases: {layered: nmc721, rock_salt: rock_salt_nio}
mechanics: {coherency: 1.0, stack_pressure: 0 MPa, loading: hydrostatic}
surface: {exchange_current_density: 1 A/m^2}
protocol: {specific_current_1C: 150 mA/g, start: {voltage: 3.6 V}, steps: []}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment that holds the wheel and sees the libraries, but not the source tree."""
    place = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run(
        [*pip, "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True
    )
    libraries = sysconfig.get_paths(vars={"base": str(place), "platbase": str(place)})["purelib"]
    # A path file within a path file's folder is not read, so the editable install stays out of sight.
    (Path(libraries) / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return place


def away(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(installed / "bin" / arguments[0]), *arguments[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_wheel_holds_the_packages_and_every_shipped_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        "solver/_configs/" + path.relative_to(ROOT / "configs").as_posix()
        for path in (ROOT / "configs").rglob("*.yaml")
    }
    assert len(shipped) >= 10
    assert shipped <= names
    assert {"solver/cli/__init__.py", "solver/py.typed", "meshes/__init__.py", "meshes/py.typed"} <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"solver", "meshes", next(name for name in tops if name.endswith(".dist-info"))}


def test_the_metadata_say_what_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    about = message_from_bytes(archive.read(metadata))
    assert about["Name"] == "lithostat"
    assert about["License-Expression"] == "MIT"
    assert about["Requires-Python"] == ">=3.12"
    assert sorted(about.get_all("Provides-Extra") or ()) == ["cluster", "wheel"]
    needed = about.get_all("Requires-Dist")
    assert needed is not None
    assert [name for name in needed if "dolfinx" in name and "extra == 'wheel'" in name]
    (entry,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert archive.read(entry).decode().split() == ["[console_scripts]", "lithostat", "=", "solver.cli:main"]


def test_it_runs_away_from_the_source_tree(installed: Path, tmp_path: Path) -> None:
    where = away(installed, tmp_path, "python", "-c", "import solver, meshes; print(solver.__file__)")
    assert where.stdout.startswith(str(installed)), where.stderr
    assert away(installed, tmp_path, "lithostat", "--version").returncode == 0


def test_shipped_phases_are_found_away_from_the_source_tree(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CASE)
    result = away(installed, tmp_path, "lithostat", "check", "case.yaml")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "away" in result.stdout
