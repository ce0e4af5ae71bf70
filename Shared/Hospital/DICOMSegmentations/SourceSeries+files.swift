import DICOMDictionary
import DICOMSeries
import DICOMObjects
import Faults
package import Foundation
import Volumes

extension SourceSeries {
    /// Reads the headers of a series' instances. Blocks for about 0.3 ms a file.
    ///
    /// Instances that are no slices (reports, captures) are left out, and those that do not lie in parallel with most,
    /// such as a localizer that shares the series.
    /// - Parameter skippingOthers: leaves out files that are no DICOM objects, and damaged ones that have said that
    ///   they are no slice of the series.
    /// - Throws: `invalidSource` for no images, for images of several series, or for one of the series without a place;
    ///   `DICOMObjectError`.
    package init(files: [URL], skippingOthers: Bool = false) throws {
        var placed: [PlacedImages] = []
        var unplaced: [(file: URL, error: DICOMObjectError?)] = []
        var lacking: Set<AttributeTag> = []
        for file in files {
            do throws(DICOMObjectError) {
                let object = try DICOMObject(file: file)
                if let images = try PlacedImages(object) {
                    placed.append(images)
                } else {
                    unplaced.append((file, nil))
                    if placed.isEmpty { lacking.formUnion(PlacedImages.identifiersLacking(in: object)) }
                }
            } catch {
                guard skippingOthers, error.code != .notDICOM else {
                    if skippingOthers { continue }
                    throw error
                }
                unplaced.append((file, error))
            }
        }
        try Self.requireNoSlices(among: unplaced, of: placed.first?.series)
        guard let first = placed.first else {
            throw Self.noImage(among: files.count, lacking: lacking)
        }
        guard placed.allSatisfy({ $0.series == first.series && $0.study == first.study }) else {
            throw SegmentationObjectError(.invalidSource, "the images are of several series: name the files of one")
        }
        let images = placed.flatMap { instance in instance.images.map { (instance, $0) } }
        let groups = Dictionary(grouping: images) { $0.1.orientation.map { ($0 * 100).rounded() } }
        // The greatest group; of equal ones that of the first file.
        let most = groups.values.map(\.count).max() ?? 0
        guard let chosen = images.first(where: { groups[$0.1.orientation.map { ($0 * 100).rounded() }]?.count == most })
        else {
            throw Self.noImage(among: files.count, lacking: lacking)
        }
        let orientation = chosen.1.orientation
        let parallel = images.filter { zip($0.1.orientation, orientation).allSatisfy { abs($0 - $1) < 1e-2 } }
        let normal = FrameGrid.normal(orientation)
        var seen: Set<String> = []
        let sorted = parallel.map { instance, image in
            (
                depth: normal.dot(image.position),
                Image(
                    sopClass: instance.sopClass, sopInstance: instance.sopInstance, frame: image.frame,
                    position: (0..<3).map { image.position[$0] })
            )
        }
        .filter { seen.insert("\($0.1.sopInstance)/\($0.1.frame ?? 0)").inserted }
        .sorted { ($0.depth, $0.1.sopInstance, $0.1.frame ?? 0) < ($1.depth, $1.1.sopInstance, $1.1.frame ?? 0) }
        let attributes = try Self.merged(placed)
        self.init(
            studyInstance: first.study, seriesInstance: first.series, frameOfReference: first.frameOfReference,
            orientation: orientation,
            attributes: attributes, encoded: Self.encoded(placed, attributes), images: sorted.map(\.1))
    }
}

extension SourceSeries {
    private static func noImage(among count: Int, lacking: Set<AttributeTag>) -> SegmentationObjectError {
        guard lacking.isEmpty else {
            let names = lacking.sorted().map(\.name).joined(separator: " and ")
            return SegmentationObjectError(
                .invalidSource,
                "the images have no \(names), which a segmentation must refer to: send the series again with its identifiers, or set them in a copy (`dcmodify`), "
                    + "those of study and series the same in all files")
        }
        let files = count == 1 ? "the only file is no image" : "none of \(count) files is an image"
        return SegmentationObjectError(.invalidSource, "\(files) of a study and series, with position and orientation")
    }

    /// A slice that is left out would be missing from the segmentation without a word.
    /// - Parameter series: nil where no file has an image with a place.
    private static func requireNoSlices(among files: [(file: URL, error: DICOMObjectError?)], of series: String?) throws
    {
        for (file, error) in files {
            let member = SeriesMember(file)
            guard member.isImage else { continue }
            if let error {
                // One that does not say its series may be of any.
                guard let own = member.series, let series, own != series else { throw error }
            } else if series != nil, member.series == series {
                throw SegmentationObjectError(
                    .invalidSource,
                    "an image of the series has no position or orientation that can be read: send it again, or take it out of the folder"
                )
            }
        }
    }

    /// What the first instance says, and what only others do: some slices come without the patient's identifier.
    private static func merged(_ placed: [PlacedImages]) throws(SegmentationObjectError) -> [String: String] {
        let identifiers = Set(placed.compactMap { $0.attributes[AttributeTag.patientIdentifier.digits] })
        guard identifiers.count <= 1 else {
            throw SegmentationObjectError(
                .invalidSource, "the images are of \(identifiers.count) patients: name the files of one")
        }
        return placed.reduce(into: [:]) { merged, one in merged.merge(one.attributes) { first, _ in first } }
    }

