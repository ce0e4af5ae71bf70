"""A small model in the layout of TotalSegmentator's part 292 (27 classes, old plans, no mirroring), and what TotalSegmentator's
way around nnU-Net answers for an image: linear zoom to 1.5 mm and whole numbers, nnU-Net's own preprocessing and predictor
with steps of 0.8, labels back by a zoom of order 0. Run with torch, nnunetv2 2.8, scipy, nibabel.

    python make.py      # writes model.zip (with a __MACOSX folder), image.nii.gz, expected.nii.gz (classes 0..26)
"""
import json, os, pathlib, shutil, tempfile, zipfile
import nibabel, numpy, torch
from scipy import ndimage

here = pathlib.Path(__file__).parent
scratch = pathlib.Path(tempfile.mkdtemp())
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(scratch)
from nnunetv2.inference import predict_from_raw_data
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager
from nnunetv2.inference.sliding_window_prediction import compute_gaussian
from dynamic_network_architectures.architectures.unet import PlainConvUNet

torch.manual_seed(6)
numpy.random.seed(6)
names = ["background", "sacrum", "vertebrae_S1"] + [
    f"vertebrae_{p}{n}" for p, last in (("L", 5), ("T", 12), ("C", 7)) for n in range(last, 0, -1)]
kwargs = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}
configuration = {
    "data_identifier": "nnUNetPlans_3d_fullres", "preprocessor_name": "DefaultPreprocessor", "batch_size": 2,
    "patch_size": [16, 24, 16], "median_image_size_in_voxels": [231, 249, 188], "spacing": [1.5, 1.5, 1.5],
    "normalization_schemes": ["CTNormalization"], "use_mask_for_norm": [False], "UNet_class_name": "PlainConvUNet",
    "UNet_base_num_features": 4, "n_conv_per_stage_encoder": [1, 1], "n_conv_per_stage_decoder": [1],
    "num_pool_per_axis": [1, 1, 1], "pool_op_kernel_sizes": [[1, 1, 1], [2, 2, 2]],
    "conv_kernel_sizes": [[3, 3, 3], [3, 3, 3]], "unet_max_num_features": 8,
    "resampling_fn_data": "resample_data_or_seg_to_shape", "resampling_fn_data_kwargs": kwargs,
    "resampling_fn_seg": "resample_data_or_seg_to_shape", "resampling_fn_seg_kwargs": dict(kwargs, is_seg=True, order=1),
    "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
    "resampling_fn_probabilities_kwargs": dict(kwargs, order=1), "batch_dice": True}
plans = {
    "dataset_name": "Dataset292_TotalSegmentator_part2_vertebrae_1532subj", "plans_name": "nnUNetPlans",
    "original_median_spacing_after_transp": [1.5, 1.5, 1.5], "original_median_shape_after_transp": [231, 249, 188],
    "image_reader_writer": "NibabelIOWithReorient", "transpose_forward": [0, 1, 2], "transpose_backward": [0, 1, 2],
    "configurations": {"3d_fullres": configuration}, "experiment_planner_used": "ExperimentPlanner",
    "label_manager": "LabelManager",
    "foreground_intensity_properties_per_channel": {"0": {
        "max": 3000.0, "mean": 240.0, "median": 200.0, "min": -900.0, "percentile_00_5": -180.0,
        "percentile_99_5": 1100.0, "std": 230.0}}}
dataset = {"channel_names": {"0": "CT"}, "labels": {name: n for n, name in enumerate(names)}, "numTraining": 1532,
           "file_ending": ".nii.gz", "overwrite_image_reader_writer": "NibabelIOWithReorient"}

network = PlainConvUNet(
    input_channels=1, n_stages=2, features_per_stage=[4, 8], conv_op=torch.nn.Conv3d, kernel_sizes=[[3] * 3] * 2,
    strides=[[1] * 3, [2] * 3], n_conv_per_stage=[1, 1], num_classes=27, n_conv_per_stage_decoder=[1], conv_bias=True,
    norm_op=torch.nn.InstanceNorm3d, norm_op_kwargs={"eps": 1e-5, "affine": True}, dropout_op=None,
    nonlin=torch.nn.LeakyReLU, nonlin_kwargs={"inplace": True}, deep_supervision=True)
with torch.no_grad():
    for parameter in network.parameters():
        parameter.add_(0.3 * torch.randn_like(parameter))
    network.decoder.seg_layers[0].weight.normal_(0, 1)
