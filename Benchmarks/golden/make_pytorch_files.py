"""Makes Tests/Fixtures/pytorch: small files as PyTorch, MONAI and nnU-Net write them, and what they hold as safetensors.

    python -m venv venv && venv/bin/pip install torch monai nnunetv2 safetensors
    venv/bin/python Benchmarks/golden/make_pytorch_files.py Tests/Fixtures/pytorch

Made with torch 2.15.0, monai 1.6.1, nnunetv2 2.8.1, safetensors 0.8.0. nnU-Net's own loader reads every model folder before it is kept.
"""

import json
import os
import shutil
import sys
import tempfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from monai.networks.nets import SegResNet
from safetensors.torch import save_file

OUT = Path(sys.argv[1])
DATASET = "Dataset901_Tiny"


def seeded(network, seed, dtype=torch.float16):
    """Parameters that are exact in half precision, so that files and expectations stay small."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator).to(dtype))
    return network


def expect(name, tensors, dtype=None):
    dense = {key: value.to(dtype or value.dtype).contiguous().clone() for key, value in tensors.items()}
    save_file(dense, OUT / f"{name}.safetensors")


def expect_logits(name, network, shape):
    """What the network answers, by PyTorch in double precision."""
    image = torch.randn((1, 1, *shape), generator=torch.Generator().manual_seed(99))
    with torch.no_grad():
        answer = network.double().eval()(image.double())
    answer = answer[0] if isinstance(answer, (list, tuple)) else answer
    save_file({"input": image, "logits": answer.float().contiguous()}, OUT / f"{name}-logits.safetensors")


def make_types():
    values = torch.tensor([0.0, 1.0, -2.5, 100.0, 0.125])
    tensors = OrderedDict()
    for name in ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]:
        dtype = getattr(torch, name)
        tensors[name] = (values.abs() if name in ("uint8", "bool") else values).to(dtype)
    tensors["special"] = torch.tensor([float("inf"), float("-inf"), 2**-149, 65504.0])
    tensors["scalar"] = torch.tensor(7.0)
    tensors["empty"] = torch.zeros(0, 3)
    torch.save(tensors, OUT / "types.pt")
    torch.save(tensors, OUT / "types-legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(tensors, OUT / "types-protocol5.pt", pickle_protocol=5)
    expect("types", tensors, torch.float32)


def make_views():
    base = torch.arange(120, dtype=torch.float32)
    cube = base.reshape(2, 3, 4, 5)
    weight = torch.arange(2 * 3 * 2 * 2 * 2, dtype=torch.float32).reshape(2, 3, 2, 2, 2)
    tensors = OrderedDict(
        base=base, transposed=cube.permute(3, 1, 0, 2), stepped=base[3:100:7], window=cube[1, 1:, :, 2:4], same=base,
        channels_last=weight.contiguous(memory_format=torch.channels_last_3d), parameter=torch.nn.Parameter(base[:6].reshape(2, 3)),
    )
    torch.save(tensors, OUT / "views.pt")
    torch.save(tensors, OUT / "views-legacy.pt", _use_new_zipfile_serialization=False)
    expect("views", tensors)
    torch.save({"expanded": torch.ones(1).expand(1000)}, OUT / "expanded.pt")
    torch.save({"network": torch.nn.Linear(2, 2)}, OUT / "module.pt")


def make_segresnet():
    network = seeded(SegResNet(init_filters=8, in_channels=1, out_channels=3, blocks_down=(1, 1), blocks_up=(1,)), 1).half()
    state = network.state_dict()
    torch.save(state, OUT / "segresnet.pt")
    epoch = {"epoch": 3, "score": np.float64(0.5), "rng": np.arange(4), "device": torch.device("cpu")}
    torch.save({"model": state, **epoch}, OUT / "segresnet-model.pt")
    torch.save({"state_dict": {"module._orig_mod." + key: value for key, value in state.items()}}, OUT / "segresnet-prefixed.pt")
    expect("segresnet", state)
    expect_logits("segresnet", network, (8, 12, 16))


# nnU-Net

PLAIN = {
    "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
    "arch_kwargs": {
        "n_stages": 3, "features_per_stage": [2, 4, 4], "conv_op": "torch.nn.modules.conv.Conv3d",
        "kernel_sizes": [[1, 3, 3], [3, 3, 3], [3, 3, 3]], "strides": [[1, 1, 1], [1, 2, 2], [2, 2, 2]],
        "n_conv_per_stage": [2, 2, 2], "n_conv_per_stage_decoder": [2, 1], "conv_bias": True,
        "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d", "norm_op_kwargs": {"eps": 1e-05, "affine": True},
        "dropout_op": None, "dropout_op_kwargs": None, "nonlin": "torch.nn.LeakyReLU", "nonlin_kwargs": {"inplace": True},
    },
    "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
}


def residual():
    architecture = json.loads(json.dumps(PLAIN))
    architecture["network_class_name"] = "dynamic_network_architectures.architectures.unet.ResidualEncoderUNet"
    arguments = architecture["arch_kwargs"]
    del arguments["n_conv_per_stage"]
    arguments.update(n_blocks_per_stage=[1, 2, 1], n_conv_per_stage_decoder=[1, 1], kernel_sizes=[[3, 3, 3]] * 3)
    return architecture


def configuration(**more):
    resampling = {"resample_data_or_seg_to_shape": {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}}
    values = {
        "data_identifier": "nnUNetPlans_3d_fullres", "preprocessor_name": "DefaultPreprocessor", "batch_size": 2, "patch_size": [8, 16, 12],
        "median_image_size_in_voxels": [20.0, 40.0, 30.0], "spacing": [3.0, 0.8, 0.75], "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False], "batch_dice": False,
    }
    for kind, order in [("data", 3), ("seg", 1), ("probabilities", 1)]:
        values["resampling_fn_" + kind] = "resample_data_or_seg_to_shape"
        values[f"resampling_fn_{kind}_kwargs"] = {
            **resampling["resample_data_or_seg_to_shape"], "is_seg": kind == "seg", "order": order}
    return {**values, **more}


def plans(full_resolution):
    intensities = {"max": 3071.0, "mean": 150.5, "median": 120.0, "min": -1024.0, "percentile_00_5": -550.0, "percentile_99_5": 1320.0, "std": 310.25}
    return {
        "dataset_name": DATASET, "plans_name": "nnUNetPlans", "original_median_spacing_after_transp": [3.0, 0.8, 0.75],
        "original_median_shape_after_transp": [20, 40, 30], "image_reader_writer": "NibabelIOWithReorient", "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2], "configurations": {"3d_base": configuration(), "3d_fullres": full_resolution},
        "experiment_planner_used": "ExperimentPlanner", "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {"0": intensities},
    }


def old_plans():
    """As nnU-Net wrote them before 2.4."""
    old = {
        "UNet_class_name": "PlainConvUNet", "UNet_base_num_features": 2, "n_conv_per_stage_encoder": [2, 2, 2],
        "n_conv_per_stage_decoder": [2, 1], "num_pool_per_axis": [1, 2, 2], "pool_op_kernel_sizes": [[1, 1, 1], [1, 2, 2], [2, 2, 2]],
        "conv_kernel_sizes": [[1, 3, 3], [3, 3, 3], [3, 3, 3]], "unet_max_num_features": 4,
    }
    return plans(configuration(**old))


DATASET_JSON = {
    "channel_names": {"0": "CT"}, "labels": {"background": 0, "vertebrae_L5": 1, "sacrum": 2}, "numTraining": 12, "file_ending": ".nii.gz",
}


def network_of(plans_json):
    from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    manager = PlansManager(json.loads(json.dumps(plans_json))).get_configuration("3d_fullres")
    return get_network_from_plans(
        manager.network_arch_class_name, manager.network_arch_init_kwargs, manager.network_arch_init_kwargs_req_import, 1, 3,
        deep_supervision=True)


def write_model(folder, plans_json, seed, folds=(0,), mirroring=(0, 1, 2), trainer="nnUNetTrainer"):
    """What nnUNetTrainer.save_checkpoint writes after some epochs, with an optimizer that has momentum."""
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    folder.mkdir(parents=True)
    (folder / "plans.json").write_text(json.dumps(plans_json, indent=1))
    (folder / "dataset.json").write_text(json.dumps(DATASET_JSON, indent=1))
    (folder / "dataset_fingerprint.json").write_text("{}")
    for fold in folds:
        network = seeded(network_of(plans_json), seed + fold)
        optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.99, nesterov=True)
        checkpoint = {
            "network_weights": network.state_dict(), "optimizer_state": optimizer.state_dict(), "grad_scaler_state": None,
            "logging": {"mean_fg_dice": [np.float64(0.25)], "ema_fg_dice": [np.float32(0.5)], "dice_per_class": [[np.float64(0.5), 0.0]]},
            "_best_ema": np.float64(0.5), "current_epoch": 4,
            "init_args": {
                "plans": plans_json, "configuration": "3d_fullres", "fold": fold, "dataset_json": DATASET_JSON, "device": torch.device("cpu")},
            "trainer_name": trainer, "inference_allowed_mirroring_axes": mirroring,
        }
        (folder / f"fold_{fold}" / "validation").mkdir(parents=True)
        torch.save(checkpoint, folder / f"fold_{fold}" / "checkpoint_final.pth")
        (folder / f"fold_{fold}" / "validation" / "summary.json").write_text("{}")
        (folder / f"fold_{fold}" / "progress.png").write_bytes(b"")
    predictor = nnUNetPredictor(device=torch.device("cpu"))
    predictor.initialize_from_trained_model_folder(str(folder), None)
    predictor.network.load_state_dict(predictor.list_of_parameters[0])
    expect_logits("nnunet-residual" if "residual" in str(folder) else "nnunet-plain", predictor.network, (8, 16, 12))
    return network_of_fold(folder, folds[0])


def network_of_fold(folder, fold):
    """The distinct tensors, without the aliases."""
    state = torch.load(folder / f"fold_{fold}" / "checkpoint_final.pth", weights_only=False)["network_weights"]
    return {key: value.half() for key, value in state.items() if "all_modules" not in key and not key.startswith("decoder.encoder")}


def make_nnunet():
    results = Path(tempfile.mkdtemp())
    for variable in ["nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"]:
        os.environ[variable] = str(results)
    new = plans({"inherits_from": "3d_base", "architecture": PLAIN})
    model = results / DATASET / "nnUNetTrainer__nnUNetPlans__3d_fullres"
    expect("nnunet-plain", write_model(model, new, 11, folds=(0, 1)))
    from nnunetv2.model_sharing.model_export import export_pretrained_model

    export_pretrained_model(DATASET, str(OUT / "nnunet-plain.zip"), configurations=("3d_fullres",), folds=(0, 1))
    write_model(OUT / "nnunet-old", old_plans(), 11, mirroring=None, trainer="nnUNetTrainerNoMirroring")
    expect("nnunet-residual", write_model(OUT / "nnunet-residual", plans(configuration(architecture=residual())), 21, mirroring=(0, 2)))
    for folder in ["nnunet-old", "nnunet-residual"]:
        shutil.rmtree(OUT / folder / "fold_0" / "validation")
        (OUT / folder / "fold_0" / "progress.png").unlink()
        (OUT / folder / "dataset_fingerprint.json").unlink()
    shutil.rmtree(results)


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    make_types()
    make_views()
    make_segresnet()
    make_nnunet()
    print(*sorted(f"{path.relative_to(OUT)} {path.stat().st_size}" for path in OUT.rglob("*") if path.is_file()), sep="\n")
