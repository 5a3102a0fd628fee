"""Points of chance: seeds of grains and domains, relaxed to equal sizes, and directions."""

from __future__ import annotations

import math

import numpy as np

from meshes.tagged_mesh import Floats

RELAXATIONS = 12
SAMPLES_PER_SEED = {2: 400, 3: 100}
"""By number of coordinates; in space there are many more seeds to a particle."""


def relaxed_seeds(
    count: int, inner: float, outer: float, rng: np.random.Generator, coordinates: int = 2
) -> Floats:
    """Seeds in an annulus or a hollow ball whose Voronoi cells are compact and of similar size.

    Random seeds are moved to the centroids of their cells a few times; cells of plain random seeds differ
    tenfold in size and have edges far shorter than any mesh.

    Args:
        count: Number of seeds.
        inner: Inner radius, zero for a disc or a ball.
        outer: Outer radius.
        rng: Source of chance.
        coordinates: 2 for an annulus, 3 for a ball.

    Returns:
        (count, coordinates) seeds.

    Source: Lloyd (1982), IEEE Trans. Inf. Theory 28, 129 (relaxation).
    """
    from scipy.spatial import cKDTree

    seeds = scattered(count, inner, outer, rng, coordinates)
    if count == 1:
        return seeds
    many = max(20_000, SAMPLES_PER_SEED[coordinates] * count)
    samples = scattered(many, inner, outer, rng, coordinates)
    for _ in range(RELAXATIONS):
        owner = cKDTree(seeds).query(samples)[1]
        share = np.bincount(owner, minlength=count)
        centroid = np.stack(
            [np.bincount(owner, weights=samples[:, k], minlength=count) for k in range(coordinates)], axis=1
        )
        filled = share > 0
        seeds[filled] = centroid[filled] / share[filled, None]
    return seeds


def ball_measure(radius: float, coordinates: int) -> float:
    """Area of a disc or volume of a ball."""
    return math.pi * radius**2 if coordinates == 2 else 4.0 / 3.0 * math.pi * radius**3


def scattered(
    count: int, inner: float, outer: float, rng: np.random.Generator, coordinates: int = 2
) -> Floats:
    """Uniformly random points between two circles or spheres; see `relaxed_seeds`."""
    radii = rng.uniform(inner**coordinates, outer**coordinates, count)
    r = np.sqrt(radii) if coordinates == 2 else np.cbrt(radii)
    return np.asarray(r[:, None] * directions(count, rng, coordinates), dtype=np.float64)


def directions(
    count: int, rng: np.random.Generator, coordinates: int = 2, span: float = 2 * math.pi
) -> Floats:
    """Unit vectors of any direction with equal chance.

    Args:
        count: Number of vectors.
        rng: Source of chance.
        coordinates: 2 or 3.
        span: Range of the angle in the plane [rad]; pi where a vector and its opposite mean the same.

    Returns:
        (count, coordinates) vectors.
    """
    if coordinates == 2:
        angle = rng.uniform(0.0, span, count)
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    vectors = rng.standard_normal((count, coordinates))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float64)
