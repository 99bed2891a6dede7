"""Processes that write to a store: run as a program, never imported by a test.

writer.py PATH ASSESSMENT PREFIX COUNT           writes, and prints every number kept
writer.py PATH ASSESSMENT PREFIX COUNT KILLS SEED  the same by children that are killed
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from store.opening.store_file import open_store

KEY = bytes(range(32))


def write(path: Path, assessment: str, prefix: str, numbers: range, acknowledge: int) -> None:
    """Record one answer a number; the number is told only when the answer is durable."""
    with open_store(path, KEY, f"nurse-{prefix}") as store:
        for number in numbers:
            store.answers.record(assessment, {f"{prefix}.{number}": number})
            os.write(acknowledge, f"{number}\n".encode())


def write_and_be_killed(
    path: Path, assessment: str, prefix: str, count: int, kills: int, seed: int
) -> None:
    """Kill the writer at random moments; each child goes on at the first number not told."""
    chance, told, killed = random.Random(seed), 0, 0
    while told < count:
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ear)
            write(path, assessment, prefix, range(told, count), mouth)
            os._exit(0)
        os.close(mouth)
        if killed < kills:
            time.sleep(chance.uniform(0.002, 0.06))
            os.kill(child, signal.SIGKILL)
            killed += 1
        with os.fdopen(ear) as lines:
            heard = [int(line) for line in lines if line.endswith("\n")]
        os.waitpid(child, 0)
        told = max([told, *(number + 1 for number in heard)])
    print(killed)


def main() -> None:
    path, assessment, prefix = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    count, *rest = (int(argument) for argument in sys.argv[4:])
    if rest:
        write_and_be_killed(path, assessment, prefix, count, *rest)
    else:
        write(path, assessment, prefix, range(count), sys.stdout.fileno())


if __name__ == "__main__":
    main()
