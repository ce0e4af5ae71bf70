"""Golden data for nnU-Net's sliding window and CT normalisation, from nnU-Net's own code.

    python make_nnunet_window.py OUT        # writes OUT/nnunet_window.json and OUT/nnunet_window.safetensors

Starts and Gaussian maps come from nnunetv2's functions as they are (the maps in float32, where the predictor takes float16). The blended logits
are restated in float64, because nnU-Net sums in float16; the script checks them against the predictor's own result within float16's
precision, where weights are large enough for it (at the corners of a volume, where only a window's corner reaches, float16 leaves of
a weight of 4e-10 the smallest subnormal number, and logits come out as whole numbers). The "network" is a formula (see `answer`) that is asymmetric along every axis and sees the window's borders, so that a wrong window,
a wrong flip or a wrong weight shows.

Made with nnunetv2 2.8.1, torch 2.x, numpy 2.x.
"""

import itertools
import json
import pathlib
import sys
import types

import numpy as np
import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.inference.sliding_window_prediction import compute_gaussian, compute_steps_for_sliding_window
from nnunetv2.preprocessing.normalization.default_normalization_schemes import CTNormalization
from safetensors.numpy import save_file

PATCH = (8, 6, 5)
CLASSES = 2
# Per class: the voxel itself, its upper neighbour along W, its lower neighbour along D, a ramp over the window.
COEFFICIENTS = [(1.0, 0.5, -0.25, 0.125), (-0.75, 0.25, 1.0, -0.0625)]
CASES = {
    "plain": {"volume": "volume", "step": 0.5, "mirroring": []},
    "mirrored": {"volume": "volume", "step": 0.5, "mirroring": [0, 1, 2]},
    "one_axis": {"volume": "volume", "step": 0.8, "mirroring": [1]},
    "thin": {"volume": "thin", "step": 0.5, "mirroring": [0, 2]},
}
VOLUMES = {"volume": (15, 13, 11), "thin": (5, 14, 4)}
MAPS = [(8, 6, 5), (128, 1, 1), (7, 12, 3), (1, 40, 1)]
STARTS = [(edge, step) for edge in (128, 96, 33, 5) for step in (0.5, 0.8, 0.3)]
CT = {"percentile_00_5": -832.1, "percentile_99_5": 1354.7, "mean": 167.3, "std": 308.9}
HOUNSFIELD = [-1024, -832.1, -832, -500.25, -1, 0, 0.5, 40, 167.3, 300, 1354, 1355, 3071]


def answer(window):
    """(D, H, W) -> (K, D, H, W)."""
    depth, height, width = window.shape[-3:]
    right = torch.zeros_like(window)
    right[..., :-1] = window[..., 1:]
    below = torch.zeros_like(window)
    below[..., 1:, :, :] = window[..., :-1, :, :]
    d, h, w = torch.meshgrid(torch.arange(depth), torch.arange(height), torch.arange(width), indexing="ij")
    ramp = (d + 2 * h + 3 * w).to(window.dtype)
    return torch.stack([a * window + b * right + c * below + e * ramp for a, b, c, e in COEFFICIENTS])


class Network(torch.nn.Module):
    def forward(self, x):
        return answer(x[0, 0])[None]


def predictor(step, mirroring):
    """nnU-Net's predictor around the formula, on the CPU."""
    made = nnUNetPredictor(
        tile_step_size=step, use_gaussian=True, use_mirroring=bool(mirroring), perform_everything_on_device=False,
        device=torch.device("cpu"), allow_tqdm=False)
    made.network = Network()
    made.configuration_manager = types.SimpleNamespace(patch_size=PATCH)
    made.label_manager = types.SimpleNamespace(num_segmentation_heads=CLASSES)
    made.allowed_mirroring_axes = tuple(mirroring) or None
    return made


def blended(volume, step, mirroring):
    """The predictor's result in float64: the same padding, windows, flips and weights."""
    size = [max(length, edge) for length, edge in zip(volume.shape, PATCH)]
    low = [(wanted - length) // 2 for wanted, length in zip(size, volume.shape)]
    inner = tuple(slice(first, first + length) for first, length in zip(low, volume.shape))
    padded = torch.zeros(size, dtype=torch.float64)
    padded[inner] = torch.from_numpy(volume).double()
    weights = compute_gaussian(PATCH, sigma_scale=1 / 8, value_scaling_factor=10, dtype=torch.float64, device=torch.device("cpu"))
    sums, total = torch.zeros([CLASSES, *size], dtype=torch.float64), torch.zeros(size, dtype=torch.float64)
    flips = [axes for count in range(len(mirroring) + 1) for axes in itertools.combinations(mirroring, count)]
    for origin in itertools.product(*compute_steps_for_sliding_window(tuple(size), PATCH, step)):
        place = tuple(slice(first, first + edge) for first, edge in zip(origin, PATCH))
        mean = sum(torch.flip(answer(torch.flip(padded[place], axes)), [axis + 1 for axis in axes]) for axes in flips) / len(flips)
        sums[(slice(None), *place)] += weights * mean
        total[place] += weights
    return (sums / total)[(slice(None), *inner)].numpy(), total[inner].numpy()


def main(out):
    random = np.random.default_rng(20261123)
    tensors = {name: random.normal(0, 1, size).astype(np.float32) for name, size in VOLUMES.items()}
    for name, case in CASES.items():
        volume = tensors[case["volume"]]
        truth, weights = blended(volume, case["step"], case["mirroring"])
        own = predictor(case["step"], case["mirroring"]).predict_sliding_window_return_logits(torch.from_numpy(volume)[None]).float().numpy()
        assert own.shape == truth.shape
        errors = np.abs(own - truth) / np.abs(truth).max()
        usual = errors[:, weights > 0.01].max()
        print(f"{name}: nnU-Net's float16 sums differ by {usual:.1e} of the largest logit, {errors.max():.1e} where weights are tiny")
        assert usual < 3e-3
        tensors[f"{name}.logits"] = truth.astype(np.float32)
    for size in MAPS:
        tensors["map." + "x".join(map(str, size))] = compute_gaussian(
            size, sigma_scale=1 / 8, value_scaling_factor=10, dtype=torch.float32, device=torch.device("cpu")).numpy()
    starts = [
        {"edge": edge, "step": step, "length": length, "starts": compute_steps_for_sliding_window((length,), (edge,), step)[0]}
        for edge, step in STARTS
        for length in [edge, edge + 1, edge + 2, edge + edge // 2, 2 * edge, 2 * edge + 1, 200, 300, 341, 517] if length >= edge
    ]
    save_file(tensors, out / "nnunet_window.safetensors")
    values = CTNormalization(use_mask_for_norm=False, intensityproperties=CT).run(np.array(HOUNSFIELD, dtype=np.float32))
    ct = {**CT, "hounsfield": HOUNSFIELD, "values": [float(value) for value in values]}
    description = {"patch": PATCH, "coefficients": COEFFICIENTS, "cases": CASES, "starts": starts, "ct": ct}
    (out / "nnunet_window.json").write_text(json.dumps(description, separators=(",", ":")) + "\n")


main(pathlib.Path(sys.argv[1]))
