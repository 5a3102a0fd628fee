"""How kernels are compiled and where the native code is kept. Importing this loads numba."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import numba
import numba.core.config

from solver.cache import cache_root, processor_key

TAKEN: Final = (
    "materials/elimination.py",
    "materials/mobility.py",
    "physics/axis.py",
    "stepping/control.py",
    "stepping/history.py",
    "stepping/scheme.py",
)
"""Files of `solver` whose constants and functions are compiled in."""


@cache
def kernel_cache() -> Path:
    """Folder of compiled kernels, one for each processor and each text that they are made from.

    Numba tells by a file's own date whether its functions are still those compiled; what they call, and
    constants that they take, in other files it does not look at.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parent
    for path in (*sorted(package.glob("*.py")), *(package.parent / name for name in TAKEN)):
        digest.update(path.read_bytes())
    return cache_root() / "kernels" / f"{processor_key()}-{digest.hexdigest()[:16]}"


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function at its first call, or load it; it runs without the interpreter's lock.

    Divisions by zero give infinities, as in NumPy; sums are taken in the order in which they are written. The
    function must not make arrays: nothing counts references in it, which would cost more than the laws.
    """
    return _compiled(function, inline=False, counted=False)


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Compile a function into those that call it: at a point, copying the tables costs more than the law."""
    return _compiled(function, inline=True, counted=False)


def allocating[F: Callable[..., Any]](function: F) -> F:
    """Compile a function that makes arrays."""
    return _compiled(function, inline=False, counted=True)


def _compiled[F: Callable[..., Any]](function: F, *, inline: bool, counted: bool) -> F:
    settings: Any = numba.core.config
    compiler: Any = numba.njit  # its types leave out the switch for counting references
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(kernel_cache())
    try:
        made: Any = compiler(cache=True, nogil=True, error_model="numpy", forceinline=inline, _nrt=counted)(
            function
        )
    finally:
        settings.CACHE_DIR = before
    return cast(F, made)
