"""Writes Tests/Fixtures/resampling: what scipy samples point by point, and what nnU-Net v2 makes of logits on the way back to the original grid.

Run with numpy, scipy, safetensors and nnunetv2: `python make_resampling.py ../../Tests/Fixtures/resampling`. Seeded; arrays are (k, j, i), so that i is
fastest in memory as in a volume.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from nnunetv2.preprocessing.resampling.default_resampling import (
    compute_new_shape,
    determine_do_sep_z_and_axis,
    resample_data_or_seg_to_shape,
)
from safetensors.numpy import save_file
from scipy.ndimage import gaussian_filter, map_coordinates

SIZE = (13, 11, 9)  # (i, j, k)
TARGET = (12, 10, 11)
# Indices of the target to indices of the source: turned about all axes, partly outside.
MAP = [[0.93, 0.21, -0.11, -0.7], [-0.17, 0.88, 0.24, 0.4], [0.09, -0.19, 0.81, 0.3]]


def points(generator: np.random.Generator) -> tuple[dict, dict]:
    """An image and a label map of 4 labels, sampled obliquely."""
    image = generator.integers(-1000, 2000, SIZE[::-1]).astype(np.float32)
    labels = (gaussian_filter(generator.standard_normal(SIZE[::-1]), 1.2) * 12 % 4).astype(np.uint8)
    step = np.asarray(MAP)
    index = np.stack(np.meshgrid(*[np.arange(n) for n in TARGET], indexing="ij"), -1)  # (i, j, k, 3)
    at = (index @ step[:, :3].T + step[:, 3]).transpose(2, 1, 0, 3)[..., ::-1]  # (k, j, i) of (k, j, i)
    at = np.moveaxis(at, -1, 0)
    last = np.asarray(SIZE[::-1]).reshape(3, 1, 1, 1) - 1
    border = np.clip(at, 0, last)
    inside = ((at >= -0.5) & (at < last + 0.5)).all(0)
    sampled = lambda array, order, mode, where: map_coordinates(array.astype(np.float64), where, order=order, mode=mode)
    shares = np.stack([sampled(labels == label, 1, "nearest", border) for label in range(4)])
    gap = np.diff(np.sort(shares, 0)[-2:], axis=0)[0]
    return {
        "image": image, "labels": labels,
        "linear": sampled(image, 1, "nearest", border).astype(np.float32),
        "cubic": sampled(image, 3, "nearest", at).astype(np.float32),
        "itk.linear": np.where(inside, sampled(image, 1, "nearest", border), -1024).astype(np.float32),
        "itk.cubic": np.where(inside, sampled(image, 3, "mirror", at), -1024).astype(np.float32),
        "largest_share": shares.argmax(0).astype(np.uint8), "clear": (gap > 1e-4).astype(np.uint8),
    }, {"size": SIZE, "target": TARGET, "map": MAP}


def way_back(generator: np.random.Generator, name: str, size: list[int], spacing: list[float], plan: list[float]) -> tuple[dict, dict]:
    """Logits of 5 classes on the network's grid, all axes (k, j, i), and the labels nnU-Net's export takes from them."""
    shape = compute_new_shape(size, spacing, plan)
    logits = np.stack([gaussian_filter(generator.standard_normal(shape), 1.0) for _ in range(5)]).astype(np.float32)
    back = resample_data_or_seg_to_shape(logits, size, current_spacing=plan, new_spacing=spacing, is_seg=False, order=1, order_z=0,
                                         force_separate_z=None)
    separate, axis = determine_do_sep_z_and_axis(None, plan, spacing)
    gap = np.diff(np.sort(back, 0)[-2:], axis=0)[0]
    facts = {"size": size, "spacing": spacing, "plan": plan, "shape": [int(n) for n in shape], "separate_axis": int(axis) if separate else None}
    return {f"{name}.logits": logits, f"{name}.labels": back.argmax(0).astype(np.uint8), f"{name}.clear": (gap > 1e-5).astype(np.uint8)}, facts


def main(folder: Path) -> None:
    generator = np.random.default_rng(20261123)
    folder.mkdir(parents=True, exist_ok=True)
    tensors, facts = points(generator)
    save_file(tensors, folder / "points.safetensors")
    record = {"points": facts, "way_back": {}}
    tensors = {}
    for name, size, spacing, plan in (
        ("isotropic", [9, 19, 14], [2.3, 0.8, 1.1], [1.5, 1.5, 1.5]),
        ("coarse_plan", [9, 21, 17], [4.0, 0.8, 0.7], [3.2, 1.0, 1.0]),
        ("coarse_original", [8, 20, 18], [5.0, 0.9, 0.9], [1.5, 1.5, 1.5]),
        ("same_size", [10, 12, 11], [3.0, 0.9, 0.9], [3.0, 0.9, 0.9]),
    ):
        arrays, record["way_back"][name] = way_back(generator, name, size, spacing, plan)
        tensors |= arrays
    save_file(tensors, folder / "way_back.safetensors")
    (folder / "resampling.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
