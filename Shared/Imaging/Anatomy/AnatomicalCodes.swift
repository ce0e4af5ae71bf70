/// The codes of what label sets name, for DICOM segmentations: property types of DICOM PS3.16 CID 7603 (Vertebra) and
/// CID 4 (Anatomic Region; sacrum) in the category that CID 7150 has for them.
package enum AnatomicalCodes {
    /// CID 7150's "Anatomical Structure".
    package static let category = CodedConcept(scheme: "SCT", value: "91723000", meaning: "Anatomical Structure")

    /// The SNOMED CT concept of a label's name (`C1` … `L5`, `sacrum`), or nil for other names.
    package static func concept(of name: String) -> CodedConcept? {
        codes.first { $0.name == name }.map { CodedConcept(scheme: "SCT", value: $0.current, meaning: $0.meaning) }
    }

    /// The name that a SNOMED CT concept, or its SNOMED RT predecessor, has in label sets; nil for any other.
    package static func name(of concept: CodedConcept) -> String? {
        switch concept.scheme {
        case "SCT": codes.first { $0.current == concept.value }?.name
        // SNM3 and 99SDM are what SNOMED RT was called in still older objects (PS3.16, 8.1).
        case "SRT", "SNM3", "99SDM": codes.first { $0.old == concept.value }?.name
        default: nil
        }
    }

    /// Whether a concept leaves open what the thing is called: tissue, bone, a vertebra, or what a program has a code
    /// of its own for (schemes that begin with 99, PS3.16, 8.2).
    package static func isGeneral(_ concept: CodedConcept) -> Bool {
        switch concept.scheme {
        case "SCT": generalCodes.contains(concept.value)
        case "SRT", "SNM3", "99SDM": oldGeneralCodes.contains(concept.value)
        default: concept.scheme.hasPrefix("99")
        }
    }

    /// Tissue, anatomical structure, body structure, organ, bone, vertebra, vertebral column.
    private static let generalCodes: Set<String> = [
        "85756007", "91723000", "123037004", "113343008", "272673000", "51282000", "421060004",
    ]
    /// Tissue, anatomical structure, bone, vertebral column.
    private static let oldGeneralCodes: Set<String> = ["T-D0050", "T-D000A", "T-D016E", "T-11500"]

    private static let codes: [(name: String, current: String, old: String, meaning: String)] = [
        ("C1", "14806007", "T-11610", "C1 vertebra"),
        ("C2", "39976000", "T-11620", "C2 vertebra"),
        ("C3", "113205007", "T-11630", "C3 vertebra"),
        ("C4", "5329002", "T-11640", "C4 vertebra"),
        ("C5", "36978003", "T-11650", "C5 vertebra"),
        ("C6", "36054005", "T-11660", "C6 vertebra"),
        ("C7", "87391001", "T-11670", "C7 vertebra"),
        ("T1", "64864005", "T-11710", "T1 vertebra"),
        ("T2", "53733008", "T-11720", "T2 vertebra"),
        ("T3", "1626008", "T-11730", "T3 vertebra"),
        ("T4", "73071006", "T-11740", "T4 vertebra"),
        ("T5", "56401006", "T-11750", "T5 vertebra"),
        ("T6", "45296009", "T-11760", "T6 vertebra"),
        ("T7", "62487009", "T-11770", "T7 vertebra"),
        ("T8", "11068009", "T-11780", "T8 vertebra"),
        ("T9", "82687006", "T-11790", "T9 vertebra"),
        ("T10", "7610001", "T-117A0", "T10 vertebra"),
        ("T11", "12989004", "T-117B0", "T11 vertebra"),
        ("T12", "23215003", "T-117C0", "T12 vertebra"),
        ("L1", "66794005", "T-11910", "L1 vertebra"),
        ("L2", "14293000", "T-11920", "L2 vertebra"),
        ("L3", "36470004", "T-11930", "L3 vertebra"),
        ("L4", "11994002", "T-11940", "L4 vertebra"),
        ("L5", "49668003", "T-11950", "L5 vertebra"),
        ("sacrum", "54735007", "T-11AD0", "Sacrum"),
    ]
}
