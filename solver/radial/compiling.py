"""How kernels are compiled and where the native code is kept. Importing this loads numba."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import numba
import numba.core.config

from solver.cache import cache_root, processor_key

CONSTANTS: Final = ("materials/elimination.py", "materials/mobility.py", "physics/axis.py")
"""Files of `solver` whose constants are compiled in."""


@cache
def kernel_cache() -> Path:
    """Folder of compiled kernels, one for each processor and each text that they are made from.

    Numba tells by a file's own date whether its functions are still those compiled; what they call, and
    constants that they take, in other files it does not look at.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parent
    for path in (*sorted(package.glob("*.py")), *(package.parent / name for name in CONSTANTS)):
        digest.update(path.read_bytes())
    return cache_root() / "kernels" / f"{processor_key()}-{digest.hexdigest()[:16]}"


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function at its first call, or load it; it runs without the interpreter's lock.

    Divisions by zero give infinities, as in NumPy; sums are taken in the order in which they are written.
    """
    return _compiled(function, inline=False)


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Compile a function into those that call it: at a point, copying the tables costs more than the law."""
    return _compiled(function, inline=True)


def _compiled[F: Callable[..., Any]](function: F, *, inline: bool) -> F:
    settings: Any = numba.core.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(kernel_cache())
    try:
        made: Any = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=inline)(function)
    finally:
        settings.CACHE_DIR = before
    return cast(F, made)
