"""Whether nnU-Net itself takes what Columna writes for it.

    columna models export MODEL --format nnunet -o model        # trained: its predictor loads every fold
    columna dataset plan NAME --nnunet-folder planned           # planned: its trainer builds the network and finds the split
    python check_folder.py model planned

Needs nnunetv2 2.8.
"""
import json, os, pathlib, shutil, sys, tempfile


def trained(folder):
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    assert (folder / "dataset_fingerprint.json").exists(), "there is no dataset_fingerprint.json"
    predictor = nnUNetPredictor(device=torch.device("cpu"), allow_tqdm=False, verbose=False)
    predictor.initialize_from_trained_model_folder(str(folder), None)
    for parameters in predictor.list_of_parameters:
        predictor.network.load_state_dict(parameters)
        with torch.no_grad():
            logits = predictor.network(torch.zeros(1, 1, *predictor.configuration_manager.patch_size))
        assert torch.isfinite(logits).all()
    print(f"{folder}: {len(predictor.list_of_parameters)} folds of {type(predictor.network).__name__}, {logits.shape[1]} classes")


def planned(folder):
    import torch
    from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

    plans = json.loads((folder / "nnUNetPlans.json").read_text())
    home = pathlib.Path(os.environ["nnUNet_preprocessed"]) / plans["dataset_name"]
    shutil.copytree(folder, home)
    dataset = json.loads((folder / "dataset.json").read_text())
    folds = json.loads((folder / "splits_final.json").read_text())
    # Names of preprocessed cases are all that the split needs.
    cases = home / plans["configurations"]["3d_fullres"]["data_identifier"]
    cases.mkdir()
    for name in folds[0]["train"] + folds[0]["val"]:
        for ending in (".b2nd", "_seg.b2nd", ".pkl"):
            (cases / (name + ending)).touch()
    trainer = nnUNetTrainer(plans | {"continue_training": False}, "3d_fullres", 0, dataset, torch.device("cpu"))
    trainer.initialize()
    learns, validates = trainer.do_split()
    assert learns == folds[0]["train"] and validates == folds[0]["val"]
    print(f"{folder}: {type(trainer.network).__name__}, batch {trainer.batch_size}, {len(folds)} folds, "
          f"fold 0 learns from {len(learns)} cases")


def main():
    home = pathlib.Path(tempfile.mkdtemp())
    for name in ("raw", "preprocessed", "results"):
        os.environ["nnUNet_" + name] = str(home / name)
    for folder in map(pathlib.Path, sys.argv[1:]):
        (trained if (folder / "fold_0").exists() else planned)(folder)
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
