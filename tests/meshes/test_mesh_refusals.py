import subprocess
import sys
from dataclasses import replace

import pytest

from meshes import (
    CoreShell,
    Dispersed,
    Domains,
    Grains,
    HollowSecondary,
    Lamellae,
    MeshSize,
    RandomField,
    RockSaltPlace,
    Spheres,
    refusals,
)

NM = 1e-9
R = 2500 * NM
GPS = "generalised_plane_strain"
SPHERE = CoreShell(R, 100 * NM)
DISC = CoreShell(R, 100 * NM, GPS)
DISPERSED = Dispersed(R, 0.35, RandomField(400 * NM))
HOLLOW = HollowSecondary(R, R / 3, 400 * NM, Grains(), RockSaltPlace("surface_shell", 50 * NM), GPS)


@pytest.mark.parametrize(
    "geometry",
    [
        SPHERE,
        DISC,
        DISPERSED,
        HOLLOW,
        CoreShell(R, 2 * NM),
        CoreShell(R),
        CoreShell(R, 20 * NM, "axisymmetric"),
        CoreShell(R, 20 * NM, "3d"),
        replace(DISPERSED, rock_salt_fraction=0.75),
        replace(DISPERSED, dimension="3d"),
        replace(DISPERSED, skin_thickness=20 * NM, sector="quarter"),
        replace(HOLLOW, dimension="spherical"),
        replace(HOLLOW, grains=None, grain_size=None, dimension="axisymmetric"),
        replace(HOLLOW, cavity_radius=0.0),
    ],
)
def test_good_geometries_pass(geometry):
    assert refusals(geometry) == []


@pytest.mark.parametrize(
    ("geometry", "key", "says"),
    [
        (CoreShell(R, 19 * NM, "axisymmetric"), "shell_thickness", "spherical"),
        (CoreShell(R, 2 * NM, GPS), "shell_thickness", "20 nm"),
        (CoreShell(R, R), "shell_thickness", "below|between"),
        (CoreShell(R, -1 * NM), "shell_thickness", "between"),
        (CoreShell(-R), "radius", "positive"),
        (CoreShell(R, 19 * NM, "3d"), "shell_thickness", "20 nm"),
        (CoreShell(R, dimension="3d", sector="eighth"), "sector", "quarter, octant"),
        (CoreShell(R, 20 * NM, "3d", mesh_size=MeshSize(20 * NM)), "mesh_size", "cells would be needed"),
        (CoreShell(R, dimension="flat"), "dimension", "allowed: spherical"),
        (replace(SPHERE, sector="half"), "sector", "allowed: full"),
        (replace(DISC, sector="octant"), "sector", "quarter"),
        (CoreShell(R, dimension="axisymmetric", sector="quarter"), "sector", "full, half"),
        (replace(DISC, mesh_size=MeshSize(-1.0)), "mesh_size.bulk", "positive"),
        (replace(DISC, mesh_size=MeshSize(10 * NM, 20 * NM)), "mesh_size.interface", "must not exceed"),
        (replace(DISC, mesh_size=MeshSize(2 * R)), "mesh_size.bulk", "radius"),
        (replace(DISC, mesh_size=MeshSize(1 * NM, 1 * NM)), "mesh_size", "cells would be needed"),
        (replace(DISPERSED, mesh_size=MeshSize(1 * NM, 1 * NM)), "mesh_size", "cells would be needed"),
        (replace(DISPERSED, dimension="spherical"), "dimension", "plane_strain"),
        (replace(DISPERSED, dimension="axisymmetric"), "dimension", "not possible"),
        (replace(DISPERSED, rock_salt_fraction=0.76), "rock_salt_fraction", "0.75"),
        (replace(DISPERSED, rock_salt_fraction=0.0), "rock_salt_fraction", "above 0"),
        (replace(DISPERSED, skin_thickness=10 * NM), "skin_thickness", "20 nm"),
        (replace(DISPERSED, skin_thickness=600 * NM), "skin_thickness", "skin alone"),
        (replace(DISPERSED, seed=-1), "seed", "negative"),
        (replace(DISPERSED, morphology=RandomField(2 * R)), "morphology.correlation_length", "between"),
        (replace(DISPERSED, morphology=Domains(1 * NM)), "morphology.size", "between"),
        (replace(DISPERSED, morphology=Lamellae(400 * NM, "spiral")), "morphology.orientation", "by_domain"),
        (replace(DISPERSED, morphology=Lamellae(400 * NM, "by_domain")), "morphology.domain_size", "belongs"),
        (
            replace(DISPERSED, morphology=Lamellae(400 * NM, "radial", R / 2)),
            "morphology.domain_size",
            "only",
        ),
        (
            replace(DISPERSED, rock_salt_fraction=0.6, morphology=Spheres(200 * NM, False)),
            "morphology.overlap",
            "at most",
        ),
        (replace(DISPERSED, mesh_size=MeshSize(None, 900 * NM)), "mesh_size.interface", "finest regions"),
        (replace(HOLLOW, cavity_radius=R), "cavity_radius", "between"),
        (replace(HOLLOW, sector="quarter"), "sector", "cut the grains"),
        (replace(HOLLOW, dimension="axisymmetric"), "grains", "revolution"),
        (replace(HOLLOW, grain_size=None), "grain_size", "needed"),
        (replace(HOLLOW, grains=Grains("bricks")), "grains.kind", "voronoi, radial"),
        (replace(HOLLOW, rock_salt=RockSaltPlace("surface_shell", 5 * NM)), "rock_salt.thickness", "20 nm"),
        (replace(HOLLOW, rock_salt=RockSaltPlace("surface_shell", R)), "rock_salt.thickness", "below"),
        (replace(HOLLOW, rock_salt=RockSaltPlace("surface_shell", 0)), "rock_salt.thickness", "place: none"),
        (replace(HOLLOW, rock_salt=RockSaltPlace("inside", 5 * NM)), "rock_salt.place", "surface_shell"),
        (
            replace(HOLLOW, dimension="spherical", rock_salt=RockSaltPlace("grain_boundary_layer", 5 * NM)),
            "rock_salt.place",
            "plane dimension",
        ),
        (
            replace(HOLLOW, rock_salt=RockSaltPlace("grain_boundary_layer", 300 * NM)),
            "rock_salt.thickness",
            "half the grain",
        ),
    ],
)
def test_bad_geometries_name_their_field(geometry, key, says):
    found = refusals(geometry)
    assert [k for k, _ in found] == [key]
    assert any(word in found[0][1] for word in says.split("|")), found


def test_refusals_and_estimates_need_no_gmsh():
    code = (
        "import sys; sys.modules['gmsh'] = None\n"
        "import meshes\n"
        "g = meshes.CoreShell(2.5e-6, 1e-7, 'plane_strain')\n"
        "assert not meshes.refusals(g) and meshes.estimate_cells(g) > 1000\n"
        "try: meshes.build(g)\n"
        "except meshes.MeshError as reason: print(reason)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Gmsh cannot be loaded" in done.stdout


def test_everything_exported_is_listed():
    import meshes

    public = {
        name
        for name, value in vars(meshes).items()
        if not name.startswith("_") and not isinstance(value, type(sys))
    }
    assert public == set(meshes.__all__)
