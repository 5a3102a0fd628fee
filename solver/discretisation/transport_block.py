"""The lithium block of the preconditioner: factors that serve as long as they are good enough."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.elastic_block import inner_solver
from solver.discretisation.state import Memory
from solver.fenics import MPI, PETSc

Array = npt.NDArray[np.float64]

DRIFT = 1.5
"""Factor by which an entry of the diagonal may have changed, up or down, before new factors are made."""

MORE = 2
"""Iterations that old factors may cost on top of what new ones did."""


class TransportBlock:
    """LU of the lithium block, made anew when the time increment or the mobility has moved away from it."""

    def __init__(self, comm: Any, matrix: PETSc.Mat) -> None:
        """Take the matrix, whose values change in place; nothing is factorised yet."""
        self._comm, self._matrix = comm, matrix
        self._ksp: PETSc.KSP | None = None
        self._known: Array | None = None
        self._best: int | None = None
        self._values: Array | None = None
        self._worn = False
        self._right: Any = matrix.createVecLeft()
        self._result: Any = matrix.createVecRight()

    def refresh(self) -> int:
        """Look at the matrix's present values; gives the number of factorisations this took, 0 or 1."""
        diagonal: Array = np.real(self._matrix.getDiagonal().getArray()).astype(float)
        if not self._outdated(diagonal):
            return 0
        self._factorise(self._matrix)
        self._known, self._best, self._worn = diagonal.copy(), None, False
        return 1

    def _factorise(self, matrix: PETSc.Mat) -> None:
        if self._ksp is None:
            self._ksp = inner_solver(self._comm, matrix, "lu", "transport_")
        else:
            pc = self._ksp.getPC()
            pc.setReusePreconditioner(False)
            self._ksp.setOperators(matrix)
            self._ksp.setUp()
        self._ksp.getPC().setReusePreconditioner(True)
        self._values = np.array(matrix.getValuesCSR()[2], dtype=float)

    def memory(self) -> Memory:
        """The entries of the matrix that was factorised last, this rank's rows, and how well it served."""
        if self._values is None:
            return {}
        best = np.nan if self._best is None else float(self._best)
        return {"factorised": self._values, "iterations": np.array([best, float(self._worn)])}

    def recall(self, memory: Memory) -> int:
        """Factorise the matrix of a memory; gives the number of factorisations, 0 where there is none."""
        if "factorised" not in memory:
            return 0
        rows, columns, present = (np.asarray(part) for part in self._matrix.getValuesCSR())
        if present.shape != memory["factorised"].shape:
            return 0
        old: Any = self._matrix.duplicate()
        old.setValuesCSR(rows, columns, memory["factorised"])
        old.assemble()
        self._factorise(old)
        self._known = np.real(old.getDiagonal().getArray()).astype(float)
        best, worn = memory["iterations"]
        self._best, self._worn = None if np.isnan(best) else int(best), bool(worn)
        return 1

    def _outdated(self, diagonal: Array) -> bool:
        """Whether the factors are those of another matrix; the same answer on every rank."""
        if self._known is None or self._worn:
            return True
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.abs(diagonal / self._known)
        apart = float(np.max(np.maximum(ratio, 1.0 / ratio), initial=1.0))
        return bool(self._comm.allreduce(int(not apart <= DRIFT), op=MPI.MAX))

    def took(self, iterations: int) -> None:
        """Note how many iterations a solve behind these factors took."""
        if self._best is None:
            self._best = iterations
        self._worn = iterations > max(self._best, 1) + MORE

    def apply(self, right: Array) -> Array:
        """Solve for owned entries of a right side."""
        if self._ksp is None:
            return right
        self._right.setArray(right)
        self._ksp.solve(self._right, self._result)
        return np.asarray(self._result.getArray(readonly=True))
