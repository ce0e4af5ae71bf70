"""Measures resampling beside SimpleITK: a CT of 512×512×300 at 0.7×0.7×1 mm to 1.5 mm, in memory, in alternating rounds; and how far results differ.

    resampling.py --columna .build/release/columna --folder work [--repeat 5] [--threads 2] [--json FILE]

The CT is made once in the folder and used again. Columna computes in float32 and by the rules of SimpleITK's grid (`--convention itk`); SimpleITK gets
the same numbers as float32 and as int16, which it then also gives back.
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

INTERPOLATIONS = ("linear", "nearest", "cubic")


def say(text: str = "") -> None:
    print(text, flush=True)


def make_ct(path: Path) -> None:
    """A body with lungs, a spine and a scanner's noise. In a process of its own: see `differences`."""
    import nibabel
    import numpy

    generator = numpy.random.default_rng(7)
    y, x = numpy.meshgrid(numpy.linspace(-1, 1, 512), numpy.linspace(-1, 1, 512))
    volume = numpy.empty((512, 512, 300), numpy.int16, order="F")
    for k in range(300):
        slice_ = numpy.full((512, 512), -1000.0)
        slice_[(x / 0.8) ** 2 + (y / 0.55) ** 2 < 1] = 40
        slice_[((abs(x) - 0.35) / 0.25) ** 2 + (y / 0.35) ** 2 < 0.5 + 0.5 * numpy.sin(k / 50)] = -850
        slice_[(x / 0.1) ** 2 + ((y + 0.3) / 0.1) ** 2 < 1 - 0.3 * (k % 30 < 8)] = 350 + 200 * numpy.sin(k / 9)
        volume[:, :, k] = numpy.clip(numpy.rint(slice_ + generator.normal(0, 18, (512, 512))), -1024, 3071)
    partial = path.with_suffix(".partial.nii")
    nibabel.save(nibabel.Nifti1Image(volume, numpy.diag([0.7, 0.7, 1, 1])), partial)
    partial.rename(path)


def differences(first: str, second: str) -> dict:
    """Of two volumes on one grid. In a process of its own: children inherit their parent's peak memory, and would be blamed for these arrays."""
    import nibabel
    import numpy

    one, other = nibabel.load(first), nibabel.load(second)
    apart = numpy.abs(one.get_fdata(dtype=numpy.float32) - other.get_fdata(dtype=numpy.float32))
    return {"affine": float(numpy.abs(one.affine - other.affine).max()), "largest": float(apart.max()), "mean": float(apart.mean()),
            "voxels_equal": float((apart == 0).mean())}


def own_process(*words: str) -> str:
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"resampling.py {words[0]} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return done.stdout


def measure(options: argparse.Namespace, ct: Path, interpolation: str) -> dict:
    say(f"\n{interpolation}: 512×512×300 at 0.7×0.7×1 mm to 1.5 mm, {options.threads} threads")
    files = {"columna": options.folder / "columna.nii", "simpleitk": options.folder / "simpleitk.nii"}
    common = ["--interpolation", interpolation, "--spacing", "1.5", "--threads", str(options.threads)]
    ours = Contender("Columna, float32", [str(options.columna), "benchmark", "resampling", str(ct), *common, "--convention", "itk", "--serve",
                                          "--output", str(files["columna"])], {}, ours=True)
    peers = [Contender(f"SimpleITK, {voxels}", [sys.executable, str(HERE / "simpleitk_peer.py"), str(ct), *common, "--voxels", voxels]
                       + (["--output", str(files["simpleitk"])] if voxels == "float32" else []), {}) for voxels in ("float32", "int16")]
    alive, failures = alternate([ours, *peers], options.repeat, say)
    say()
    say(table(alive, ratio_of_memory=True))
    result = {"contenders": summary(alive), "failures": failures}
    if all(path.exists() for path in files.values()):
        found = json.loads(own_process("--differences", str(files["columna"]), str(files["simpleitk"])))
        result["differences"] = found
        say(f"  values differ by {found['largest']:.2g} HU at most, {found['mean']:.1g} in the mean; {found['voxels_equal']:.3%} are equal")
    for path in files.values():
        path.unlink(missing_ok=True)
    return result


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="resampling.py", description=__doc__.splitlines()[0])
    parser.add_argument("--columna", type=Path, default=Path(".build/release/columna"))
    parser.add_argument("--folder", type=Path, default=Path("."))
    parser.add_argument("--repeat", type=int, default=5, help="measured rounds after one warm-up (default 5)")
    parser.add_argument("--threads", type=int, default=2, help="threads of every contender (default 2)")
    parser.add_argument("--json", type=Path, help="file that receives every measured run")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--differences", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    # A plain end would leave the contenders to run on; this way `alternate` stops them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    if options.make:
        make_ct(options.make)
        return 0
    if options.differences:
        print(json.dumps(differences(*options.differences)))
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    ct = options.folder / "ct-512x512x300.nii"
    if not ct.exists():
        say(f"making {ct}")
        own_process("--make", str(ct))
    say(machine())
    results = {interpolation: measure(options, ct, interpolation) for interpolation in INTERPOLATIONS}
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), **results}, indent=2) + "\n")
    return 1 if any(result["failures"] for result in results.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
