"""What batchgeneratorsv2's own transforms make of one patch with given parameters, for OperatorTests.

    pip install nnunetv2 safetensors && python make.py

The transforms take their parameters apart from their application (`get_parameters`, `apply`), so both sides get the same. Of a spatial transform
the affine matrix is bgv2's, and an elastic field is a cubic B-spline of coefficients that are part of the fixture.
"""
import json, pathlib
from importlib.metadata import version

import numpy as np
import torch
from safetensors.torch import save_file
from scipy.interpolate import BSpline
from batchgeneratorsv2.transforms.intensity.brightness import MultiplicativeBrightnessTransform
from batchgeneratorsv2.transforms.intensity.contrast import ContrastTransform
from batchgeneratorsv2.transforms.intensity.gamma import GammaTransform
from batchgeneratorsv2.transforms.noise.gaussian_blur import GaussianBlurTransform
from batchgeneratorsv2.transforms.spatial.low_resolution import SimulateLowResolutionTransform
from batchgeneratorsv2.transforms.spatial.mirroring import MirrorTransform
from batchgeneratorsv2.transforms.spatial.spatial import (
    SpatialTransform, _convert_my_grid_to_grid_sample_grid, _create_centered_identity_grid2, create_affine_matrix_2d, create_affine_matrix_3d)
from batchgeneratorsv2.transforms.utils.pseudo2d import Convert2DTo3DTransform, Convert3DTo2DTransform
from batchgeneratorsv2.transforms.utils.remove_label import RemoveLabelTansform
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from nnunetv2.training.data_augmentation.compute_initial_patch_size import get_patch_size

HERE = pathlib.Path(__file__).parent
SOURCE, PATCH = (17, 20, 19), (9, 12, 10)
generator = np.random.default_rng(12)
tensors, cases = {}, []


