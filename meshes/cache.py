"""Finished meshes on disk, keyed by everything that shapes them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from meshes.tagged_mesh import MeshReport, TaggedMesh


@cache
def builders() -> str:
    """Hash of this package's own source, hexadecimal SHA-256: a changed builder never finds old meshes."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def geometry_key(geometry: Any) -> str:
    """Hash of a geometry, the builders and the version of Gmsh.

    Args:
        geometry: A frozen dataclass; `fingerprint()`, where it has one, adds what its fields do not tell
            (the content of a file).

    Returns:
        Hexadecimal SHA-256.
    """
    try:
        gmsh = metadata.version("gmsh")
    except metadata.PackageNotFoundError:
        gmsh = "unknown"
    more = geometry.fingerprint() if hasattr(geometry, "fingerprint") else ""
    spec = {
        "kind": type(geometry).__name__,
        "fields": asdict(geometry),
        "morphology": type(getattr(geometry, "morphology", None)).__name__,
        "more": more,
        "builders": builders(),
        "gmsh": gmsh,
    }
    return hashlib.sha256(json.dumps(spec, sort_keys=True, default=str).encode()).hexdigest()


def load_cached(geometry: Any, folder: Path | None) -> TaggedMesh | None:
    """Read a mesh from the cache.

    Args:
        geometry: The geometry.
        folder: The cache, or None.

    Returns:
        The mesh, or None when there is none that can be read.
    """
    if folder is None:
        return None
    path = folder / f"{geometry_key(geometry)}.npz"
    try:
        # An own handle: NumPy leaves its own open when the file turns out to be damaged.
        with path.open("rb") as source, np.load(source, allow_pickle=False) as data:
            header = json.loads(str(data["header"]))
            report = header["report"]
            report["notes"] = tuple(report["notes"])
            return TaggedMesh(
                dimension=header["dimension"],
                points=data["points"],
                cells=data["cells"],
                cell_phase=data["cell_phase"],
                cell_grain=data["cell_grain"],
                facets=data["facets"],
                facet_tags=data["facet_tags"],
                frames=data["frames"] if "frames" in data.files else None,
                length=header["length"],
                multiplicity=header["multiplicity"],
                report=MeshReport(**report),
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        # Missing, cut short or of another version: it is built again and written over.
        return None


def store(geometry: Any, mesh: TaggedMesh, folder: Path | None) -> None:
    """Write a mesh into the cache, whole or not at all.

    Args:
        geometry: The geometry it belongs to.
        mesh: The mesh.
        folder: The cache, or None. One that cannot be written is ignored: the cache only saves time.
    """
    if folder is None:
        return
    arrays: dict[str, Any] = {
        name: getattr(mesh, name)
        for name in ("points", "cells", "cell_phase", "cell_grain", "facets", "facet_tags", "frames")
        if getattr(mesh, name) is not None
    }
    header = {
        "dimension": mesh.dimension,
        "length": mesh.length,
        "multiplicity": mesh.multiplicity,
        "report": asdict(mesh.report),
    }
    temporary = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            np.savez(out, header=np.array(json.dumps(header)), **arrays)
        Path(temporary).replace(folder / f"{geometry_key(geometry)}.npz")
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
