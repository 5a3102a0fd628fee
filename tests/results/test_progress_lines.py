import io
import re
from dataclasses import replace

import pytest

from solver.progress import Position, Progress, duration_text

HERE = Position(step=2, steps=4, name="Hold", voltage=4.3, time=125.0, increments=7, rejected=1, share=0.0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_plain_lines_are_seldom_and_whole() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, clock)
    for k in range(200):
        clock.now = 0.1 * k
        progress.update(HERE)
    progress.close()
    lines = out.getvalue().splitlines()
    assert 3 <= len(lines) <= 5
    assert lines[0] == "step 2/4 Hold | 4.3000 V | t 2 min 05 s | 7 increments | 1 rejected"
    assert not re.search(r"[\r\x1b]", out.getvalue())


def test_a_new_step_is_told_at_once() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, clock)
    progress.update(HERE)
    progress.update(replace(HERE, step=3, name="Rest"))
    assert [line[:13] for line in out.getvalue().splitlines()] == ["step 2/4 Hold", "step 3/4 Rest"]


def test_terminal_line_is_changed_in_place_and_notes_stay() -> None:
    out, clock = Terminal(), Clock()
    progress = Progress(out, clock)
    for k in range(10):
        clock.now = float(k)
        progress.update(replace(HERE, increments=k))
    progress.note("attempt rejected")
    progress.close()
    text = out.getvalue()
    assert text.count("\n") == 2
    assert text.count("\r") == 10
    assert text.endswith("\nattempt rejected\n")


def test_a_long_name_gives_way_to_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = Terminal()
    Progress(out, Clock()).update(replace(HERE, name="Discharge at 30 mA/g for 2 hours or until 2.7 V"))
    line = out.getvalue().rpartition("\x1b[K")[2]
    assert len(line) <= 79
    assert line.startswith("step 2/4 Discharge at")
    assert line.endswith("… | 4.3000 V | t 2 min 05 s | 7 increments | 1 rejected")


def test_time_left_follows_the_share_from_the_first_increment_on() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, clock)
    clock.now = 500.0  # spent on the mesh and on compiling
    progress.update(replace(HERE, step=1, steps=2, share=0.0))
    clock.now = 530.0
    progress.update(replace(HERE, step=1, steps=2, share=0.5))
    first, second = out.getvalue().splitlines()
    assert "left" not in first
    assert "about 90 s left" in second


def test_nobody_listening_is_no_error() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    progress = Progress(Closed())
    progress.update(HERE)
    progress.note("x")
    progress.close()


def test_durations() -> None:
    assert [duration_text(s) for s in (0.4, 99.4, 725, 7199, 12000)] == [
        "0 s",
        "99 s",
        "12 min 05 s",
        "119 min 59 s",
        "3 h 20 min",
    ]
