"""Trains the same small network on the same phantoms with Columna and with the peer's own training code, several seeds each.

    python quality.py segresnet|nnunet --products .build/release --folder FOLDER [--seeds 5] [--epochs N] [--json FILE]

Both learn from the same 16 phantoms, draw order, crops, augmentation and first weights by themselves, and segment the same 4
others in whole. One function of this file measures both sides' label maps. Reported are each seed's mean Dice, the exact
permutation test of the difference of the means over the seeds, seconds an epoch and peak memory. Voxels are of 4 mm, the
networks small, the labels two (vertebrae, sacrum), and the rate of MONAI's recipe is ten times its own, since its 1e-4 needs
hours; all of this is the same on both sides.

FOLDER holds phantoms, a local stack, and what was computed: given again, it goes on where it was.
"""
import argparse, itertools, json, os, pathlib, shutil, statistics, subprocess, sys

import nibabel
import numpy

SACRUM = 25
LABELS = 2
CASES, HELD_OUT = 20, 4
SPACING = 4
SOURCE = pathlib.Path(__file__).resolve().parent
SEGRESNET = {"patch": [32, 32, 32], "filters": 8, "rate": 1e-3, "epochs": 60}
NNUNET = {"patch": [40, 32, 32], "features": [8, 16, 32, 64], "epochs": 32, "steps": 25, "validation_steps": 2}


def mean_dice(prediction, truth):
    """Of the classes that the truth has; Dice in voxels of the original image."""
    a, b = (numpy.asarray(nibabel.load(path).dataobj).astype(int) for path in (prediction, truth))
    classes = [label for label in numpy.unique(b) if label > 0]
    return statistics.fmean(2 * ((a == c) & (b == c)).sum() / ((a == c).sum() + (b == c).sum()) for c in classes)


def permutation_p(a, b):
    """Two-sided, of the difference of means, over all ways to deal the values to the two sides."""
    pool, seen = a + b, abs(statistics.fmean(a) - statistics.fmean(b))
    total = as_far = 0
    for chosen in itertools.combinations(range(len(pool)), len(a)):
        first = [pool[i] for i in chosen]
        second = [pool[i] for i in range(len(pool)) if i not in chosen]
        total += 1
        as_far += abs(statistics.fmean(first) - statistics.fmean(second)) >= seen - 1e-12
    return as_far / total


def merge_vertebrae(path):
    """All vertebrae become 1, the sacrum 2: what networks of this size learn in minutes."""
    image = nibabel.load(path)
    labels = numpy.asarray(image.dataobj)
    merged = numpy.where(labels == SACRUM, 2, labels > 0).astype(numpy.uint8)
    nibabel.save(nibabel.Nifti1Image(merged, image.affine), path)


class Bench:
    def __init__(self, options):
        self.options, self.folder = options, options.folder.resolve()
        self.columna = options.products.resolve() / "columna"
        self.phantoms = self.folder / "phantoms"
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.phantoms.exists():
            fresh = self.folder / "phantoms.part"
            shutil.rmtree(fresh, ignore_errors=True)
            self.run("phantom", fresh, "--count", CASES, "--levels", "T12-sacrum", "--spacing", SPACING, "--seed", 500)
            for path in fresh.glob("*/labels.nii.gz"):
                merge_vertebrae(path)
            fresh.rename(self.phantoms)
        self.cases = sorted(path.name for path in self.phantoms.iterdir())
        self.training, self.validation = self.cases[:-HELD_OUT], self.cases[-HELD_OUT:]

    def run(self, *words):
        result = subprocess.run([str(self.columna), *map(str, words)], cwd=self.folder, capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"columna {' '.join(map(str, words))}: {result.stderr.strip() or result.stdout.strip()}")
        return result.stdout

    def prepare(self, plan):
        self.run("local", "up", "--replicas", "inference=0")
        self.run("dataset", "import", "phantoms", "--data-set", "phantoms", "--skip-existing", "--wait")
        split = self.folder / "split.json"
        split.write_text(json.dumps({"train": self.training, "val": self.validation}))
        self.run("dataset", "split", "phantoms", "--file", split)
        self.run("dataset", "prepare", "phantoms", "--plan", plan, "--wait")

    def ours(self, name, plan, recipe):
        """Label maps of the last weights, seconds an epoch, peak memory."""
        output = self.folder / name
        stored = output / "result.json"
        if stored.exists():
            return json.loads(stored.read_text())
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        (output / "recipe.json").write_text(json.dumps(recipe))
        self.run("train", "start", "--data-set", "phantoms", "--model", name, "--plan", plan, "--recipe",
                 output / "recipe.json", "--wait")
        models = [m for m in json.loads(self.run("models", "list", "--json"))["models"] if m["name"] == name]
        last = next((m for m in models if m["variant"] == "last"), models[0])
        model = output / "model.safetensors"
        self.run("models", "export", f"{name}@{last['version']}", "-o", model)
        for case in self.validation:
            self.run("segment", self.phantoms / case / "ct.nii.gz", "-o", output / f"{case}.nii.gz", "--model", model)
        epochs = json.loads(self.run("train", "watch", name, "--json"))["history"]
        result = {"dice": self.dice(output), "seconds": statistics.median(epoch["seconds"] for epoch in epochs),
                  "memory": epochs[-2 if len(epochs) > 1 else -1]["peak_memory_bytes"]}
        stored.write_text(json.dumps(result))
        return result

    def theirs(self, script, name, task):
        output = self.folder / name
        stored = output / "result.json"
        if stored.exists():
            return json.loads(stored.read_text())
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        file = output / "task.json"
        file.write_text(json.dumps(task | {"output": str(output), "threads": self.options.threads}))
        with open(output / "log", "w") as log:
            words = [sys.executable, str(SOURCE / script), str(file)]
            result = subprocess.run(words, stdout=subprocess.PIPE, stderr=log, text=True)
        if result.returncode:
            sys.exit(f"{script} failed; its log is {output / 'log'}")
        run = json.loads(result.stdout.splitlines()[-1])
        maps = pathlib.Path(run["folder"]) / "validation" if "folder" in run else output
        answer = {"dice": self.dice(maps), "seconds": statistics.median(run["seconds"]), "memory": run["memory"]}
        stored.write_text(json.dumps(answer))
        return answer

    def dice(self, folder):
        return statistics.fmean(
            mean_dice(folder / f"{case}.nii.gz", self.phantoms / case / "labels.nii.gz") for case in self.validation)


