"""Small bodies that several tests run, as the `geometry` of a case file."""

from typing import Final

DISPERSED_OCTANT: Final = """
  kind: dispersed
  dimension: 3d
  radius: 2.5 um
  rock_salt_fraction: 0.5
  morphology: {kind: random_field, correlation_length: 2.5 um}
  seed: 1
  sector: octant
  mesh_size: {bulk: 800 nm, interface: 700 nm}"""
