"""MONAI, SimpleITK and DeepMind's surface-distance as a peer of `columna benchmark metrics`: one run a line read; see Benchmarks/core/serving.py.

Each library does what it is made for, so that together they give the set that Columna measures without meshes:
  MONAI             Dice, IoU, accuracy, precision, sensitivity, specificity; Hausdorff, its 95th percentile, average distances both ways and symmetric;
                    surface Dice over boundary voxels (in place of boundary F1)
  SimpleITK         overlap of all labels, volumes and centroids
  surface-distance  surface Dice weighed by area

`--style functions` calls MONAI's metric functions one by one, as its documentation does; each finds boundaries and distances anew. `--style shared` calls
MONAI's own internals once a class and takes all distances from that: the least it can be made to do.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

import nibabel
import numpy
import SimpleITK
import torch
from monai.metrics import compute_average_surface_distance, compute_dice, compute_hausdorff_distance, compute_iou, compute_surface_dice
from monai.metrics.confusion_matrix import compute_confusion_matrix_metric, get_confusion_matrix
from monai.metrics.utils import get_edge_surface_distance
from scipy import ndimage

# surface-distance 0.1 predates numpy 2 and scipy 1.15.
if not hasattr(numpy, "Inf"):
    numpy.Inf = numpy.inf
for legacy in ("filters", "morphology"):
    if not hasattr(ndimage, legacy):
        setattr(ndimage, legacy, ndimage)
import surface_distance  # noqa: E402

sys.path.append(str(Path(__file__).resolve().parent.parent / "core"))
from serving import serve  # noqa: E402

RATIOS = ("accuracy", "precision", "sensitivity", "specificity")
TOLERANCES = (1.5, 3.0)


class Clock:
    """Seconds by library."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def measure(self, library: str, work):
        start = time.perf_counter()
        result = work()
        self.seconds[library] = self.seconds.get(library, 0) + time.perf_counter() - start
        return result


def overlap(truth: numpy.ndarray, prediction: numpy.ndarray) -> dict:
    t, p = (torch.from_numpy(mask)[None, None].float() for mask in (truth, prediction))
    matrix = get_confusion_matrix(p, t)
    return {"dice": float(compute_dice(p, t)), "iou": float(compute_iou(p, t)),
            **{name: float(compute_confusion_matrix_metric(name, matrix)) for name in RATIOS}}


def by_functions(truth: numpy.ndarray, prediction: numpy.ndarray, spacing: list[float]) -> dict:
    t, p = (torch.from_numpy(mask)[None, None].float() for mask in (truth, prediction))
    common = {"include_background": True, "spacing": spacing}
    return {
        "hausdorff": float(compute_hausdorff_distance(p, t, **common)),
        "hausdorff95": float(compute_hausdorff_distance(p, t, percentile=95, **common)),
        "average_predicted_to_truth": float(compute_average_surface_distance(p, t, **common)),
        "average_truth_to_predicted": float(compute_average_surface_distance(t, p, **common)),
        "assd": float(compute_average_surface_distance(p, t, symmetric=True, **common)),
        **{f"surface_dice_{limit}": float(compute_surface_dice(p, t, [limit], **common)) for limit in TOLERANCES},
    }


def by_shared_distances(truth: numpy.ndarray, prediction: numpy.ndarray, spacing: list[float]) -> dict:
    t, p = (torch.from_numpy(mask) for mask in (truth, prediction))
    _, (back, there), _ = get_edge_surface_distance(p, t, spacing=spacing, symmetric=True)
    points = len(there) + len(back)
    return {
        "hausdorff": float(max(there.max(), back.max())),
        "hausdorff95": float(max(torch.quantile(there, 0.95), torch.quantile(back, 0.95))),
        "average_predicted_to_truth": float(back.mean()), "average_truth_to_predicted": float(there.mean()),
        "assd": float((there.sum() + back.sum()) / points),
        **{f"surface_dice_{limit}": float((there <= limit).sum() + (back <= limit).sum()) / points for limit in TOLERANCES},
    }


def by_area(truth: numpy.ndarray, prediction: numpy.ndarray, spacing: list[float]) -> dict:
    found = surface_distance.compute_surface_distances(truth, prediction, spacing)
    return {f"nsd_{limit}": float(surface_distance.compute_surface_dice_at_tolerance(found, limit)) for limit in TOLERANCES}


def by_simpleitk(truth: SimpleITK.Image, prediction: SimpleITK.Image) -> dict[int, dict]:
    measure = SimpleITK.LabelOverlapMeasuresImageFilter()
    measure.Execute(truth, prediction)
    shapes = []
    for image in (truth, prediction):
        shape = SimpleITK.LabelShapeStatisticsImageFilter()
        shape.Execute(image)
        shapes.append(shape)
    common = set(shapes[0].GetLabels()) & set(shapes[1].GetLabels())
    return {label: {"volume_similarity": measure.GetVolumeSimilarity(label),
                    "centroid_distance": float(numpy.linalg.norm(numpy.subtract(*(shape.GetCentroid(label) for shape in shapes))))}
            for label in sorted(common)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truth")
    parser.add_argument("prediction")
    parser.add_argument("--classes", type=int, default=25)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--style", choices=("functions", "shared"), default="functions")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(options.threads)
    warnings.simplefilter("ignore")

    images = [nibabel.load(name) for name in (options.truth, options.prediction)]
    truth, prediction = (numpy.ascontiguousarray(image.dataobj) for image in images)
    spacing = [float(step) for step in images[0].header.get_zooms()]
    itk = []
    for labels in (truth, prediction):
        image = SimpleITK.GetImageFromArray(labels.transpose(2, 1, 0))
        image.SetSpacing(spacing)
        itk.append(image)

    def run() -> dict:
        clock = Clock()
        classes = {label: found for label, found in clock.measure("simpleitk", lambda: by_simpleitk(*itk)).items() if label <= options.classes}
        boxes = [ndimage.find_objects(labels, options.classes) for labels in (truth, prediction)]
        for label in range(1, options.classes + 1):
            t, p = truth == label, prediction == label
            found = classes.setdefault(label, {})
            found |= clock.measure("monai_overlap", lambda: overlap(t, p))
            if boxes[0][label - 1] is None or boxes[1][label - 1] is None:
                continue
            # All three crop to what is there; done once for all of them.
            box = tuple(slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(boxes[0][label - 1], boxes[1][label - 1]))
            t, p = numpy.ascontiguousarray(t[box]), numpy.ascontiguousarray(p[box])
            distances = by_functions if options.style == "functions" else by_shared_distances
            found |= clock.measure("monai_distances", lambda: distances(t, p, spacing))
            found |= clock.measure("surface_distance", lambda: by_area(t, p, spacing))
        return {"seconds_by_library": clock.seconds, "classes": classes}

    serve(run, name={"functions": "MONAI + SimpleITK + surface-distance", "shared": "the same, MONAI's distances shared"}[options.style])


if __name__ == "__main__":
    main()
