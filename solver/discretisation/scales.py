"""The one place where quantities are made dimensionless."""

from dataclasses import dataclass

from solver.constants import FARADAY, GAS_CONSTANT


@dataclass(frozen=True)
class Scales:
    """Reference values; a reduced quantity is the SI one divided by its scale. Time stays in seconds.

    Attributes:
        length: particle size [m].
        modulus: reference stress [Pa].
        concentration: reference concentration [mol/m^3].
        temperature: [K].
        spatial_dimension: 3 where integrals run over a volume, 2 where they are per metre of length.
    """

    length: float
    modulus: float
    concentration: float
    temperature: float
    spatial_dimension: int

    @property
    def chemical_potential(self) -> float:
        """R T [J/mol]."""
        return GAS_CONSTANT * self.temperature

    @property
    def potential(self) -> float:
        """R T/F [V]."""
        return self.chemical_potential / FARADAY

    @property
    def molar_volume(self) -> float:
        """R T/E0 [m^3/mol]: the volume at which the reference stress is worth R T."""
        return self.chemical_potential / self.modulus

    @property
    def volume(self) -> float:
        """[m^3], or [m^2] per metre of length."""
        return float(self.length**self.spatial_dimension)

    @property
    def area(self) -> float:
        """[m^2], or [m] per metre of length."""
        return float(self.length ** (self.spatial_dimension - 1))

    @property
    def current_density(self) -> float:
        """F c0 L [A/m^2 times s]: reduced current densities are per second."""
        return FARADAY * self.concentration * self.length

    @property
    def charge(self) -> float:
        """F c0 L^3 [C], or [C/m]."""
        return FARADAY * self.concentration * self.volume

    @property
    def energy(self) -> float:
        """E0 L^3 [J], or [J/m]."""
        return self.modulus * self.volume
