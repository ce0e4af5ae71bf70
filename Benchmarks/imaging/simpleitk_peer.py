"""SimpleITK's `Resample` as a peer of `columna benchmark resampling`: one run a line read; see Benchmarks/core/serving.py."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import SimpleITK

sys.path.append(str(Path(__file__).resolve().parent.parent / "core"))
from serving import serve  # noqa: E402

INTERPOLATORS = {"linear": SimpleITK.sitkLinear, "nearest": SimpleITK.sitkNearestNeighbor, "cubic": SimpleITK.sitkBSpline3}
VOXELS = {"float32": SimpleITK.sitkFloat32, "int16": SimpleITK.sitkInt16}
OUTSIDE = -1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("input")
    parser.add_argument("--spacing", type=float, default=1.5)
    parser.add_argument("--interpolation", choices=INTERPOLATORS, default="linear")
    parser.add_argument("--voxels", choices=VOXELS, default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", help="NIfTI file that receives the result of the last run")
    options = parser.parse_args()

    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(options.threads)
    image = SimpleITK.ReadImage(options.input, VOXELS[options.voxels])
    size = [int(round(count * own / options.spacing)) for count, own in zip(image.GetSize(), image.GetSpacing())]
    result = None

    def run() -> None:
        nonlocal result
        result = SimpleITK.Resample(image, size, SimpleITK.Transform(), INTERPOLATORS[options.interpolation], image.GetOrigin(),
                                    [options.spacing] * 3, image.GetDirection(), OUTSIDE, VOXELS[options.voxels])

    serve(run, name=f"SimpleITK, {options.voxels}")
    if options.output and result is not None:
        SimpleITK.WriteImage(result, options.output)


if __name__ == "__main__":
    main()
