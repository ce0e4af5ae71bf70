"""A small bundle of MONAI in the layout of model-zoo's wholeBody_ct_segmentation (105 outputs, decided at the network's
spacing), and what MONAI itself answers for an image: run with torch, monai 1.6.1, nibabel.

    python make.py      # writes bundle/, image.nii.gz, expected.nii.gz (classes 0..104) beside itself
"""
import json, os, pathlib
import nibabel, numpy, torch
from monai.bundle import ConfigParser
from monai.data import MetaTensor, list_data_collate
from monai.networks.nets import SegResNet

here = pathlib.Path(__file__).parent
bundle = here / "bundle"
(bundle / "configs").mkdir(parents=True, exist_ok=True)
(bundle / "models").mkdir(exist_ok=True)
torch.manual_seed(4)
numpy.random.seed(4)

bones = [f"vertebrae_{p}{n}" for p, last in (("L", 5), ("T", 12), ("C", 7)) for n in range(last, 0, -1)]
names = ["background"] + [f"structure_{n}" for n in range(1, 18)] + bones + [f"structure_{n}" for n in range(42, 92)]
names += ["sacrum"] + [f"structure_{n}" for n in range(93, 105)]
assert len(names) == 105 and names.index("sacrum") == 92 and names.index("vertebrae_C1") == 41

network = {"_target_": "SegResNet", "spatial_dims": 3, "in_channels": 1, "out_channels": 105, "init_filters": 8,
           "blocks_down": [1, 1], "blocks_up": [1], "dropout_prob": 0.2}
image = "@image_key"
inference = {
    "displayable_configs": {"highres": True, "sw_overlap": 0.25, "sw_batch_size": 1},
    "imports": ["$import glob"], "bundle_root": ".", "image_key": "image",
    "device": "$torch.device('cpu')",
    "pixdim": "$[1.5, 1.5, 1.5] if @displayable_configs#highres else [3.0, 3.0, 3.0]",
    "modelname": "$'model.pt' if @displayable_configs#highres else 'model_lowres.pt'",
    "network_def": network, "network": "$@network_def.to(@device)",
    "preprocessing": {"_target_": "Compose", "transforms": [
        {"_target_": "LoadImaged", "keys": image}, {"_target_": "EnsureTyped", "keys": image},
        {"_target_": "EnsureChannelFirstd", "keys": image},
        {"_target_": "Orientationd", "keys": image, "axcodes": "RAS"},
        {"_target_": "Spacingd", "keys": image, "pixdim": "@pixdim", "mode": "bilinear"},
        {"_target_": "NormalizeIntensityd", "keys": image, "nonzero": True},
        {"_target_": "ScaleIntensityd", "keys": image, "minv": -1.0, "maxv": 1.0}]},
    "inferer": {"_target_": "SlidingWindowInferer", "roi_size": [16, 16, 16],
                "sw_batch_size": "@displayable_configs#sw_batch_size", "overlap": "@displayable_configs#sw_overlap",
                "padding_mode": "replicate", "mode": "gaussian", "device": "$torch.device('cpu')"},
    "postprocessing": {"_target_": "Compose", "transforms": [
        {"_target_": "Activationsd", "keys": "pred", "softmax": True},
        {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
        {"_target_": "Invertd", "keys": "pred", "transform": "@preprocessing", "orig_keys": image,
         "nearest_interp": True, "to_tensor": True}]},
    "checkpointloader": {"_target_": "CheckpointLoader", "load_path": "$@bundle_root + '/models/' + @modelname",
                         "load_dict": {"model": "@network"}},
}
metadata = {"version": "0.2.5", "network_data_format": {"outputs": {"pred": {
    "num_channels": 105, "channel_def": {str(n): name for n, name in enumerate(names)}}}}}
(bundle / "configs/inference.json").write_text(json.dumps(inference, indent=1))
(bundle / "configs/metadata.json").write_text(json.dumps(metadata, indent=1))

net = SegResNet(**{k: v for k, v in network.items() if k != "_target_"}).eval()
with torch.no_grad():
    # So that many classes win somewhere.
    net.conv_final[2].conv.weight.normal_(0, 1)
    net.conv_final[2].conv.bias.normal_(0, 0.3)
torch.save({"model": net.state_dict()}, bundle / "models/model.pt")

affine = numpy.diag([-1.2, -1.3, 2.1, 1.0])
affine[:3, 3] = [20, 15, -40]
grid = numpy.indices((38, 30, 17)).astype(float)
voxels = 300 * numpy.sin(grid[0] / 3) * numpy.cos(grid[1] / 4) + 200 * numpy.sin(grid[2] / 2) + numpy.random.normal(0, 60, grid[0].shape)
nibabel.save(nibabel.Nifti1Image(voxels.astype(numpy.int16), affine), here / "image.nii.gz")

parser = ConfigParser(inference)
parser["imports"] = []
pre = parser.get_parsed_content("preprocessing")
infer = parser.get_parsed_content("inferer")
post = parser.get_parsed_content("postprocessing")
data = pre({"image": str(here / "image.nii.gz")})
with torch.no_grad():
    logits = infer(data["image"][None], net)
data["pred"] = MetaTensor(logits[0], affine=data["image"].affine, meta=data["image"].meta)
result = post(data)["pred"][0].numpy().astype(numpy.uint8)
print(data["image"].shape, "->", result.shape, len(numpy.unique(result)), "classes")
nibabel.save(nibabel.Nifti1Image(result, affine), here / "expected.nii.gz")
