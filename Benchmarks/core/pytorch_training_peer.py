"""One training step of PyTorch, float32, channels-last: DiceCE, AdamW, batch 1, as MONAI Label trains."""

from __future__ import annotations

import torch
from monai.losses import DiceCELoss
from safetensors.torch import load_file

from architectures import build
from serving import arguments, serve


def main() -> None:
    options = arguments(__doc__)
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    base = f"{options.data}/{options.architecture}"
    network = build(options.architecture, f"{base}.weights.safetensors").train().to(memory_format=torch.channels_last_3d)
    stored = load_file(f"{base}.input.safetensors")
    volume = stored["input"].to(memory_format=torch.channels_last_3d)
    labels = stored["label"].float()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=1e-5)
    loss_of = DiceCELoss(to_onehot_y=True, softmax=True)

    def run() -> dict:
        optimizer.zero_grad()
        loss = loss_of(network(volume), labels)
        loss.backward()
        optimizer.step()
        return {"loss": loss.item()}

    serve(run, name=f"PyTorch {torch.__version__.split('+')[0]}", capability=torch.backends.cpu.get_cpu_capability())


main()
