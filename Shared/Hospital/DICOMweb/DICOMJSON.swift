import DICOMDictionary
import Foundation

/// A dataset in the DICOM JSON model (PS3.18 annex F): text, numbers and sequences; the rest is not looked at.
struct DICOMJSON: Decodable, Sendable {
    private struct Attribute: Decodable {
        enum Value: Decodable {
            case text(String)
            case number(Int)
            case item(DICOMJSON)
            case other

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else if let item = try? container.decode(DICOMJSON.self) {
                    self = .item(item)
                } else {
                    self = .other
                }
            }
        }

        var values: [Value]?

        private enum CodingKeys: String, CodingKey {
            case values = "Value"
        }
    }

    private var attributes: [String: Attribute]

    init(from decoder: any Decoder) throws {
        attributes = try decoder.singleValueContainer().decode([String: Attribute].self)
    }

    /// The first value; nil where absent, empty or no text.
    func text(_ tag: AttributeTag) -> String? {
        guard case .text(let text)? = attributes[tag.digits.uppercased()]?.values?.first else { return nil }
        return text.trimmingCharacters(in: CharacterSet(charactersIn: " \0"))
    }

    func number(_ tag: AttributeTag) -> Int? {
        switch attributes[tag.digits.uppercased()]?.values?.first {
        case .number(let number): number
        // Some servers write numbers as text.
        case .text(let text): Int(text)
        default: nil
        }
    }

    func items(_ tag: AttributeTag) -> [DICOMJSON] {
        attributes[tag.digits.uppercased()]?.values?.compactMap { if case .item(let item) = $0 { item } else { nil } }
            ?? []
    }
}
