import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import meshio
import numpy as np
from PIL import Image

Lithostat = Callable[..., subprocess.CompletedProcess[str]]


def test_mesh_is_written_read_and_drawn(here: Lithostat, tmp_path: Path) -> None:
    done = here("mesh", "quick/dispersed_solid", "--out", "m")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [
        "mesh.json",
        "mesh.msh",
        "mesh.png",
        "mesh.vtu",
    ]
    report = json.loads((tmp_path / "m" / "mesh.json").read_text())
    read = meshio.read(tmp_path / "m" / "mesh.vtu")
    triangles = read.cells_dict["triangle"]
    corners = read.points[triangles]
    edges = corners[:, 1:] - corners[:, :1]
    area = 0.5 * np.abs(np.cross(edges[:, 0], edges[:, 1])[:, 2]).sum()
    assert abs(area / sum(report["region_volumes"].values()) - 1) < 1e-9
    picture = np.asarray(Image.open(tmp_path / "m" / "mesh.png").convert("RGB"))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50
    assert "linked to the surface" in done.stdout


def test_mesh_folder_is_spared_without_force(here: Lithostat, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "mesh.msh").write_text("mine")
    done = here("mesh", "quick/core_shell_liquid", "--out", "m")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert (tmp_path / "m" / "mesh.msh").read_text() == "mine"
