"""Seeds of grains and domains: random, then relaxed to equal sizes."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial import cKDTree

from meshes.tagged_mesh import Floats

RELAXATIONS = 12
SAMPLES_PER_SEED = 400


def relaxed_seeds(count: int, inner: float, outer: float, rng: np.random.Generator) -> Floats:
    """Seeds in an annulus whose Voronoi cells are compact and of similar area.

    Random seeds are moved to the centroids of their cells a few times; cells of plain random seeds differ
    tenfold in area and have edges far shorter than any mesh.

    Args:
        count: Number of seeds.
        inner: Inner radius, zero for a disc.
        outer: Outer radius.
        rng: Source of chance.

    Returns:
        (count, 2) seeds.

    Source: Lloyd (1982), IEEE Trans. Inf. Theory 28, 129 (relaxation).
    """
    seeds = _uniform(count, inner, outer, rng)
    if count == 1:
        return seeds
    samples = _uniform(max(20_000, SAMPLES_PER_SEED * count), inner, outer, rng)
    for _ in range(RELAXATIONS):
        owner = cKDTree(seeds).query(samples)[1]
        share = np.bincount(owner, minlength=count)
        centroid = np.stack(
            [np.bincount(owner, weights=samples[:, k], minlength=count) for k in range(2)], axis=1
        )
        filled = share > 0
        seeds[filled] = centroid[filled] / share[filled, None]
    return seeds


def _uniform(count: int, inner: float, outer: float, rng: np.random.Generator) -> Floats:
    r = np.sqrt(rng.uniform(inner**2, outer**2, count))
    angle = rng.uniform(0.0, 2 * math.pi, count)
    return np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)