    /// Where not all is text, what the instances of one character set say; nil otherwise. That set is taken in which
    /// most can be told, the patient's name and identifier before all.
    private static func encoded(_ placed: [PlacedImages], _ attributes: [String: String]) -> EncodedAttributes? {
        guard placed.contains(where: { !$0.isUnicode }) else { return nil }
        var sets: [EncodedAttributes] = []
        for one in placed.map(\.encoded) {
            if let index = sets.firstIndex(where: { $0.characterSet == one.characterSet }) {
                sets[index].values.merge(one.values) { first, _ in first }
            } else {
                sets.append(one)
            }
        }
        func count(_ tags: [AttributeTag], _ set: EncodedAttributes) -> Int {
            tags.count {
                set.values[$0.digits] != nil || attributes[$0.digits].map(EncodedAttributes.isOfEverySet) == true
            }
        }
        func rank(_ set: EncodedAttributes) -> (Int, Int, Int) {
            (
                count([.patientName, .patientIdentifier], set), count(SegmentationTags.required, set),
                count(SegmentationTags.copied, set)
            )
        }
        return sets.max { rank($0) < rank($1) }
    }
}

/// What an instance's header says of its images.
private struct PlacedImages {
    struct Image {
        var frame: Int?
        var position: SIMD3<Double>
        var orientation: [Double]
    }

    let study: String
    let series: String
    let frameOfReference: String?
    let sopClass: String
    let sopInstance: String
    let attributes: [String: String]
    let encoded: SourceSeries.EncodedAttributes
    /// Whether all attributes are text of their character set.
    let isUnicode: Bool
    let images: [Image]

    /// Nil for what is no image with a place.
    ///
    /// - Throws: `DICOMObjectError.invalidValue` for a place that cannot be read.
    init?(_ object: DICOMObject) throws(DICOMObjectError) {
        let dataset = object.dataset
        guard let study = Self.identifier(.studyInstance, of: object),
            let series = Self.identifier(.seriesInstance, of: object),
            let sopClass = Self.identifier(.sopClass, of: object),
            let sopInstance = Self.identifier(.sopInstance, of: object), dataset.contains(.rows)
        else { return nil }
        let images = try Self.images(of: dataset)
        guard !images.isEmpty else { return nil }
        self.study = study
        self.series = series
        self.sopClass = sopClass
        self.sopInstance = sopInstance
        self.images = images
        frameOfReference = dataset.text(.frameOfReference)
        attributes = Dictionary(
            uniqueKeysWithValues: SegmentationTags.copied.compactMap { tag in dataset.text(tag).map { (tag.digits, $0) }
            })
        let values = SegmentationTags.copied.compactMap { tag in
            dataset.bytes(tag).flatMap { $0.isEmpty ? nil : (tag.digits, $0) }
        }
        encoded = SourceSeries.EncodedAttributes(
            characterSet: dataset.text(.specificCharacterSet) ?? "", values: Dictionary(uniqueKeysWithValues: values))
        isUnicode = SegmentationTags.copied.allSatisfy(dataset.isUnicode)
    }

    /// Without which an image with a place is none of a study and series; empty for what is no image with a place.
    static func identifiersLacking(in object: DICOMObject) -> [AttributeTag] {
        guard object.dataset.contains(.rows), let images = try? images(of: object.dataset), !images.isEmpty else {
            return []
        }
        return [.sopClass, .sopInstance, .studyInstance, .seriesInstance].filter { identifier($0, of: object) == nil }
    }

    private static func identifier(_ tag: AttributeTag, of object: DICOMObject) -> String? {
        // Some de-identification empties what the meta header still says.
        let copy: AttributeTag? =
            switch tag {
            case .sopClass: AttributeTag(0x0002, 0x0002)
            case .sopInstance: AttributeTag(0x0002, 0x0003)
            default: nil
            }
        return object.dataset.text(tag) ?? copy.flatMap(object.meta.text)
    }

    private static func images(of dataset: DICOMObject.Item) throws(DICOMObjectError) -> [Image] {
        let frames = dataset.items(SegmentationTags.perFrameGroups)
        guard !frames.isEmpty else {
            return [try image(nil, positions: [dataset], orientations: [dataset])].compactMap(\.self)
        }
        let shared = dataset.items(SegmentationTags.sharedGroups)
        var images: [Image] = []
        for (index, frame) in frames.enumerated() {
            let groups = [frame] + shared
            let image = try image(
                index + 1, positions: groups.flatMap { $0.items(.planePosition) },
                orientations: groups.flatMap { $0.items(.planeOrientation) })
            if let image { images.append(image) }
        }
        return images
    }

    private static func image(
        _ frame: Int?, positions: [DICOMObject.Item], orientations: [DICOMObject.Item]
    ) throws(DICOMObjectError) -> Image? {
        guard let position = try positions.first?.readableNumbers(.imagePosition), position.count == 3,
            let orientation = try orientations.first?.readableNumbers(.imageOrientation), orientation.count == 6,
            FrameGrid.isOrthonormal(orientation)
        else { return nil }
        return Image(frame: frame, position: SIMD3(position[0], position[1], position[2]), orientation: orientation)
    }
}
