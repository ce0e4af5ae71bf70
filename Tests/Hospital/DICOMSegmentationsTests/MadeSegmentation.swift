import DICOMDictionary
import DICOMObjects
import Foundation
import Testing
import Volumes

/// A segmentation as others write it: 6 × 4 pixels of 0.5 × 0.75 mm, two planes 2.5 mm apart, L1 and L2.
struct MadeSegmentation {
    struct Frame {
        var segment: Int?
        /// In pixels and planes from the grid's first.
        var column = 0
        var row = 0
        var plane = 0
    }

    static let grid = Geometry(
        size: [6, 4, 2],
        affine: Affine(columns: [SIMD3(-0.5, 0, 0), SIMD3(0, -0.75, 0), SIMD3(0, 0, 2.5)], origin: SIMD3(100, 120, 50)))
    /// Numbers of segments in the two planes; the values of spine-25 are 19 more.
    static let planes: [[UInt8]] = [
        [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 2, 2, 2, 0, 0, 0, 2, 2, 2],
        [0, 0, 2, 2, 2, 0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    static let labels = Volume(geometry: grid, voxels: planes.flatMap { $0.map { $0 == 0 ? 0 : $0 + 19 } })

    var type = "LABELMAP"
    var bits = 8
    var rows = 4
    var columns = 6
    var frames = [Frame(plane: 0), Frame(plane: 1)]
    /// Number, label, code of the property type.
    var segments: [(number: Int, label: String, scheme: String, code: String)] = [
        (1, "L1 vertebra", "SCT", "66794005"), (2, "L2 vertebra", "SCT", "14293000"),
    ]
    var maximum: Int?
    var pixels = planes.flatMap { $0 }
    /// One compressed stream for each frame, in place of `pixels`.
    var streams: [[UInt8]] = []
    var transferSyntax = "1.2.840.10008.1.2.1"

    /// Frames of one segment and plane each, and the masks they hold, 0 or 1 a pixel.
    static let masks: (frames: [Frame], pixels: [[UInt8]]) = {
        let frames = [(1, 0), (2, 0), (2, 1)].map { Frame(segment: $0.0, plane: $0.1) }
        return (frames, frames.map { frame in planes[frame.plane].map { Int($0) == frame.segment ? 1 : 0 } })
    }()

    func write(to file: URL) throws {
        let object = try DICOMObject()
        let dataset = object.dataset
        let isLabelMap = type == "LABELMAP"
        for (tag, text) in [
            (AttributeTag.sopClass, "1.2.840.10008.5.1.4.1.1.66." + (isLabelMap ? "7" : "4")),
            (.sopInstance, "2.25.50.1"), (.modality, "SEG"),
            (.studyInstance, "2.25.2"), (.seriesInstance, "2.25.50"), (.numberOfFrames, String(frames.count)),
            (AttributeTag(0x0028, 0x0004), "MONOCHROME2"),
            (AttributeTag(0x0062, 0x0001), type),
        ] { try dataset.set(tag, text: text) }
        for (element, number) in [
            (0x0002, 1), (0x0010, rows), (0x0011, columns), (0x0100, bits), (0x0101, bits), (0x0102, bits - 1),
            (0x0103, 0),
        ] {
            try dataset.set(AttributeTag(0x0028, UInt16(element)), numbers: [Double(number)], representation: "US")
        }
        if let maximum {
            try dataset.set(AttributeTag(0x0062, 0x000e), numbers: [Double(maximum)], representation: "US")
        }
        for segment in segments {
            let item = try dataset.appendItem(AttributeTag(0x0062, 0x0002))
            try item.set(AttributeTag(0x0062, 0x0004), numbers: [Double(segment.number)], representation: "US")
            try item.set(AttributeTag(0x0062, 0x0005), text: segment.label)
            let type = try item.appendItem(AttributeTag(0x0062, 0x000f))
            for (tag, text) in [
                (AttributeTag.codeValue, segment.code), (.codingScheme, segment.scheme), (.codeMeaning, "made"),
            ] { try type.set(tag, text: text) }
        }
        let shared = try dataset.appendItem(AttributeTag(0x5200, 0x9229))
        try shared.appendItem(AttributeTag(0x0020, 0x9116)).set(.imageOrientation, text: "1\\0\\0\\0\\1\\0")
        let measures = try shared.appendItem(AttributeTag(0x0028, 0x9110))
        try measures.set(.pixelSpacing, text: "0.75\\0.5")
        try measures.set(AttributeTag(0x0018, 0x0088), text: "2.5")
        for frame in frames {
            let groups = try dataset.appendItem(AttributeTag(0x5200, 0x9230))
            let place = [
                -100 + 0.5 * Double(frame.column), -120 + 0.75 * Double(frame.row), 50 + 2.5 * Double(frame.plane),
            ]
            try groups.appendItem(AttributeTag(0x0020, 0x9113)).set(
                .imagePosition, text: place.map { "\($0)" }.joined(separator: "\\"))
            guard let segment = frame.segment else { continue }
            try groups.appendItem(AttributeTag(0x0062, 0x000a)).set(
                AttributeTag(0x0062, 0x000b), numbers: [Double(segment)], representation: "US")
        }
        var even: [UInt8] =
            switch bits {
            case 16: pixels.flatMap { [$0, UInt8(0)] }
            case 8: pixels
            default: Self.packed(pixels)
            }
        if !even.count.isMultiple(of: 2) { even.append(0) }
        try dataset.set(.pixelData, bytes: even, representation: bits == 16 ? "OW" : "OB")
        try object.write(to: file)
        if !streams.isEmpty { try encapsulate(file, pixelLength: even.count) }
    }

    private static func packed(_ pixels: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (pixels.count + 7) / 8)
        for (index, pixel) in pixels.enumerated() where pixel != 0 { bytes[index / 8] |= UInt8(1) << UInt8(index % 8) }
        return bytes
    }

    /// Replaces the pixels, the last element, and the transfer syntax in the meta header by bytes.
    private func encapsulate(_ file: URL, pixelLength: Int) throws {
        func number(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func item(_ bytes: [UInt8]) -> [UInt8] {
            let padding = bytes.count % 2
            return [0xfe, 0xff, 0x00, 0xe0] + number(bytes.count + padding, 4) + bytes
                + [UInt8](repeating: 0, count: padding)
        }
        var data = [UInt8](try Data(contentsOf: file))
        data.removeLast(pixelLength + 4)
        data += number(0xffff_ffff, 4) + item([]) + streams.flatMap(item) + [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]
        let old = Array("1.2.840.10008.1.2.1".utf8) + [0]
        let new = Array(transferSyntax.utf8) + (transferSyntax.utf8.count.isMultiple(of: 2) ? [] : [0])
        let place = try #require(data.indices.first { data[$0...].starts(with: old) })
        data.replaceSubrange(place - 2..<place + old.count, with: number(new.count, 2) + new)
        data[140] += UInt8(new.count - old.count)
        try Data(data).write(to: file)
    }
}
