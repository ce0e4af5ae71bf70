"""The two networks that are measured, as their own projects build them, and the configuration Columna reads for the same ones.

torch is imported where a network is built only: compare.py reads the tables and must stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

CLASSES = 26
PATCH = {"segresnet": 96, "plain-unet": 128}
CONFIGURATION = {
    "segresnet": {
        "init_filters": 32, "in_channels": 1, "out_channels": CLASSES,
        "blocks_down": [1, 2, 2, 4], "blocks_up": [1, 1, 1],
    },
    "plain-unet": {
        "input_channels": 1, "features": [32, 64, 128, 256, 320, 320], "kernels": [[3, 3, 3]] * 6,
        "strides": [[1, 1, 1]] + [[2, 2, 2]] * 5, "classes": CLASSES,
        "convolutions_per_stage": 2, "convolutions_per_stage_decoder": 2,
    },
}


def segresnet() -> torch.nn.Module:
    """MONAI's SegResNet as MONAI Label configures it, without dropout so that training losses can be compared."""
    from monai.networks.nets import SegResNet

    options = CONFIGURATION["segresnet"]
    return SegResNet(spatial_dims=3, dropout_prob=None, **options)


def plain_unet() -> torch.nn.Module:
    """nnU-Net's PlainConvUNet as its planner configures 128^3 at 1.5 mm; full resolution output only."""
    import torch
    from dynamic_network_architectures.architectures.unet import PlainConvUNet

    options = CONFIGURATION["plain-unet"]
    network = PlainConvUNet(
        input_channels=options["input_channels"], n_stages=len(options["features"]),
        features_per_stage=options["features"], conv_op=torch.nn.Conv3d, kernel_sizes=options["kernels"],
        strides=options["strides"], n_conv_per_stage=options["convolutions_per_stage"],
        num_classes=options["classes"], n_conv_per_stage_decoder=options["convolutions_per_stage_decoder"],
        conv_bias=True, norm_op=torch.nn.InstanceNorm3d, norm_op_kwargs={"eps": 1e-5, "affine": True},
        nonlin=torch.nn.LeakyReLU, nonlin_kwargs={"inplace": True}, deep_supervision=False,
    )
    network.apply(network.initialize)
    return network


def build(architecture: str, weights: str | None = None) -> torch.nn.Module:
    """The network with seeded weights, or with those of a safetensors file under the names of `named_parameters()`."""
    import torch

    torch.manual_seed(7)
    network = {"segresnet": segresnet, "plain-unet": plain_unet}[architecture]()
    if weights:
        from safetensors.torch import load_file

        stored = load_file(weights)
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                parameter.copy_(stored[name])
    else:
        perturb_scales_and_biases(network)
    return network


def perturb_scales_and_biases(network: torch.nn.Module) -> None:
    """Moves norm scales off 1 and biases off 0, so that a network that ignored them would give other logits."""
    import torch

    generator = torch.Generator().manual_seed(8)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
