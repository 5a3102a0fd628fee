"""Geometry in, tagged mesh out. Knows neither the solver nor any finite element library.

A case is checked and a line is meshed without Gmsh and SciPy: they are loaded where they are used.
"""

from meshes.building import build, estimate_cells, refusals
from meshes.core_shell import CoreShell
from meshes.dispersed import Dispersed
from meshes.file_mesh import FileMesh
from meshes.hollow_secondary import Grains, HollowSecondary, RockSaltPlace
from meshes.mesh_error import MeshError
from meshes.mesh_size import MeshSize
from meshes.morphologies import Domains, Lamellae, RandomField, Spheres
from meshes.tagged_mesh import (
    FACET_TAGS,
    INNER,
    LAYERED,
    OUTER,
    ROCK_SALT,
    SYM_X,
    SYM_Y,
    SYM_Z,
    MeshReport,
    TaggedMesh,
)
from meshes.write import write_mesh

__all__ = [
    "FACET_TAGS",
    "INNER",
    "LAYERED",
    "OUTER",
    "ROCK_SALT",
    "SYM_X",
    "SYM_Y",
    "SYM_Z",
    "CoreShell",
    "Dispersed",
    "Domains",
    "FileMesh",
    "Grains",
    "HollowSecondary",
    "Lamellae",
    "MeshError",
    "MeshReport",
    "MeshSize",
    "RandomField",
    "RockSaltPlace",
    "Spheres",
    "TaggedMesh",
    "build",
    "estimate_cells",
    "refusals",
    "write_mesh",
]
