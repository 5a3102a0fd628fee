"""Number fields of a case: how each is read, bounded, described in the schema and written back."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from solver.case.tree import Puzzling
from solver.quantities import NUMBER, QuantityError, read_quantity, read_temperature, shown

# What a reader is told that the unit measures, with an example.
MEASURES: Final = {
    "m": ("a length", "2.5 um"),
    "K": ("a temperature", "298.15 K"),
    "s": ("a time", "60 s"),
    "Pa": ("a pressure or modulus", "200 GPa"),
    "V": ("a voltage", "4.3 V"),
    "kg/m^3": ("a density", "4760 kg/m^3"),
    "mol/m^3": ("a concentration", "48940 mol/m^3"),
    "m^3/mol": ("a molar volume", "1.35e-6 m^3/mol"),
    "m^2/s": ("a diffusivity", "1e-15 m^2/s"),
    "A/m^2": ("a current density", "1 A/m^2"),
    "A/kg": ("a specific current", "150 mA/g"),
    "ohm*m^2": ("an area-specific resistance", "0 ohm*m^2"),
}


@dataclass(frozen=True)
class Bounds:
    """Open and closed limits of a number, in SI."""

    above: float = -math.inf
    at_least: float = -math.inf
    below: float = math.inf
    at_most: float = math.inf

    def admit(self, value: float) -> bool:
        """Whether the value lies inside."""
        return self.above < value < self.below and self.at_least <= value <= self.at_most

    def __str__(self) -> str:
        """The limits in words, empty when there are none."""
        words = (
            ("above", self.above),
            ("at least", self.at_least),
            ("below", self.below),
            ("at most", self.at_most),
        )
        return " and ".join(f"{word} {limit:g}" for word, limit in words if math.isfinite(limit))


@dataclass(frozen=True)
class Number:
    """Annotation of a float field that reads a quantity, or a pure number where `unit` is empty.

    Attributes:
        unit: SI unit of the stored float; "" for a pure number (a percentage is read too).
        bounds: what is admitted, in SI.
        bare: also admit a bare number (only for a field that allows both).
    """

    unit: str
    bounds: Bounds = Bounds()
    bare: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read with `read`, whatever pydantic would do with a float."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A text with number and unit, or a number."""
        if self.unit:
            example = MEASURES[self.unit][1]
            text = {"type": "string", "pattern": rf"^{NUMBER} ?\S+$", "examples": [example]}
            text["description"] = f"{self.allowed()} [{self.unit}]"
            return {"anyOf": [text, {"type": "number"}]} if self.bare else text
        number: JsonSchemaValue = {"type": "number"}
        limits = {
            "exclusiveMinimum": self.bounds.above,
            "minimum": self.bounds.at_least,
            "exclusiveMaximum": self.bounds.below,
            "maximum": self.bounds.at_most,
        }
        number |= {key: limit for key, limit in limits.items() if math.isfinite(limit)}
        return {"anyOf": [number, {"type": "string", "pattern": rf"^{NUMBER} ?%$"}]}

    def allowed(self) -> str:
        """What may stand in this field, in words."""
        bounds = str(self.bounds)
        if self.unit:
            noun, example = MEASURES[self.unit]
            limits = f", {bounds} in {self.unit}" if bounds else ""
            return f"{noun} with its unit, such as {example}{limits}"
        return f"a number {bounds}" if bounds else "a number"

    def read(self, value: object) -> float:
        """Return the SI float, or raise the error that the user sees."""
        if isinstance(value, float | int) and not isinstance(value, bool):
            if self.unit and not self.bare:
                raise wrong(f"the number {shown(value)} has no unit", self.allowed())
            number = float(value)
        elif isinstance(value, str):
            number = self._read_text(value)
        else:
            raise wrong(f"{described(value)} is no number", self.allowed())
        if not math.isfinite(number):
            raise wrong("the number is not finite", self.allowed())
        if not self.bounds.admit(number):
            raise wrong(f"{shown(value)} is out of range", self.allowed())
        return number

    def _read_text(self, text: str) -> float:
        if not self.unit and not text.endswith("%"):
            raise wrong(f"the text {shown(text)} is no number", self.allowed())
        try:
            return read_temperature(text) if self.unit == "K" else read_quantity(text, self.unit)
        except QuantityError as error:
            raise wrong(str(error), self.allowed()) from None


@dataclass(frozen=True, eq=False)
class ReadAs:
    """Annotation of a field that is read as another type and then converted.

    Attributes:
        form: the type that describes what users write.
        convert: from that type to the stored value.
    """

    form: Any
    convert: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as `form`, then convert."""
        return core_schema.no_info_after_validator_function(self.convert, handler.generate_schema(self.form))


def wrong(what: str, allowed: str, *at: str | int) -> PydanticCustomError:
    """Return the error of a value, in the two parts of an error line.

    Args:
        what: what is wrong.
        allowed: what would be right.
        at: keys, and places in lists, from the validated mapping down to the field that is to blame.
    """
    return PydanticCustomError("value", "{what}", {"what": what, "allowed": allowed, "at": at})


def lacking(key: str, why: str) -> PydanticCustomError:
    """Return the error of a key that other keys of the same mapping make necessary."""
    return PydanticCustomError("lacking", "{key} is missing", {"key": key, "why": why})


def described(value: object) -> str:
    """Name a value of the wrong type in an error line without printing all of it."""
    match value:
        case Puzzling(text=""):
            return "nothing"
        case bool():
            return f"the boolean {str(value).lower()}"
        case Puzzling():
            return f"{value!r}, which YAML may read as a {value.kind},"
        case str():
            return f"the text {shown(value)}"
        case int() | float():
            return f"the number {shown(value)}"
        case dict():
            return "a mapping"
        case tuple() | list():
            return "a list"
    return "this value"


_POSITIVE: Final = Bounds(above=0)
_NOT_NEGATIVE: Final = Bounds(at_least=0)
_FRACTION: Final = Bounds(at_least=0, at_most=1)
_INSIDE: Final = Bounds(above=0, below=1)

Temperature = Annotated[float, Number("K", _POSITIVE)]
Length = Annotated[float, Number("m", _POSITIVE)]
LengthOrZero = Annotated[float, Number("m", _NOT_NEGATIVE)]
MeshUnit = Annotated[float, Number("m", _POSITIVE, bare=True)]
Duration = Annotated[float, Number("s", _POSITIVE)]
Pressure = Annotated[float, Number("Pa")]
Modulus = Annotated[float, Number("Pa", _POSITIVE)]
Stiffness = Annotated[float, Number("Pa")]
Voltage = Annotated[float, Number("V")]
CurrentDensity = Annotated[float, Number("A/m^2")]
CurrentDensityMagnitude = Annotated[float, Number("A/m^2", _POSITIVE)]
SpecificCurrent = Annotated[float, Number("A/kg")]
SpecificCurrentMagnitude = Annotated[float, Number("A/kg", _POSITIVE)]
AreaResistance = Annotated[float, Number("ohm*m^2", _NOT_NEGATIVE)]
CRate = Annotated[float, Number("")]
CRateMagnitude = Annotated[float, Number("", _POSITIVE)]
Fraction = Annotated[float, Number("", _FRACTION)]
FractionBelowOne = Annotated[float, Number("", Bounds(at_least=0, below=1))]
PositiveFraction = Annotated[float, Number("", Bounds(above=0, at_most=1))]
OpenFraction = Annotated[float, Number("", _INSIDE)]
PositiveNumber = Annotated[float, Number("", _POSITIVE)]
PureNumber = Annotated[float, Number("")]
