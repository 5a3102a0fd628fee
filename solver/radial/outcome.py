"""What compiled solves say, in words."""

from collections.abc import Iterable, Sequence
from typing import Final

from solver.discretisation.state import NewtonResult
from solver.materials.elimination import MAX_ITERATIONS
from solver.radial import newton

WORDS: Final = {
    newton.NO_RESIDUAL: "residual is not finite",
    newton.NO_FACTORS: "linear solve failed (zero pivot)",
    newton.NO_SOLUTION: "linear solve gave values that are not finite",
    newton.NO_BORDER: "global conditions are singular",
}
"""Why a solve failed, where that needs no number."""


def local_words(ended: int, unsettled: int) -> str:
    """Why the local problems of a state could not be solved."""
    if ended == newton.NO_DRIVE:
        return "chemical potential or strain is not finite"
    return f"{unsettled} points did not settle in {MAX_ITERATIONS} iterations"


def outcome_of(found: tuple[int, int, int, Iterable[float]], names: Sequence[str], most: int) -> NewtonResult:
    """Outcome of a solve.

    Args:
        found: the first four of what `newton.solve` returns.
        names: of the norms.
        most: iterations after which it gives up.
    """
    ended, iterations, unsettled, values = found
    norms = dict(zip(names, map(float, values), strict=False))
    if ended == newton.CONVERGED:
        return NewtonResult(True, iterations, norms)
    if ended in (newton.NO_DRIVE, newton.NO_ROOT):
        reason = local_words(ended, unsettled)
    elif ended == newton.STALLED:
        far = ", ".join(f"{name} {norm:.2g}" for name, norm in norms.items() if norm > 1.0)
        reason = f"no convergence in {most} iterations (residual over its tolerance: {far})"
    else:
        reason = WORDS[ended]
    return NewtonResult(False, iterations, norms, reason)
