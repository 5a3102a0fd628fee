from typing import Any

import pytest

from solver.case import Case, load_case
from solver.case.loads import Contact

type Load = Any
type Refuse = Any

DISC = "geometry.dimension=generalised_plane_strain"


def reloaded(load: Load, case: Case) -> Case:
    """The case as its resolved form gives it back."""
    from solver.case import write_resolved

    found: Case = load(write_resolved(case))
    return found


def test_a_die_presses_across_z_as_its_medium_says(load: Load, complete: str) -> None:
    die = load(complete, DISC, "mechanics.loading=die")
    assert die.mechanics.medium_poisson_ratio == 0.36
    assert die.mechanics.lateral == pytest.approx(0.36 / 0.64, rel=1e-15)
    soft = load(complete, DISC, "mechanics={loading: die, medium_poisson_ratio: 0}")
    assert soft.mechanics.lateral == 0.0
    assert reloaded(load, soft).mechanics == soft.mechanics
    assert load(complete, DISC).mechanics.lateral == 1.0


@pytest.mark.parametrize("dimension", ["axisymmetric", "generalised_plane_strain", "plane_strain"])
def test_every_dimension_with_an_axis_holds_a_die(load: Load, complete: str, dimension: str) -> None:
    case = load(complete, f"geometry.dimension={dimension}", "mechanics.loading=die")
    assert case.warnings == ()


def test_a_medium_without_a_die_is_named(load: Load, complete: str) -> None:
    case = load(complete, "mechanics.medium_poisson_ratio=0.3")
    assert case.warnings == ("mechanics.medium_poisson_ratio acts in a die only: it is not used",)
    assert case.mechanics.lateral == 1.0


def test_a_pattern_of_contact_has_defaults_and_comes_back(load: Load, complete: str) -> None:
    case = load(complete, DISC, "surface.contact={kind: patches, share: 30 %}")
    assert case.surface.contact == Contact(kind="patches", share=0.3, seed=1, count=12)
    assert (case.surface.touched, case.surface.contact_fraction) == (0.3, 1.0)
    assert reloaded(load, case).surface == case.surface
    assert load_case("core_shell_liquid").surface.contact is None


@pytest.mark.parametrize("dimension", ["spherical", "axisymmetric"])
def test_a_pattern_of_contact_needs_a_surface_to_lie_on(
    refuse: Refuse, complete: str, dimension: str
) -> None:
    overrides = (f"geometry.dimension={dimension}", "surface.contact={kind: caps, share: 0.3}")
    (line,) = refuse(complete, *overrides)
    assert ": surface.contact: no place for a pattern" in line
