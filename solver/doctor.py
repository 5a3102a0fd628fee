"""`lithostat doctor`: whether what a run needs is there, and what to do where it is not.

Libraries are tried in processes of their own: one with a missing system library may end by a signal.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: What was looked at.
        good: Whether a run can rely on it.
        detail: What was found.
        advice: What to do if it is not good.
    """

    name: str
    good: bool
    detail: str
    advice: str = ""


def doctor() -> int:
    """Look at everything and print it.

    Returns:
        0 when all is well, 2 when something that a run needs is missing.
    """
    findings = []
    for look in CHECKS:
        finding = look()
        findings.append(finding)
        print(f"{'ok     ' if finding.good else 'MISSING'}  {finding.name:<14} {finding.detail}", flush=True)
        if not finding.good:
            print(f"         -> {finding.advice}", flush=True)
    return 0 if all(finding.good for finding in findings) else 2


def look_at_python() -> Finding:
    """The interpreter."""
    good = sys.version_info >= (3, 12)
    return Finding("Python", good, f"{sys.version.split()[0]} ({sys.executable})", "use Python 3.12 or newer")


def look_at_mpi() -> Finding:
    """MPI, and a launcher that starts two ranks that know of each other."""
    code = (
        "from solver.fenics import MPI; c = MPI.COMM_WORLD; "
        "s = c.allreduce(1); "
        "c.rank == 0 and print(s, MPI.Get_library_version().split(chr(10))[0].strip(chr(0)), flush=True)"
    )
    launcher = find_launcher()
    if launcher is None:
        return Finding(
            "MPI",
            False,
            "no mpiexec beside the interpreter or on the path",
            "install the `wheel` extra (pip install 'lithostat[wheel]') or load the MPI of your DOLFINx",
        )
    said, why = _ask([str(launcher), "-n", "2", sys.executable, "-c", code])
    counts = [line.split(maxsplit=1) for line in said.splitlines() if line[:1].isdigit()]
    if why or not counts:
        return Finding(
            "MPI", False, why or "ranks did not start", f"see why `{launcher} -n 2 hostname` fails"
        )
    if any(count[0] != "2" for count in counts):
        return Finding(
            "MPI",
            False,
            f"{launcher} starts ranks that do not see each other",
            "its MPI is another than the one DOLFINx was built with: use the mpiexec that came with DOLFINx",
        )
    library = next((count[1] for count in counts if len(count) > 1), "")
    return Finding("MPI", True, f"{' '.join(library.split())[:60]}, two ranks by {launcher}")


def look_at_dolfinx() -> Finding:
    """DOLFINx 0.11 with a real PETSc."""
    code = (
        "import solver.fenics, dolfinx; from petsc4py import PETSc; "
        "print(dolfinx.__version__, PETSc.ScalarType.__name__, '.'.join(map(str, PETSc.Sys.getVersion())))"
    )
    advice = "install the `wheel` extra (pip install 'lithostat[wheel]') or DOLFINx 0.11 of your own"
    said, why = _ask([sys.executable, "-c", code])
    if why or len(said.split()) < 3:
        return Finding("DOLFINx", False, why or "cannot be loaded", advice)
    version, scalar, petsc = said.split()[-3:]
    good = version.startswith("0.11") and scalar == "float64"
    return Finding("DOLFINx", good, f"{version}, PETSc {petsc} with {scalar}", advice)


def look_at_compiler() -> Finding:
    """A C compiler and Python's headers: forms are compiled when they are first used."""
    command = (os.environ.get("CC") or "cc").split()
    advice = "apt-get install gcc libc6-dev python3-dev (or name a compiler in CC)"
    if shutil.which(command[0]) is None and shutil.which("gcc") is None:
        return Finding("compiler", False, f"no {command[0]}", advice)
    if shutil.which(command[0]) is None:
        command = ["gcc"]
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.is_file():
        return Finding("compiler", False, f"no {header}", advice)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "form.c"
        source.write_text("#include <Python.h>\n#include <math.h>\ndouble f(double x) { return exp(x); }\n")
        built = Path(folder) / "form.so"
        flags = [f"-I{header.parent}", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(built)]
        _, why = _ask([*command, str(source), *flags])
    return Finding("compiler", not why, why or f"{' '.join(command)} compiles shared objects", advice)


