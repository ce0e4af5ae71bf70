"""A whole CT by MONAI's SlidingWindowInferer on PyTorch, channels-last: windows of 96^3, overlap 0.25, Gaussian, then argmax."""

from __future__ import annotations

import monai
import torch
from monai.inferers import SlidingWindowInferer
from safetensors.torch import load_file, save_file

from architectures import PATCH, build
from serving import arguments, serve


def main() -> None:
    options = arguments(__doc__)
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    network = build("segresnet", f"{options.data}/segresnet.weights.safetensors").eval().to(memory_format=torch.channels_last_3d)
    volume = load_file(f"{options.data}/ct.input.safetensors")["input"]
    windows = 0

    def predict(window: torch.Tensor) -> torch.Tensor:
        nonlocal windows
        windows += window.shape[0]
        return network(window.contiguous(memory_format=torch.channels_last_3d))

    inferer = SlidingWindowInferer(roi_size=(PATCH["segresnet"],) * 3, sw_batch_size=1, overlap=0.25, mode="gaussian",
                                   sigma_scale=0.125, padding_mode="replicate")

    @torch.inference_mode()
    def run() -> dict:
        nonlocal windows
        windows = 0
        labels = inferer(volume, predict).argmax(dim=1, keepdim=True).to(torch.uint8)
        if options.output:
            save_file({"labels": labels}, options.output)
        return {"windows": windows}

    serve(run, name=f"MONAI {monai.__version__}, PyTorch {torch.__version__.split('+')[0]}",
          capability=torch.backends.cpu.get_cpu_capability())


main()
