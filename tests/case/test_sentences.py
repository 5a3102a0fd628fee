from typing import Any

import pytest

from solver.case import Case
from solver.case.protocol import Step, Until
from solver.case.sentences import SentenceError, read_sentence

type Load = Any


def steps_of(load: Load, complete: str, steps: str) -> tuple[Step, ...]:
    head, _, rest = complete.partition("  steps:\n")
    tail = rest[rest.index("numerics") :]
    case: Case = load(f"{head}  steps:\n{steps}{tail}")
    return case.protocol.steps


@pytest.mark.parametrize(
    ("sentence", "drive", "value", "duration", "until"),
    [
        ("Charge at 1C until 4.3 V", "c_rate", 1.0, None, [("voltage", 4.3)]),
        ("Charge at 1 C until 4.3V", "c_rate", 1.0, None, [("voltage", 4.3)]),
        ("Charge  at 1C   until 4.3 V", "c_rate", 1.0, None, [("voltage", 4.3)]),
        ("charge at C/5 until 4.3 V", "c_rate", 0.2, None, [("voltage", 4.3)]),
        ("Discharge at 0.5C until 2.7 V", "c_rate", -0.5, None, [("voltage", 2.7)]),
        (
            "Discharge at 30 mA/g for 2 hours or until 2.7 V",
            "specific_current",
            -30.0,
            7200.0,
            [("voltage", 2.7)],
        ),
        ("Discharge at 2 A/m^2 for 1000 s", "current_density", -2.0, 1000.0, []),
        ("Charge at 0.2 mA/cm2 for 10 minutes", "current_density", 2.0, 600.0, []),
        ("Hold at 4.3 V for 15 minutes", "voltage", 4.3, 900.0, []),
        ("Hold at 4.3 V until C/20", "voltage", 4.3, None, [("c_rate", 0.05)]),
        ("Hold at 4.3 V until 0.05C", "voltage", 4.3, None, [("c_rate", 0.05)]),
        ("Hold at 4300 mV until 3 mA/g", "voltage", 4.3, None, [("specific_current", 3.0)]),
        ("Hold at 4.3 V for 1 hour or until C/20", "voltage", 4.3, 3600.0, [("c_rate", 0.05)]),
        ("Hold at 4.3 V until C/20 or for 1 hour", "voltage", 4.3, 3600.0, [("c_rate", 0.05)]),
        (
            "Hold at 4.3 V until C/20 or 1 mA/g",
            "voltage",
            4.3,
            None,
            [("c_rate", 0.05), ("specific_current", 1)],
        ),
        ("Rest for 1 hour", "rest", 0.0, 3600.0, []),
        ("Rest for 30 min", "rest", 0.0, 1800.0, []),
    ],
)
def test_sentences_say_what_they_say_in_pybamm(
    load: Load,
    complete: str,
    sentence: str,
    drive: str,
    value: float,
    duration: float | None,
    until: list[Any],
) -> None:
    (step,) = steps_of(load, complete, f"    - {sentence}\n")
    assert step.name == sentence
    assert (step.drive, step.value, step.duration) == (drive, pytest.approx(value, rel=1e-15), duration)
    assert step.until == tuple(Until(kind, limit) for kind, limit in until)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Charge",
        "Charge until 4.3 V",
        "Charge 1C until 4.3 V",
        "Chrge at 1C until 4.3 V",
        "Charge at 4.3 V until 1C",
        "Charge at -1C until 4.3 V",
        "Charge at 0C until 4.3 V",
        "Charge at C/0 until 4.3 V",
        "Charge at 1C until 4.3",
        "Charge at 1C until 4.3 V please",
        "Charge at 1C for 4.3 V",
        "Charge at 1C until 4.3 m",
        "Hold at 1C for 1 hour",
        "Hold for 1 hour",
        "Rest at 1C for 1 hour",
        "Rest for 1 hour for 2 hours",
        "Charge at 1C until 4.3 V" + " or 4.3 V" * 30,
        "Charge at 9^9^9 C until 4 V",
    ],
)
def test_what_is_no_step_is_refused(sentence: str) -> None:
    with pytest.raises(SentenceError):
        read_sentence(sentence)


def test_mappings_and_repeats(load: Load, complete: str) -> None:
    steps = steps_of(
        load,
        complete,
        """\
    - {repeat: 2, steps: [Charge at 1C until 4.3 V, {repeat: 2, steps: [Rest for 1 s]}]}
    - drive: specific_current
      value: -30 mA/g
      until: [{voltage: 2.7 V}, {occupancy: 0.3}]
      name: down
    - {drive: voltage, value: 4 V, until: {c_rate: 5 %}}
    - {drive: rest, for: 2 min}
""",
    )
    assert [step.drive for step in steps] == [
        *(["c_rate", "rest", "rest"] * 2),
        "specific_current",
        "voltage",
        "rest",
    ]
    assert steps[6].until == (Until("voltage", 2.7), Until("occupancy", 0.3))
    assert steps[6].name == "down"
    assert steps[7].until == (Until("c_rate", 0.05),)
    assert [step.name for step in steps[7:]] == ["Hold at 4 V until 0.05C", "Rest for 120 s"]


def test_a_described_step_reads_back_as_the_same_step(load: Load, complete: str) -> None:
    (step,) = steps_of(
        load,
        complete,
        "    - {drive: current_density, value: -2 A/m^2, for: 1000 s, until: {voltage: 3 V}}\n",
    )
    (again,) = steps_of(load, complete, f"    - {step.name}\n")
    assert again == step


def test_more_steps_than_any_protocol_has_are_refused_at_once(refuse: Any, complete: str) -> None:
    nested = "Rest for 1 s"
    for _ in range(5):
        nested = f"{{repeat: 1000, steps: [{nested}]}}"
    head, _, _ = complete.partition("  steps:\n")
    lines = refuse(f"{head}  steps: [{nested}]\n")
    assert len(lines) == 1
    assert "too many steps" in lines[0]
