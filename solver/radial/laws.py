"""The material and surface laws for one point, compiled; `solver.materials` defines them."""

import math

from solver.materials.mobility import FLOOR
from solver.radial.compiling import inlined
from solver.radial.tables import CHEMICAL, DILUTE, MSMR, TRACER, Laws

CAP = 50.0
"""Largest exponent of a dilute host, so that a wild iterate stays finite."""


@inlined
def occupy(laws: Laws, phase: int, y: float) -> tuple[float, float, float, float]:
    """Occupancy of a host at reduced potential y, with its first three derivatives [1]."""
    if laws.host[phase] == MSMR:
        occupancy, slope, curvature, third = 0.0, 0.0, 0.0, 0.0
        for j in range(laws.sites[phase]):
            steepness, share = laws.steepness[phase, j], laws.fractions[phase, j]
            z = (y - laws.levels[phase, j]) * steepness
            # Neither the filled nor the empty share is ever cancelled to zero.
            small = math.exp(-abs(z))
            more = 1.0 / (1.0 + small)
            less = small * more
            both, tilt = more * less, more - less
            occupancy += share * (more if z >= 0.0 else less)
            rise = share * both * steepness
            slope += rise
            rise *= steepness
            curvature += -rise * tilt if z >= 0.0 else rise * tilt
            third += rise * steepness * (1.0 - 6.0 * both)
        return occupancy, slope, curvature, third
    if laws.host[phase] == DILUTE:
        occupancy = math.exp(min(y - laws.levels[phase, 0], CAP))
        return occupancy, occupancy, occupancy, occupancy
    return 0.0, 0.0, 0.0, 0.0


@inlined
def content_factor(kind: int, occupancy: float, slope: float, curvature: float) -> tuple[float, float]:
    """Floored content factor of the mobility, and its derivative with occupancy [1]."""
    if kind == TRACER:
        factor, rise = occupancy, 1.0
    elif kind == CHEMICAL:
        factor, rise = slope, curvature / max(slope, 1e-300)
    else:
        factor, rise = occupancy * (1.0 - occupancy), 1.0 - 2.0 * occupancy
    if factor < FLOOR:
        return FLOOR, 0.0
    return factor, rise


@inlined
def concentration_factor(occupancy: float) -> tuple[float, float]:
    """Factor sqrt(theta (1 - theta))/0.5 of the exchange current, floored, and its derivative [1]."""
    product = occupancy * (1.0 - occupancy)
    if product > FLOOR:
        root = math.sqrt(product)
        return 2.0 * root, (1.0 - 2.0 * occupancy) / root
    return 2.0 * math.sqrt(FLOOR), 0.0


@inlined
def butler_volmer(anodic: float, cathodic: float, eta: float) -> tuple[float, float]:
    """Current over exchange current at reduced overpotential eta, and its slope [1]."""
    forth, back = math.exp(anodic * eta), math.exp(-cathodic * eta)
    return forth - back, anodic * forth + cathodic * back
