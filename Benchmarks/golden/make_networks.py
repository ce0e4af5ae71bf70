"""Golden vectors of nnU-Net's networks: every output and the gradient of every parameter, by PyTorch in float64.

    python make_networks.py --out ../../Tests/Fixtures/networks

Needs torch, dynamic_network_architectures, safetensors, numpy (made with 2.13.0, 0.4.4, 0.8.0, 2.4.6).

Each file holds `input`, `output_0` (full resolution) … , `weights.NAME`, `gradients.NAME` in float32, and in its metadata `network` (the
configuration), `names` (PyTorch's order of the parameters) and `float32_error` (largest error of torch's own float32 gradients, per tensor
relative to its largest true value). The gradients are those of the loss

    sum over outputs k and flat indices i of output_k[i] * sin(0.37 * i + k)

Gradients of convolution biases before an instance norm are zero in theory; tests skip tensors whose largest true value is below 1e-6 of
the loss's scale.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from safetensors.numpy import save_file

NETWORKS = {
    "plain_unet_isotropic": dict(
        architecture="plain-unet", input_channels=1, features=[4, 8, 12], kernels=[[3, 3, 3]] * 3,
        strides=[[1, 1, 1], [2, 2, 2], [2, 2, 2]], classes=3, convolutions_per_stage=2, convolutions_per_stage_decoder=2,
        shape=[2, 1, 8, 12, 16]),
    "plain_unet_anisotropic": dict(
        architecture="plain-unet", input_channels=2, features=[5, 9, 9], kernels=[[1, 3, 3], [3, 3, 3], [3, 3, 3]],
        strides=[[1, 1, 1], [1, 2, 2], [2, 2, 2]], classes=4, convolutions_per_stage=[1, 2, 2], convolutions_per_stage_decoder=1,
        shape=[1, 2, 6, 12, 20]),
    "residual_unet_isotropic": dict(
        architecture="residual-encoder-unet", input_channels=1, features=[4, 8, 12], kernels=[[3, 3, 3]] * 3,
        strides=[[1, 1, 1], [2, 2, 2], [2, 2, 2]], classes=3, blocks_per_stage=[1, 2, 2], convolutions_per_stage_decoder=1,
        shape=[1, 1, 12, 8, 16]),
    # The last stage has a stride, but no change of channels: its skip is the average pool alone.
    "residual_unet_anisotropic": dict(
        architecture="residual-encoder-unet", input_channels=2, features=[5, 9, 9], kernels=[[1, 3, 3], [3, 3, 3], [3, 3, 3]],
        strides=[[1, 1, 1], [1, 2, 2], [2, 2, 2]], classes=4, blocks_per_stage=[1, 1, 2], convolutions_per_stage_decoder=[2, 1],
        shape=[1, 2, 6, 12, 20]),
}


def build(options: dict, seed: int) -> torch.nn.Module:
    torch.manual_seed(seed)
    common = dict(
        input_channels=options["input_channels"], n_stages=len(options["features"]), features_per_stage=options["features"],
        conv_op=torch.nn.Conv3d, kernel_sizes=options["kernels"], strides=options["strides"], num_classes=options["classes"],
        n_conv_per_stage_decoder=options["convolutions_per_stage_decoder"], conv_bias=True, norm_op=torch.nn.InstanceNorm3d,
        norm_op_kwargs={"eps": 1e-5, "affine": True}, nonlin=torch.nn.LeakyReLU, nonlin_kwargs={"inplace": True},
        deep_supervision=True)
    if options["architecture"] == "plain-unet":
        network = PlainConvUNet(n_conv_per_stage=options["convolutions_per_stage"], **common)
    else:
        network = ResidualEncoderUNet(n_blocks_per_stage=options["blocks_per_stage"], **common)
    network.apply(network.initialize)
    # Norms of weight 1 and bias 0 and biases of 0 would hide errors.
    rng = np.random.default_rng(seed + 1)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.InstanceNorm3d):
                module.weight.copy_(torch.from_numpy(rng.uniform(0.5, 1.5, module.weight.numel())))
                module.bias.copy_(torch.from_numpy(0.3 * rng.standard_normal(module.bias.numel())))
            elif isinstance(module, (torch.nn.Conv3d, torch.nn.ConvTranspose3d)) and module.bias is not None:
                module.bias.copy_(torch.from_numpy(0.1 * rng.standard_normal(module.bias.numel())))
    return network


def run(network: torch.nn.Module, volume: np.ndarray, dtype: torch.dtype):
    network = copy.deepcopy(network).to(dtype)
    outputs = network(torch.from_numpy(volume).to(dtype))
    loss = sum(
        (output.flatten() * torch.sin(0.37 * torch.arange(output.numel(), dtype=torch.float64) + level).to(dtype)).sum()
        for level, output in enumerate(outputs))
    loss.backward()
    gradients = {name: value.grad.double().numpy() for name, value in network.named_parameters()}
    return [output.detach().double().numpy() for output in outputs], gradients


def largest_error(found: dict, truth: dict) -> float:
    scale = max(np.abs(value).max() for value in truth.values())
    return max(
        np.abs(found[name] - value).max() / np.abs(value).max() for name, value in truth.items() if np.abs(value).max() > 1e-6 * scale)


def margin(network: torch.nn.Module, volume: np.ndarray) -> float:
    """The smallest magnitude of a value before a leaky ReLU."""
    network = copy.deepcopy(network).double()
    smallest = []
    for module in network.modules():
        if isinstance(module, torch.nn.LeakyReLU):
            module.register_forward_pre_hook(lambda _, inputs: smallest.append(float(inputs[0].abs().min())))
    with torch.no_grad():
        network(torch.from_numpy(volume).double())
    return min(smallest)


def make(folder: Path, name: str, options: dict) -> None:
    # A value that changes its sign by rounding before a leaky ReLU moves gradients: take the seed that keeps farthest from it.
    def made(seed: int):
        volume = np.random.default_rng(seed + 100).standard_normal(options["shape"]).astype(np.float32)
        return build(options, seed), volume

    seed = max(range(1, 301), key=lambda seed: margin(*made(seed)))
    network, volume = made(seed)
    clearance = margin(network, volume)
    outputs, gradients = run(network, volume, torch.float64)
    error = largest_error(run(network, volume, torch.float32)[1], gradients)
    tensors = {"input": volume, **{f"output_{level}": value for level, value in enumerate(outputs)}}
    names = [key for key, _ in network.named_parameters()]
    tensors |= {"weights." + key: value.detach().numpy() for key, value in network.named_parameters()}
    tensors |= {"gradients." + key: gradients[key] for key in names}
    configuration = {key: value for key, value in options.items() if key != "shape"}
    file = folder / f"{name}.safetensors"
    save_file(
        {key: np.ascontiguousarray(value, dtype=np.float32) for key, value in tensors.items()}, file,
        {"network": json.dumps(configuration), "names": json.dumps(names), "float32_error": f"{error:.1e}", "seed": str(seed)})
    print(f"{file.name}: {file.stat().st_size // 1000} kB, {sum(value.size for value in gradients.values())} parameters, "
          f"seed {seed}, float32 error {error:.1e}, nothing within {clearance:.1e} of a kink")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    torch.set_num_threads(1)
    for name, options in NETWORKS.items():
        make(folder, name, options)
