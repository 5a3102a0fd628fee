"""An elastic body of two phases, as lithostat solves it and as another program is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from benchmarks.verification.exact import crystals
from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.setups import hand_made
from benchmarks.verification.setups.settled import settle
from meshes import LAYERED, ROCK_SALT, TaggedMesh
from meshes.tagged_mesh import PHASE_NAMES
from solver.materials import elasticity
from solver.materials.hosts import InertHost

Array = npt.NDArray[np.float64]


class Material(NamedTuple):
    """A stiffness in crystal axes, twice.

    Attributes:
        matrix: as lithostat makes it, shape (6, 6) [Pa].
        tensor: written out for other programs, shape (3, 3, 3, 3) [Pa].
    """

    matrix: Array
    tensor: Array


def isotropic(solid: Solid) -> Material:
    """From Young's modulus and Poisson's ratio; the tensor from those of Lame."""
    lame, shear = solid.lame, solid.shear
    return Material(
        elasticity.isotropic(solid.young, solid.poisson), crystals.cubic(lame + 2.0 * shear, lame, shear)
    )


def trigonal(*constants: float) -> Material:
    """From C11, C12, C13, C33, C44 and C14 [Pa]."""
    return Material(elasticity.trigonal(*constants), crystals.trigonal(*constants))


def cubic(*constants: float) -> Material:
    """From C11, C12 and C44 [Pa]."""
    return Material(elasticity.cubic(*constants), crystals.cubic(*constants))


@dataclass(frozen=True)
class ElasticBody:
    """What is solved: an inert body under misfit and hydrostatic pressure.

    Attributes:
        mesh: the mesh; planes of symmetry hold the displacement across them.
        materials: by tag of the phase.
        misfit: stress-free strain of the rock salt in crystal axes, shape (3, 3) [1].
        coherency: the share of the misfit that acts [1].
        pressure: on the outer surface, compressive positive [Pa].
        frame: crystal axes as columns; None for isotropic phases.
    """

    mesh: TaggedMesh
    materials: Mapping[int, Material]
    misfit: Array
    coherency: float
    pressure: float
    frame: Array | None = None


@dataclass(frozen=True)
class ElasticState:
    """How the body stands under its load.

    Attributes:
        nodes: vertices and middles of edges [outer radii], shape (nodes, coordinates).
        displacement: there [outer radii], the same shape.
        axial: axial strain of generalised plane strain, else 0 [1].
        means: mean hydrostatic stress by name of the phase [Pa].
    """

    nodes: Array
    displacement: Array
    axial: float
    means: Mapping[str, float]

    def off(self, other: "ElasticState") -> float:
        """Largest difference of displacement from another program's, relative to its largest displacement.

        Raises:
            ValueError: the nodes are not the same points.
        """
        distance, place = map(np.asarray, cKDTree(other.nodes).query(self.nodes))
        if len(self.nodes) != len(other.nodes) or distance.max() > 1e-9:
            msg = f"{len(self.nodes)} nodes stand beside {len(other.nodes)}, up to {distance.max():.1e} away"
            raise ValueError(msg)
        difference = np.abs(self.displacement - other.displacement[place]).max()
        return float(difference / np.abs(other.displacement).max())

    def means_off(self, other: "ElasticState") -> float:
        """Largest difference of a phase's mean stress from another's, relative to the largest mean."""
        scale = max(abs(value) for value in other.means.values())
        return max(abs(self.means[name] - value) for name, value in other.means.items()) / scale


def settled(body: ElasticBody) -> ElasticState:
    """The state as lithostat finds it.

    Raises:
        ArithmeticError: no equilibrium was found.
    """
    misfit = {LAYERED: np.zeros((3, 3)), ROCK_SALT: body.misfit}
    phases = {
        PHASE_NAMES[tag]: hand_made.material(material.matrix, InertHost(), misfit=misfit[tag])
        for tag, material in body.materials.items()
    }
    state = settle(
        hand_made.particle(
            body.mesh, phases, coherency=body.coherency, pressure=body.pressure, frame=body.frame
        ),
        potential=0.0,
    )
    particle, volume = state.particle, state.volume
    nodes = particle.displacement_nodes
    hydrostatic = volume * np.trace(state.stress, axis1=1, axis2=2) / 3.0
    means = {}
    for name, cells in particle.volume_points.rows.items():
        inside = np.zeros((particle.imported.owned_cells, len(particle.volume_points.points)), dtype=bool)
        inside[cells] = True
        means[name] = float(hydrostatic[inside.ravel()].sum() / volume[inside.ravel()].sum())
    return ElasticState(
        nodes=nodes,
        displacement=np.asarray(particle.unknowns.u.x.array).reshape(nodes.shape).copy(),
        axial=state.axial,
        means=means,
    )
