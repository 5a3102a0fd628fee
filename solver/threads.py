"""One thread a rank unless the user says otherwise.

Libraries read these variables when they are loaded, so `pin_threads` runs before NumPy is imported.
"""

import os

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def pin_threads() -> None:
    """Set every thread count that the user left open to one.

    A user who sets only OMP_NUM_THREADS means all of them: the others follow it.
    """
    wanted = os.environ.setdefault("OMP_NUM_THREADS", "1")
    for name in VARIABLES:
        os.environ.setdefault(name, wanted)
