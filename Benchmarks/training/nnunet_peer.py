"""One run of nnU-Net's own trainer, with its augmentation processes and its validation of whole cases.

    python nnunet_peer.py TASK.json

TASK names the home of nnU-Net's three folders, plans, epochs, steps, seed, threads and augmentation processes;
quality.py writes it and lays out the raw data. Prints one JSON object: seconds of each epoch, the peak memory in bytes of
this process and of the largest of its helpers.
"""
import contextlib, json, os, pathlib, random, resource, sys, time

task = json.loads(pathlib.Path(sys.argv[1]).read_text())
home = pathlib.Path(task["home"])
os.environ |= {
    "nnUNet_raw": str(home / "raw"), "nnUNet_preprocessed": str(home / "preprocessed"),
    "nnUNet_results": task["output"], "nnUNet_n_proc_DA": str(task["processes"]), "nnUNet_def_n_proc": "2",
    "OMP_NUM_THREADS": str(task["threads"])}

import numpy
import torch
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer


class Trainer(nnUNetTrainer):
    """nnU-Net's trainer with another number of epochs and steps, and a clock."""

    def __init__(self, plans, configuration, fold, dataset_json, device=torch.device("cpu")):
        super().__init__(plans, configuration, fold, dataset_json, device)
        self.num_epochs = task["epochs"]
        self.num_iterations_per_epoch = task["steps"]
        self.num_val_iterations_per_epoch = task["validation_steps"]
        self.seconds, self.helpers = [], 0

    def on_epoch_start(self):
        self.begin = time.perf_counter()
        super().on_epoch_start()

    def on_epoch_end(self):
        super().on_epoch_end()
        self.seconds.append(time.perf_counter() - self.begin)
        self.helpers = max(self.helpers, sum(memory_of_children()))


def memory_of_children():
    """Bytes that each child has for itself (its private pages)."""
    for task_folder in pathlib.Path("/proc/self/task").iterdir():
        for child in (task_folder / "children").read_text().split():
            with contextlib.suppress(OSError):
                lines = pathlib.Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
                yield sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def main():
    torch.set_num_threads(task["threads"])
    random.seed(task["seed"]), numpy.random.seed(task["seed"]), torch.manual_seed(task["seed"])
    folder = home / "preprocessed" / task["data_set"]
    plans = json.loads((folder / "nnUNetPlans.json").read_text()) | {"continue_training": False}
    with contextlib.redirect_stdout(sys.stderr):
        trainer = Trainer(plans, "3d_fullres", 0, json.loads((folder / "dataset.json").read_text()), torch.device("cpu"))
        trainer.run_training()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if task["validates"]:
            trainer.perform_actual_validation(False)
    print(json.dumps({"seconds": trainer.seconds, "memory": memory + trainer.helpers, "folder": trainer.output_folder}))


if __name__ == "__main__":
    main()
