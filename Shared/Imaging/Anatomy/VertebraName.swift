/// Vertebrae by what people and programs call them: `L1`, `Th12`, `vertebra L1`, `Vertebrae_L1`, `1st lumbar vertebra`,
/// `lumbar vertebra 1`.
package struct VertebraName: Sendable, Hashable {
    /// As label sets have it: `C1` … `L5`, `sacrum`.
    package let name: String
    /// Whether the text says that it is a vertebra. A bare `L1` may be the first lesion just as well.
    package let saysVertebra: Bool

    /// Nil for what is not the name of one vertebra and nothing else: `L1-L2`, `disc L1`, `L1 left`.
    package init?(_ text: String) {
        var words = Self.words(text)
        let count = words.count
        words.removeAll(where: Self.vertebra.contains)
        if words == ["sacrum"] || words == ["os", "sacrum"] {
            (name, saysVertebra) = ("sacrum", true)
            return
        }
        if words.count > 1 { words.removeAll { $0 == "spine" } }
        var (regions, names, numbers): (Set<String>, Set<String>, Set<Int>) = ([], [], [])
        for word in words {
            if let region = Self.regions[word] {
                regions.insert(region)
            } else if let name = Self.short(word) {
                names.insert(name)
            } else if let number = Self.number(word) {
                numbers.insert(number)
            } else {
                return nil
            }
        }
        guard regions.count <= 1, names.count + numbers.count == 1 else { return nil }
        guard let found = names.first ?? regions.first.flatMap({ Self.named($0, numbers.first ?? 0) }),
            regions.allSatisfy(found.hasPrefix)
        else { return nil }
        name = found
        saysVertebra = words.count < count || words.contains { Self.regions[$0] != nil && $0.count > 2 }
    }

    /// In lower case; also parted where a capital follows a small letter (`VertebraL1`).
    private static func words(_ text: String) -> [String] {
        var parted = ""
        for character in text {
            if character.isUppercase, parted.last?.isLowercase == true { parted.append(" ") }
            parted.append(character)
        }
        return parted.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static let vertebra: Set<String> = [
        "vertebra", "vertebrae", "vertebre", "vertebras", "wirbel", "the", "of",
    ]
    private static let regions = [
        "c": "C", "cervical": "C", "t": "T", "th": "T", "d": "T", "thoracic": "T", "dorsal": "T", "l": "L",
        "lumbar": "L",
    ]
    private static let counts = ["C": 7, "T": 12, "L": 5]
    private static let ordinals = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth",
    ]

    /// `l1`, `th12`, `d07`.
    private static func short(_ word: String) -> String? {
        let letters = word.prefix { $0.isLetter }
        guard letters.count <= 2, letters.count < word.count, let region = regions[String(letters)],
            let number = digits(word.dropFirst(letters.count))
        else { return nil }
        return named(region, number)
    }

    /// `1`, `1st`, `first`.
    private static func number(_ word: String) -> Int? {
        if let index = ordinals.firstIndex(of: word) { return index + 1 }
        let suffix = ["st", "nd", "rd", "th"].first(where: word.hasSuffix)
        return digits(word.dropLast(suffix?.count ?? 0))
    }

    private static func digits(_ text: some StringProtocol) -> Int? {
        text.count <= 2 && text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }

    private static func named(_ region: String, _ number: Int) -> String? {
        number >= 1 && number <= counts[region] ?? 0 ? region + String(number) : nil
    }
}
