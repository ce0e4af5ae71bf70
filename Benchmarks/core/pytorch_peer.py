"""PyTorch inference, float32, channels-last; contiguous on request, as reference for logits."""

from __future__ import annotations

import torch
from safetensors.torch import load_file, save_file

from architectures import build
from serving import arguments, serve


def main() -> None:
    options = arguments(__doc__)
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    base = f"{options.data}/{options.architecture}"
    layout = torch.contiguous_format if options.contiguous else torch.channels_last_3d
    network = build(options.architecture, f"{base}.weights.safetensors").eval().to(memory_format=layout)
    volume = load_file(f"{base}.input.safetensors")["input"].to(memory_format=layout)

    @torch.inference_mode()
    def run() -> None:
        logits = network(volume)
        if options.output:
            save_file({"logits": logits.contiguous()}, options.output)

    serve(run, name=f"PyTorch {torch.__version__.split('+')[0]}", capability=torch.backends.cpu.get_cpu_capability())


main()
