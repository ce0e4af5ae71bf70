import DICOMDictionary
package import Anatomy
import DICOMSeries
import DICOMObjects
import Faults
package import Foundation
package import Volumes

extension SegmentationObject {
    /// Reads a segmentation: a binary one, a fractional one that holds nothing and all only, or a label map, in any
    /// lossless syntax.
    ///
    /// - Parameters:
    ///   - grid: where to lay it, usually the images' own. Frames must lie on its pixels, of which they may be a part;
    ///     what has no frame is background. When left out, the grid is the smallest that holds all frames.
    ///   - labelSet: gives the values to vertebrae known by their SNOMED codes, or, where the code is a general one, by
    ///     their labels; other segments are left out and named. When left out, a segment's number is its value.
    /// - Throws: `SegmentationObjectError` (every code from `notASegmentation` on), `DICOMObjectError`, `DICOMError`.
    package static func read(
        _ file: URL, on grid: Geometry? = nil, labelSet: LabelSet? = nil, overlap: SegmentationReading.Overlap = .refuse
    ) throws -> SegmentationReading {
        let object = try DICOMObject(file: file)
        let dataset = object.dataset
        let sopClass = dataset.text(.sopClass)
        guard sopClass == SOPClass.segmentation || sopClass == SOPClass.labelMapSegmentation else {
            throw SegmentationObjectError(
                .notASegmentation, "the object is no DICOM segmentation: it is of another SOP class")
        }
        let described = try DescribedSegments(dataset, labelSet: labelSet)
        let pixels = try SegmentPixels(object)
        let frames = try StoredFrames(dataset, pixels)
        let target = try frames.grid(on: grid)
        var painter = try FramePainter(grid: target.frames, overlap: overlap, values: described.values)
        try painter.paint(frames, dataset, file)
        guard overlap != .refuse || painter.overlapCount == 0 else {
            throw SegmentationObjectError(
                .overlappingSegments,
                "\(painter.overlapCount) voxels belong to several segments, and a label map has one label a voxel: choose whose they are (--overlap lowest or highest)"
            )
        }
        return SegmentationReading(
            labels: Volume(geometry: target.geometry, voxels: painter.voxels), segments: described.segments,
            unknownSegments: described.unknown,
            studyInstance: dataset.text(.studyInstance),
            sourceSeriesInstance: dataset.items(SegmentationTags.referencedSeries).first?.text(.seriesInstance),
            assumptions: described.assumptions + pixels.assumptions, overlappingVoxelCount: painter.overlapCount)
    }
}
