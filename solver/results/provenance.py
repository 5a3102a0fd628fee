"""provenance.json: what would be needed to repeat a run, and whom to cite."""

import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Distributions whose version can change a result or a file; DOLFINx has one name per way of installing it.
PACKAGES = (
    "lithostat",
    "dolfinx-solver-real",
    "fenics-dolfinx",
    "fenics-basix",
    "fenics-ffcx",
    "fenics-ufl",
    "petsc4py",
    "mpi4py",
    "mpich",
    "gmsh",
    "h5py",
    "meshio",
    "numba",
    "numpy",
    "scipy",
    "pydantic",
    "ruamel.yaml",
    "pyvista",
    "vtk",
)

SOFTWARE_CITATIONS = (
    "I. A. Baratta et al., DOLFINx: the next generation FEniCS problem solving environment (2023), "
    "doi:10.5281/zenodo.10447666",
    "M. W. Scroggs et al., Basix: a runtime finite element basis evaluation library, J. Open Source Softw. 7 "
    "(2022) 3982, doi:10.21105/joss.03982",
    "M. S. Alnaes et al., Unified Form Language, ACM Trans. Math. Softw. 40 (2014) 9, doi:10.1145/2566630",
    "S. Balay et al., PETSc/TAO Users Manual, Argonne National Laboratory, ANL-21/39",
    "P. R. Amestoy et al., A fully asynchronous multifrontal solver using distributed dynamic scheduling, "
    "SIAM J. Matrix Anal. Appl. 23 (2001) 15-41, doi:10.1137/S0895479899358194",
    "C. Geuzaine, J.-F. Remacle, Gmsh: a 3-D finite element mesh generator with built-in pre- and "
    "post-processing facilities, Int. J. Numer. Methods Eng. 79 (2009) 1309-1331, doi:10.1002/nme.2579",
)


def collect_provenance(
    *,
    ranks: int,
    mesh_hash: str,
    case_hash: str,
    sources: Iterable[str] = (),
    extra: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Gather what a later reader needs to repeat a run.

    Args:
        ranks: MPI ranks of the run.
        mesh_hash: Hash of the mesh, as the mesher reports it.
        case_hash: Hash of the resolved case.
        sources: Where the numbers of the case come from; listed among the citations.
        extra: Further entries, such as linear solver options; they win over those gathered here.

    Returns:
        A mapping for `RunFolder.write_provenance`.
    """
    return {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": sys.argv,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processor": processor(),
        "packages": dict(package_versions()),
        "commit": source_commit(),
        "ranks": ranks,
        "mesh_hash": mesh_hash,
        "case_hash": case_hash,
        "citations": [*SOFTWARE_CITATIONS, *dict.fromkeys(sources)],
        **(extra or {}),
    }


@cache
def package_versions() -> Mapping[str, str]:
    """Installed versions of `PACKAGES`; those that are not installed as distributions are left out.

    Asked for once in a process: what it has loaded stays, and asking costs as much as a tenth of a short run.
    """
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def source_commit() -> str | None:
    """Commit of the source tree this package runs from, `-dirty` appended where files differ from it.

    As it was when a process first asked, which is nearest to when it loaded the files.

    Returns:
        The hash, or None for an installed package or where there is no git.
    """
    folder = Path(__file__).resolve().parent
    # An environment may lie inside somebody else's repository: only a tree that tracks this file counts.
    if _git(folder, "ls-files", "--error-unmatch", Path(__file__).name) is None:
        return None
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    return f"{commit}-dirty" if _git(folder, "status", "--porcelain", "--untracked-files=no") else commit


@cache
def processor() -> str:
    """Name of the processor model, or the machine's architecture where the system does not tell."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
