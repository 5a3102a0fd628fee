"""Crystals with a tabulated lattice at given strains: the law, and what the program makes of it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.exact.curved_crystal import CurvedCrystal, square
from benchmarks.verification.page import Dimension
from benchmarks.verification.setups import cases, hand_made, tabulated
from solver.constants import GAS_CONSTANT
from solver.discretisation.media import Couplings, Medium, build_medium
from solver.discretisation.scales import Scales
from solver.materials import elasticity
from solver.materials.hosts import MsmrHost
from solver.materials.lattice_table import LatticeTable
from solver.materials.phase import Phase

Array = npt.NDArray[np.float64]

SOLID = Solid(140e9, 0.25)
HEXAGONAL = {"c11": 210e9, "c12": 66.5e9, "c13": 45.5e9, "c33": 147e9, "c44": 42e9}
CAPACITY = 4.9e4
THERMAL = GAS_CONSTANT * cases.TEMPERATURE
STRAIN = 0.03
"""Random strains lie within this of those that some occupancy leaves stress-free [1]."""
CLAMPED = 0.55
"""A crystal is clamped at the lattice of this occupancy before it is stretched."""
HOST = MsmrHost((0.0,), (1.0,), (1.0,))
SCALES = Scales(cases.RADIUS, 1e11, CAPACITY, cases.TEMPERATURE, 3)
IN_PLANE = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0])
COMPONENTS: dict[Dimension, Array] = {
    "spherical": np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]),
    "axisymmetric": np.array([1.0, 1.0, 1.0, 0.0, 1.0, 0.0]),
    "generalised_plane_strain": np.array([1.0, 1.0, 1.0, 0.0, 0.0, 1.0]),
    "plane_strain": IN_PLANE,
    "3d": np.ones(6),
}
"""Strains that a dimension knows (11, 22, 33, 23, 13, 12)."""


def crystal(isotropic: bool = False) -> CurvedCrystal:
    """The independent law; isotropic with averaged expansion, or hexagonal."""
    stiffness = elasticity.isotropic(SOLID.young, SOLID.poisson) if isotropic else _hexagonal()
    rows = np.column_stack([tabulated.OCCUPANCY, tabulated.A, tabulated.C])
    return CurvedCrystal(rows, tabulated.REFERENCE, square(stiffness), CAPACITY, cases.TEMPERATURE, isotropic)


def _hexagonal() -> Array:
    return elasticity.trigonal(**HEXAGONAL, c14=0.0)


def program(dimension: Dimension, table: LatticeTable | None = None, host: MsmrHost = HOST) -> Medium:
    """What the program makes of the same crystal in a dimension's own frame, or of its average."""
    frame = hand_made.FRAMES[dimension]
    stiffness = elasticity.isotropic(SOLID.young, SOLID.poisson) if frame is None else _hexagonal()
    phase: Phase = replace(
        hand_made.material(stiffness, host, capacity=CAPACITY), table=table or tabulated.table()
    )
    turned = phase.averaged() if frame is None else phase.turned(frame)
    return build_medium(turned, SCALES, Couplings(), 1.0)


def states(dimension: Dimension, count: int, seed: int) -> tuple[Array, Array, Array]:
    """Random potentials over R T, strain tensors in crystal axes, strain vectors in the dimension's axes."""
    rng = np.random.default_rng(seed)
    frame = hand_made.FRAMES[dimension]
    law = crystal(isotropic=frame is None)
    free = law.eigenstrain(rng.uniform(0.02, 0.98, count))
    if frame is not None:
        free = frame @ free @ frame.T
    vectors = np.array([elasticity.strain_vector(tensor) for tensor in free])
    vectors = (vectors + rng.uniform(-STRAIN, STRAIN, (count, 6))) * COMPONENTS[dimension]
    tensors = elasticity.stress_tensor(vectors * np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5]))
    if frame is not None:
        tensors = frame.T @ tensors @ frame
    return rng.uniform(-25.0, 25.0, count), tensors, vectors


def stretched(law: CurvedCrystal, stretch: float) -> Array:
    """Strain tensor of a crystal clamped at its lattice of `CLAMPED` and stretched along c."""
    return np.asarray(law.eigenstrain(CLAMPED) + np.diag([0.0, 0.0, stretch]))
