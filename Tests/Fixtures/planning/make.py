"""Plans of nnU-Net 2.8 for random data sets, for ExperimentPlannerTests.

    pip install nnunetv2 && python make.py

Needs no data: the planners read a fingerprint and a dataset.json that this writes into a temporary folder.
"""
import json, os, pathlib, random, tempfile, contextlib, io

home = pathlib.Path(tempfile.mkdtemp())
for name in ("raw", "preprocessed", "results"):
    os.environ["nnUNet_" + name] = str(home / name)
    (home / name).mkdir()
import torch
from nnunetv2.experiment_planning.experiment_planners.default_experiment_planner import ExperimentPlanner
from nnunetv2.experiment_planning.experiment_planners.residual_unets import residual_encoder_unet_planners as residual

# The planners build each network to count its feature maps; no weight is needed for that.
torch.set_default_device("meta")

PLANNERS = {
    "plain": ExperimentPlanner, "resenc": residual.ResEncUNetPlanner, "resenc-m": residual.nnUNetPlannerResEncM,
    "resenc-l": residual.nnUNetPlannerResEncL, "resenc-xl": residual.nnUNetPlannerResEncXL,
}
INTENSITIES = {"mean": 0.0, "median": 0.0, "std": 1.0, "min": 0.0, "max": 1.0, "percentile_99_5": 1.0, "percentile_00_5": 0.0}


def cases(generator):
    """Spacings and shapes of one data set: isotropic, thick slices, or mixed, small and large, an odd and even number."""
    kind, count = generator.choice(["isotropic", "thick", "mixed"]), generator.choice([1, 2, 3, 4, 7, 20])
    extent = [generator.uniform(60, 500) for _ in range(3)]
    spacings, shapes = [], []
    for _ in range(count):
        plane = round(generator.uniform(0.5, 1.6), generator.choice([1, 3, 6]))
        slices = {"isotropic": plane, "thick": round(generator.uniform(2, 8), 2), "mixed": generator.choice([plane, 1.0, 3.0, 5.0])}[kind]
        spacing = [slices, plane, plane]
        if generator.random() < 0.2:
            generator.shuffle(spacing)
        spacings.append(spacing)
        shapes.append([max(4, int(e * generator.uniform(0.7, 1.3) / s)) for e, s in zip(extent, spacing)])
    return spacings, shapes


def planned(preset, spacings, shapes, classes):
    fingerprint = {
        "spacings": spacings, "shapes_after_crop": shapes,
        "foreground_intensity_properties_per_channel": {"0": INTENSITIES}, "median_relative_size_after_cropping": 1.0,
    }
    dataset = {
        "channel_names": {"0": "CT"}, "labels": {str(label): label for label in range(classes)}, "numTraining": len(shapes),
        "file_ending": ".nii.gz",
    }
    name = "Dataset001_Made"
    for folder in ("raw", "preprocessed"):
        (home / folder / name / "imagesTr").mkdir(parents=True, exist_ok=True)
        (home / folder / name / "dataset.json").write_text(json.dumps(dataset))
    (home / "preprocessed" / name / "dataset_fingerprint.json").write_text(json.dumps(fingerprint))
    for plans in (home / "preprocessed" / name).glob("nnUNet*Plans.json"):
        plans.unlink()
    with contextlib.redirect_stdout(io.StringIO()):
        planner = PLANNERS[preset](1)
        planner.dataset = {"one": {"images": ["one_0000.nii.gz"]}}
        planner.determine_reader_writer = lambda: type("NibabelIOWithReorient", (), {})
        plans = planner.plan_experiment()
    full = plans["configurations"]["3d_fullres"]
    arguments = full["architecture"]["arch_kwargs"]
    return {
        "preset": preset, "classes": classes, "fingerprint": fingerprint,
        "transpose": [int(axis) for axis in plans["transpose_forward"]], "spacing": [float(x) for x in full["spacing"]],
        "median_shape": [float(x) for x in full["median_image_size_in_voxels"]], "patch": [int(x) for x in full["patch_size"]],
        "batch": int(full["batch_size"]), "strides": [[int(x) for x in y] for y in arguments["strides"]],
        "kernels": [[int(x) for x in y] for y in arguments["kernel_sizes"]],
        "features": [int(x) for x in arguments["features_per_stage"]],
        "repeats": [int(x) for x in arguments.get("n_conv_per_stage", arguments.get("n_blocks_per_stage"))],
        "decoder": [int(x) for x in arguments["n_conv_per_stage_decoder"]], "batch_dice": bool(full["batch_dice"]),
    }


if __name__ == "__main__":
    generator = random.Random(12)
    plans = []
    for number in range(24):
        spacings, shapes = cases(generator)
        for preset in (["plain", "resenc", "resenc-m"] if number % 6 else list(PLANNERS)):
            plans.append(planned(preset, spacings, shapes, generator.choice([2, 26, 27])))
    text = "[\n" + ",\n".join(json.dumps(plan) for plan in plans) + "\n]\n"
    pathlib.Path(__file__).with_name("plans.json").write_text(text)
    print(len(plans), "plans")
