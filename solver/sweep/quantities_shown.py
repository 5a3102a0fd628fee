"""What of a sweep is drawn and tabulated for people unless somebody asks for more."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from solver.report.scales import SHOWN
from solver.sweep.columns import Column, Results
from solver.sweep.rows import USABLE
from solver.sweep.shown_units import Scale, scale_of

REGIONS: Final = {"layered": "layered phase", "rock_salt": "rock salt"}


@dataclass(frozen=True)
class Quantity:
    """A figure that is drawn.

    Attributes:
        key: short name, for files.
        name: of its column.
        words: what it is.
        symbol: the same in short, for an axis of a figure that says the rest.
        values: of the usable rows, None for the others [unit of `unit`].
        unit: as a column has it.
        signed: whether its sign says what it is, as tension and compression.
    """

    key: str
    name: str
    words: str
    symbol: str
    values: tuple[float | None, ...]
    unit: str
    signed: bool = False

    @cached_property
    def scale(self) -> Scale:
        """How its numbers are shown."""
        return scale_of(self.unit, self.values)

    @property
    def label(self) -> str:
        """Symbol with the unit that is shown, for an axis."""
        return self.scale.label(self.symbol)


def default_quantities(results: Results) -> list[Quantity]:
    """Capacity of the first charge, mean stress of both phases and voltage at the end, where there are any.

    Only rows whose run went through its protocol count: what a failed one reached is no result.
    """
    number, words = first_charge(results)
    wanted = [("capacity", words, "capacity", f"steps.{number}.capacity [mAh/g]")]
    for region, phase in REGIONS.items():
        name = f"final.regions.{region}.mean_hydrostatic_stress [Pa]"
        words = f"mean hydrostatic stress of the {phase} at the end"
        wanted.append((f"stress_{region}", words, f"mean {SHOWN['hydrostatic_stress'].symbol}", name))
    wanted.append(("voltage", "cell voltage at the end", "cell voltage", "final.voltage [V]"))
    found = []
    for key, what, symbol, name in wanted:
        column = results.by_name.get(name)
        if column is None or not column.numeric:
            continue
        values = usable_values(results, column)
        if any(value is not None for value in values):
            found.append(Quantity(key, name, what, symbol, values, column.unit, signed=column.unit == "Pa"))
    return found


def first_charge(results: Results) -> tuple[int, str]:
    """Number of the first step that is a charge in most runs, and words for its capacity.

    A step that has the same name in all runs is named; protocols without a charge are told by their first
    step.
    """
    for number in range(1, 1 + sum(name.endswith(".capacity [mAh/g]") for name in results.by_name)):
        column = results.by_name.get(f"steps.{number}.name")
        names = Counter(str(name) for name in column.values if name is not None) if column else Counter()
        charges = sum(count for name, count in names.items() if name.lower().startswith("charge"))
        if charges > 0.5 * sum(names.values()):
            return number, _step_words(number, names)
    column = results.by_name.get("steps.1.name")
    return 1, _step_words(1, Counter(str(name) for name in column.values if name) if column else Counter())


def _step_words(number: int, names: Counter[str]) -> str:
    words = f"capacity of step {number}"
    return f"{words}: {next(iter(names))}" if len(names) == 1 else words


def usable_values(results: Results, column: Column) -> tuple[float | None, ...]:
    """The numbers of a column, None for rows whose run did not go through its protocol."""
    return tuple(
        float(value) if row.status in USABLE and isinstance(value, int | float) else None
        for row, value in zip(results.rows.rows, column.values, strict=True)
    )
