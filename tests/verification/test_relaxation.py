"""A closed sphere forgets a small disturbance at a rate that stress and the mobility law set."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.pages.coupling import relaxation as page
from benchmarks.verification.setups.running import Run, relative

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("law", page.LAWS, ids=lambda law: law.words)
def test_slowest_rate(run: Runner, law: page.Law) -> None:
    wanted, fineness = page.wanted("spherical", law), page.SHORT["spherical"]
    found = run(page.relaxing("spherical", law, wanted, fineness, fineness.finest))
    rate, _ = page.rate_of(found, wanted, fineness)
    assert relative(rate, wanted) < 2e-3


def test_the_rate_of_an_exponential_is_found() -> None:
    times = np.linspace(3.0, 9.0, 40)
    rate, limit = page.decay(times, 2.7 - 0.3 * np.exp(-0.71 * times))
    assert rate == pytest.approx(0.71, rel=1e-6)
    assert limit == pytest.approx(2.7, rel=1e-9)
