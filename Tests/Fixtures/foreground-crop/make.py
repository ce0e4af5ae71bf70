"""A small case as MONAI's own transforms prepare it for training and for validation, for TrainingCropTests.

    pip install monai nibabel && python make.py

The transforms and their order are those of MONAI Label's radiology task `segmentation`
(lib/trainers/segmentation.py), with a patch of 8 in place of 96.
"""
import pathlib
import nibabel, numpy as np
import monai.transforms as T

here = pathlib.Path(__file__).parent
PATCH = (8, 8, 16)


def case():
    """Bright bones off the middle of a dark body, so that the box leaves the image on one side; zeros stay zero."""
    random = np.random.default_rng(3)
    image = np.rint(random.normal(-300, 20, (17, 22, 14)))
    image[1:6, 9:14, 4:9] += 900
    image[12, 11:13, 6] += 700
    image[:, :2] = 0
    label = np.zeros(image.shape, np.uint8)
    label[2:6, 10:13, 5:8] = 20
    affine = np.diag([1.5, 1.5, 1.5, 1.0])
    affine[:3, 3] = [-20, 10, 300]
    return image.astype(np.int16), label, affine


def prepared(files, source):
    keys = ("image", "label")
    return T.Compose([
        T.LoadImaged(keys=keys, reader="NibabelReader"), T.EnsureChannelFirstd(keys=keys),
        T.Orientationd(keys=keys, axcodes="RAS", labels=None),
        T.Spacingd(keys=keys, pixdim=(1.5, 1.5, 1.5), mode=("bilinear", "nearest")),
        T.NormalizeIntensityd(keys="image", nonzero=True),
        T.CropForegroundd(keys=keys, source_key=source, margin=10, k_divisible=PATCH),
        T.GaussianSmoothd(keys="image", sigma=0.4), T.ScaleIntensityd(keys="image", minv=-1.0, maxv=1.0),
    ])(files)


def main():
    image, label, affine = case()
    files = {"image": str(here / "image.nii.gz"), "label": str(here / "label.nii.gz")}
    nibabel.save(nibabel.Nifti1Image(image, affine), files["image"])
    nibabel.save(nibabel.Nifti1Image(label, affine), files["label"])
    for source, name in (("image", "train"), ("label", "validate")):
        result = prepared(files, source)
        for key, kind in (("image", np.float32), ("label", np.uint8)):
            array = np.asarray(result[key][0]).astype(kind)
            nibabel.save(nibabel.Nifti1Image(array, np.asarray(result[key].affine)), here / f"{name}-{key}.nii.gz")
        print(name, array.shape)


if __name__ == "__main__":
    main()