def look_at_gmsh() -> Finding:
    """Mesh generation."""
    code = "import gmsh; gmsh.initialize(interruptible=False); print(gmsh.__version__); gmsh.finalize()"
    said, why = _ask([sys.executable, "-c", code])
    advice = "apt-get install libglu1-mesa libxcursor1 libxft2 libxinerama1 libxfixes3 libgomp1"
    return Finding("meshes", not why, why or f"Gmsh {said.split()[-1]}", advice)


def look_at_rendering() -> Finding:
    """A picture, drawn without a screen."""
    code = (
        "import pyvista; p = pyvista.Plotter(off_screen=True, window_size=(32, 32)); "
        "p.add_mesh(pyvista.Sphere()); s = p.screenshot(None, return_img=True); "
        "print(pyvista.__version__, int(s.min() < s.max()))"
    )
    advice = "apt-get install libegl1 libgl1 libxrender1 libx11-6 libxext6 libfontconfig1"
    said, why = _ask([sys.executable, "-c", code])
    words = said.split()[-2:]
    if why or len(words) < 2:
        return Finding("rendering", False, why or "no picture", advice)
    return Finding("rendering", words[1] == "1", f"PyVista {words[0]} draws without a screen", advice)


def look_at_cache() -> Finding:
    """The folder of meshes and compiled forms."""
    from solver.cache import cache_root, form_cache, wanted_root

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root, forms = cache_root(), form_cache()
    if root.is_relative_to(wanted_root()):
        return Finding("cache", True, f"{root}; forms of this processor in {forms.relative_to(root)}")
    return Finding(
        "cache",
        False,
        f"{wanted_root()} cannot be written; using {root}",
        "set LITHOSTAT_CACHE to another folder",
    )


def look_at_shared_memory(folder: Path = Path("/dev/shm"), least: int = 16) -> Finding:
    """Room where ranks exchange messages; without it they end at their start with a bus error.

    Args:
        folder: the memory file system.
        least: what counts as enough [MB]: about two for each rank and four for the node.
    """
    try:
        free = shutil.disk_usage(folder).free // 10**6
    except OSError:
        return Finding("/dev/shm", True, f"there is no {folder}")
    left = left_behind(folder)
    told = f"{free} MB free in {folder}"
    if left:
        told += f", {sum(path.stat().st_size for path in left) // 10**6} MB left by runs that were killed"
    advice = (
        f"remove what killed runs left: rm {' '.join(map(str, left))}" if left else f"give {folder} more room"
    )
    return Finding("/dev/shm", free >= least, told, advice)


def left_behind(folder: Path) -> list[Path]:
    """This user's files of message passing in a memory file system that no process uses."""
    used: set[str] = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        with suppress(OSError):
            used.update(line.split()[-1] for line in maps.read_text().splitlines() if str(folder) in line)
    found = [path for kind in ("mpich_shm_*", "ucx_shm_*") for path in sorted(folder.glob(kind))]
    own = [path for path in found if path.exists() and path.stat().st_uid == os.getuid()]
    return [path for path in own if str(path) not in used]


def find_launcher() -> Path | None:
    """The mpiexec beside the interpreter, else the one on the path."""
    beside = Path(sys.executable).parent / "mpiexec"
    if beside.is_file():
        return beside
    found = shutil.which("mpiexec")
    return Path(found) if found else None


CHECKS: tuple[Callable[[], Finding], ...] = (
    look_at_python,
    look_at_shared_memory,
    look_at_mpi,
    look_at_dolfinx,
    look_at_compiler,
    look_at_gmsh,
    look_at_rendering,
    look_at_cache,
)


def _ask(command: list[str]) -> tuple[str, str]:
    """Output of a command, and why it failed (empty if it did not)."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return "", f"no answer within {PATIENCE:.0f} s"
    except OSError as error:
        return "", str(error)
    if done.returncode < 0:
        return done.stdout, f"ended by signal {-done.returncode}"
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return done.stdout, said[-1][:200] if said else f"exit code {done.returncode}"
    return done.stdout, ""
