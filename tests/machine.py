"""How slow this machine is at the moment, so that a limit in seconds means the same on every machine.

A virtual machine beside busy neighbours computes half as fast from one minute to the next; that is no finding.
"""

import subprocess
import sys

# What a machine as most people have it takes for the work below.
USUAL_SECONDS = 0.08
WORK = """
import time
def work():
    started = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total += number
    print(time.perf_counter() - started)
work()
"""


def slowness() -> float:
    """Return how many times as long as usual this machine takes with both hands full; at least 1, at most 5."""
    command = [sys.executable, "-S", "-c", WORK]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    seconds = [float(process.communicate(timeout=60)[0]) for process in running]
    return min(max(1.0, *(one / USUAL_SECONDS for one in seconds)), 5.0)


def in_time(took: float, limit: float) -> bool:
    """Say whether computing took less than `limit` seconds, or no longer than the slowness of this machine explains.

    Not for a limit that tells waiting from not waiting: what is waited for comes no later on a slow machine.
    """
    return took < limit or took < limit * slowness()
