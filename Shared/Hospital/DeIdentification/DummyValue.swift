import DICOMDictionary
import DICOMObjects

/// Values that say nothing and fit their representation (PS3.15 E.1.1, action D).
enum DummyValue {
    static let text = "REMOVED"

    /// Puts one in place of what is there; removes attributes of representations that need none in any profile (tags,
    /// wide floats).
    static func set(_ tag: AttributeTag, _ representation: String, in item: DICOMObject.Item) throws {
        switch representation {
        case "AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT":
            try item.set(tag, text: text, representation: representation)
        case "AS": try item.set(tag, text: "000Y", representation: representation)
        case "DA": try item.set(tag, text: "19000101", representation: representation)
        case "DT": try item.set(tag, text: "19000101000000", representation: representation)
        case "TM": try item.set(tag, text: "000000", representation: representation)
        case "DS", "IS": try item.set(tag, text: "0", representation: representation)
        case "UR": try item.set(tag, text: "urn:removed", representation: representation)
        case "US", "SS", "UL", "SL", "FL", "FD": try item.set(tag, numbers: [0], representation: representation)
        case "OB", "OW", "UN": try item.set(tag, bytes: [0, 0], representation: representation)
        default: item.remove(tag)
        }
    }
}
