"""Measures the augmentation of patches beside batchgeneratorsv2: nnU-Net's operators with nnU-Net's probabilities, on one core each, in alternating rounds.

    augmentation.py --bench .build/release/columna-bench --folder work [--repeat 5] [--json FILE]

The patch is made once in the folder and used again: a body with a column of vertebrae.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "core"))
from contender import Contender, alternate  # noqa: E402
from report import machine, summary  # noqa: E402

# The larger patch that nnU-Net cuts for each edge: |p · R| over 0.85.
SOURCES = {96: 154, 128: 205}


def say(text: str = "") -> None:
    print(text, flush=True)


def make(path: Path, edge: int) -> None:
    """Intensities as nnU-Net normalises a CT, and vertebrae of 2 cm at 1.5 mm with discs between them."""
    import numpy
    from safetensors.numpy import save_file

    generator = numpy.random.default_rng(5)
    z, y, x = numpy.meshgrid(*[numpy.arange(edge, dtype=numpy.float32) for _ in range(3)], indexing="ij")
    across = numpy.hypot(y - edge / 2, (x - edge / 2 - 8 * numpy.sin(z / 40)) / 1.2)
    arch = numpy.hypot(y - edge / 2 - 22, x - edge / 2)
    is_bone = ((across < 15) & (z % 18 < 14)) | ((arch < 12) & (arch > 7) & (z % 18 < 8))
    image = numpy.where(is_bone, 1.2, numpy.where(across < 15, 0.1, -0.4)) + generator.normal(0, 0.3, z.shape)
    labels = numpy.where(is_bone, 1 + z // 18, 0).astype(numpy.uint8)
    partial = path.with_suffix(".partial")
    save_file({"image": image.astype(numpy.float32), "labels": labels}, partial)
    partial.rename(path)


def measure(options: argparse.Namespace, edge: int) -> dict:
    path = options.folder / f"patch-{SOURCES[edge]}.safetensors"
    if not path.exists():
        subprocess.run([sys.executable, __file__, "--make", str(path), "--edge", str(SOURCES[edge])], check=True)
    say(f"\n{edge}³ from {SOURCES[edge]}³, {options.patches} patches a round, one thread each")
    common = ["--input", str(path), "--patch", str(edge), "--patches", str(options.patches)]
    one_thread = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    ours = Contender("Columna", [str(options.bench), "augmentation", *common, "--serve"], one_thread, ours=True)
    peer = Contender("batchgeneratorsv2", [sys.executable, str(HERE / "batchgeneratorsv2_peer.py"), *common], one_thread)
    alive, failures = alternate([ours, peer], options.repeat, say)
    say()
    rates = {it.title: options.patches * options.repeat / core_seconds(it) for it in alive}
    for title, rate in rates.items():
        say(f"  {title:20} {rate:8.2f} patches/s a core ({1000 / rate:.1f} ms a patch)")
    result = {"contenders": summary(alive), "patches_per_core_second": rates, "failures": failures}
    if len(alive) == 2:
        result["ratio"] = core_seconds(peer) / core_seconds(ours)
        say(f"  ours are {result['ratio']:.1f} times as many")
        operators(alive)
    return result


def core_seconds(contender: Contender) -> float:
    """Of all measured rounds: rotations are rare and dear, so one round tells little. Not of the warm-up."""
    return sum(answer["core_seconds"] for answer in contender.answers[1:])


def operators(contenders: list[Contender]) -> None:
    """A core's milliseconds of an operator where it was applied."""
    for contender in contenders:
        total: dict[str, list[float]] = {}
        for answer in contender.answers:
            for name, (count, seconds) in answer["operators"].items():
                entry = total.setdefault(name, [0, 0.0])
                entry[0] += count
                entry[1] += seconds
        say(f"  {contender.title}: " + ", ".join(f"{name} {1000 * seconds / count:.1f} ms ({count})" for name, (count, seconds) in total.items()))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="augmentation.py", description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, default=Path(".build/release/columna-bench"))
    parser.add_argument("--folder", type=Path, default=Path("."))
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--edge", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--patches", type=int, default=25, help="patches a round (default 25)")
    parser.add_argument("--repeat", type=int, default=5, help="measured rounds after one warm-up (default 5)")
    parser.add_argument("--json", type=Path, help="file that receives every measured run")
    return parser.parse_args()


def main() -> int:
    # A plain end would leave the contenders to run on; this way `alternate` stops them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    if options.make:
        make(options.make, options.edge)
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    say(machine())
    results = {str(edge): measure(options, edge) for edge in SOURCES}
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), **results}, indent=2) + "\n")
    return 1 if any(result["failures"] for result in results.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
