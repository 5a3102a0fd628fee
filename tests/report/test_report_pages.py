from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from solver.report import page as page_module
from solver.report.errors import ReportError
from solver.report.fields import Fields
from solver.report.page import report
from solver.report.scales import SHOWN
from solver.report.scene import draw_scalar, frame_of


def is_drawn(file: Path) -> bool:
    """Whether a picture holds more than a few colours and is neither small nor mostly of one colour."""
    image = np.asarray(imread(file))[:, :, :3]
    colours, counts = np.unique((image * 255).astype(np.uint8).reshape(-1, 3), axis=0, return_counts=True)
    return min(image.shape[:2]) > 500 and len(colours) > 200 and counts.max() < 0.97 * counts.sum()


def test_a_report_holds_every_figure_it_names(tmp_path, synthetic_run):
    run = synthetic_run(tmp_path / "run", dimension="axisymmetric", name="made-up")
    measured = tmp_path / "measured.csv"
    measured.write_text("capacity [mAh/g],voltage [V]\n0,3.6\n150,4.3\n")
    page = report(run, data=measured, out=tmp_path / "out")
    text = page.read_text()
    pictures = sorted(page.parent.glob("*.png"))
    assert [file.name for file in pictures] == ["curves.png", "fields_equilibrium.png", "fields_step_01.png"]
    for file in pictures:
        assert f"({file.name})" in text
        assert is_drawn(file), file.name
    assert "made-up" in text
    assert "Charge at 1C until 4.3 V | voltage limit | 60.0 | 150.0 |" in text
    html = page.with_suffix(".html").read_text()
    assert html.count("data:image/png;base64,") == len(pictures)
    assert "http" not in html


def test_tension_is_red_and_compression_blue_with_white_at_zero():
    points = np.array([[-1.0, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * 1e-6
    cells = np.array([[0, 1, 2], [0, 2, 3]])
    stress = points[:, 0] * 1e15  # -1 GPa on the left, 1 GPa on the right
    picture = Fields("cut", points, cells, {"hydrostatic_stress": stress})
    name = SHOWN["hydrostatic_stress"].colours
    raster = draw_scalar(picture, "hydrostatic_stress", (-1e9, 1e9), name, pixels=200)
    assert raster.extent == frame_of(picture)
    row = raster.image[100].astype(int)
    assert row[15, 2] > row[15, 0] + 40
    assert row[-16, 0] > row[-16, 2] + 40
    assert row[100].min() > 235
    assert (raster.image[0, 0] == 255).all()


def test_bad_folders_and_data_are_refused_before_anything_is_written(tmp_path, synthetic_run):
    run = synthetic_run(tmp_path / "run")
    with pytest.raises(ReportError, match="no such folder"):
        report(tmp_path / "none")
    with pytest.raises(ReportError, match=r"resolved\.yaml is missing"):
        report(tmp_path)
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    with pytest.raises(ReportError, match="column 'capacity"):
        report(run, data=bad, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "taken").write_text("")
    with pytest.raises(ReportError, match="give --out another folder"):
        report(run, out=tmp_path / "taken")


def test_a_run_that_ended_before_its_first_increment_still_gets_a_page(tmp_path, synthetic_run, monkeypatch):
    run = synthetic_run(tmp_path / "run", dimension="spherical")
    for name in ("summary.json", "history.csv", "fields.vtkhdf"):
        (run / name).unlink()
    text = report(run).read_text()
    assert "Status of the run: unfinished" in text
    assert ".png" not in text
    assert page_module.open_run(run).snapshots == ()
