"""Where the rock salt sits in a dispersed particle: one implicit function per morphology."""

from meshes.morphologies.domains import Domains
from meshes.morphologies.lamellae import Lamellae
from meshes.morphologies.random_field import RandomField
from meshes.morphologies.spheres import Spheres

Morphology = RandomField | Domains | Lamellae | Spheres

__all__ = ["Domains", "Lamellae", "Morphology", "RandomField", "Spheres"]
