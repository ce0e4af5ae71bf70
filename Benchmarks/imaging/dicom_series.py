"""Makes the CT series that readers are measured on: 300 slices of 512×512, 12 bits in 16, with noise as a scanner's.

Needs numpy and pydicom; the compressed copy needs dcmcjpeg (Debian's package dcmtk).
"""

import os
import shutil
import subprocess

import numpy
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian


def slice_values(index: int, count: int, generator: numpy.random.Generator) -> numpy.ndarray:
    """Hounsfield units: air, a body, a spine and ribs, and noise that neighbouring pixels share a little."""
    y, x = numpy.mgrid[-1:1:512j, -1:1:512j]
    z = index / count
    image = numpy.full((512, 512), -1000.0)
    image[(x / 0.8) ** 2 + (y / 0.55) ** 2 < 1] = 40
    lungs = ((abs(x) - 0.35) / 0.25) ** 2 + (y / 0.35) ** 2 < 0.5 + 0.5 * numpy.sin(6 * z)
    image[lungs] = -850
    image[(x / 0.1) ** 2 + ((y - 0.3) / 0.1) ** 2 < 1 - 0.3 * (index % 10 == 0)] = 350 + 200 * numpy.sin(index)
    ring = (x / 0.75) ** 2 + (y / 0.5) ** 2
    image[(ring > 0.92) & (ring < 1) & (numpy.sin(9 * numpy.arctan2(y, x) + 40 * z) > 0.6)] = 700
    noise = generator.normal(0, 18, (514, 514))
    noise = (noise[:-2, 1:-1] + noise[2:, 1:-1] + noise[1:-1, :-2] + noise[1:-1, 2:] + 2 * noise[1:-1, 1:-1]) / 3
    return numpy.clip(numpy.rint(image + noise), -1024, 3071)


def make(folder: str, count: int = 300) -> None:
    """Writes the series, uncompressed."""
    generator = numpy.random.default_rng(20)
    os.makedirs(folder)
    for index in range(count):
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = f"2.25.4400{index}"
        ct = pydicom.Dataset()
        ct.file_meta = meta
        ct.SOPClassUID, ct.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        ct.StudyInstanceUID, ct.SeriesInstanceUID, ct.FrameOfReferenceUID = "2.25.1", "2.25.2", "2.25.3"
        ct.Modality, ct.Manufacturer, ct.PatientName, ct.PatientID = "CT", "SIEMENS", "Benchmark", "0"
        ct.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        ct.StudyDate, ct.StudyTime, ct.SeriesNumber, ct.InstanceNumber = "20260101", "120000", 1, index + 1
        ct.PatientPosition, ct.SliceThickness, ct.KVP = "HFS", "1", "120"
        ct.ImagePositionPatient, ct.ImageOrientationPatient = [-180, -180, -200 + index], [1, 0, 0, 0, 1, 0]
        ct.PixelSpacing, ct.Rows, ct.Columns = [0.703125, 0.703125], 512, 512
        ct.SamplesPerPixel, ct.PhotometricInterpretation, ct.PixelRepresentation = 1, "MONOCHROME2", 0
        ct.BitsAllocated, ct.BitsStored, ct.HighBit = 16, 12, 11
        ct.RescaleIntercept, ct.RescaleSlope, ct.RescaleType = "-1024", "1", "HU"
        ct.PixelData = (slice_values(index, count, generator) + 1024).astype("<u2").tobytes()
        ct.save_as(os.path.join(folder, f"IM{index:04d}"), enforce_file_format=True)


def compress(source: str, target: str) -> bool:
    """The same series in JPEG lossless, process 14, selection value 1; false without the tool."""
    if shutil.which("dcmcjpeg") is None:
        return False
    os.makedirs(target)
    for name in sorted(os.listdir(source)):
        subprocess.run(["dcmcjpeg", "--encode-lossless-sv1", os.path.join(source, name), os.path.join(target, name)], check=True)
    return True
