"""Momentum with given occupancy: displacement to third order, whatever the dimension and the contrast."""

import pytest

from benchmarks.verification.page import DIMENSIONS, Dimension
from benchmarks.verification.pages.mechanics.manufactured_momentum import solved
from benchmarks.verification.setups import manufactured

COUNTS: dict[Dimension, tuple[int, ...]] = {"spherical": (16, 32, 64), "3d": (2, 4, 8)}


@pytest.mark.parametrize(
    ("dimension", "soft"),
    [
        (dimension, soft)
        for dimension in DIMENSIONS
        for soft in ("layered", "rock_salt")
        if (dimension, soft) != ("3d", "rock_salt")  # soft so in the coupled system; compiling takes long
    ],
)
def test_displacement_is_of_third_order(dimension: Dimension, soft: str) -> None:
    found = manufactured.refine(
        lambda count: solved(dimension, soft, count)._asdict(), COUNTS.get(dimension, (4, 8, 16))
    )
    assert 2.8 < found["u"][-1] < 3.5
    assert 1.85 < found["grad_u"][-1] < 2.4
