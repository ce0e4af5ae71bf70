"""nnU-Net's training transforms as a peer of `columna-bench augmentation`: a number of patches a line read; see Benchmarks/core/serving.py.

Core seconds are those of the transforms alone: the copy that they alter is not counted. Targets for deep supervision are left out on both sides.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy
import torch
from batchgeneratorsv2.transforms.utils.random import RandomTransform
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from safetensors.torch import load_file

sys.path.append(str(Path(__file__).resolve().parent.parent / "core"))
from serving import emit, peak_bytes  # noqa: E402

ANGLE = 30 / 360 * 2 * numpy.pi


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--input", required=True, help="safetensors with `image` and `labels`, (D, H, W) of nnU-Net's larger patch")
    parser.add_argument("--patch", type=int, required=True, help="edge of the result")
    parser.add_argument("--patches", type=int, default=20, help="patches a run")
    options = parser.parse_args()

    # As nnU-Net's workers compute: one thread each.
    torch.set_num_threads(1)
    numpy.random.seed(1)
    torch.manual_seed(1)
    tensors = load_file(options.input)
    image, labels = tensors["image"][None], tensors["labels"][None].to(torch.int16)
    transforms = nnUNetTrainer.get_training_transforms([options.patch] * 3, (-ANGLE, ANGLE), None, (0, 1, 2), False).transforms
    # The blur tries both of its algorithms on every length at first; a run of a thousand epochs doesn't notice.
    blur = next(it.transform for it in transforms if isinstance(it, RandomTransform) and "Blur" in type(it.transform).__name__)
    for sigma in (0.5, 0.7, 0.9, 1.0):
        blur.apply({"image": torch.zeros(1, *[options.patch] * 3)}, apply_to_channel=torch.tensor([True]), sigmas=[[sigma] * 3])

    def run() -> tuple[float, dict]:
        whole, operators = 0.0, defaultdict(lambda: [0, 0.0])
        for _ in range(options.patches):
            sample = {"image": image.clone(), "segmentation": labels.clone()}
            for transform in transforms:
                inner, start = transform, time.process_time()
                if isinstance(transform, RandomTransform):
                    inner = transform.transform
                    is_applied = transform.get_parameters()["apply_transform"]
                    sample = inner(**sample) if is_applied else sample
                else:
                    is_applied = True
                    sample = transform(**sample)
                seconds = time.process_time() - start
                whole += seconds
                if is_applied:
                    operators[type(inner).__name__][0] += 1
                    operators[type(inner).__name__][1] += seconds
        return whole, operators

    emit(ready=True, peak_bytes=peak_bytes(), name="batchgeneratorsv2")
    for _ in sys.stdin:
        start = time.perf_counter()
        seconds, operators = run()
        emit(seconds=time.perf_counter() - start, core_seconds=seconds, patches=options.patches, peak_bytes=peak_bytes(), operators=operators)


if __name__ == "__main__":
    main()
