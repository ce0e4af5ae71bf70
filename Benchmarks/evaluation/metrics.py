"""Measures all metrics of a pair of label maps (25 classes on 333×333×400 voxels) beside MONAI, SimpleITK and surface-distance, in memory, in
alternating rounds; and how far results differ.

    metrics.py --columna .build/release/columna --folder work [--repeat 3] [--threads 2] [--json FILE]

The pair is made once in the folder and used again (make_pair.py). The peers compute what they have; Columna computes that and more, with and without the
distances between marching-cubes surfaces, which none of them has.
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
from report import machine, summary, table  # noqa: E402

VOXELS = 333 * 333 * 400
SAME = ("dice", "iou", "accuracy", "precision", "sensitivity", "specificity", "hausdorff", "hausdorff95", "average_truth_to_predicted",
        "average_predicted_to_truth", "assd", "centroid_distance")


def say(text: str = "") -> None:
    print(text, flush=True)


def own_process(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{Path(words[-1]).name}: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return done.stdout


def differences(ours: dict, theirs: dict) -> dict[str, float]:
    """The largest difference of each metric over the classes that both have; single-precision peers differ in the seventh digit."""
    largest: dict[str, float] = {}
    for label, one in ours.items():
        other = theirs[label]
        pairs = [(key, one[key], other.get(key)) for key in SAME]
        pairs += [(f"nsd {limit}", one["nsd"][limit], other.get(f"nsd_{limit}")) for limit in ("1.5", "3.0")]
        for name, own, found in pairs:
            if own is not None and found is not None:
                largest[name] = max(largest.get(name, 0.0), abs(own - found))
    return largest


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="metrics.py", description=__doc__.splitlines()[0])
    parser.add_argument("--columna", type=Path, default=Path(".build/release/columna"))
    parser.add_argument("--folder", type=Path, default=Path("."))
    parser.add_argument("--repeat", type=int, default=3, help="measured rounds after one warm-up (default 3)")
    parser.add_argument("--threads", type=int, default=2, help="threads of every contender (default 2)")
    parser.add_argument("--style", choices=("functions", "shared"), action="append", help="how the peers are called (default: both ways)")
    parser.add_argument("--json", type=Path, help="file that receives every measured run")
    return parser.parse_args()


def main() -> int:
    # A plain end would leave the contenders to run on; this way `alternate` stops them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    options.folder.mkdir(parents=True, exist_ok=True)
    pair = [str(options.folder / name) for name in ("truth.nii", "prediction.nii")]
    small = [str(options.folder / name) for name in ("small-truth.nii", "small-prediction.nii")]
    if not all(Path(name).exists() for name in pair + small):
        say(f"making the pair in {options.folder}")
        own_process(sys.executable, str(HERE / "make_pair.py"), str(options.folder))
    say(machine())
    threads = ["--threads", str(options.threads)]
    command = [str(options.columna), "benchmark", "metrics", *pair, *threads, "--serve"]
    meshless = Contender("Columna, without meshes", [*command, "--no-mesh"], {}, ours=True)
    whole = Contender("Columna, with meshes", command, {})
    peers = [Contender(style, [sys.executable, str(HERE / "metrics_peer.py"), *pair, *threads, "--style", style], {})
             for style in options.style or ("functions", "shared")]
    say(f"\nall metrics of 25 classes on 333×333×400, {options.threads} threads")
    # A warm-up of the peers would take minutes; the libraries are loaded before they say ready.
    alive, failures = alternate([meshless, whole, *peers], options.repeat, say, warm_up=False)
    say()
    say(table(alive, ratio_of_memory=True))
    result: dict = {"contenders": summary(alive), "failures": failures}
    for contender in (meshless, whole):
        added = max((answer.get("bytes_on_top_of_inputs") or 0 for answer in contender.answers), default=0)
        result[f"bytes a voxel on top of the inputs, {contender.title}"] = added / VOXELS
        say(f"  {contender.title}: {added / VOXELS:.2f} bytes a voxel on top of the inputs")
    for peer in peers:
        if peer.answers:
            parts = peer.answers[-1]["seconds_by_library"]
            result[f"seconds by library, {peer.title}"] = parts
            say(f"  {peer.title}: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in parts.items()))
    theirs = next((peer.answers[-1]["classes"] for peer in peers if peer.answers), None)
    if theirs:
        ours = json.loads(own_process(str(options.columna), "metrics", "--json", "--no-mesh", *pair))["classes"]
        result["largest differences"] = differences(ours, theirs)
        say("  largest differences over all classes: " + ", ".join(f"{name} {value:.1e}" for name, value in result["largest differences"].items()))
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), **result}, indent=2) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
