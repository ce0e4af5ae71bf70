"""Fingerprint and plan of a data set beside nnU-Net's own extractor and planner: seconds, ratio, and whether both say the same.

    python compare.py PHANTOMS [--columna-bench .build/release/columna-bench] [--repeat 3]

PHANTOMS is a folder that `columna phantom PHANTOMS --count 20` wrote. Both sides get two processes or threads, read the same
files, and run alternately; what nnU-Net needs to import is left out. Needs nnunetv2 2.8.
"""
import argparse, contextlib, io, json, math, os, pathlib, shutil, statistics, subprocess, tempfile, time

WORKERS = 2


def raw_data_set(phantoms, home):
    folder = home / "raw" / "Dataset900_benchmark"
    for name in ("imagesTr", "labelsTr"):
        (folder / name).mkdir(parents=True)
    cases = sorted(path.parent for path in phantoms.glob("*/ct.nii.gz"))
    for case in cases:
        shutil.copy(case / "ct.nii.gz", folder / "imagesTr" / f"{case.name}_0000.nii.gz")
        shutil.copy(case / "labels.nii.gz", folder / "labelsTr" / f"{case.name}.nii.gz")
    (folder / "dataset.json").write_text(json.dumps({
        "channel_names": {"0": "CT"}, "labels": {"background": 0} | {str(n): n for n in range(1, 26)},
        "numTraining": len(cases), "file_ending": ".nii.gz", "overwrite_image_reader_writer": "NibabelIOWithReorient",
    }))
    return folder, len(cases)


def nnunet():
    """Seconds of extractor and planner."""
    from nnunetv2.experiment_planning.dataset_fingerprint.fingerprint_extractor import DatasetFingerprintExtractor
    from nnunetv2.experiment_planning.experiment_planners.default_experiment_planner import ExperimentPlanner

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        begin = time.perf_counter()
        extractor = DatasetFingerprintExtractor(900, WORKERS)
        extractor.show_progress_bar = False
        extractor.run(overwrite_existing=True)
        middle = time.perf_counter()
        ExperimentPlanner(900).plan_experiment()
        return middle - begin, time.perf_counter() - middle


def columna(program, folder, output):
    shutil.rmtree(output, ignore_errors=True)
    words = [program, "planning", str(folder), "--threads", str(WORKERS), "--output", str(output), "--json"]
    result = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return result["seconds_of_fingerprint"], result["seconds_of_plan"]


def differences(theirs, ours):
    """Of fingerprint and plan; numbers agree to single precision."""
    def walk(path, a, b):
        if isinstance(a, dict):
            for key in a:
                yield from walk(f"{path}.{key}", a[key], b[key]) if key in b else [f"{path}.{key} is missing"]
        elif isinstance(a, (list, tuple)):
            if len(a) != len(b):
                yield f"{path}: {a} and {b}"
            for index, pair in enumerate(zip(a, b)):
                yield from walk(f"{path}[{index}]", *pair)
        elif isinstance(a, (int, float)) and not isinstance(a, bool):
            if not math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-6):
                yield f"{path}: {a} and {b}"
        elif a != b:
            yield f"{path}: {a} and {b}"

    read = lambda folder, name: json.loads((folder / name).read_text())
    yield from walk("fingerprint", read(theirs, "dataset_fingerprint.json"), read(ours, "dataset_fingerprint.json"))
    plans = [read(theirs, "nnUNetPlans.json"), read(ours, "plans.json")]
    # Of nnU-Net's configurations ours are plans for the one.
    configurations = [plan.pop("configurations")["3d_fullres"] for plan in plans]
    yield from walk("plans", *plans)
    yield from walk("3d_fullres", *configurations)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("phantoms", type=pathlib.Path)
    parser.add_argument("--columna-bench", default=".build/release/columna-bench")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    home = pathlib.Path(tempfile.mkdtemp())
    for name in ("raw", "preprocessed", "results"):
        os.environ["nnUNet_" + name] = str(home / name)
        (home / name).mkdir()
    folder, count = raw_data_set(options.phantoms, home)
    import nnunetv2.experiment_planning.experiment_planners.default_experiment_planner  # noqa: F401, before the clock

    ours, theirs = [], []
    for _ in range(options.repeat):
        theirs.append(nnunet())
        ours.append(columna(options.columna_bench, folder, home / "ours"))
    found = list(differences(home / "preprocessed" / folder.name, home / "ours"))
    print(f"{count} cases, {WORKERS} workers, medians of {options.repeat}")
    for index, what in ((0, "fingerprint"), (1, "plan"), (None, "both")):
        value = lambda runs: statistics.median(sum(run) if index is None else run[index] for run in runs)
        print(f"{what:12} columna {value(ours):8.3f} s   nnU-Net {value(theirs):8.3f} s   ratio {value(ours) / value(theirs):.3f}")
    print("\n".join(found) if found else "fingerprint and plan agree")
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
