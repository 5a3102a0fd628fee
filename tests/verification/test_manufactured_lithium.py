"""The lithium balance with stress off: chemical potential to second order across a thousandfold contrast."""

import pytest

from benchmarks.verification.pages.diffusion.manufactured_lithium import (
    CHOICES,
    COUNTS,
    FAST,
    FLAT,
    SLOW,
    Choice,
    solved,
)
from benchmarks.verification.setups import manufactured


def test_the_contrast_is_a_thousandfold() -> None:
    assert FAST / SLOW > 1e3


@pytest.mark.parametrize("choice", CHOICES)
def test_potential_is_of_second_order(choice: Choice) -> None:
    found = manufactured.refine(lambda count: solved(choice, count)._asdict(), COUNTS.get(choice[0], FLAT))
    assert 1.9 < found["mu"][-1] < 2.3
    assert 0.9 < found["grad_mu"][-1] < 1.2
