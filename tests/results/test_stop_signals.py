import os
import signal
import subprocess
import sys
import threading

import pytest

from solver.signals import watch_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_first_signal_sets_the_flag_and_handlers_come_back(number: signal.Signals) -> None:
    earlier = signal.getsignal(number)
    with watch_signals() as stop:
        assert not stop.requested
        os.kill(os.getpid(), number)
        assert stop.requested
        assert stop.name == number.name
    assert signal.getsignal(number) is earlier


def test_second_signal_leaves_at_once() -> None:
    code = (
        "import os, signal, sys, time\n"
        "from solver.signals import watch_signals\n"
        "with watch_signals() as stop:\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('asked', stop.requested, flush=True)\n"
        "    time.sleep(0.4)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(0.1)\n"
        "    print('still here')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert done.stdout == "asked True\n"


def test_other_threads_run_without_handlers() -> None:
    seen: list[bool] = []

    def work() -> None:
        with watch_signals() as stop:
            seen.append(stop.requested)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
