"""Assembly of the coupled problem into PETSc: block residual, block tangent, borders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.compiled import compile_form
from solver.fenics import PETSc

from dolfinx import fem, la  # isort: skip  (the wheel must be opened first)
from dolfinx.fem import petsc as fem_petsc  # isort: skip

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """One field of a system.

    Attributes:
        name: `u` or `mu`.
        function: the field.
        held: constrained local degrees of freedom.
        conditions: the DOLFINx conditions that hold them.
    """

    name: str
    function: Any
    held: npt.NDArray[np.int32]
    conditions: Sequence[Any]

    @property
    def owned(self) -> int:
        """Owned degrees of freedom."""
        space = self.function.function_space
        return int(space.dofmap.index_map.size_local * space.dofmap.index_map_bs)

    @property
    def mesh(self) -> Any:
        """The mesh of the field."""
        return self.function.function_space.mesh


def assemble_rows(form: Any, block: Block) -> Array:
    """Assemble a linear form, owned entries only, constrained entries zero; None gives zeros."""
    if form is None:
        return np.zeros(block.owned)
    vector = fem.assemble_vector(form)
    vector.scatter_reverse(la.InsertMode.add)
    values = vector.array[: block.owned].copy()
    values[block.held[block.held < block.owned]] = 0.0
    return values


def assemble_number(form: Any, comm: Any) -> float:
    """Assemble a functional over all ranks; None gives 0."""
    return 0.0 if form is None else float(comm.allreduce(fem.assemble_scalar(form)))


@dataclass(frozen=True)
class Assembled:
    """A PETSc matrix and the form that fills it."""

    form: Any
    conditions: Sequence[Any]
    matrix: PETSc.Mat

    @classmethod
    def of(cls, form: Any, conditions: Sequence[Any], kind: str | None = None) -> "Assembled":
        """Compile a bilinear form and allocate its matrix; nothing is assembled yet.

        Args:
            form: UFL form.
            conditions: DOLFINx conditions on its rows and columns.
            kind: PETSc matrix type, None for the usual one.
        """
        compiled = compile_form(form)
        return cls(compiled, conditions, fem_petsc.create_matrix(compiled, kind=kind))

    def refill(self) -> PETSc.Mat:
        """Assemble at the present values."""
        self.matrix.zeroEntries()
        into: Any = fem_petsc.assemble_matrix  # dispatches on its first argument, unknown to type checkers
        into(self.matrix, self.form, bcs=self.conditions)
        self.matrix.assemble()
        return self.matrix


class BlockSystem:
    """The tangent matrix of a list of fields, one PETSc matrix with contiguous blocks per rank."""

    def __init__(self, blocks: Sequence[Block], tangents: Sequence[Sequence[Any]]) -> None:
        """Allocate the matrix.

        Args:
            blocks: the fields, in order.
            tangents: UFL bilinear forms, one row a residual and one column a field.
        """
        self.blocks = list(blocks)
        self._forms = [[compile_form(form) for form in row] for row in tangents]
        self._conditions = [condition for block in blocks for condition in block.conditions]
        self.matrix = fem_petsc.create_matrix(self._forms, kind="mpi")
        self.assemblies = 0

    def assemble(self) -> None:
        """Assemble the tangent at the fields' present values."""
        self.matrix.zeroEntries()
        into: Any = fem_petsc.assemble_matrix  # dispatches on its first argument, unknown to type checkers
        into(self.matrix, self._forms, bcs=self._conditions)
        self.matrix.assemble()
        self.assemblies += 1

    def diagonal(self) -> Array:
        """Size of the diagonal entries, owned."""
        return np.abs(self.matrix.getDiagonal().getArray())

    def split(self, values: Array) -> list[Array]:
        """Views of an owned block vector, one per field."""
        ends = np.cumsum([block.owned for block in self.blocks])
        return np.split(values, ends[:-1])

    def destroy(self) -> None:
        """Release the PETSc matrix."""
        self.matrix.destroy()
