"""What the inside of the particle looks like: means, extremes and energy per phase, whole particle, SI."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.discretisation.mesh_import import ImportedMesh
from solver.discretisation.particle import Particle
from solver.discretisation.unknowns import DEGREE
from solver.observation.pointwise import PointProbe, PointState
from solver.observation.statistics import gather, principal_maximum, weighted_percentile

import basix  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


def point_volumes(imported: ImportedMesh) -> Array:
    """Volume that each quadrature point of the owned cells stands for, reduced, shape (cells, points).

    Sums to the whole particle, sector's multiplicity included.
    """
    mesh = imported.mesh
    dim = mesh.topology.dim
    points, weights = (np.asarray(part) for part in basix.make_quadrature(mesh.basix_cell(), DEGREE[dim]))
    corners = np.asarray(mesh.geometry.x)[np.asarray(mesh.geometry.dofmaps[0])[: imported.owned_cells], :dim]
    edges = corners[:, 1:] - corners[:, :1]
    measure = np.abs(np.linalg.det(edges))[:, None] * weights[None, :]
    position = corners[:, None, 0, 0] + np.einsum("pk,ck->cp", points, edges[:, :, 0])
    weight = {"spherical": 4.0 * np.pi * position**2, "axisymmetric": 2.0 * np.pi * position}
    return np.asarray(measure * weight.get(imported.dimension, 1.0) * imported.multiplicity)


@dataclass(frozen=True)
class PhaseMeans:
    """Means of one phase over the whole particle, SI."""

    volume: float
    occupancy: float
    hydrostatic_stress: float
    inplane_stress: float


@dataclass(frozen=True)
class Means:
    """Numbers of every history row, the same on all ranks.

    Attributes:
        phases: by region name.
        elastic_energy: [J], per metre in 2D [J/m].
        mean_deviation: deviation of the exact volume mean of stress, relative.
    """

    phases: dict[str, PhaseMeans]
    elastic_energy: float
    mean_deviation: float


class Interior:
    """Looks at the quadrature points."""

    def __init__(self, particle: Particle) -> None:
        """Prepare weights and the evaluation."""
        self.particle = particle
        self.volumes = point_volumes(particle.imported)
        self.probe = PointProbe(particle, particle.volume_points)

    def means(self, state: PointState) -> Means:
        """Phase means, elastic energy and the gate of the volume mean."""
        p, scales = self.particle, self.particle.body.scales
        energy = 0.5 * np.einsum("cp,cpi,cpi->", self.volumes, state.stress, state.elastic_strain)
        sums = []
        for region in p.media.regions:
            rows = p.volume_points.rows[region.name]
            w, s = self.volumes[rows], state.stress[rows]
            sums.append(
                [
                    w.sum(),
                    (w * state.occupancy[rows]).sum(),
                    (w[..., None] * s[..., :3]).sum() / 3.0,
                    (w[..., None] * s[..., :2]).sum() / 2.0,
                    (w * s[..., 2]).sum(),
                ]
            )
        # A body that swells freely holds only the stress that Newton leaves of its eigenstrain, or round-off
        # of the parts that cancel in it: no scale.
        eigenstress = float(np.max(np.abs(state.eigenstrain), initial=0.0))
        parts = p.media.largest_offset
        largest = float(np.max(np.abs(state.stress), initial=0.0))
        largest = max(largest, 1e-3 * eigenstress, 1e-5 * parts)
        totals = np.sum(p.comm.allgather(np.array([*np.ravel(sums), energy])), axis=0)
        largest = max(p.comm.allgather(largest))
        table = totals[:-1].reshape(-1, 5)
        phases = {}
        for region, row in zip(p.media.regions, table, strict=True):
            volume, occupancy, hydrostatic, inplane, _ = row
            phases[region.name] = PhaseMeans(
                volume=float(volume) * scales.volume,
                occupancy=float(occupancy / volume),
                hydrostatic_stress=float(hydrostatic / volume) * scales.modulus,
                inplane_stress=float(inplane / volume) * scales.modulus,
            )
        column, pressure = self._exact_mean()
        mean = table[:, column].sum() / table[:, 0].sum()
        exact = -pressure * p.enclosed_volume / p.solid_volume
        deviation = abs(mean - exact) / max(largest, pressure, 1e-12)
        return Means(phases, float(totals[-1]) * scales.energy, float(deviation))

    def _exact_mean(self) -> tuple[int, float]:
        """Which mean of the stress the load alone decides (a column of the sums), and its pressure.

        The trace on a free body; what acts in the plane where the axial strain is given; what acts along z
        in a die, whose walls carry what they must.
        """
        p = self.particle
        pressure, lateral = float(p.parameters.pressure.value), float(p.parameters.lateral.value)
        if p.walls is not None:
            return 4, pressure
        if p.imported.dimension == "plane_strain":
            return 3, lateral * pressure
        return 2, pressure * (1.0 + 2.0 * lateral) / 3.0

    def regions(self, state: PointState, means: Means) -> dict[str, dict[str, float]] | None:
        """The `regions` part of a summary, on rank 0 (None elsewhere)."""
        p, modulus = self.particle, self.particle.body.scales.modulus
        result: dict[str, dict[str, float]] = {}
        for region in p.media.regions:
            rows = p.volume_points.rows[region.name]
            weights = gather(p.comm, self.volumes[rows].ravel())
            hydrostatic = gather(p.comm, state.hydrostatic[rows].ravel())
            principal = gather(p.comm, principal_maximum(state.stress[rows]).ravel())
            if weights is None or hydrostatic is None or principal is None:
                continue
            mean = means.phases[region.name]
            result[region.name] = {
                "volume_m3": mean.volume,
                "mean_occupancy": mean.occupancy,
                "mean_hydrostatic_stress_Pa": mean.hydrostatic_stress,
                "p05_hydrostatic_stress_Pa": weighted_percentile(hydrostatic, weights, 0.05) * modulus,
                "p95_hydrostatic_stress_Pa": weighted_percentile(hydrostatic, weights, 0.95) * modulus,
                "max_principal_stress_Pa": float(principal.max()) * modulus,
                "p95_principal_stress_Pa": weighted_percentile(principal, weights, 0.95) * modulus,
            }
        return result if p.comm.rank == 0 else None
