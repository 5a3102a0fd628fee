"""A sweep whose worker and command are killed: the short form of `python -m benchmarks.torture sweep`."""

from pathlib import Path

from benchmarks.torture.sweep import Disturbance, survive


def test_a_sweep_survives_its_worker_and_its_command(tmp_path: Path) -> None:
    plot = [Disturbance(4, "worker"), Disturbance(10, "command")]
    assert survive(tmp_path, 30, plot) == []
    assert "Traceback" not in (tmp_path / "said.txt").read_text()
