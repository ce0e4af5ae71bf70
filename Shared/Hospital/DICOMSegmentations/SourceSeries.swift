import DICOMDictionary
import DICOMObjects

/// What a segmentation tells of the images it was made from: patient, study, series, and where each image lies.
package struct SourceSeries: Sendable, Hashable, Codable {
    /// One image: an instance, or a frame of a multi-frame instance.
    package struct Image: Sendable, Hashable, Codable {
        package var sopClass: String
        package var sopInstance: String
        /// From 1; nil for instances of one image.
        package var frame: Int?
        /// Centre of the first pixel in LPS millimetres (Image Position (Patient)).
        package var position: [Double]

        package init(sopClass: String, sopInstance: String, frame: Int? = nil, position: [Double]) {
            self.sopClass = sopClass
            self.sopInstance = sopInstance
            self.frame = frame
            self.position = position
        }
    }

    package var studyInstance: String
    package var seriesInstance: String
    /// Nil where the images name none.
    package var frameOfReference: String?
    /// Directions of a row and of a column in LPS (Image Orientation (Patient)): six numbers.
    package var orientation: [Double]
    /// Attributes of patient and study by tag (eight hexadecimal digits), as Unicode.
    package var attributes: [String: String]
    /// The same attributes as the images have them, where a text is not of the character set they name: they are handed
    /// on untouched.
    package var encoded: EncodedAttributes?
    /// In the order of the slice normal, without duplicates.
    package var images: [Image]

    /// Values as bytes, and the SpecificCharacterSet (0008,0005) beside which they stood; empty where there was none.
    package struct EncodedAttributes: Sendable, Hashable, Codable {
        package var characterSet: String
        package var values: [String: [UInt8]]
    }

    package init(
        studyInstance: String, seriesInstance: String, frameOfReference: String?, orientation: [Double],
        attributes: [String: String],
        encoded: EncodedAttributes? = nil, images: [Image]
    ) {
        self.studyInstance = studyInstance
        self.seriesInstance = seriesInstance
        self.frameOfReference = frameOfReference
        self.orientation = orientation
        self.attributes = attributes
        self.encoded = encoded
        self.images = images
    }
}

extension SourceSeries {
    /// What an attribute says, where that can stand in an object beside `encoded`; nil also where it is among
    /// `encoded`.
    func text(_ tag: AttributeTag) -> String? {
        guard let encoded else { return attributes[tag.digits] }
        return encoded.values[tag.digits] == nil
            ? attributes[tag.digits].flatMap { EncodedAttributes.isOfEverySet($0) ? $0 : nil } : nil
    }

    /// Attributes that are told in another character set only than `encoded` is of: an object has one.
    var unwritable: [AttributeTag] {
        SegmentationTags.copied.filter {
            attributes[$0.digits] != nil && encoded?.values[$0.digits] == nil && text($0) == nil
        }
    }
}

extension SourceSeries.EncodedAttributes {
    /// Characters of ASCII are the same in all of them; an escape sequence stands for others.
    static func isOfEverySet(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0.isASCII && $0 != "\u{1b}" } }
}
