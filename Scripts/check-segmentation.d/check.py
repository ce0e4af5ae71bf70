"""Reads a segmentation with highdicom and pydicom and compares it with the label map and the images it was made from."""
import pathlib
import subprocess
import sys

import highdicom
import nibabel
import numpy
import pydicom
from pydicom.sr.codedict import codes

NAMES = [f"C{n}" for n in range(1, 8)] + [f"T{n}" for n in range(1, 13)] + [f"L{n}" for n in range(1, 6)] + ["sacrum"]
failures = 0


def check(text, is_right, detail=""):
    global failures
    failures += not is_right
    print(("pass  " if is_right else "FAIL  ") + text + (f": {detail}" if detail else ""))


def code(name):
    return codes.SCT.Sacrum if name == "sacrum" else getattr(codes.SCT, f"{name}Vertebra")


def world_counts(affine, mask):
    """Count, centre and extent of a mask in LPS millimetres: what no order of axes can change."""
    points = numpy.argwhere(mask) @ affine[:3, :3].T + affine[:3, 3]
    return len(points), points.mean(axis=0), points.min(axis=0), points.max(axis=0)


def main(segmentation, labels, source):
    segmentation_file = segmentation
    segmentation = highdicom.seg.segread(segmentation)
    image = nibabel.load(labels)
    truth = numpy.asarray(image.dataobj)
    affine = numpy.diag([-1, -1, 1, 1]) @ image.affine
    instances = {}
    for path in sorted(pathlib.Path(source).rglob("*")):
        if path.is_file():
            dataset = pydicom.dcmread(path, stop_before_pixels=True, force=True)
            instances[dataset.get("SOPInstanceUID")] = dataset
    present = [value for value in range(1, 26) if (truth == value).any()]
    check("as many segments as labels", segmentation.number_of_segments == len(present), segmentation.number_of_segments)
    check("binary, one bit a pixel", segmentation.segmentation_type.value == "BINARY" and segmentation.BitsAllocated == 1)

    volume = segmentation.get_volume(combine_segments=False)
    for number, value in enumerate(present, start=1):
        description = segmentation.get_segment_description(number)
        name = NAMES[value - 1]
        check(f"{name}: SNOMED CT code", description.segmented_property_type == code(name), description.segmented_property_type.value)
        check(f"{name}: category", description.segmented_property_category == codes.SCT.AnatomicalStructure)
        ours = world_counts(volume.affine, volume.array[..., number - 1] > 0)
        theirs = world_counts(affine, truth == value)
        check(f"{name}: voxels", ours[0] == theirs[0], f"{ours[0]}, in the label map {theirs[0]}")
        offset = max(abs(one - other).max() for one, other in zip(ours[1:], theirs[1:]))
        check(f"{name}: place", offset < 1e-3, f"{offset:.2e} mm off")
        check(f"{name}: algorithm", description.algorithm_type.value == "AUTOMATIC" and bool(description.algorithm_identification))

    first = next(iter(instances.values()))
    for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "FrameOfReferenceUID"):
        if first.get(keyword):
            check(f"{keyword} is the images'", str(segmentation.get(keyword)) == str(first.get(keyword)))
    frames = segmentation.PerFrameFunctionalGroupsSequence
    references = [frame.DerivationImageSequence[0].SourceImageSequence[0] for frame in frames]
    check("every frame refers to a source image", all(one.ReferencedSOPInstanceUID in instances for one in references), len(references))
    distances = [
        numpy.abs(numpy.array(frame.PlanePositionSequence[0].ImagePositionPatient) - numpy.array(instances[one.ReferencedSOPInstanceUID].ImagePositionPatient)).max()
        for frame, one in zip(frames, references) if "ImagePositionPatient" in instances.get(one.ReferencedSOPInstanceUID, {})
        and one.get("SpatialLocationsPreserved") == "YES"
    ]
    check("frames lie on the images they refer to", max(distances, default=0) < 1e-3, f"{len(distances)} frames")
    check("no frame is empty", bool(segmentation.pixel_array.reshape(len(frames), -1).any(axis=1).all()))
    uids = [segmentation.SOPInstanceUID, segmentation.SeriesInstanceUID]
    check("identifiers are valid and of their own", all(uid.is_valid for uid in uids) and len({*uids, segmentation.StudyInstanceUID}) == 3)

    program = pathlib.Path(sys.executable).with_name("validate_iods")
    if program.exists():
        result = subprocess.run([program, segmentation_file], capture_output=True, text=True, check=False)
        text = result.stdout + result.stderr
        errors = [line.strip() for line in text.splitlines() if line.strip().startswith("Tag ")]
        if "Failed to get DICOM editions" in text:
            print("left  dicom-validator fetches the standard from the network, which cannot be reached")
        else:
            check("dicom-validator finds no error", result.returncode == 0 and not errors, "; ".join(errors[:5]) or text.strip()[-200:])
    print(f"{failures} failures")
    return failures > 0


sys.exit(main(*sys.argv[1:]))
