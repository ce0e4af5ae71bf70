"""Fifty steps of the originals: `/path/to/venv/bin/python make_curves.py` beside this file writes curves.safetensors.

SegResNet (MONAI 1.x) with DiceCELoss and AdamW, PlainConvUNet (dynamic-network-architectures) with nnU-Net 2.8's own
deep supervision loss, SGD, poly rate and clipping; each from the weights in the file, on patches that both sides make
from the same integers, and the U-Net once more on patches that batchgeneratorsv2 augmented (nnU-Net's own pipeline),
which the file holds as bytes: value = byte / 64 - 2. Networks run in float64, so that the curves are the truth.
"""
import pathlib, random
import numpy as np, torch
from safetensors.torch import save_file
from monai.losses import DiceCELoss
from monai.networks.nets import SegResNet
from dynamic_network_architectures.architectures.unet import PlainConvUNet
from nnunetv2.training.loss.compound_losses import DC_and_CE_loss
from nnunetv2.training.loss.deep_supervision import DeepSupervisionWrapper
from nnunetv2.training.loss.dice import MemoryEfficientSoftDiceLoss
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

STEPS, EDGE, CLASSES = 50, 16, 4
MASK = (1 << 64) - 1

def patch(number, edge=EDGE):
    """A ball for each class, somewhere, in noise; SplitMix64 from the number."""
    state = number
    def draw():
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)
    label = np.zeros((edge,) * 3, np.int64)
    i, j, k = np.indices(label.shape)
    for c in range(1, CLASSES):
        centre = [draw() % edge for _ in range(3)]
        label[(i - centre[0]) ** 2 + (j - centre[1]) ** 2 + (k - centre[2]) ** 2 < 16 + 4 * c] = c
    noise = np.array([draw() >> 40 for _ in range(label.size)], np.float64).reshape(label.shape) / (1 << 24)
    return (label * 0.5 - 0.75 + noise * 0.5 - 0.25), label

def batch(step):
    pairs = [patch(1000 + 2 * step + s) for s in range(2)]
    return torch.tensor(np.stack([p[0] for p in pairs])[:, None]), torch.tensor(np.stack([p[1] for p in pairs])[:, None])

torch.manual_seed(7)
out = {}

def keep(name, network):
    seen = set()
    for key, value in network.state_dict().items():
        if "all_modules" in key or key.startswith("decoder.encoder."): continue
        out[f"{name}.{key}"] = value.float().clone()

network = SegResNet(spatial_dims=3, init_filters=8, in_channels=1, out_channels=CLASSES, blocks_down=(1, 2), blocks_up=(1,), dropout_prob=None)
keep("segresnet", network)
network = network.double()
loss_of, optimizer = DiceCELoss(to_onehot_y=True, softmax=True), torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-5)
losses = []
for step in range(STEPS):
    image, label = batch(step)
    optimizer.zero_grad()
    loss = loss_of(network(image), label)
    loss.backward(); optimizer.step(); losses.append(loss.item())
out["losses.segresnet"] = torch.tensor(losses, dtype=torch.float64).float()

def unet():
    torch.manual_seed(9)
    n = PlainConvUNet(1, 3, (8, 16, 16), torch.nn.Conv3d, 3, (1, 2, 2), 2, CLASSES, 2, conv_bias=True, norm_op=torch.nn.InstanceNorm3d,
                      norm_op_kwargs={"eps": 1e-5, "affine": True}, nonlin=torch.nn.LeakyReLU, nonlin_kwargs={"inplace": True}, deep_supervision=True)
    return n

def train(network, batches):
    network = network.double()
    weights = np.array([1, 0.5]); weights[-1] = 0; weights = weights / weights.sum()
    loss_of = DeepSupervisionWrapper(DC_and_CE_loss({"batch_dice": False, "smooth": 1e-5, "do_bg": False, "ddp": False}, {}, weight_ce=1, weight_dice=1,
        dice_class=MemoryEfficientSoftDiceLoss), weights)
    optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.99, nesterov=True, weight_decay=3e-5)
    losses = []
    for step in range(STEPS):
        image, label = batches(step)
        optimizer.param_groups[0]["lr"] = 0.01 * (1 - (step // 10) / 5) ** 0.9
        half = torch.nn.functional.interpolate(label.double(), scale_factor=0.5, mode="nearest-exact")
        optimizer.zero_grad()
        loss = loss_of(network(image), [label.double(), half])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 12)
        optimizer.step(); losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64).float()

network = unet()
keep("unet", network)
out["losses.unet"] = train(network, batch)

random.seed(1); np.random.seed(1); torch.manual_seed(1)
rotation = (-30 / 360 * 2 * np.pi, 30 / 360 * 2 * np.pi)
pipeline = nnUNetTrainer.get_training_transforms((EDGE,) * 3, rotation, None, (0, 1, 2), False)
torch.set_num_threads(1)
images, labels = [], []
for step in range(STEPS):
    image, label = patch(5000 + step, 26)
    made = pipeline(image=torch.tensor(image, dtype=torch.float32)[None], segmentation=torch.tensor(label, dtype=torch.int16)[None])
    images.append(((made["image"][0] + 2) * 64).round().clamp(0, 255).to(torch.uint8))
    labels.append(made["segmentation"][0].to(torch.uint8))
out["augmented.images"], out["augmented.labels"] = torch.stack(images), torch.stack(labels)
out["losses.augmented"] = train(unet(), lambda step: (images[step][None, None].double() / 64 - 2, labels[step][None, None].long()))
save_file(out, str(pathlib.Path(__file__).parent / "curves.safetensors"))
for key in out:
    if key.startswith("losses"): print(key, out[key][:3].tolist(), out[key][-3:].tolist())
