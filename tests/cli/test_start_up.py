"""What the commands load: counted in modules, since seconds differ from machine to machine."""

import subprocess
import sys
from pathlib import Path

from solver.case.shipped import shipped_cases

FINITE_ELEMENTS = {"dolfinx", "dolfinx_solver", "ufl", "basix", "ffcx", "mpi4py", "petsc4py"}
MESHES = {"gmsh", "meshio"}
PICTURES = {"pyvista", "vtkmodules", "matplotlib"}
FILES = {"h5py"}
SCIPY = {"scipy.ndimage", "scipy.optimize", "scipy.sparse", "scipy.spatial", "scipy.special"}

SPY = """
import contextlib, io, sys
from solver.cli import main
said = io.StringIO()
with contextlib.redirect_stdout(said):
    codes = [main(words.split()) for words in sys.argv[1:]]
if any(codes):
    sys.exit(said.getvalue())
print(*sys.modules)
"""


def loaded(*commands: str, folder: Path) -> set[str]:
    """Modules that one process holds after some commands, all of which must be good."""
    done = subprocess.run(
        [sys.executable, "-c", SPY, *commands],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_checking_any_shipped_case_needs_numpy_alone(tmp_path: Path) -> None:
    modules = loaded(*(f"check {name}" for name in shipped_cases()), folder=tmp_path)
    assert {"numpy", "pydantic", "meshes"} <= modules
    assert not modules & (FINITE_ELEMENTS | MESHES | PICTURES | FILES | SCIPY | {"numba", "scipy"})


def test_the_run_of_a_sphere_draws_and_meshes_with_no_library(tmp_path: Path) -> None:
    modules = loaded("run quick/core_shell_liquid --out run", folder=tmp_path)
    assert {"dolfinx", "petsc4py", "h5py"} <= modules
    assert not modules & (MESHES | PICTURES | SCIPY)
