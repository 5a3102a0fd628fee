"""Comparisons with other programs can fail, and nothing of them needs the network."""

import os
import socket
from dataclasses import replace
from typing import Any, Never

import numpy as np
import pytest

from benchmarks.verification.page import Dimension, Workbench
from benchmarks.verification.pages.programs import ngsolve_elasticity, pybamm_particle, scikit_fem_misfit
from benchmarks.verification.setups import elastic, hand_made, in_ngsolve, in_pybamm, in_scikit_fem


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever opens a connection fail."""

    def refuse(*_given: Any) -> Never:
        pytest.fail("something asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_ngsolve_sees_what_differs(tmp_path: Any, cut_off: None) -> None:
    body = ngsolve_elasticity.crystals(Workbench(tmp_path, short=True), "3d")
    mine = elastic.settled(body)
    assert mine.off(in_ngsolve.solve(body)) < 1e-12
    frame = hand_made.FRAMES["3d"]
    assert frame is not None
    others = (
        replace(body, frame=frame.T),
        replace(body, pressure=1.001 * body.pressure),
        replace(body, coherency=1.001 * body.coherency),
        replace(body, misfit=np.diag([0.011, 0.011, 0.01701])),
    )
    assert all(mine.off(in_ngsolve.solve(other)) > 1e-6 for other in others)
    with pytest.raises(ValueError, match="nodes stand beside"):
        mine.off(in_ngsolve.solve(replace(body, mesh=hand_made.box("3d", 2))))


@pytest.mark.parametrize(("dimension", "size"), [("axisymmetric", 1e-6), ("spherical", 1e-7)])
def test_scikit_fem_sees_what_differs(
    dimension: Dimension, size: float, tmp_path: Any, cut_off: None
) -> None:
    page = scikit_fem_misfit
    run = page.run(Workbench(tmp_path, short=True), dimension, "soft core", size)
    told, core = in_scikit_fem.written(run), run.mean_stress("layered")
    assert page.solve(told, "soft core").means["layered"] == pytest.approx(core, rel=1e-11)
    soft, stiff = page.PAIRS["soft core"]
    for solids in ((soft, replace(stiff, poisson=0.2401)), (replace(soft, young=0.1831e9), stiff)):
        by_name = dict(zip(("layered", "rock_salt"), solids, strict=True))
        other = in_scikit_fem.solve(told, by_name, page.COHERENCY * page.STRAIN, page.PRESSURE)
        assert abs(other.means["layered"] / core - 1.0) > 1e-7


def test_pybamm_sees_what_differs_and_sends_nothing(cut_off: None) -> None:
    charge, times = pybamm_particle.CHARGE, np.array([0.0, 1800.0, 3600.0])
    curve = in_pybamm.solve(charge, "dilute", times, 50, feedback=True)
    assert os.environ["PYBAMM_DISABLE_TELEMETRY"] == "true"
    for key, factor in (("volume", 1.01), ("diffusivity", 1.01), ("current", 1.001)):
        other = replace(charge, **{key: factor * getattr(charge, key)})
        changed = in_pybamm.solve(other, "dilute", times, 50, feedback=True)
        assert abs(changed.surface[-1] / curve.surface[-1] - 1.0) > 3e-4