def body(shape):
    """A smooth image with noise, and labels in thick layers and balls, so that two and more meet."""
    place = np.stack(np.meshgrid(*[np.arange(edge) for edge in shape], indexing="ij")).astype(float)
    image = np.sin(place[0] / 4) + np.cos(place[1] / 5) * np.sin(place[2] / 3) + generator.normal(0, 0.2, shape)
    labels = (place[0] // 3 + 1) * (np.abs(place[2] - shape[2] / 2) < shape[2] / 3)
    for label in (11, 12, 25):
        centre = [generator.uniform(0.25, 0.75) * edge for edge in shape]
        labels[sum((place[axis] - centre[axis]) ** 2 for axis in range(3)) < 14] = label
    return torch.from_numpy(image).float()[None], torch.from_numpy(labels).to(torch.int16)[None]


def add(name, operator, parameters, image, labels=None):
    cases.append({"name": name, "operator": operator, **parameters})
    tensors[name + ".image"] = image[0].contiguous().float()
    if labels is not None:
        tensors[name + ".labels"] = labels[0].contiguous().to(torch.uint8)


image, labels = body(SOURCE)
small, small_labels = body(PATCH)
tensors.update({"source.image": image[0], "source.labels": labels[0].to(torch.uint8),
                "patch.image": small[0], "patch.labels": small_labels[0].to(torch.uint8)})


def spatial(patch):
    """As nnU-Net sets it up."""
    return SpatialTransform(patch, patch_center_dist_from_border=0, random_crop=False, p_elastic_deform=0, bg_style_seg_sampling=False,
                            border_mode_seg="constant", padding_value_seg=-1)


def field(patch, spacing, coefficients):
    """Displacements (dim, *patch) of uniform cubic B-splines whose first knot lies one before the first voxel."""
    basis = [np.stack([BSpline.basis_element(np.arange(knot - 3, knot + 2), extrapolate=False)(np.arange(edge) / step)
                       for knot in range(coefficients.shape[1 + axis])])
             for axis, (edge, step) in enumerate(zip(patch, spacing))]
    basis = [np.nan_to_num(axis) for axis in basis]
    return np.einsum("cabd,ai,bj,dk->cijk", coefficients, *basis)


def transform(name, patch, degrees=None, scales=(1, 1, 1), spacing=None):
    """The lines of SpatialTransform.get_parameters behind its draws, with given values."""
    affine = create_affine_matrix_3d(np.deg2rad(degrees or (0, 0, 0)), scales) if degrees or scales != (1, 1, 1) else None
    grid = _create_centered_identity_grid2(patch).float()
    parameters = {"patch": list(patch), "degrees": list(degrees or (0, 0, 0)), "scales": list(scales)}
    if spacing:
        knots = [int((edge - 1) / step) + 4 for edge, step in zip(patch, spacing)]
        coefficients = generator.normal(0.3, 1.2, (3, *knots)).astype(np.float32)
        tensors[name + ".coefficients"] = torch.from_numpy(coefficients)
        parameters["spacing"] = list(spacing)
        grid += torch.from_numpy(field(patch, spacing, coefficients.astype(float))).float().permute(1, 2, 3, 0)
    if affine is not None:
        grid = torch.matmul(grid, torch.from_numpy(affine.T).float())
    grid -= grid.mean(dim=[0, 1, 2]) if spacing else 0
    made = spatial(patch).apply({"image": image.clone(), "segmentation": labels.clone()}, center_location_in_pixels=[edge / 2 for edge in SOURCE],
                                grid=_convert_my_grid_to_grid_sample_grid(grid, SOURCE))
    made = RemoveLabelTansform(-1, 0)(**made)
    add(name, "spatial", parameters, made["image"], made["segmentation"])


def crop(name, patch):
    made = spatial(patch)(image=image.clone(), segmentation=labels.clone())
    made = RemoveLabelTansform(-1, 0)(**made)
    add(name, "spatial", {"patch": list(patch), "degrees": [0, 0, 0], "scales": [1, 1, 1]}, made["image"], made["segmentation"])


def in_plane(name, patch, degrees, scale):
    """Thick slices: the source has as many as the patch."""
    made = Convert3DTo2DTransform()(image=image[:, :patch[0]].clone(), segmentation=labels[:, :patch[0]].clone())
    grid = _create_centered_identity_grid2(patch[1:]).float()
    grid = torch.matmul(grid, torch.from_numpy(create_affine_matrix_2d(np.deg2rad(degrees), (scale, scale)).T).float())
    made = spatial(patch[1:]).apply(made, center_location_in_pixels=[edge / 2 for edge in SOURCE[1:]],
                                    grid=_convert_my_grid_to_grid_sample_grid(grid, SOURCE[1:]))
    made = RemoveLabelTansform(-1, 0)(**Convert2DTo3DTransform()(**made))
    add(name, "spatial-in-plane", {"patch": list(patch), "degrees": [degrees, 0, 0], "scales": [1, scale, scale]}, made["image"], made["segmentation"])


crop("crop", PATCH)
crop("crop-odd", (8, 11, 12))
crop("crop-beyond", (20, 13, 24))
transform("rotation", PATCH, degrees=(20, -30, 11))
transform("rotation-about-d", PATCH, degrees=(30, 0, 0))
# Edges that are odd where the source is, and even where it is: every place is a voxel, none halfway between two, where rounding decides.
transform("half-turn", (9, 12, 11), degrees=(180, 0, 0))
transform("scaling", PATCH, scales=(0.7, 0.7, 0.7))
transform("shrinking", PATCH, scales=(2, 2, 2))
transform("both", (10, 11, 13), degrees=(-25, 14, 30), scales=(1.4, 1.4, 1.4))
transform("elastic", PATCH, spacing=(3.5, 4, 2.7))
transform("all", PATCH, degrees=(8, 30, -17), scales=(0.9, 0.9, 0.9), spacing=(4, 4, 4))
in_plane("in-plane", (5, 13, 12), 140, 1.1)

every = torch.tensor([True])
first = torch.tensor([0])
for sigmas in ((0.5, 0.5, 0.5), (0.6, 0.75, 1.0), (0.92, 0.55, 0.83)):
    made = GaussianBlurTransform(blur_sigma=(0.5, 1), p_per_channel=1).apply({"image": small.clone()}, apply_to_channel=every, sigmas=[list(sigmas)])
    add(f"blur-{sigmas[1]}", "blur", {"deviations": list(sigmas)}, made["image"])
for factor in (0.8, 1.2):
    made = MultiplicativeBrightnessTransform((0.75, 1.25), False).apply({"image": small.clone()}, apply_to_channel=first, multipliers=torch.tensor([factor]))
    add(f"brightness-{factor}", "brightness", {"factor": factor}, made["image"])
    made = ContrastTransform((0.75, 1.25), True, False).apply({"image": small.clone()}, apply_to_channel=first, multipliers=torch.tensor([factor]))
    add(f"contrast-{factor}", "contrast", {"factor": factor}, made["image"])
for shares in ((0.5, 0.5, 0.5), (0.73, 0.73, 0.73), (0.97, 0.97, 0.97), (1.0, 0.6, 0.6)):
    made = SimulateLowResolutionTransform((0.5, 1), False, True, None).apply({"image": small.clone()}, apply_to_channel=first, scales=torch.tensor([shares]))
    add(f"low-resolution-{shares}", "low-resolution", {"shares": list(shares)}, made["image"])
for exponent in (0.7, 1.5):
    for inverts in (False, True):
        made = GammaTransform((0.7, 1.5), 0, False, 1, 1).apply(
            {"image": small.clone()}, apply_to_channel=first, retain_stats=every, invert_image=torch.tensor([inverts]), gamma=torch.tensor([exponent]))
        add(f"gamma-{exponent}-{inverts}", "gamma", {"exponent": exponent, "inverts": inverts}, made["image"])
for axes in ([0], [1], [2], [0, 2]):
    made = MirrorTransform((0, 1, 2)).apply({"image": small.clone(), "segmentation": small_labels.clone()}, axes=axes)
    add(f"mirror-{axes}", "mirror", {"axes": axes}, made["image"], made["segmentation"])


def source_patch(patch):
    """nnUNetTrainer.configure_rotation_dummyDA_mirroring_and_inital_patch_size, which needs a trainer to be called."""
    slices = max(patch) / patch[0] > 3
    angle = (180 if slices else 30) / 360 * 2 * np.pi
    size = get_patch_size(patch, (-angle, angle), (-angle, angle), (-angle, angle), (0.85, 1.25))
    if slices:
        size[0] = patch[0]
    return {"patch": list(patch), "source": [int(edge) for edge in size], "slices": slices}


patches = [source_patch(patch) for patch in (
    [128, 128, 128], [128, 160, 112], [96, 96, 96], [64, 192, 160], [32, 224, 224], [16, 320, 320], [40, 192, 192], [160, 64, 224], [20, 61, 60], [20, 60, 60])]

save_file(tensors, HERE / "operators.safetensors")
(HERE / "operators.json").write_text(json.dumps({
    "batchgeneratorsv2": version("batchgeneratorsv2"), "nnunetv2": version("nnunetv2"), "cases": cases, "patches": patches}, indent=1) + "\n")
