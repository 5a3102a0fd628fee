"""Partial contact: current enters only there, traction acts everywhere."""

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from meshes import OUTER
from solver.discretisation.body import Body
from solver.discretisation.contact import Contact, closed_facets
from solver.discretisation.mesh_import import import_mesh
from solver.discretisation.particle import Particle
from solver.fenics import MPI


@pytest.mark.parametrize("kind", ["caps", "patches"])
@pytest.mark.parametrize("dimension", ["3d", "generalised_plane_strain"])
@pytest.mark.parametrize("share", [0.1, 0.37, 1.0])
def test_the_share_is_met_to_a_facet(kind: str, dimension: str, share: float) -> None:
    tagged = hand_made.box(dimension, 6, symmetric=False)
    closed = closed_facets(tagged, Contact(kind, share, seed=3))
    outer = tagged.facet_tags == OUTER
    assert not closed[~outer].any()
    corners = tagged.points[tagged.facets]
    edges = corners[:, 1:] - corners[:, :1]
    across = np.cross(edges[:, 0], edges[:, 1]) if dimension == "3d" else edges[:, 0]
    areas = np.linalg.norm(across, axis=1) * (0.5 if dimension == "3d" else 1.0)
    total = areas[outer].sum()
    assert abs(areas[outer & ~closed].sum() - share * total) <= 0.5 * areas[outer].max() + 1e-12 * total
    assert np.array_equal(closed, closed_facets(tagged, Contact(kind, share, seed=3)))
    if share < 1.0:
        assert not np.array_equal(closed, closed_facets(tagged, Contact(kind, share, seed=4)))


def test_caps_are_round_and_patches_are_not_one() -> None:
    tagged = hand_made.box("3d", 8, symmetric=False)
    tagged = type(tagged)(**{**vars(tagged), "points": tagged.points - 0.5})
    middle = tagged.points[tagged.facets].mean(axis=1)
    directions = middle / np.linalg.norm(middle, axis=1, keepdims=True)
    open_ = ~closed_facets(tagged, Contact("caps", 0.2, seed=1, count=1))
    centre = directions[open_].mean(axis=0)
    away = directions @ (centre / np.linalg.norm(centre))
    assert away[open_].min() > np.quantile(away[~open_], 0.97)
    many = ~closed_facets(tagged, Contact("caps", 0.2, seed=1, count=30))
    assert np.linalg.norm(directions[many].mean(axis=0)) < np.linalg.norm(centre)


@pytest.mark.parametrize("kind", ["caps", "patches"])
def test_current_enters_there_and_pressure_acts_everywhere(kind: str) -> None:
    tagged = hand_made.box("3d", 4, symmetric=False)
    contact = Contact(kind, 0.3, seed=2)
    inputs = vars(hand_made.particle(tagged, hand_made.coupled_phases(), pressure=2e8).body)
    body = Particle(import_mesh(MPI.COMM_SELF, tagged, contact), Body(**inputs))
    whole = Particle(import_mesh(MPI.COMM_SELF, tagged), Body(**inputs))
    assert body.outer_area == pytest.approx(whole.outer_area, rel=1e-12)
    assert body.enclosed_volume == pytest.approx(whole.enclosed_volume, rel=1e-12)
    assert body.contact_area == pytest.approx(0.3 * whole.outer_area, abs=0.02 * whole.outer_area)
    assert body.touched_area == pytest.approx(body.contact_area, rel=1e-12)
    for particle in (body, whole):
        particle.unknowns.mu.x.array[:] = 0.4
        particle.unknowns.electrode.x.array[:] = 0.3
        particle.update()
    density = whole.number(whole.forms.current) / whole.outer_area
    assert body.number(body.forms.current) == pytest.approx(density * body.contact_area, rel=1e-12)
