"""Small label maps and the summary.json that nnU-Net 2.8 makes of them, for NNUNetSummaryTests.

    pip install nnunetv2 && python make.py

The summary names files without their folders.
"""
import json, pathlib, tempfile
import nibabel, numpy as np
from nnunetv2.evaluation.evaluate_predictions import compute_metrics_on_folder, save_summary_json
from nnunetv2.imageio.nibabel_reader_writer import NibabelIO

here = pathlib.Path(__file__).parent
# Class 24 is in one case only, 25 in none.
LABELS = list(range(20, 26))


def main():
    random = np.random.default_rng(5)
    folders = {name: pathlib.Path(tempfile.mkdtemp()) for name in ("truth", "prediction")}
    for case in ("b", "a", "c"):
        truth = random.integers(19, 25 if case == "a" else 24, (6, 5, 4)).astype(np.uint8)
        truth[truth == 19] = 0
        prediction = np.where(random.random(truth.shape) < 0.7, truth, random.integers(20, 23, truth.shape)).astype(np.uint8)
        for name, array in (("truth", truth), ("prediction", prediction)):
            image = nibabel.Nifti1Image(array, np.diag([1.0, 1.0, 2.0, 1.0]))
            for target in (folders[name] / f"{case}.nii.gz", here / f"{case}-{name}.nii.gz"):
                nibabel.save(image, target)
    result = compute_metrics_on_folder(
        str(folders["truth"]), str(folders["prediction"]), None, NibabelIO(), ".nii.gz", LABELS, num_processes=1)
    for case in result["metric_per_case"]:
        for key in ("prediction_file", "reference_file"):
            case[key] = pathlib.Path(case[key]).name
    save_summary_json(result, str(here / "summary.json"))


if __name__ == "__main__":
    main()
