"""Small cases and the fingerprint that nnU-Net 2.8 takes of them, for CaseFingerprintTests.

    pip install nnunetv2 && python make.py

The cases differ in orientation, spacing and type; two have borders of zeros, one a hole, one no label. Few draws, so
that a debug build is quick; `columna-bench planning` takes nnU-Net's own number.
"""
import json, os, pathlib, shutil, tempfile

home = pathlib.Path(tempfile.mkdtemp())
for name in ("raw", "preprocessed", "results"):
    os.environ["nnUNet_" + name] = str(home / name)
    (home / name).mkdir()
import nibabel, numpy as np
from nnunetv2.experiment_planning.dataset_fingerprint.fingerprint_extractor import DatasetFingerprintExtractor

here = pathlib.Path(__file__).parent
DRAWS = 50_000


def case(random, shape, spacing, turned, border, whole, labelled=True):
    image = random.normal(100, 250, shape)
    image = (np.rint(image) if whole else image).astype(np.int16 if whole else np.float32)
    image[image == 0] = 1
    label = (random.random(shape) < 0.3).astype(np.uint8) * random.integers(1, 26, shape).astype(np.uint8)
    label *= labelled
    if border:
        mask = np.zeros(shape, bool)
        mask[2:-1, 1:-3, 3:-2] = True
        image[~mask] = 0
        image[4:6, 4:6, 4:6] = 0
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = [-31.5, 12.25, -700]
    images = [nibabel.Nifti1Image(array, affine) for array in (image, label)]
    orientation = nibabel.orientations.axcodes2ornt(turned)
    return [one.as_reoriented(orientation) for one in images]


def main():
    random = np.random.default_rng(7)
    cases = [
        case(random, (14, 12, 10), (0.75, 0.75, 2.5), "RAS", False, True),
        case(random, (11, 13, 12), (0.8, 0.8, 3.0), "LPS", True, True),
        case(random, (9, 16, 11), (1.0, 1.25, 1.5), "SAR", True, False),
        case(random, (10, 9, 8), (1.5, 1.5, 1.5), "PIR", False, True, labelled=False),
    ]
    raw = home / "raw" / "Dataset001_Made"
    for folder in ("imagesTr", "labelsTr"):
        (raw / folder).mkdir(parents=True)
    for number, (image, label) in enumerate(cases):
        nibabel.save(image, raw / "imagesTr" / f"case-{number}_0000.nii.gz")
        nibabel.save(label, raw / "labelsTr" / f"case-{number}.nii.gz")
        shutil.copy(raw / "imagesTr" / f"case-{number}_0000.nii.gz", here / f"case-{number}.nii.gz")
        shutil.copy(raw / "labelsTr" / f"case-{number}.nii.gz", here / f"case-{number}-labels.nii.gz")
    (raw / "dataset.json").write_text(json.dumps({
        "channel_names": {"0": "CT"}, "labels": {"background": 0} | {str(n): n for n in range(1, 26)},
        "numTraining": len(cases), "file_ending": ".nii.gz", "overwrite_image_reader_writer": "NibabelIOWithReorient",
    }))
    extractor = DatasetFingerprintExtractor(1, 1)
    extractor.num_foreground_voxels_for_intensitystats = DRAWS
    extractor.run(overwrite_existing=True)
    shutil.copy(home / "preprocessed" / "Dataset001_Made" / "dataset_fingerprint.json", here / "fingerprint.json")


if __name__ == "__main__":
    main()
