"""Golden vectors of single kernels: output and every gradient, by PyTorch in float64.

    python make_kernels.py --out ../../Tests/Fixtures/kernels

Needs torch, safetensors, numpy (made with 2.13.0, 0.8.0, 2.4.6). Each file holds `input`, `output`, `output_gradient` (random),
`input_gradient` and, where the kernel has them, `weight`, `bias` and their gradients; float32. Sizes are odd on purpose: channels that
fill no block, extents that end inside a tile, and even extents under stride 2.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file


def convolution(stride, padding):
    return lambda x, w, b: F.conv3d(x, w, b, stride=stride, padding=padding)


def transposed(stride):
    return lambda x, w, b: F.conv_transpose3d(x, w, b, stride=stride)


def upsample(x):
    return F.interpolate(x, scale_factor=2, mode="trilinear", align_corners=False)


# name: function, input shape, weight shape, bias count (None: no such tensor)
KERNELS = {
    "conv_3x3x3": (convolution(1, 1), (2, 5, 5, 6, 7), (9, 5, 3, 3, 3), 9),
    "conv_3x3x3_blocks": (convolution(1, 1), (1, 8, 6, 7, 9), (16, 8, 3, 3, 3), 16),
    "conv_3x3x3_stride_2": (convolution(2, 1), (2, 5, 7, 6, 5), (9, 5, 3, 3, 3), 9),
    "conv_3x3x3_stride_1x2x2": (convolution((1, 2, 2), 1), (1, 6, 3, 8, 7), (9, 6, 3, 3, 3), 9),
    "conv_1x3x3": (convolution(1, (0, 1, 1)), (1, 3, 4, 7, 9), (10, 3, 1, 3, 3), 10),
    "conv_1x3x3_stride_1x2x2": (convolution((1, 2, 2), (0, 1, 1)), (2, 6, 3, 7, 10), (9, 6, 1, 3, 3), 9),
    "conv_1x1x1": (convolution(1, 0), (2, 11, 3, 5, 7), (4, 11, 1, 1, 1), 4),
    "transposed_2x2x2": (transposed(2), (2, 9, 3, 4, 5), (9, 6, 2, 2, 2), 6),
    "transposed_1x2x2": (transposed((1, 2, 2)), (1, 9, 3, 5, 4), (9, 10, 1, 2, 2), 10),
    "group_norm": (lambda x, w, b: F.group_norm(x, 8, w, b, 1e-5), (2, 16, 3, 5, 7), (16,), 16),
    "group_norm_relu": (lambda x, w, b: F.relu(F.group_norm(x, 8, w, b, 1e-5)), (2, 24, 3, 4, 7), (24,), 24),
    "instance_norm_leaky_relu": (
        lambda x, w, b: F.leaky_relu(F.instance_norm(x, weight=w, bias=b, eps=1e-5), 0.01), (2, 9, 3, 5, 7), (9,), 9),
    "upsample": (upsample, (2, 5, 3, 4, 5), None, None),
    "average_pool_2x2x2": (lambda x: F.avg_pool3d(x, 2), (2, 9, 4, 6, 8), None, None),
    "average_pool_1x2x2": (lambda x: F.avg_pool3d(x, (1, 2, 2)), (1, 9, 3, 6, 8), None, None),
}


def make(folder: Path, number: int, name: str) -> None:
    function, input_shape, weight_shape, biases = KERNELS[name]
    rng = np.random.default_rng(20261123 + number)

    def random(shape, mean=0.0):
        # Float32 values, so that the truth in float64 is that of the stored inputs.
        values = (mean + rng.standard_normal(shape)).astype(np.float32)
        return torch.from_numpy(values).double().requires_grad_()

    arguments = {"input": random(input_shape, 0.5)}
    if weight_shape is not None:
        arguments |= {"weight": random(weight_shape), "bias": random(biases)}
    output = function(*arguments.values())
    gradient = random(tuple(output.shape)).detach()
    output.backward(gradient)
    tensors = {"output": output, "output_gradient": gradient, **arguments}
    tensors |= {key + "_gradient": value.grad for key, value in arguments.items()}
    file = folder / f"{name}.safetensors"
    save_file({key: np.ascontiguousarray(value.detach().numpy(), dtype=np.float32) for key, value in tensors.items()}, file)
    print(f"{file.name}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    torch.set_num_threads(1)
    for number, name in enumerate(KERNELS):
        make(folder, number, name)
