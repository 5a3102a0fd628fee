"""How kernels are compiled and where the native code is kept. Importing this loads numba."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import numba
import numba.core.config

from solver.cache import cache_root, processor_key


@cache
def kernel_cache() -> Path:
    """Folder of compiled kernels, one for each processor and each text of this package.

    Numba tells by a file's own date whether its functions are still those compiled; what they call in other
    files it does not look at.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return cache_root() / "kernels" / f"{processor_key()}-{digest.hexdigest()[:16]}"


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function at its first call, or load it; it runs without the interpreter's lock.

    Divisions by zero give infinities, as in NumPy; sums are taken in the order in which they are written.
    """
    settings: Any = numba.core.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(kernel_cache())
    try:
        made: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        settings.CACHE_DIR = before
    return cast(F, made)
