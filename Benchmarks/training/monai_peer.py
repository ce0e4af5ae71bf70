"""One run of MONAI Label's radiology task "segmentation" with MONAI's own transforms, trainer, loss and inferer.

    python monai_peer.py TASK.json

TASK names cases, patch, spacing, filters, epochs, rate, seed, threads and where the label maps go; quality.py writes it.
Prints one JSON object: seconds of each epoch and the peak memory in bytes.
"""
import json, pathlib, resource, sys, time

import ignite.engine
import nibabel
import numpy
import torch
from monai.data import CacheDataset, DataLoader, decollate_batch
from monai.engines import SupervisedTrainer
from monai.inferers import SimpleInferer, SlidingWindowInferer
from monai.losses import DiceCELoss
from monai.networks.nets import SegResNet
from monai.transforms import (
    AsDiscreted, Compose, CropForegroundd, EnsureChannelFirstd, EnsureTyped, GaussianSmoothd, Invertd, LoadImaged,
    NormalizeIntensityd, Orientationd, RandSpatialCropd, ScaleIntensityd, Spacingd)
from monai.utils import set_determinism


def transforms(task, training):
    keys = ["image", "label"] if training else ["image"]
    modes = ["bilinear", "nearest"] if training else ["bilinear"]
    patch = task["patch"]
    steps = [
        LoadImaged(keys), EnsureChannelFirstd(keys), EnsureTyped(keys), Orientationd(keys, axcodes="RAS"),
        Spacingd(keys, pixdim=task["spacing"], mode=modes), NormalizeIntensityd("image", nonzero=True)]
    if training:
        steps.append(CropForegroundd(keys, source_key="image", margin=10, k_divisible=patch))
    steps += [GaussianSmoothd("image", sigma=0.4), ScaleIntensityd("image", minv=-1.0, maxv=1.0)]
    if training:
        steps.append(RandSpatialCropd(keys, roi_size=patch, random_size=False))
    return Compose(steps)


def train(task, network):
    data = CacheDataset([{"image": i, "label": l} for i, l in task["training"]], transforms(task, True), progress=False)
    trainer = SupervisedTrainer(
        device=torch.device("cpu"), max_epochs=task["epochs"],
        train_data_loader=DataLoader(data, batch_size=1, shuffle=True, num_workers=0), network=network,
        optimizer=torch.optim.AdamW(network.parameters(), lr=task["rate"], weight_decay=1e-5),
        loss_function=DiceCELoss(to_onehot_y=True, softmax=True), inferer=SimpleInferer())
    seconds, losses = [], []
    begin = [time.perf_counter()]

    @trainer.on(ignite.engine.Events.ITERATION_COMPLETED)
    def note(engine):
        losses.append(float(engine.state.output[0]["loss"]))

    @trainer.on(ignite.engine.Events.EPOCH_COMPLETED)
    def close(engine):
        seconds.append(time.perf_counter() - begin[0])
        begin[0] = time.perf_counter()

    trainer.run()
    return seconds, losses


def segment(task, network):
    before = transforms(task, False)
    after = Compose([
        Invertd("pred", before, orig_keys="image", nearest_interp=False, to_tensor=True), AsDiscreted("pred", argmax=True)])
    inferer = SlidingWindowInferer(task["patch"], sw_batch_size=2, overlap=0.4, padding_mode="replicate", mode="gaussian")
    loader = DataLoader(CacheDataset([{"image": i} for i in task["validation"]], before, progress=False), batch_size=1)
    network.eval()
    with torch.no_grad():
        for path, batch in zip(task["validation"], loader):
            batch["pred"] = inferer(batch["image"], network)
            labels = [after(item) for item in decollate_batch(batch)][0]["pred"][0].numpy().astype(numpy.uint8)
            name = pathlib.Path(path).parent.name
            nibabel.save(nibabel.Nifti1Image(labels, nibabel.load(path).affine), f"{task['output']}/{name}.nii.gz")


def main():
    task = json.loads(pathlib.Path(sys.argv[1]).read_text())
    pathlib.Path(task["output"]).mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(task["threads"])
    set_determinism(task["seed"])
    torch.use_deterministic_algorithms(False)
    network = SegResNet(init_filters=task["filters"], in_channels=1, out_channels=task["classes"], dropout_prob=0.2,
                        blocks_down=[1, 2, 2, 4], blocks_up=[1, 1, 1])
    seconds, losses = train(task, network)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    segment(task, network)
    print(json.dumps({"seconds": seconds, "losses": losses, "memory": memory}))


if __name__ == "__main__":
    main()
