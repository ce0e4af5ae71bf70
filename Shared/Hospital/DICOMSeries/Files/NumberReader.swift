import DICOMDictionary
import Faults

/// Reads numbers that a volume rests on. What is there and cannot be read is kept as a problem, for whoever uses the
/// image: a scan meets many objects that nobody wants a volume of.
struct NumberReader {
    let path: String
    private(set) var problem: DICOMError?

    init(path: String) {
        self.path = path
    }

    /// Nil where absent or unreadable, and where empty.
    /// - Parameter mayBeEmpty: false for attributes that may be missing and never empty: nobody knows what such a one
    ///   was.
    mutating func list(_ tag: AttributeTag, _ found: DICOMFile.Numbers, mayBeEmpty: Bool = true) -> [Double]? {
        switch found {
        case .absent: return nil
        case .values(let values): return values
        case .empty: if !mayBeEmpty { note(tag, "has no value: expected numbers") }
        case .unreadable(let text):
            note(
                tag,
                "cannot be read: expected decimals such as 0.5 or -100, got \(text ?? "something else than numbers")")
        }
        return nil
    }

    /// Of an attribute of one value; several equal ones are one.
    mutating func one(_ tag: AttributeTag, _ found: DICOMFile.Numbers, mayBeEmpty: Bool = true) -> Double? {
        guard let values = list(tag, found, mayBeEmpty: mayBeEmpty), let first = values.first else { return nil }
        guard values.allSatisfy({ $0 == first }) else {
            note(tag, "has \(values.count) different values: expected one number")
            return nil
        }
        return first
    }

    /// Of attributes that describe the pixels.
    mutating func check(_ layout: PixelLayout) {
        if let tag = layout.unreadable { note(tag, "is missing or cannot be read: expected a whole number") }
    }

    private mutating func note(_ tag: AttributeTag, _ fact: String) {
        problem = problem ?? DICOMError(.invalidAttribute, "\(tag.name) \(fact)", path: path)
    }
}

extension DICOMFile.Numbers {
    /// What is said of a frame comes before what is said of all.
    func otherwise(_ other: @autoclosure () -> DICOMFile.Numbers) -> DICOMFile.Numbers {
        self == .absent ? other() : self
    }
}
