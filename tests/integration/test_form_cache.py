"""The cache of compiled forms outlives processes that were killed while they compiled."""

import subprocess
import sys
from pathlib import Path

from solver.cache import form_cache

SCRIPT = """
import sys
from solver.discretisation import compiled
compiled.PATIENCE = 1
from solver.fenics import MPI
import ufl, basix.ufl
from dolfinx import mesh
interval = mesh.create_interval(MPI.COMM_WORLD, 3, (0.0, 2.0))
form = compiled.compile_form({factor} * ufl.SpatialCoordinate(interval)[0] * ufl.dx(domain=interval))
from dolfinx import fem
print(fem.assemble_scalar(form))
"""


def _run(folder: Path, factor: float) -> subprocess.CompletedProcess[str]:
    environment = {"LITHOSTAT_CACHE": str(folder), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(factor=factor)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )


def test_a_killed_compilation_does_not_block_the_next(tmp_path: Path) -> None:
    first = _run(tmp_path, 1.5)
    assert first.returncode == 0, first.stderr
    assert float(first.stdout) == 3.0
    # What a process leaves that was killed while it compiled: a mark, and no module.
    (folder,) = (tmp_path / "forms").iterdir()
    modules = list(folder.glob("libffcx*.c"))
    assert modules
    for mark in modules:
        mark.with_suffix(".c.cached").unlink()
        mark.write_text("")
        for library in folder.glob(f"{mark.stem}*.so"):
            library.unlink()
    second = _run(tmp_path, 1.5)
    assert second.returncode == 0, second.stderr
    assert float(second.stdout) == 3.0


def test_the_cache_is_keyed_by_processor(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path))  # type: ignore[attr-defined]
    assert form_cache().parent == tmp_path / "forms"
