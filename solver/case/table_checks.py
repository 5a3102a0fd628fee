"""Whether tabulated expansions reach as far as a protocol goes, as far as that can be told beforehand."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from solver.case.findings import Findings, Sections
from solver.case.phases import InertHost, Phase, TableExpansion
from solver.constants import FARADAY, GAS_CONSTANT
from solver.materials.phase import build_host


def check_tables(sections: Sections, found: Findings) -> None:
    """Refuse a start outside a table, and warn of voltages at which a host without stress leaves it."""
    protocol = sections.protocol
    if protocol is None:
        return
    active = [name for name, phase in _used(sections, found) if not isinstance(phase.host, InertHost)]
    for name, phase in _used(sections, found):
        table = phase.expansion
        if phase.host is None or not isinstance(table, TableExpansion) or name not in active:
            continue
        low, high = table.rows[0].occupancy, table.rows[-1].occupancy
        span = f"the {name} phase's expansion table, {low:g} to {high:g}"
        start = protocol.start
        if start.occupancy is not None and active == [name] and not low <= start.occupancy <= high:
            what = f"{start.occupancy:g} lies outside {span}"
            found.refuse(("protocol", "start", "occupancy"), what, "an occupancy within it, or more rows")
        if sections.temperature is None:
            continue
        scale = -FARADAY / (GAS_CONSTANT * sections.temperature)
        host = build_host(phase.host, sections.temperature)

        def missed(voltage: float, host: Any = host, scale: float = scale, ends: Any = (low, high)) -> str:
            potential = voltage + protocol.reference_potential
            theta = float(host.occupancy(np.array(scale * potential)))
            return "" if ends[0] <= theta <= ends[1] else f"occupancy {theta:.4g} without stress"

        if start.voltage is not None and missed(start.voltage):
            what = f"{start.voltage:g} V is {missed(start.voltage)}, outside {span}"
            found.refuse(("protocol", "start", "voltage"), what, "a voltage within it, or more rows")
        for step in protocol.steps:
            held = [step.value] if step.drive == "voltage" else []
            for voltage in [*held, *(until.value for until in step.until if until.kind == "voltage")]:
                if missed(voltage):
                    found.warned.append(
                        f"protocol: {voltage:g} V ({step.name!r}) is {missed(voltage)}, outside {span}: "
                        "the run ends where lithium leaves the table"
                    )


def _used(sections: Sections, found: Findings) -> Iterator[tuple[str, Phase]]:
    if sections.layered is not None:
        yield "layered", sections.layered
    if sections.rock_salt is not None and found.holds_rock_salt:
        yield "rock_salt", sections.rock_salt
