"""Writes what every contender reads: weights, configuration, one input with its labels per network, and the CT of the whole-volume run.

Usage: prepare.py FOLDER [--ct CT.nii.gz]
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file

from architectures import CLASSES, CONFIGURATION, PATCH, build


def smooth_input(size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A seeded volume in [-1, 1] (coarse shapes and fine noise) and labels that follow its shapes, both (1, 1, size, size, size)."""
    generator = torch.Generator().manual_seed(9)
    coarse = torch.randn((1, 1, 12, 12, 12), generator=generator)
    shapes = torch.nn.functional.interpolate(coarse, size=(size,) * 3, mode="trilinear", align_corners=False)
    noise = 0.1 * torch.randn(shapes.shape, generator=generator)
    labels = ((shapes + 2) / 4 * CLASSES).floor().clamp(0, CLASSES - 1).to(torch.uint8)
    return (0.5 * shapes + noise).clamp(-1, 1).contiguous(), labels.contiguous()


def write_network(folder: Path, architecture: str) -> None:
    network = build(architecture).eval()
    save_file({name: value.detach().contiguous() for name, value in network.named_parameters()},
              str(folder / f"{architecture}.weights.safetensors"))
    (folder / f"{architecture}.json").write_text(
        json.dumps({"network": CONFIGURATION[architecture]}, indent=2) + "\n")
    volume, labels = smooth_input(PATCH[architecture])
    save_file({"input": volume, "label": labels}, str(folder / f"{architecture}.input.safetensors"))
    with warnings.catch_warnings():
        # The exporter announces its successor and the sizes it makes constant; both are wanted here.
        warnings.simplefilter("ignore")
        torch.onnx.export(network, (volume,), str(folder / f"{architecture}.onnx"), dynamo=False,
                          input_names=["input"], output_names=["logits"], opset_version=18)


def write_volume(folder: Path, path: Path) -> None:
    """The CT at 1.5 mm as MONAI Label resamples it (RAS, trilinear, border), scaled to [-1, 1]."""
    from monai.transforms import Compose, EnsureChannelFirst, LoadImage, Orientation, ScaleIntensity, Spacing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        volume = Compose([
            LoadImage(image_only=True), EnsureChannelFirst(), Orientation(axcodes="RAS"),
            Spacing(pixdim=(1.5, 1.5, 1.5), mode="bilinear", padding_mode="border"), ScaleIntensity(minv=-1, maxv=1),
        ])(str(path))
    save_file({"input": volume.as_tensor()[None].float().contiguous()}, str(folder / "ct.input.safetensors"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ct", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for architecture in CONFIGURATION:
        write_network(options.folder, architecture)
    if options.ct:
        write_volume(options.folder, options.ct)


main()
