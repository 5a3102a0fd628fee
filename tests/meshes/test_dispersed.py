import numpy as np
import pytest

from meshes import (
    LAYERED,
    OUTER,
    ROCK_SALT,
    SYM_X,
    SYM_Y,
    Dispersed,
    Domains,
    Lamellae,
    MeshSize,
    RandomField,
    Spheres,
    build,
)
from meshes.interface_fit import fit_interface
from meshes.simplices import facet_table, signed_measure

NM = 1e-9
R = 1600 * NM
COARSE = MeshSize(200 * NM, 130 * NM)
MORPHOLOGIES = {
    "random_field": RandomField(600 * NM),
    "domains": Domains(500 * NM),
    "radial": Lamellae(600 * NM, "radial"),
    "parallel": Lamellae(500 * NM, "parallel"),
    "by_domain": Lamellae(500 * NM, "by_domain", 1200 * NM),
    "spheres": Spheres(300 * NM),
}


@pytest.mark.parametrize("fraction", [0.35, 0.5, 0.7])
@pytest.mark.parametrize("kind", MORPHOLOGIES)
def test_five_seeds_meet_the_fraction_with_sound_cells(assert_sound, kind, fraction):
    hashes = set()
    for seed in range(1, 6):
        mesh = build(Dispersed(R, fraction, MORPHOLOGIES[kind], seed=seed, mesh_size=COARSE))
        assert_sound(mesh, 0.25)
        assert mesh.report.rock_salt_fraction == pytest.approx(fraction, abs=0.009)
        assert mesh.report.quality_p05 > 0.6
        total = sum(mesh.report.region_volumes.values())
        assert total == pytest.approx(np.pi * R**2, rel=1e-10)
        hashes.add(mesh.report.hash)
    assert len(hashes) == 5


def test_one_seed_gives_one_mesh():
    geometry = Dispersed(R, 0.5, MORPHOLOGIES["domains"], seed=3, mesh_size=COARSE)
    first, second = build(geometry), build(geometry)
    for name in ("points", "cells", "cell_phase", "facets", "facet_tags"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert first.report == second.report


@pytest.mark.parametrize(
    ("sector", "copies", "tags"), [("half", 2, {OUTER, SYM_Y}), ("quarter", 4, {OUTER, SYM_X, SYM_Y})]
)
def test_a_skin_closes_the_surface_of_a_sector(assert_sound, sector, copies, tags):
    geometry = Dispersed(
        R, 0.4, MORPHOLOGIES["random_field"], 60 * NM, 2, "plane_strain", sector, MeshSize(150 * NM, 100 * NM)
    )
    mesh = build(geometry)
    assert_sound(mesh, 0.25)
    assert (mesh.multiplicity, set(mesh.facet_tags)) == (copies, tags)
    assert mesh.report.rock_salt_fraction == pytest.approx(0.4, abs=0.009)
    r = np.hypot(*mesh.points[mesh.cells].mean(axis=1).T)
    assert (mesh.cell_phase[r > 1 - 60 * NM / R] == ROCK_SALT).all()
    assert mesh.report.connected_share["layered"] == 0.0
    assert any("skin closes the surface" in note for note in mesh.report.notes)


def test_radial_lamellae_link_both_phases_and_others_say_that_they_do_not():
    fine = MeshSize(None, 60 * NM)
    radial = build(Dispersed(R, 0.35, Lamellae(600 * NM, "radial"), mesh_size=fine)).report
    assert min(radial.connected_share.values()) > 0.95
    assert not any("cannot percolate" in note for note in radial.notes)
    discs = build(Dispersed(R, 0.35, Spheres(250 * NM, overlap=False), mesh_size=fine)).report
    assert discs.connected_share["rock_salt"] < 0.6
    assert any("cannot percolate both phases" in note for note in discs.notes)


def test_no_speck_is_left():
    mesh = build(Dispersed(R, 0.5, MORPHOLOGIES["by_domain"], seed=2, mesh_size=COARSE))
    _, sides, _ = facet_table(mesh.cells)
    inside = sides[sides[:, 1] >= 0]
    same = inside[mesh.cell_phase[inside[:, 0]] == mesh.cell_phase[inside[:, 1]]]
    label = np.arange(len(mesh.cells))
    while True:
        low = label.copy()
        np.minimum.at(low, same[:, 0], label[same[:, 1]])
        np.minimum.at(low, same[:, 1], label[same[:, 0]])
        if np.array_equal(low, label):
            break
        label = low
    # Islands that appear when a speck is flipped can only be larger than the speck.
    assert np.unique(label, return_counts=True)[1].min() >= 12


def test_the_interface_of_a_disc_is_smooth_and_encloses_its_area():
    count = 41
    x, y = np.meshgrid(np.linspace(-1, 1, count), np.linspace(-1, 1, count), indexing="ij")
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    k = (np.arange(count - 1)[:, None] * count + np.arange(count - 1)).ravel()
    cells = np.concatenate(
        [np.stack([k, k + count, k + count + 1], axis=1), np.stack([k, k + count + 1, k + 1], axis=1)]
    )
    fit = fit_interface(
        points,
        cells,
        np.ones(len(cells), dtype=bool),
        np.zeros(len(points), dtype=np.int64),
        1.0,
        lambda p: np.hypot(p[:, 0], p[:, 1]) - 0.6,
    )
    area = signed_measure(fit.points, fit.cells)
    assert area.min() > 0
    assert area.sum() == pytest.approx(4.0, rel=1e-12)
    assert area[fit.negative].sum() == pytest.approx(np.pi * 0.36, rel=4e-3)
    # Every edge between inside and outside lies on the circle.
    table, sides, counts = facet_table(fit.cells)
    phase = np.where(fit.negative, ROCK_SALT, LAYERED)
    between = (counts == 2) & (phase[sides[:, 0]] != phase[sides[:, 1]])
    distance = np.abs(np.hypot(*fit.points[np.unique(table[between])].T) - 0.6)
    assert np.quantile(distance, 0.8) < 1e-9
    assert distance.max() < 0.3 * 0.05
