"""What `lithostat check` says about the load from outside and about partial contact."""

import math
from collections.abc import Iterator

import numpy as np

import meshes
from solver.case import Case
from solver.case.geometry import PLANE, FileMesh

FLAT = 1e-9
"""A facet lies on a wall of a box within this distance [largest coordinate]."""


def load_lines(case: Case) -> Iterator[str]:
    """Yield what presses on the outer surface; nothing where nothing does."""
    mechanics, dimension = case.mechanics, case.geometry.dimension
    along = mechanics.stack_pressure
    if mechanics.loading == "hydrostatic":
        if along:
            yield f"hydrostatic: {_mpa(along)} on the whole outer surface"
        return
    if isinstance(case.geometry, FileMesh) and dimension == "3d" and _fills_a_box(case):
        yield f"die: a box on a fixed bottom between frictionless rigid sides, on top a plate: {_mpa(along)}"
        yield "the sides bear what they must; medium_poisson_ratio has no part in it"
        return
    ratio, nu = mechanics.lateral, mechanics.medium_poisson_ratio
    yield (
        f"die: traction -diag(lam p, lam p, p) n on the outer surface, lam = nu_m/(1 - nu_m) = {ratio:.4g} "
        f"(nu_m {nu:g})"
    )
    yield f"{_mpa(along)} along z, {_mpa(ratio * along)} across it, mean {_mpa((1 + 2 * ratio) / 3 * along)}"
    if dimension == "plane_strain":
        yield "z is the axis of the cylinder: plane strain holds its length, so that p along z has no effect"
    elif dimension in PLANE:
        yield "z is the axis of the cylinder: p loads its ends, lam p its side"


def contact_lines(case: Case) -> Iterator[str]:
    """Yield where the outer surface passes current; nothing where it does all over."""
    contact = case.surface.contact
    if contact is None:
        return
    flat = case.geometry.dimension in PLANE
    yield (
        f"{contact.count} {contact.kind} on the whole surface, seed {contact.seed}: "
        f"{100 * contact.share:g} % of it in contact, current passes there only"
    )
    sector = getattr(case.geometry, "sector", None)
    if sector not in (None, "full"):
        yield f"the pattern is mirrored at the {'lines' if flat else 'planes'} of the {sector}"
    radius = getattr(case.geometry, "radius", None)
    if radius is None:
        return
    width = radius * _opening(contact.share, contact.count, flat)
    size = case.mesh_geometry().sizes()[1]
    yield (
        f"apart from each other they would be {1e9 * width:.4g} nm wide, in surface cells of "
        f"{1e9 * size:.4g} nm" + ("; make mesh_size.interface smaller" if size > 0.5 * width else "")
    )


def _opening(share: float, count: int, flat: bool) -> float:
    """Angle over which each of so many equal caps (arcs in the plane) would stretch [rad]."""
    if flat:
        return 2.0 * math.pi * share / count
    return 2.0 * math.acos(max(1.0 - 2.0 * share / count, -1.0))


def _fills_a_box(case: Case) -> bool:
    """Whether the outer surface of a mesh file lies on the walls of its bounding box, its top included."""
    mesh = meshes.build(case.mesh_geometry())
    corners = mesh.points[mesh.facets[mesh.facet_tags == meshes.OUTER]]
    low, high = mesh.points.min(axis=0), mesh.points.max(axis=0)
    at_low = (np.abs(corners - low) < FLAT).all(axis=1)
    at_high = (np.abs(corners - high) < FLAT).all(axis=1)
    return bool((at_low | at_high).any(axis=1).all() and at_high[:, 2].any())


def _mpa(pressure: float) -> str:
    return f"{pressure / 1e6:.4g} MPa"
