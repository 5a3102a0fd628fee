"""Exact stresses, kinetics and potentials, each written once, in SI; tension is positive."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FARADAY = 1.602176634e-19 * 6.02214076e23
"""Charge of a mole of electrons [C/mol], from the defining constants of the SI."""

GAS_CONSTANT = 1.380649e-23 * 6.02214076e23
"""[J/(mol K)]"""


@dataclass(frozen=True)
class Solid:
    """An isotropic elastic solid.

    Attributes:
        young: Young's modulus [Pa].
        poisson: Poisson's ratio [1].
    """

    young: float
    poisson: float

    @property
    def bulk(self) -> float:
        """Bulk modulus K [Pa]."""
        return self.young / (3.0 * (1.0 - 2.0 * self.poisson))

    @property
    def shear(self) -> float:
        """Shear modulus G [Pa]."""
        return self.young / (2.0 * (1.0 + self.poisson))

    @property
    def lame(self) -> float:
        """First Lame constant [Pa]."""
        return self.bulk - 2.0 * self.shear / 3.0


@dataclass(frozen=True)
class Concentric:
    """Stresses of a core in a shell [Pa]; hydrostatic stress is uniform in each.

    Attributes:
        core: hydrostatic stress of the core.
        shell: hydrostatic stress of the shell.
        interface: radial stress at the interface.
        hoop_core: hoop stress at the interface on the core's side.
        hoop_shell: hoop stress at the interface on the shell's side.
        hoop_surface: hoop stress at the outer surface.
    """

    core: float
    shell: float
    interface: float
    hoop_core: float
    hoop_shell: float
    hoop_surface: float


def coated_sphere(
    core: Solid, shell: Solid, radii: tuple[float, float], strain: float, pressure: float
) -> Concentric:
    """Sphere with a concentric shell of stress-free strain `strain` against the core, under outer pressure.

    With f = (b/R)^3 the core's stress P follows from equal displacement at b; sigma_r of the shell falls from
    P to -p as 1/r^3 around its uniform hydrostatic stress.

    Args:
        core: core.
        shell: shell.
        radii: b and R.
        strain: linear eigenstrain of the shell relative to the core [1].
        pressure: on the outer surface, compressive positive.

    Source: Lame's solution, e.g. Timoshenko and Goodier, Theory of Elasticity (1970), section 136.
    """
    b, outer = radii
    f = (b / outer) ** 3
    compliance = (1.0 - f) / (3.0 * core.bulk) + f / (3.0 * shell.bulk) + 1.0 / (4.0 * shell.shear)
    squeeze = 1.0 / (3.0 * shell.bulk) + 1.0 / (4.0 * shell.shear)
    inside = (strain * (1.0 - f) - pressure * squeeze) / compliance
    mean = -pressure - (inside + pressure) * f / (1.0 - f)
    # sigma_r(r) = mean + (inside - mean) (b/r)^3 and sigma_t = mean - half of that deviation
    deviation = inside - mean
    return Concentric(inside, mean, inside, inside, mean - 0.5 * deviation, mean - 0.5 * deviation * f)


def coated_cylinder(
    core: Solid,
    shell: Solid,
    radii: tuple[float, float],
    strain: float,
    pressure: float,
    axially_free: bool,
) -> Concentric:
    """Long cylinder with a concentric shell of isotropic stress-free strain against the core.

    The unknowns are the core's and the shell's mean in-plane strain A and B, the shell's 1/r^2 part at the
    interface g, and the axial strain e0. With u = A r in the core and u = B r + g b^2/r in the shell:
    A = B + g; equal radial stress at b; sigma_r(R) = -p; and either e0 = 0 (plane strain) or an axial force
    that balances p on the whole section (generalised plane strain).

    Args:
        core: core.
        shell: shell.
        radii: b and R.
        strain: linear eigenstrain of the shell, the same along every axis [1].
        pressure: on the lateral surface, and on the ends where `axially_free`.
        axially_free: generalised plane strain instead of plane strain.

    Source: Lame's solution with axial strain, as Timoshenko and Goodier (1970), sections 28 and 153.
    """
    b, outer = radii
    f = (b / outer) ** 2

    def stresses(solid: Solid, eigenstrain: float, reach: float) -> tuple[Array, Array, Array]:
        """Rows of sigma_r, sigma_t, sigma_z on (mean in-plane strain, g, e0, 1) where (b/r)^2 is `reach`."""
        lame, shear = solid.lame, solid.shear
        trace = np.array([2.0, 0.0, 1.0, -3.0 * eigenstrain])
        radial = lame * trace + 2.0 * shear * np.array([1.0, -reach, 0.0, -eigenstrain])
        hoop = lame * trace + 2.0 * shear * np.array([1.0, reach, 0.0, -eigenstrain])
        axial = lame * trace + 2.0 * shear * np.array([0.0, 0.0, 1.0, -eigenstrain])
        return radial, hoop, axial

    def spread(row: Array, place: int) -> Array:
        """A row on (A, B, g, e0, 1)."""
        wide = np.zeros(5)
        wide[place], wide[2:] = row[0], row[1:]
        return wide

    at_core = [spread(row, 0) for row in stresses(core, 0.0, 0.0)]
    at_b = [spread(row, 1) for row in stresses(shell, strain, 1.0)]
    at_outer = [spread(row, 1) for row in stresses(shell, strain, f)]
    load = np.array([0.0, 0.0, 0.0, 0.0, pressure])
    closing = f * at_core[2] + (1.0 - f) * at_b[2] + load if axially_free else np.array([0.0, 0, 0, 1.0, 0])
    rows = np.array([[1.0, -1.0, -1.0, 0.0, 0.0], at_core[0] - at_b[0], at_outer[0] + load, closing])
    size = np.abs(rows[:, :4]).max(axis=1)
    solution = np.append(np.linalg.solve(rows[:, :4] / size[:, None], -rows[:, 4] / size), 1.0)
    return Concentric(
        core=float(sum(at_core) @ solution) / 3.0,
        shell=float(sum(at_b) @ solution) / 3.0,
        interface=float(at_b[0] @ solution),
        hoop_core=float(at_core[1] @ solution),
        hoop_shell=float(at_b[1] @ solution),
        hoop_surface=float(at_outer[1] @ solution),
    )


def thick_sphere(radii: tuple[float, float], pressures: tuple[float, float], r: float) -> tuple[float, float]:
    """Radial and hoop stress at r of a hollow sphere under inner and outer pressure.

    Source: Timoshenko and Goodier (1970), section 136, eq. 210.
    """
    a, b = radii
    inner, outer = pressures
    mean = (inner * a**3 - outer * b**3) / (b**3 - a**3)
    part = (inner - outer) * a**3 * b**3 / ((b**3 - a**3) * r**3)
    return mean - part, mean + 0.5 * part


def radially_anisotropic_sphere(
    stiffness: Array, eigenstrain: tuple[float, float], radii: tuple[float, float], pressure: float, r: float
) -> tuple[float, float]:
    """Radial and hoop stress at r of a hollow sphere that is transversely isotropic about the radius.

    With S = C22 + C23 the displacement is a power r^n, n (n + 1) = 2 (S - C12)/C11, twice, and one part in r
    that a uniform eigenstrain forces.

    Args:
        stiffness: shape (6, 6), axes (r, t, t).
        eigenstrain: radial and tangential [1].
        radii: inner and outer.
        pressure: on the outer surface.
        r: place.

    Source: Lekhnitskii, Theory of Elasticity of an Anisotropic Body (1981), section 71, with eigenstrain.
    """
    c11, c12, s = stiffness[0, 0], stiffness[0, 1], stiffness[1, 1] + stiffness[1, 2]
    across, along = eigenstrain[1], eigenstrain[0]
    root = np.sqrt(0.25 + 2.0 * (s - c12) / c11)
    slope = ((c11 - c12) * along + (2.0 * c12 - s) * across) / (c11 + c12 - s)

    def stresses(x: float) -> tuple[Array, Array]:
        """Rows on (first power, second power, 1) at x = r/b."""
        powers = np.array([-0.5 + root, -0.5 - root])
        ratio = np.append(x ** (powers - 1.0), slope)
        derivative = np.append(powers * ratio[:2], slope)
        free = np.array([0.0, 0.0, 1.0])
        radial, hoop = derivative - along * free, ratio - across * free
        return c11 * radial + 2.0 * c12 * hoop, c12 * radial + s * hoop

    a, b = radii
    walls = np.array([stresses(a / b)[0], stresses(1.0)[0]])
    amplitudes = np.linalg.solve(walls[:, :2], np.array([0.0, -pressure]) - walls[:, 2])
    radial, hoop = (float(row @ np.append(amplitudes, 1.0)) for row in stresses(r / b))
    return radial, hoop


def free_sphere_stress(
    solid: Solid, volume: float, whole: float, inside: float, here: float
) -> tuple[float, float]:
    """Radial and hoop stress of a traction-free sphere with concentration c(r).

    Args:
        solid: elastic constants.
        volume: Omega [m^3/mol].
        whole: mean concentration of the sphere [mol/m^3].
        inside: mean concentration within r.
        here: concentration at r.

    Source: Cheng and Verbrugge (2009), J. Power Sources 190, 453, eqs. 10 and 11 without surface stress.
    """
    factor = volume * solid.young / (9.0 * (1.0 - solid.poisson))
    return 2.0 * factor * (whole - inside), factor * (2.0 * whole + inside - 3.0 * here)


def free_hollow_stress(
    solid: Solid, volume: float, radii: tuple[float, float], r: float, amounts: tuple[float, float, float]
) -> tuple[float, float]:
    """Radial and hoop stress at r of a hollow sphere, traction-free inside and outside.

    Args:
        solid: elastic constants.
        volume: Omega [m^3/mol].
        radii: a and b.
        r: place.
        amounts: Q(r), Q(b) and c(r) with Q(r) the integral of c r^2 from a to r, from any level of c.

    Source: Timoshenko and Goodier (1970), section 152, with alpha T replaced by Omega c/3.
    """
    a, b = radii
    here, whole, concentration = amounts
    factor = 2.0 * volume * solid.young / (3.0 * (1.0 - solid.poisson) * r**3)
    shell = b**3 - a**3
    radial = factor * ((r**3 - a**3) / shell * whole - here)
    hoop = factor * ((2.0 * r**3 + a**3) / (2.0 * shell) * whole + 0.5 * here - 0.5 * r**3 * concentration)
    return radial, hoop


def free_cylinder_stress(
    solid: Solid, volume: float, whole: float, inside: float, here: float
) -> tuple[float, float]:
    """Radial and hoop stress of a long cylinder, free at its side; the ends do not matter to them.

    Args:
        solid: elastic constants.
        volume: Omega [m^3/mol].
        whole: mean concentration of the section [mol/m^3].
        inside: mean concentration within r.
        here: concentration at r.

    Source: Timoshenko and Goodier (1970), section 151, with alpha T replaced by Omega c/3.
    """
    factor = volume * solid.young / (6.0 * (1.0 - solid.poisson))
    return factor * (whole - inside), factor * (whole + inside - 2.0 * here)


def stress_stiffening(solid: Solid, volume: float, temperature: float) -> float:
    """2 Omega^2 E/(9 (1 - nu) R T) [m^3/mol]: d(-Omega sigma_h)/dc over R T in a traction-free sphere.

    A dilute tracer's D grows by 1 + this times c; a lattice gas's by 1 + this times c (1 - theta).

    Source: Zhang, Shyy and Sastry (2007), J. Electrochem. Soc. 154, A910, eq. 12.
    """
    return 2.0 * volume**2 * solid.young / (9.0 * (1.0 - solid.poisson) * GAS_CONSTANT * temperature)


def butler_volmer(
    overpotential: float, exchange: float, transfer: tuple[float, float], temperature: float
) -> float:
    """Current density [A/m^2] at an overpotential [V]; transfer coefficients anodic and cathodic."""
    reduced = FARADAY * overpotential / (GAS_CONSTANT * temperature)
    anodic, cathodic = transfer
    return exchange * float(np.exp(anodic * reduced) - np.exp(-cathodic * reduced))


def overpotential(current: float, exchange: float, temperature: float) -> float:
    """Overpotential [V] of a current density with both transfer coefficients 1/2: 2 R T/F asinh(i/2 i0)."""
    return 2.0 * GAS_CONSTANT * temperature / FARADAY * float(np.arcsinh(current / (2.0 * exchange)))


def lattice_gas_occupancy(potential: float, standard: float, temperature: float) -> float:
    """Occupancy of a lattice gas at an open-circuit potential [V]: 1/(1 + exp(F (U - U0)/R T))."""
    return 1.0 / (1.0 + float(np.exp(FARADAY * (potential - standard) / (GAS_CONSTANT * temperature))))


def lattice_gas_potential(occupancy: float, standard: float, temperature: float) -> float:
    """Open-circuit potential [V] of a lattice gas at an occupancy."""
    return standard - GAS_CONSTANT * temperature / FARADAY * float(np.log(occupancy / (1.0 - occupancy)))