folder = scratch / plans["dataset_name"] / "nnUNetTrainerNoMirroring__nnUNetPlans__3d_fullres"
(folder / "fold_0").mkdir(parents=True)
(folder / "plans.json").write_text(json.dumps(plans))
(folder / "dataset.json").write_text(json.dumps(dataset))
(folder / "dataset_fingerprint.json").write_text("{}")
torch.save({
    "network_weights": network.state_dict(), "optimizer_state": None, "grad_scaler_state": None, "logging": {},
    "_best_ema": 0.9, "current_epoch": 1000, "trainer_name": "nnUNetTrainerNoMirroring",
    "inference_allowed_mirroring_axes": None,
    "init_args": {"plans": plans, "configuration": "3d_fullres", "fold": 0, "dataset_json": dataset,
                  "unpack_dataset": True, "device": torch.device("cpu")}}, folder / "fold_0/checkpoint_final.pth")
with zipfile.ZipFile(here / "model.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for path in sorted(scratch.rglob("*")):
        if path.is_file():
            archive.write(path, path.relative_to(scratch))
    apple = f"__MACOSX/{plans['dataset_name']}/{folder.name}/"
    archive.writestr(apple + "._plans.json", b"\0\5\26\7")
    archive.writestr(apple + "plans.json", b"\0\5\26\7")
    archive.writestr(apple + "fold_0/checkpoint_final.pth", b"\0\5\26\7")

affine = numpy.diag([-1.1, 1.25, 2.3, 1.0])
affine[:3, 3] = [30, -25, 10]
grid = numpy.indices((46, 40, 19)).astype(float)
voxels = (350 * numpy.sin(grid[0] / 3) * numpy.cos(grid[1] / 4) + 250 * numpy.sin(grid[2] / 2) + 150
          + numpy.random.normal(0, 60, grid[0].shape)).astype(numpy.int16)
voxels[:5] = 0  # nnU-Net crops what is exactly 0, at the network's spacing
voxels[:, :, 17:] = 0
image = nibabel.Nifti1Image(voxels, affine)
nibabel.save(image, here / "image.nii.gz")

canonical = nibabel.as_closest_canonical(image)
spacing = numpy.array(canonical.header.get_zooms())
factor = spacing / 1.5
small = ndimage.zoom(canonical.get_fdata(), factor, order=1, mode="nearest").astype(numpy.int32)

predictor = nnUNetPredictor(tile_step_size=0.8, use_gaussian=True, use_mirroring=False, perform_everything_on_device=False,
                            device=torch.device("cpu"), verbose=False, allow_tqdm=False)
manager = PlansManager(plans)
network.decoder.deep_supervision = False
predictor.manual_initialization(network.eval(), manager, manager.get_configuration("3d_fullres"),
                                [network.state_dict()], dataset, "nnUNetTrainerNoMirroring", None)
def predict():
    # nnU-Net's arrays are (k, j, i) of RAS.
    labels = predictor.predict_single_npy_array(
        small.transpose(2, 1, 0)[None].astype(numpy.float32), {"spacing": [1.5, 1.5, 1.5]}, None, None, False)
    return labels.transpose(2, 1, 0)

half = predict()
# nnU-Net sums windows in half precision, which decides near-ties of random weights: Columna does not (networks.md, 3.9).
predict_from_raw_data.compute_gaussian = lambda *a, **k: compute_gaussian(*a, **{**k, "dtype": torch.float32})
torch.half = torch.float32
labels = predict()
print(f"{(half != labels).mean():.4%} of voxels differ by half precision alone")
zoom = numpy.array(canonical.shape) / numpy.array(labels.shape)
back = ndimage.zoom(labels.astype(numpy.float64), zoom, order=0, mode="nearest").astype(numpy.uint8)
assert back.shape == canonical.shape
result = nibabel.as_closest_canonical(nibabel.Nifti1Image(back, canonical.affine))
ornt = nibabel.orientations.ornt_transform(
    nibabel.orientations.io_orientation(canonical.affine), nibabel.orientations.io_orientation(image.affine))
result = result.as_reoriented(ornt)
print(small.shape, "->", result.shape, len(numpy.unique(result.get_fdata())), "classes")
nibabel.save(nibabel.Nifti1Image(result.get_fdata().astype(numpy.uint8), image.affine), here / "expected.nii.gz")
shutil.rmtree(scratch)
