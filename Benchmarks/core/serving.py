"""The protocol of a peer: say ready, then one run and one JSON line for each line read; as `columna benchmark … --serve` does."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable


def peak_bytes() -> int:
    """The most memory this process ever had resident. Not ru_maxrss, which a child inherits from the process that starts it."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/self/status has no VmHWM: the benchmark needs Linux")


def arguments(purpose: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--architecture", default="segresnet", choices=("segresnet", "plain-unet"))
    parser.add_argument("--data", required=True, help="folder written by prepare.py")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", help="safetensors file that receives the result of the last run")
    parser.add_argument("--contiguous", action="store_true", help="not channels-last; PyTorch's group norm is more exact so")
    return parser.parse_args()


def emit(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def serve(run: Callable[[], dict | None], **facts: object) -> None:
    """Answers each line on standard input with the seconds of one call of `run` and whatever facts it returns."""
    emit(ready=True, peak_bytes=peak_bytes(), **facts)
    for _ in sys.stdin:
        start = time.perf_counter()
        result = run()
        seconds = time.perf_counter() - start
        emit(seconds=seconds, peak_bytes=peak_bytes(), **(result or {}))
