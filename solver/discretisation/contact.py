"""Partial contact: which facets of the outer surface touch the electrolyte or the conducting medium."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes import OUTER, SYM_X, SYM_Y, SYM_Z, TaggedMesh

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

WAVES = 64
"""Plane waves in a random pattern of patches."""


@dataclass(frozen=True)
class Contact:
    """A contact pattern of the outer surface.

    Attributes:
        kind: `caps`, round and of one size around random directions, or `patches` of random outline.
        share: part of the outer area in contact [1].
        seed: of the random pattern.
        count: about how many caps or patches the whole surface bears.
    """

    kind: str
    share: float
    seed: int = 1
    count: int = 12


def closed_facets(tagged: TaggedMesh, contact: Contact) -> Bools:
    """Which tagged facets are outer surface without contact, shape (facets,).

    Facets are taken whole, those nearest to a cap's centre or highest in a random field first, until their
    area comes nearest to the share asked for. In a sector the pattern is mirrored with it.
    """
    outer = np.asarray(tagged.facet_tags) == OUTER
    corners = np.asarray(tagged.points)[np.asarray(tagged.facets)[outer]]
    middle = corners.mean(axis=1)
    directions = middle / np.linalg.norm(middle, axis=1, keepdims=True)
    mirrored = [axis for tag, axis in ((SYM_X, 0), (SYM_Y, 1), (SYM_Z, 2)) if tag in tagged.facet_tags]
    rank = _distance(contact, directions, mirrored)
    areas = _areas(corners)
    order = np.argsort(rank, kind="stable")
    passed = np.concatenate([[0.0], np.cumsum(areas[order])])
    taken = max(1, int(np.argmin(np.abs(passed - contact.share * passed[-1]))))
    closed = np.zeros(len(outer), dtype=bool)
    closed[np.flatnonzero(outer)[order[taken:]]] = True
    return closed


def _distance(contact: Contact, directions: Array, mirrored: list[int]) -> Array:
    """How far each direction is from contact, in any increasing measure."""
    rng = np.random.default_rng(contact.seed)
    dim = directions.shape[1]
    if contact.kind == "caps":
        count = max(1, round(contact.count / 2 ** len(mirrored)))
        centres = rng.normal(size=(count, dim))
        centres[:, mirrored] = np.abs(centres[:, mirrored])
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        return np.asarray(-(directions @ centres.T).max(axis=1))
    spacing = 2.0 * np.pi / contact.count if dim == 2 else np.sqrt(4.0 * np.pi / contact.count)
    waves = rng.normal(size=(WAVES, dim))
    waves *= 2.0 * np.pi / spacing / np.linalg.norm(waves, axis=1, keepdims=True)
    phases = rng.uniform(0.0, 2.0 * np.pi, WAVES)
    return np.asarray(np.cos(directions @ waves.T + phases).sum(axis=1))


def _areas(corners: Array) -> Array:
    """Length or area of flat facets, shape (n,)."""
    edges = corners[:, 1:] - corners[:, :1]
    gram = np.einsum("fik,fjk->fij", edges, edges)
    return np.asarray(np.sqrt(np.linalg.det(gram)))