def segresnet(bench, epochs):
    plan = bench.folder / "segresnet.json"
    plan.write_text(json.dumps({
        "schemaVersion": 1, "labelSet": "vertebrae-and-sacrum", "spacingInMillimetres": [SPACING] * 3, "patch": SEGRESNET["patch"],
        "trainingCrop": "foreground", "intensities": {"scheme": "monaiLabel"},
        "network": {
            "architecture": "segresnet", "init_filters": SEGRESNET["filters"], "dropout_prob": 0.2, "out_channels": LABELS + 1}}))
    bench.prepare(plan)
    pairs = [[str(bench.phantoms / c / f) for f in ("ct.nii.gz", "labels.nii.gz")] for c in bench.cases]
    for seed in range(1, bench.options.seeds + 1):
        ours = bench.ours(f"segresnet-{seed}", plan, {
            "epochs": epochs, "learningRate": SEGRESNET["rate"], "epochsPerValidation": epochs, "seed": seed})
        theirs = bench.theirs("monai_peer.py", f"monai-{seed}", {
            "training": pairs[:-HELD_OUT], "validation": [image for image, _ in pairs[-HELD_OUT:]], "seed": seed,
            "patch": SEGRESNET["patch"], "spacing": [SPACING] * 3, "filters": SEGRESNET["filters"],
            "rate": SEGRESNET["rate"], "epochs": epochs, "classes": LABELS + 1})
        yield seed, ours, theirs


def nnunet_home(bench):
    """nnU-Net's three folders: its own fingerprint, plan and preprocessing; patch and network are made small."""
    home = bench.folder / "nnunet"
    ready = home / "preprocessed" / "Dataset901_phantoms" / "splits_final.json"
    if ready.exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    raw = home / "raw" / "Dataset901_phantoms"
    for name in ("imagesTr", "labelsTr"):
        (raw / name).mkdir(parents=True)
    for case in bench.cases:
        shutil.copy(bench.phantoms / case / "ct.nii.gz", raw / "imagesTr" / f"{case}_0000.nii.gz")
        shutil.copy(bench.phantoms / case / "labels.nii.gz", raw / "labelsTr" / f"{case}.nii.gz")
    (raw / "dataset.json").write_text(json.dumps({
        "channel_names": {"0": "CT"}, "labels": {"background": 0} | {str(n): n for n in range(1, LABELS + 1)},
        "numTraining": CASES, "file_ending": ".nii.gz", "overwrite_image_reader_writer": "NibabelIOWithReorient"}))
    os.environ |= {"nnUNet_raw": str(home / "raw"), "nnUNet_preprocessed": str(home / "preprocessed"),
                   "nnUNet_results": str(home / "results")}
    from nnunetv2.experiment_planning import plan_and_preprocess_api as api
    api.extract_fingerprints([901], num_processes=2)
    api.plan_experiments([901])
    folder = home / "preprocessed" / "Dataset901_phantoms"
    plans = json.loads((folder / "nnUNetPlans.json").read_text())
    configuration = plans["configurations"]["3d_fullres"]
    stages = len(NNUNET["features"])
    configuration |= {"patch_size": NNUNET["patch"], "batch_size": 2}
    configuration["architecture"]["arch_kwargs"] |= {
        "n_stages": stages, "features_per_stage": NNUNET["features"], "kernel_sizes": [[3, 3, 3]] * stages,
        "strides": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1), "n_conv_per_stage": [2] * stages,
        "n_conv_per_stage_decoder": [2] * (stages - 1)}
    (folder / "nnUNetPlans.json").write_text(json.dumps(plans, indent=1))
    api.preprocess([901], configurations=["3d_fullres"], num_processes=[2])
    ready.write_text(json.dumps([{"train": bench.training, "val": bench.validation}]))
    return home


