"""Tables of what was measured, and the machine it was measured on."""

from __future__ import annotations

import platform

from contender import Contender


def machine() -> str:
    """The processor's model, its cores and the vector extensions that decide the comparison."""
    model, flags, cores = platform.machine(), set(), 0
    with open("/proc/cpuinfo") as information:
        for line in information:
            key, _, value = line.partition(":")
            cores += key.strip() == "processor"
            if key.strip() == "model name":
                model = value.strip()
            if key.strip() == "flags":
                flags = set(value.split())
    extensions = ", ".join(f"{name} {'yes' if name in flags else 'no'}" for name in ("avx2", "fma", "avx512f"))
    with open("/proc/loadavg") as load:
        return f"{model}, {cores} cores, {extensions}; load average {' '.join(load.read().split()[:3])}"


def table(contenders: list[Contender], ratio_of_memory: bool = False) -> str:
    """One row per contender; ratios are ours divided by the peer's, below 1 where ours is faster.

    The ratio by CPU seconds is what a machine that others use, too, still tells.
    """
    ours = next((contender for contender in contenders if contender.ours), None)
    header = ["", "median s", "quietest s", "CPU s", "peak MB", "ours/peer", "quietest", "by CPU s", "memory", "code path"]
    rows = [header]
    for contender in contenders:
        row = [contender.title, f"{contender.median:.3f}", f"{contender.quietest:.3f}", f"{min(contender.processor_seconds):.2f}",
               f"{contender.peak_bytes / 1e6:.0f}"]
        if ours is None or contender.ours:
            row += ["", "", "", ""]
        else:
            row += [f"{ours.median / contender.median:.3f}", f"{ours.quietest / contender.quietest:.3f}",
                    f"{min(ours.processor_seconds) / min(contender.processor_seconds):.3f}",
                    f"{ours.peak_bytes / contender.peak_bytes:.3f}" if ratio_of_memory and ours.peak_bytes else ""]
        rows.append(row + [str(contender.facts.get("capability", ""))])
    kept = [column for column in range(len(header)) if any(row[column] for row in rows[1:])]
    widths = {column: max(len(row[column]) for row in rows) for column in kept}
    lines = []
    for row in rows:
        cells = [row[column].ljust(widths[column]) if column in (0, len(header) - 1) else row[column].rjust(widths[column])
                 for column in kept]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def summary(contenders: list[Contender]) -> list[dict]:
    """The same for `--json`, with every single run."""
    return [{
        "name": contender.title, "ours": contender.ours, "median_seconds": contender.median,
        "quietest_seconds": contender.quietest, "seconds": contender.seconds,
        "processor_seconds": contender.processor_seconds, "peak_bytes": contender.peak_bytes,
        "losses": [answer["loss"] for answer in contender.answers if "loss" in answer],
    } for contender in contenders]
