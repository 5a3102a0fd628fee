"""Protocol steps as sentences: "Charge at 1C until 4.3 V" to the mapping that says the same."""

import re
from typing import Any, Final

from solver.quantities import NUMBER, UNIT, QuantityError, read_quantity, shown

EXAMPLES: Final = "such as 'Charge at 1C until 4.3 V', 'Hold at 4.3 V for 15 minutes' or 'Rest for 1 hour'"

_VALUE: Final = rf"(?:C ?/ ?{NUMBER}|{NUMBER} ?C|{NUMBER} ?{UNIT})"
_SENTENCE: Final = re.compile(
    rf"(?P<verb>Charge|Discharge|Hold|Rest)(?: at (?P<value>{_VALUE}))?"
    r"(?P<rest>(?: (?:or )?(?:for|until) .*)?)",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    rf" (?:or )?(?:(?P<word>for|until) )?(?P<value>{_VALUE})(?= or | for | until |$)", re.I
)
_C_RATE: Final = re.compile(rf"(?:C ?/ ?(?P<divisor>{NUMBER})|(?P<multiple>{NUMBER}) ?C)")


class SentenceError(ValueError):
    """A sentence that is no step; holds what is wrong and what is allowed."""

    def __init__(self, what: str, allowed: str = EXAMPLES) -> None:
        """Keep both parts of the error line."""
        super().__init__(what)
        self.what, self.allowed = what, allowed


def read_sentence(sentence: str) -> dict[str, Any]:
    """Read a step written as in PyBaMM.

    Magnitudes are positive and the verb gives the direction: charging is anodic and positive.

    Args:
        sentence: for instance "Discharge at 30 mA/g for 2 hours or until 2.7 V".

    Returns:
        The step as a mapping of `drive`, `value`, `for`, `until` and `name`, values as text or number.

    Raises:
        SentenceError: the sentence is no step.
    """
    if len(sentence) > 200:
        raise SentenceError("a step has at most 200 characters")
    words = " ".join(sentence.split())
    match = _SENTENCE.fullmatch(words)
    if match is None:
        raise SentenceError(f"{shown(sentence)} is no step")
    verb, value = match["verb"].capitalize(), match["value"]
    step: dict[str, Any] = {"name": sentence}
    if verb == "Rest":
        if value is not None:
            raise SentenceError("a rest is at no value", "'Rest for 1 hour'")
        step["drive"] = "rest"
    elif value is None:
        raise SentenceError(f"{shown(sentence)} does not say at what")
    else:
        step["drive"], step["value"] = _drive(verb, value)
    return step | _endings(match["rest"], sentence)


def _drive(verb: str, value: str) -> tuple[str, Any]:
    kind, amount = _read(value, _CURRENTS if verb != "Hold" else ("V",))
    if verb == "Hold":
        return "voltage", amount
    number = amount if isinstance(amount, float) else read_quantity(amount, _SI[kind])
    if number <= 0:
        raise SentenceError(f"{shown(value)} is not above zero", "a magnitude; the verb gives the direction")
    if verb == "Charge":
        return kind, amount
    return kind, -amount if isinstance(amount, float) else "-" + amount.lstrip("+")


_SI: Final = {"specific_current": "A/kg", "current_density": "A/m^2", "voltage": "V", "duration": "s"}
_CURRENTS: Final = ("C", "A/kg", "A/m^2")


def _read(text: str, units: tuple[str, ...]) -> tuple[str, Any]:
    """The kind of a value and the value: a float for a C-rate, otherwise the text."""
    rate = _C_RATE.fullmatch(text)
    if rate is not None:
        if "C" not in units:
            raise SentenceError(f"{shown(text)} is a C-rate", f"a value in {' or '.join(units)}")
        if rate["multiple"] is not None:
            return "c_rate", float(rate["multiple"])
        divisor = float(rate["divisor"])
        if divisor == 0:
            raise SentenceError(f"{shown(text)} divides by zero")
        return "c_rate", 1 / divisor
    reason = ""
    for kind, unit in _SI.items():
        if unit in units:
            try:
                read_quantity(text, unit)
            except QuantityError as error:
                reason = str(error)
            else:
                return kind, text
    names = " or ".join("a C-rate" if unit == "C" else unit for unit in units)
    raise SentenceError(
        reason if len(units) == 1 else f"{shown(text)} is none of {names}", f"a value in {names}"
    )


def _endings(rest: str, sentence: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    until: list[dict[str, Any]] = []
    position, word = 0, ""
    while position < len(rest):
        clause = _CLAUSE.match(rest, position)
        if clause is None:
            raise SentenceError(f"{shown(rest[position:].strip())} in {shown(sentence)} is no ending")
        word = (clause["word"] or word).lower()
        kind, amount = _read(clause["value"], ("s",) if word == "for" else ("V", *_CURRENTS))
        if word == "for":
            if "for" in found:
                raise SentenceError(f"{shown(sentence)} has two durations", "one duration")
            found["for"] = amount
        else:
            until.append({kind: amount})
        position = clause.end()
    if until:
        found["until"] = tuple(until)
    return found