def nnunet(bench, epochs):
    home = nnunet_home(bench)
    plans = json.loads((home / "preprocessed" / "Dataset901_phantoms" / "nnUNetPlans.json").read_text())
    values = plans["foreground_intensity_properties_per_channel"]["0"]
    stages = len(NNUNET["features"])
    plan = bench.folder / "nnunet.json"
    plan.write_text(json.dumps({
        "schemaVersion": 1, "labelSet": "vertebrae-and-sacrum", "orientation": "SAR", "interpolation": "cubic", "resampling": "nnunet",
        "spacingInMillimetres": plans["configurations"]["3d_fullres"]["spacing"], "patch": NNUNET["patch"],
        "intensities": {
            "scheme": "ctNormalization", "lower": values["percentile_00_5"], "upper": values["percentile_99_5"],
            "mean": values["mean"], "standardDeviation": values["std"]},
        "slidingWindow": {"convention": "nnunet", "mirroring": [0, 1, 2], "overlap": 0.5, "padding": "zero",
                          "sigmaScale": 0.125, "weighting": "gaussian"},
        "network": {
            "architecture": "plain-unet", "classes": LABELS + 1, "input_channels": 1, "features": NNUNET["features"],
            "convolutions_per_stage": [2] * stages, "convolutions_per_stage_decoder": [2] * (stages - 1),
            "kernels": [[3, 3, 3]] * stages, "strides": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1)}}))
    bench.prepare(plan)
    recipe = json.loads(bench.run("train", "recipes", "nnunet-3d-fullres", "--json"))
    for seed in range(1, bench.options.seeds + 1):
        ours = bench.ours(f"unet-{seed}", plan, recipe | {
            "epochs": epochs, "stepsPerEpoch": NNUNET["steps"], "pseudoValidationSteps": NNUNET["validation_steps"],
            "epochsPerValidation": epochs, "batchSize": 2, "seed": seed})
        theirs = bench.theirs("nnunet_peer.py", f"nnunet-{seed}", {
            "home": str(home), "data_set": "Dataset901_phantoms", "epochs": epochs, "steps": NNUNET["steps"],
            "validation_steps": NNUNET["validation_steps"], "seed": seed, "processes": bench.options.processes,
            "validates": True})
        yield seed, ours, theirs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", choices=["segresnet", "nnunet"])
    parser.add_argument("--products", type=pathlib.Path, default=pathlib.Path(".build/release"))
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--processes", type=int, default=2, help="nnU-Net's augmentation processes")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    bench = Bench(options)
    runs = segresnet if options.recipe == "segresnet" else nnunet
    epochs = options.epochs or (SEGRESNET if options.recipe == "segresnet" else NNUNET)["epochs"]
    rows = []
    print("seed  Columna   peer   (mean Dice of 4 phantoms that neither learned from)")
    for seed, ours, theirs in runs(bench, epochs):
        rows.append((ours, theirs))
        print(f"{seed:4}   {ours['dice']:.4f}  {theirs['dice']:.4f}", flush=True)
    a, b = ([row[i]["dice"] for row in rows] for i in (0, 1))
    if len(rows) > 1:
        for name, values in (("Columna", a), ("peer", b)):
            print(f"{name:8} mean {statistics.fmean(values):.4f}, standard deviation {statistics.stdev(values):.4f}")
        print(f"difference {statistics.fmean(a) - statistics.fmean(b):+.4f}, permutation test p = {permutation_p(a, b):.3f}")
    for name, i in (("Columna", 0), ("peer", 1)):
        seconds, memory = (statistics.median(row[i][key] for row in rows) for key in ("seconds", "memory"))
        print(f"{name:8} {seconds:.2f} s an epoch, {memory / 1e6:.0f} MB at most while it learned")
    if options.json:
        options.json.write_text(json.dumps({"columna": a, "peer": b}, indent=1))


if __name__ == "__main__":
    main()
