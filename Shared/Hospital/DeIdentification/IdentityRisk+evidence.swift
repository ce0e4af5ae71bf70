import DICOMDictionary
import DICOMObjects

extension IdentityRisk {
    /// What the attributes of an object, before anything is taken out of it, tell of its pixels.
    static func risks(of dataset: DICOMObject.Item) -> [IdentityRisk] {
        guard dataset.contains(.pixelData) || dataset.contains(AttributeTag(0x7fe0, 0x0008)) || dataset.contains(.rows)
        else { return [] }
        return [burnedIn(dataset).map(burnedInAnnotation), face(dataset).map(faceVisible)].compactMap { $0 }
    }

    private static func burnedIn(_ dataset: DICOMObject.Item) -> Evidence? {
        if dataset.text(.burnedInAnnotation) == "YES" { return .declared }
        let sopClass = dataset.text(.sopClass) ?? ""
        // Secondary captures (…1.7 and below), ultrasound (…1.3.1, …1.6.1, …1.6.2 and what they replaced), visible
        // light (…1.77), documents.
        let classes = ["7", "7.", "3", "3.", "6", "6.", "77.", "104."]
        let isLikelyClass = classes.contains { part in
            let prefix = SOPClass.storage + part
            return part.hasSuffix(".") ? sopClass.hasPrefix(prefix) : sopClass == prefix
        }
        let types = dataset.texts(.imageType).map { $0.uppercased() }
        let isScreen = types.contains { type in
            ["SCREEN", "CAPTURE", "DOSE_INFO", "REPORT"].contains { type.contains($0) }
        }
        // Text may also lie in the bits of the pixels that an overlay says are its own.
        let hasEmbeddedOverlay = (0..<16).contains { plane in
            let group = UInt16(0x6000 + 2 * plane)
            return (dataset.numbers(AttributeTag(group, 0x0102))?.first ?? 0) > 0
                && !dataset.contains(AttributeTag(group, 0x3000))
        }
        // Conversion Type is there in secondary captures of any class.
        let isConverted = dataset.contains(AttributeTag(0x0008, 0x0064))
        return isLikelyClass || isScreen || hasEmbeddedOverlay || isConverted ? .likely : nil
    }

    private static func face(_ dataset: DICOMObject.Item) -> Evidence? {
        if dataset.text(AttributeTag(0x0028, 0x0302)) == "YES" { return .declared }
        guard ["CT", "MR", "PT"].contains(dataset.text(.modality) ?? "") else { return nil }
        let texts = [
            dataset.text(.bodyPart), dataset.text(.studyDescription), dataset.text(.seriesDescription),
            dataset.text(AttributeTag(0x0018, 0x1030)), // protocol
            dataset.text(AttributeTag(0x0032, 0x1060)), // requested procedure
            dataset.items(AttributeTag(0x0008, 0x2218)).first?.text(.codeMeaning), // anatomic region
        ]
        let words = texts.compactMap { $0?.uppercased() }.joined(separator: " ").map {
            $0.isLetter || $0.isNumber ? $0 : " "
        }
        let text = " " + String(words)
        return facial.contains { text.contains(" " + $0) } ? .likely : nil
    }

    /// Beginnings of words for what lies in a field of view that shows the face, as scanners' protocols and
    /// radiologists of several languages write them. The neck is among them: its images end above the chin.
    private static let facial = [
        "HEAD", "BRAIN", "SKULL", "FACE", "FACIAL", "NECK", "SINUS", "ORBIT", "MANDIB", "MAXILL", "DENTAL", "JAW",
        "CRANI", "CEREB", "TEMPORAL",
        "CSPINE", "C SPINE", "CERVICAL", "WHOLEBODY", "WHOLE BODY", "KOPF", "SCHAEDEL", "SCHÄDEL", "GESICHT", "HALS",
        "HWS", "NNH", "TÊTE",
        "CRÂNE", "CABEZA", "CUELLO", "TESTA", "COLLO",
    ]
}
