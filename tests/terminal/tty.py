"""Measure what a terminal program costs: paint time, bytes, key latency, memory.

Runs any program in a terminal of a given size, waits for its first paint, presses keys one at
a time, then quits it, and prints one JSON object.

    python -m tests.terminal.tty --cmd "porras --demo" --keys "Down*100" --quit q
    python -m tests.terminal.tty --cmd "porras" --keys "1 2" --dump - --png screen.png

latency_per_key_ms   key written to the last byte of its response; keys without one left out
latency_first_ms     key written to the first byte of its response
cells_per_key        character cells that look different after a key
bytes_per_cell       bytes sent for each such cell; about 1 is the least that is possible
max_rss_kb           peak memory of the program itself (with its descendants: tree_rss_kb)
cpu_ms_per_key       CPU time of the program and its descendants while keys were pressed

Exit status: 0 fine, 1 a check failed (--expect, --forbid, --max), 2 never painted or wrong
use, 3 the program ended before the keys were done.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from tests.terminal import keyscript
from tests.terminal.drawing import draw_png
from tests.terminal.session import DiedError, KeyCost, NotShownError, Session, spread

Result = dict[str, Any]


def measure(session: Session, options: argparse.Namespace) -> Result:
    """Drive one run of the program through paint, keys, idle time and quit."""
    result: Result = {}
    try:
        _measure_start(session, options, result)
        session.press(options.before)
        if options.idle:
            result["bytes_per_idle_s"] = round(session.idle(options.idle) / options.idle, 1)
        _measure_keys(session, options, result)
    except NotShownError:
        result["error"] = "never showed what was waited for"
    except DiedError:
        result["error"], result["died"] = "the program ended early", True
    result["screen"] = session.text
    if options.png:
        draw_png(session.terminal, Path(options.png))
    if options.quit and session.exit_status is None:
        _measure_quit(session, options, result)
    session.stop()
    result |= {
        "max_rss_kb": session.rss_kb,
        "tree_rss_kb": session.tree_rss_kb,
        "exit_status": session.exit_status,
        "cpu_total_s": round(session.cpu_s, 4),
        "bytes_total": session.total_bytes,
        "sequences": dict(session.terminal.sequences.most_common(12)),
        "modes_left_on": sorted(session.left_on),
    }
    return result


def _measure_start(session: Session, options: argparse.Namespace, result: Result) -> None:
    session.wait_for(options.ready, options.timeout)
    result["time_to_first_paint_s"] = round(session.last_output - session.started, 4)
    session.settle(options.timeout, max(session.settle_s, options.start_settle_ms / 1000))
    session.sample()
    result |= {
        "time_to_settled_s": round(session.last_output - session.started, 4),
        "bytes_start": session.total_bytes,
        "cpu_start_s": round(session.cpu_s, 4),
        "rss_start_kb": session.rss_kb,
    }


def _measure_keys(session: Session, options: argparse.Namespace, result: Result) -> None:
    cpu_before = session.cpu_s
    steps = keyscript.parse(options.keys)
    done = (session.do(step, options.timeout, options.response_ms / 1000) for step in steps)
    costs = [cost for cost in done if cost]
    session.sample()
    result["keys"] = len(costs)
    if costs:
        result |= _summary(costs)
        result["cpu_ms_per_key"] = round((session.cpu_s - cpu_before) * 1000 / len(costs), 2)
    if options.per_key:
        result["per_key"] = [vars(cost) for cost in costs]


def _summary(costs: list[KeyCost]) -> Result:
    sizes = [cost.bytes for cost in costs]
    cells = sum(cost.cells for cost in costs)
    return {
        "keys_without_response": sizes.count(0),
        "bytes_per_key": round(statistics.mean(sizes), 1),
        "bytes_per_key_median": statistics.median(sizes),
        "bytes_per_key_max": max(sizes),
        "cells_per_key": round(cells / len(costs), 1),
        "bytes_per_cell": round(sum(sizes) / cells, 2) if cells else None,
        "latency_per_key_ms": spread([cost.done_ms for cost in costs if cost.done_ms]),
        "latency_first_ms": spread([cost.first_ms for cost in costs if cost.first_ms]),
    }


def _measure_quit(session: Session, options: argparse.Namespace, result: Result) -> None:
    before, began = session.total_bytes, time.perf_counter()
    try:
        for step in keyscript.parse(options.quit):
            session.do(step, options.timeout, 0.05)
        session.wait_exit(options.timeout)
    except DiedError:
        pass
    except NotShownError:
        result["error"] = "did not quit"
        return
    result["time_to_quit_s"] = round(time.perf_counter() - began, 4)
    result["bytes_quit"] = session.total_bytes - before


def median_of(runs: list[Result]) -> Result:
    """Merge runs of the same program: numbers become medians, the rest is of the last run."""
    merged = dict(runs[-1])
    for name, value in runs[-1].items():
        values = [run[name] for run in runs if name in run]
        if name.startswith("latency") and value:
            spreads = [each for each in values if each]
            merged[name] = {
                part: round(statistics.median(each[part] for each in spreads), 2) for part in value
            }
        elif type(value) in (int, float) and name != "exit_status":
            numbers = [number for number in values if number is not None]
            merged[name] = round(statistics.median(numbers), 4)
    return merged


def run(options: argparse.Namespace) -> Result:
    """Run the program as often as asked, and return the merged result."""
    env = dict(pair.split("=", 1) for pair in options.env)
    runs: list[Result] = []
    for _ in range(options.runs):
        with Session(
            shlex.split(options.cmd),
            *options.size,
            env={"TERM": options.term, **env},
            cwd=options.cwd,
            settle_s=options.settle_ms / 1000,
            replies=options.replies,
            bytes_per_s=options.bps / 10,
        ) as session:
            runs.append(measure(session, options))
        if options.raw:
            Path(options.raw).write_bytes(session.raw)
    size = "x".join(map(str, options.size))
    head = {"cmd": options.cmd, "size": size, "term": options.term, "runs": options.runs}
    return head | median_of(runs)


def _failures(result: Result, screen: str, options: argparse.Namespace) -> list[str]:
    failed = [f"not shown: {p}" for p in options.expect if not re.search(p, screen, re.M)]
    failed += [f"shown: {p}" for p in options.forbid if re.search(p, screen, re.M)]
    for pair in options.max:
        name, limit = pair.split("=", 1)
        value: Any = result
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if not isinstance(value, int | float) or value > float(limit):
            failed.append(f"{name} is {value}, over {limit}")
    return failed


def _script(text: str) -> str:
    try:
        keyscript.parse(text)
    except re.error as error:
        raise ValueError(str(error)) from error
    return text


def _pair(text: str) -> str:
    if "=" not in text:
        raise ValueError(f"{text!r} is not NAME=VALUE")
    return text


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.terminal.tty",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--cmd", required=True, help="the program, as one shell-quoted string")
    add("--before", type=_script, default="", help="keys that are pressed but not measured")
    add("--keys", type=_script, default="", help="key script, see keyscript.py")
    add("--quit", type=_script, default="", help="key script that ends the program")
    add("--size", type=keyscript.size, default=(80, 24), metavar="COLSxROWS")
    add("--term", default="xterm-256color")
    add("--env", type=_pair, action="append", default=[], metavar="NAME=VALUE")
    add("--cwd")
    add("--ready", metavar="REGEX", default=r"\S", help="first paint is when this shows")
    add("--timeout", type=float, default=20.0, help="seconds for any one wait")
    add("--settle-ms", type=float, default=80.0, help="quiet time that ends a key's response")
    add("--start-settle-ms", type=float, default=400.0, help="quiet time that ends the start")
    add("--response-ms", type=float, default=400.0, help="how long a silent key is waited on")
    add("--idle", type=float, default=0.0, help="also count bytes over this many idle seconds")
    add("--bps", type=float, default=0.0, help="link speed in bits a second (10 bits a byte)")
    add("--replies", choices=("none", "basic", "modern"), default="basic")
    add("--runs", type=int, default=1, help="repeat; numbers are medians")
    add("--per-key", action="store_true", help="list every key's cost")
    add("--expect", action="append", default=[], metavar="REGEX", help="must be on the screen")
    add("--forbid", action="append", default=[], metavar="REGEX", help="must not be there")
    add("--max", type=_pair, action="append", default=[], metavar="NAME=NUMBER", help="budget")
    add("--dump", metavar="FILE", help="write the last screen (before quit); - is stderr")
    add("--png", metavar="FILE", help="draw the last screen (before quit) as a picture")
    add("--raw", metavar="FILE", help="write every byte that the program sent")
    return made


def main(argv: list[str] | None = None) -> int:
    """Measure as the command line says, and return the exit status."""
    options = parser().parse_args(argv)
    result = run(options)
    screen = result.pop("screen")
    if options.dump == "-":
        print(screen, file=sys.stderr)
    elif options.dump:
        Path(options.dump).write_text(screen + "\n", encoding="utf-8")
    result["failed"] = _failures(result, screen, options)
    print(json.dumps(result, indent=1))
    if result.get("died"):
        return 3
    if "time_to_first_paint_s" not in result:
        return 2
    return 1 if result["failed"] or "error" in result else 0


if __name__ == "__main__":
    raise SystemExit(main())
