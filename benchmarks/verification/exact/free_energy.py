"""Free energy of a body and what its fluxes dissipate, written out beside the solver's residuals."""

import numpy as np
import numpy.typing as npt

from meshes import OUTER
from solver.discretisation.assembly import assemble_number
from solver.discretisation.compiled import compile_form
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.media import ACTIVATION, CAPACITY, DIFFUSIVITY, FIXED_EIGENSTRAIN, SWELLING
from solver.discretisation.particle import Particle
from solver.materials.hosts import MsmrHost

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip

Array = npt.NDArray[np.float64]


def chemical_energy(host: MsmrHost, y: Array, theta: Array) -> Array:
    """Integral of y over theta, by parts: y theta minus the integral of theta over y."""
    total = y * theta
    for level, fraction, width in zip(host.levels, host.fractions, host.widths, strict=True):
        total = total - fraction * width * np.logaddexp(0.0, (y - level) / width)
    return np.asarray(total)


class Account:
    """Free energy and dissipation of a body of MSMR hosts, reduced by its modulus and volume unit."""

    def __init__(self, body: Particle, mechanics: Mechanics, pressure: float) -> None:
        """Compile the integrals.

        Args:
            body: the body.
            mechanics: its mechanical part, which knows the axial strain.
            pressure: stack pressure [Pa].
        """
        self.body, self.mechanics = body, mechanics
        n, f, scales = body.unknowns, body.forms, body.body.scales
        thermal = scales.chemical_potential * scales.concentration / scales.modulus
        fixed = ufl.as_vector([n.material[k] for k in range(FIXED_EIGENSTRAIN.start, FIXED_EIGENSTRAIN.stop)])
        swelling = ufl.as_vector([n.material[k] for k in range(SWELLING.start, SWELLING.stop)])
        elastic = 0.5 * ufl.inner(f.sigma, n.strain - fixed - n.occupancy * swelling)
        self.chemical = fem.Function(n.occupancy.function_space)
        density = elastic + thermal * n.material[CAPACITY] * self.chemical
        self.reduced_pressure = pressure / scales.modulus
        self.stored = compile_form(density * n.weight * n.dx)
        normal = ufl.FacetNormal(body.imported.mesh)
        self.bulge = compile_form(ufl.inner(n.u, normal) * n.weight * n.ds(OUTER))
        hydrostatic = (f.sigma[0] + f.sigma[1] + f.sigma[2]) / 3.0
        mobility = n.material[DIFFUSIVITY] * n.content * ufl.exp(n.material[ACTIVATION] * hydrostatic)
        self.lost = compile_form(
            thermal * mobility * ufl.inner(ufl.grad(n.mu), ufl.grad(n.mu)) * n.weight * n.dx
        )

    def energy(self) -> float:
        """Chemical and elastic energy, and the pressure's own, in the present state."""
        body = self.body
        body.update()
        points = body.volume_points
        hosts = {region.name: region.phase.host for region in body.media.regions}
        values = points.scatter(
            {name: chemical_energy(hosts[name], r.y, r.occupancy) for name, r in points.solve().items()}
        ).ravel()
        self.chemical.x.array[: values.size] = values
        work = assemble_number(self.bulge, body.comm) + body.enclosed_volume * self.mechanics.axial
        return assemble_number(self.stored, body.comm) + self.reduced_pressure * work

    def dissipation(self) -> float:
        """Energy lost to the flux per second in the present state."""
        return assemble_number(self.lost, self.body.comm)
