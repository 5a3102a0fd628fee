from dataclasses import replace

import numpy as np
import pytest

import meshes.building
from meshes import CoreShell, Dispersed, Grains, HollowSecondary, Lamellae, MeshSize, Spheres, build
from meshes.cache import geometry_key

R = 2.5e-6
DISC = CoreShell(R, 2e-7, "plane_strain", mesh_size=MeshSize(5e-7, 2e-7))
GRAINS = HollowSecondary(
    R, R / 3, R / 2, Grains("voronoi", 4), dimension="plane_strain", mesh_size=MeshSize(4e-7, 3e-7)
)
ARRAYS = ("points", "cells", "cell_phase", "cell_grain", "facets", "facet_tags", "frames")


@pytest.mark.parametrize("geometry", [DISC, GRAINS, CoreShell(R)])
def test_round_trip(tmp_path, geometry):
    built, read = build(geometry, tmp_path), build(geometry, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    for name in ARRAYS:
        a, b = getattr(built, name), getattr(read, name)
        assert (a is None) == (b is None)
        if a is not None:
            assert a.dtype == b.dtype
            assert np.array_equal(a, b)
    assert built.report == read.report
    assert (built.dimension, built.length, built.multiplicity) == (
        read.dimension,
        read.length,
        read.multiplicity,
    )


def test_the_second_build_does_not_mesh(tmp_path, monkeypatch):
    build(DISC, tmp_path)

    def never(self):
        raise AssertionError("meshed again")

    monkeypatch.setattr(CoreShell, "build", never)
    assert len(build(DISC, tmp_path).cells) > 0
    with pytest.raises(AssertionError):
        build(replace(DISC, radius=1.001 * R), tmp_path)


def test_a_damaged_file_is_built_again(tmp_path):
    first = build(DISC, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:500])
    assert build(DISC, tmp_path).report.hash == first.report.hash
    assert path.stat().st_size > 500


def test_a_folder_that_cannot_be_made_is_ignored(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert len(build(CoreShell(R), tmp_path / "file" / "cache").cells) > 0


def test_every_field_counts_for_the_key():
    base = Dispersed(R, 0.4, Lamellae(4e-7, "radial"))
    others = [
        replace(base, radius=2 * R),
        replace(base, rock_salt_fraction=0.41),
        replace(base, morphology=Lamellae(4e-7, "parallel")),
        replace(base, morphology=Lamellae(4.1e-7, "radial")),
        replace(base, morphology=Spheres(4e-7)),
        replace(base, skin_thickness=3e-8),
        replace(base, seed=2),
        replace(base, dimension="plane_strain"),
        replace(base, sector="half"),
        replace(base, mesh_size=MeshSize(1e-7)),
        replace(base, mesh_size=MeshSize(None, 1e-7)),
    ]
    keys = {geometry_key(g) for g in [base, *others]}
    assert len(keys) == 1 + len(others)
    assert geometry_key(replace(base)) == geometry_key(base)


def test_geometries_refuse_before_they_build(monkeypatch):
    monkeypatch.setattr(meshes.building, "load_cached", lambda *_: pytest.fail("looked into the cache"))
    with pytest.raises(meshes.MeshError, match="shell_thickness"):
        build(replace(DISC, shell_thickness=2 * R))


def test_a_changed_builder_does_not_find_its_old_meshes(tmp_path, monkeypatch):
    build(DISC, tmp_path)
    monkeypatch.setattr("meshes.cache.builders", lambda: "another version of the builders")
    build(DISC, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
