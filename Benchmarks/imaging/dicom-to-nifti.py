"""Measures `columna dicom convert` beside dcm2niix: whole processes, alternating, medians; peak memory; and that voxels agree.

    dicom-to-nifti.py --columna .build/release/columna --dcm2niix dcm2niix --folder work [--repeat 5] [--json FILE]

The series is made once in the folder and used again. Needs numpy and pydicom; nibabel for the comparison of voxels.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import dicom_series

VOLUME_BYTES = 512 * 512 * 300 * 2


def measure(command: list[str]) -> tuple[float, int]:
    """Seconds of wall time and peak bytes of memory of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed with {process.returncode}: {errors.decode(errors='replace')[-400:]}")
    return seconds, usage.ru_maxrss * 1024


def converters(arguments, source: str, out: str, compressed: bool) -> dict[str, tuple[list[str], str]]:
    """Per program its command and the file it writes."""
    suffix = ".nii.gz" if compressed else ".nii"
    return {
        "columna": ([arguments.columna, "dicom", "convert", source, "-o", f"{out}/columna{suffix}"], f"{out}/columna{suffix}"),
        "dcm2niix": (
            [arguments.dcm2niix, "-b", "n", "-z", "y" if compressed else "n", "-f", "dcm2niix", "-w", "1", "-o", out, source],
            f"{out}/dcm2niix{suffix}",
        ),
    }


def disagreement(first: str, second: str) -> tuple[float, float]:
    """Largest differences of corners in mm and of voxels, both turned to RAS.

    In a process of its own: children inherit their parent's peak memory, and would be blamed for these arrays.
    """
    answer = subprocess.run([sys.executable, __file__, "--compare", first, second], check=True, capture_output=True, text=True)
    return tuple(json.loads(answer.stdout))


def compare(first: str, second: str) -> tuple[float, float]:
    import nibabel
    import numpy

    one, other = (nibabel.as_closest_canonical(nibabel.load(path)) for path in (first, second))
    if one.shape != other.shape:
        return float("inf"), float("inf")
    corners = numpy.array(numpy.meshgrid(*[[0, size - 1] for size in one.shape])).reshape(3, -1)
    places = [image.affine[:3, :3] @ corners + image.affine[:3, 3:] for image in (one, other)]
    voxels = [numpy.asarray(image.dataobj) for image in (one, other)]
    return float(abs(places[0] - places[1]).max()), float(abs(voxels[0].astype(int) - voxels[1].astype(int)).max())


def run_case(arguments, name: str, source: str, compressed: bool) -> dict:
    out = os.path.join(arguments.folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    programs = converters(arguments, source, out, compressed)
    seconds: dict[str, list[float]] = {program: [] for program in programs}
    memory: dict[str, list[int]] = {program: [] for program in programs}
    for round_ in range(arguments.repeat + 1):
        for program, (command, written) in programs.items():
            if os.path.exists(written):
                os.remove(written)
            taken, peak = measure(command)
            if round_ > 0:  # the first round warms the page cache
                seconds[program].append(taken)
                memory[program].append(peak)
    corners, voxels = disagreement(programs["columna"][1], programs["dcm2niix"][1])
    result = {"case": name, "output": ".nii.gz" if compressed else ".nii", "corner_mm": corners, "voxel_difference": voxels}
    for program in programs:
        result[program] = {"seconds": statistics.median(seconds[program]), "all": seconds[program], "peak_bytes": max(memory[program])}
    result["ratio"] = result["columna"]["seconds"] / result["dcm2niix"]["seconds"]
    result["volumes_of_memory"] = result["columna"]["peak_bytes"] / VOLUME_BYTES
    return result


def main() -> None:
    if sys.argv[1:2] == ["--compare"]:
        print(json.dumps(compare(*sys.argv[2:4])))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columna", required=True)
    parser.add_argument("--dcm2niix", required=True)
    parser.add_argument("--folder", required=True, help="where the series is made and results are written")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", help="where to write the figures")
    arguments = parser.parse_args()

    plain, lossless = (os.path.join(arguments.folder, name) for name in ("uncompressed", "jpeg-lossless"))
    if not os.path.isdir(plain):
        print("making a series of 300 slices of 512×512", file=sys.stderr)
        dicom_series.make(plain)
    sources = {"uncompressed": plain}
    if os.path.isdir(lossless) or dicom_series.compress(plain, lossless):
        sources["JPEG lossless"] = lossless
    else:
        print("the JPEG-lossless series is left out: install the package dcmtk for dcmcjpeg", file=sys.stderr)

    results = [run_case(arguments, name, source, compressed) for compressed in (False, True) for name, source in sources.items()]
    goal = {".nii": 1.0, ".nii.gz": 0.5}
    print(f"{'300 slices of 512×512':<24}{'to':<10}{'columna':>10}{'dcm2niix':>10}{'ratio':>8}{'goal':>7}{'memory':>18}{'voxels':>8}")
    for row in results:
        peak = f"{row['columna']['peak_bytes'] / 1e6:.0f} MB = {row['volumes_of_memory']:.2f}×"
        same = "equal" if row["corner_mm"] <= 1e-3 and row["voxel_difference"] == 0 else "DIFFER"
        print(
            f"{row['case']:<24}{row['output']:<10}{row['columna']['seconds']:>8.3f} s{row['dcm2niix']['seconds']:>8.3f} s"
            f"{row['ratio']:>7.2f}×{goal[row['output']]:>6.1f}×{peak:>18}{same:>8}"
        )
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)


if __name__ == "__main__":
    main()
