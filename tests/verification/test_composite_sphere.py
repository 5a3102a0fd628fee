"""Rock salt inside, layered phase around it, on a mesh of one's own: Eshelby's inclusion in finite form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.verification.pages.mechanics.composite_sphere import (
    INNER,
    PAIRS,
    PRESSURE,
    UNIT,
    body,
    expected,
    misfitting,
)
from benchmarks.verification.setups.running import Run, relative

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("pressure", [0.0, PRESSURE])
@pytest.mark.parametrize(
    ("dimension", "size", "means", "walls"),
    [("spherical", 0.005, 1e-6, 2e-4), ("axisymmetric", 0.025, 1e-3, 2e-2), ("3d", 0.09, 2e-3, 2e-2)],
)
def test_inclusion(
    run: Runner, tmp_path: Path, dimension: str, size: float, means: float, walls: float, pressure: float
) -> None:
    solids = PAIRS["close moduli"]
    found = run(misfitting(body(dimension, size, tmp_path), solids, pressure))
    wanted = expected(solids, pressure)
    assert relative(found.mean_stress("rock_salt"), wanted.core) < means
    assert relative(found.mean_stress("layered"), wanted.shell) < means
    assert relative(found.point("centre", "hydrostatic_stress_Pa"), wanted.core) < walls
    assert relative(found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface) < walls
    largest = found.final["regions"]["layered"]["max_principal_stress_Pa"]
    assert largest < wanted.hoop_shell * (1.0 + walls)
    assert largest > 0.9 * wanted.hoop_shell
    whole = 4.18879020479 * UNIT**3
    volumes = {name: found.final["regions"][name]["volume_m3"] for name in ("layered", "rock_salt")}
    assert relative(volumes["rock_salt"], whole * INNER**3) < means
    assert relative(sum(volumes.values()), whole) < means
