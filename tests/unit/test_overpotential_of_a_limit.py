import numpy as np
import pytest

from solver.discretisation.body import SurfaceLaw
from solver.materials.mobility import FLOOR
from solver.stepping.events import _overpotential


@pytest.mark.parametrize("charging", [True, False])
@pytest.mark.parametrize(("anodic", "cathodic"), [(0.5, 0.5), (0.3, 0.8), (0.02, 0.97)])
@pytest.mark.parametrize("strength", [1e-9, 1e-3, 0.7, 40.0, 1e7])
def test_it_drives_the_current_asked_for(
    strength: float, anodic: float, cathodic: float, charging: bool
) -> None:
    law = SurfaceLaw(exchange_current_density=1.3, anodic=anodic, cathodic=cathodic)
    eta = _overpotential(strength, law, charging=charging)
    signed = eta if charging else -eta
    driven = np.expm1(anodic * signed) - np.expm1(-cathodic * signed)
    assert eta > 0.0
    assert driven == pytest.approx(strength if charging else -strength, rel=1e-12, abs=1e-15)


def test_a_bare_surface_needs_more() -> None:
    law = SurfaceLaw(exchange_current_density=1.3, exchange="concentration")
    even = SurfaceLaw(exchange_current_density=1.3)
    slower = _overpotential(2.0, law, charging=True)
    assert slower == pytest.approx(_overpotential(1.0 / np.sqrt(FLOOR), even, charging=True), rel=1e-13)
