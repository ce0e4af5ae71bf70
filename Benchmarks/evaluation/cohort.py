"""Measures 108 cases of 333×333×400 voxels through the queue, with one and with two evaluation workers, and whether their summaries are the same bits.

    cohort.py --columna .build/release/columna --folder work [--repeat 1] [--cases 108] [--json FILE]

Each run has a PostgreSQL and a RabbitMQ of its own. Six label maps, each the made prediction moved by so many voxels, are given to the cases in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "core"))
from report import machine  # noqa: E402

SHIFTS = ((0, 0, 0), (1, 0, 0), (0, 2, 0), (0, 0, -1), (-1, 1, 0), (2, 0, 3))


def say(text: str = "") -> None:
    print(text, flush=True)


def run(*words: str, environment: dict | None = None) -> str:
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"cohort: {Path(words[0]).name} {words[1]}: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return done.stdout


def make_maps(folder: Path) -> list[Path]:
    """The truth first, compressed as label maps travel."""
    import nibabel
    import numpy

    if not (folder / "prediction.nii").exists():
        run(sys.executable, str(HERE / "make_pair.py"), str(folder))
    wanted = [folder / "truth.nii.gz"] + [folder / f"prediction-{index}.nii.gz" for index in range(len(SHIFTS))]
    if not all(path.exists() for path in wanted):
        sources = [("truth.nii", (0, 0, 0))] + [("prediction.nii", shift) for shift in SHIFTS]
        for path, (source, shift) in zip(wanted, sources):
            image = nibabel.load(folder / source)
            labels = numpy.roll(numpy.asanyarray(image.dataobj), shift, (0, 1, 2))
            partial = folder / ("partial-" + path.name)
            nibabel.save(nibabel.Nifti1Image(labels, image.affine), partial)
            partial.rename(path)
    return wanted


def environment_of(columna: Path, stack: Path) -> dict:
    """The variables that `columna local environment` prints for a shell."""
    printed = run(str(columna), "local", "environment", "--directory", str(stack))
    pairs = re.findall(r"^(?:export )?(COLUMNA_\w+)='?(.*?)'?$", printed, re.MULTILINE)
    return {**os.environ, **dict(pairs)}


def peak_mebibytes(worker: subprocess.Popen) -> int:
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status).group(1)) // 1024


def measure(columna: Path, workers: int, cases: int, maps: list[Path]) -> dict:
    folder = Path(tempfile.mkdtemp(prefix="columna-cohort-", dir="/tmp"))
    # The account of the database must reach its folder.
    folder.chmod(0o755)
    stack, processes = folder / "stack", []
    try:
        run(str(columna), "local", "up", "--services-only", "--directory", str(stack))
        environment = environment_of(columna, stack)
        for number in range(workers):
            log = (folder / f"worker-{number}.log").open("w")
            processes.append(subprocess.Popen([str(columna.parent / "columna-evaluation")], env=environment, stderr=log))
        words = [str(columna), "benchmark", "evaluation", "--cases", str(cases), *map(str, maps)]
        result = json.loads(run(*words, environment=environment))
        result["peak_mebibytes"] = max(map(peak_mebibytes, processes))
        return result
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
        subprocess.run([str(columna), "local", "down", "--directory", str(stack), "--delete"], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    # A plain end would leave the services to run on; this way `measure` stops them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(prog="cohort.py", description=__doc__.splitlines()[0])
    parser.add_argument("--columna", type=Path, default=Path(".build/release/columna"))
    parser.add_argument("--folder", type=Path, default=Path("."))
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--cases", type=int, default=108)
    parser.add_argument("--json", type=Path, help="file that receives every measured run")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    say(machine())
    maps = make_maps(options.folder)
    runs: dict[int, list[dict]] = {1: [], 2: []}
    for _ in range(options.repeat):
        for workers, results in runs.items():
            results.append(measure(options.columna, workers, options.cases, maps))
    for workers, results in runs.items():
        speed = statistics.median(one["cases_per_minute"] for one in results)
        seconds = statistics.median(one["seconds"] for one in results)
        peak = max(one["peak_mebibytes"] for one in results)
        say(f"  {options.cases} cases, {workers} worker{'s' * (workers > 1)}: {speed:.1f} cases a minute ({seconds:.1f} s), peak {peak} MiB a worker")
    every = [one for results in runs.values() for one in results]
    digests = {one["summary_digest"] for one in every}
    same = len(digests) == 1
    say(f"  {every[0]['summary_rows']} summary rows of {len(every)} runs: " + ("bit-identical" if same else f"THEY DIFFER ({len(digests)} digests)"))
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "runs": runs, "bit_identical": same}, indent=2) + "\n")
    return 0 if same else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
