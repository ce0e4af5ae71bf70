"""Makes the pair of label maps that evaluation is measured with: 25 vertebra-like classes on 333×333×400 voxels of 1.5 mm.

    make_pair.py FOLDER        writes truth.nii, prediction.nii and, of the same shapes on a small grid, small-truth.nii and small-prediction.nii

Shapes are analytic (a body, an arch with its canal, two transverse processes and a spinous one along a curved spine), the prediction is the truth seen
through a smooth displacement with classes eroded, shifted, leaked and salted. Everything follows from the numbers here: two runs give equal bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nibabel
import numpy

SIZE = (333, 333, 400)
SPACING = 1.5
CLASSES = 25


def spine(z: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The middle of the spine in mm at height z (0 … 1 from head to sacrum): lordosis and kyphosis, a little scoliosis."""
    return 250 + 6 * numpy.sin(3 * z), 250 + 35 * numpy.sin(2 * numpy.pi * z) - 10 * z


def draw(size: tuple[int, int, int], spacing: float, displaced: bool) -> numpy.ndarray:
    labels = numpy.zeros(size, numpy.uint8, order="F")
    height = size[2] * spacing
    ends = height - height * (0.02 + 0.96 * numpy.linspace(0, 1, CLASSES + 1) ** 1.25)
    for value in range(1, CLASSES + 1):
        top, bottom = ends[value - 1], ends[value]
        middle, half = (top + bottom) / 2, (top - bottom) / 2 * 0.88
        scale = 0.55 + 0.45 * value / CLASSES + (0.5 if value == CLASSES else 0)
        low, high = max(0, int((bottom - half - 25) / spacing)), min(size[2], int((top + half + 10) / spacing) + 1)
        x0, y0 = spine(1 - middle / height)
        reach = 75 * scale + 10
        box = [slice(max(0, int((c - reach) / spacing)), min(n, int((c + reach) / spacing) + 1)) for c, n in ((x0, size[0]), (y0, size[1]))]
        x, y, z = numpy.meshgrid(*(numpy.arange(s.start, s.stop) * spacing for s in box), numpy.arange(low, high) * spacing, indexing="ij", sparse=True)
        if displaced:
            x, y, z = x + 1.4 * numpy.sin(y / 9 + z / 13), y + 1.6 * numpy.sin(z / 11 + 2) + 0 * x, z + 1.2 * numpy.cos(x / 10 + y / 17)
        u, v, w = (x - x0) / scale, (y - y0) / scale, (z - middle) / half
        waist = 1 - 0.12 * (1 - w * w)
        body = ((u / 25) ** 2 + (v / 18) ** 2 < waist**2) & (abs(w) < 1)
        ring = (u / 20) ** 2 + ((v + 30) / 17) ** 2
        arch = (ring < 1) & (ring > 0.42) & (abs(w) < 0.7)
        transverse = ((v + 30) / 7) ** 2 + (w / 0.45) ** 2 < 1
        transverse = transverse & (abs(u) < 45) & (abs(u) > 17)
        spinous = (abs(u) < 4) & (v < -44) & (v > -70) & (abs(w - (v + 44) / 40) < 0.5)
        shape = body | arch | transverse | spinous
        part = labels[box[0], box[1], low:high]
        part[shape & (part == 0)] = value
    return labels


def spoil(labels: numpy.ndarray) -> None:
    """What goes wrong in predictions: a leak, a missing piece, specks, a class called its neighbour's name in part."""
    generator = numpy.random.default_rng(20260401)
    places = numpy.argwhere(labels == 12)
    low = places[:, 2].min()
    labels[:, :, low : low + 3][labels[:, :, low : low + 3] == 12] = 13
    first = numpy.argwhere(labels == 20).min(0)
    labels[first[0] : first[0] + 8, first[1] : first[1] + 12, first[2] : first[2] + 6] = 20
    inside = numpy.argwhere(labels == 5)
    labels[tuple(inside[inside[:, 0] < inside[:, 0].min() + 4].T)] = 0
    for value in (3, 9, 17, 24):
        i, j, k = (generator.integers(0, n, 40) for n in labels.shape)
        labels[i, j, k] = value


def main() -> None:
    folder = Path(sys.argv[1])
    for prefix, size, spacing in (("", SIZE, SPACING), ("small-", (84, 84, 100), 6.0)):
        for name, displaced in (("truth", False), ("prediction", True)):
            labels = draw(size, spacing, displaced)
            if displaced and not prefix:
                spoil(labels)
            image = nibabel.Nifti1Image(labels, numpy.diag([spacing, spacing, spacing, 1]))
            partial = folder / f"{prefix}{name}.partial.nii"
            nibabel.save(image, partial)
            partial.rename(folder / f"{prefix}{name}.nii")


if __name__ == "__main__":
    main()
