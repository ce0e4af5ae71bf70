import DICOMDictionary
import DICOMObjects
import DeIdentification
import Faults
import Foundation
import Testing

struct ReIdentificationTests {
    @Test func aResultGetsItsPatientBack() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var facts = PlantedObject.Facts()
        facts.name = "Müller^Jörg"
        let deidentified = try DeIdentifierTests.run(.basic, facts)
        let result = folder.appending(path: "result")
        try Self.writeResult(from: deidentified.object.dataset, to: result)
        let asked = try ReIdentification.pseudonyms(in: result)
        let known = Dictionary(
            deidentified.report.pseudonyms.map { ($0.pseudonym, $0) }, uniquingKeysWith: { first, _ in first })
        let restored = folder.appending(path: "restored")
        #expect(try ReIdentification(pairs: asked.compactMap { known[$0] }).restore(result, to: restored) == 0)
        let dataset = try DICOMObject(file: restored).dataset
        #expect(dataset.text(.patientIdentifier) == "ZZQID7")
        #expect(dataset.text(.patientName) == "Müller^Jörg")
        #expect(dataset.text(.patientBirthDate) == PlantedObject.birthDate)
        #expect(dataset.text(.accessionNumber) == "ZZQACC")
        #expect(dataset.text(.studyDate) == PlantedObject.studyDate)
        #expect(dataset.text(.studyInstance) == "\(PlantedObject.root).1")
        #expect(
            dataset.items(RawObject.tag(0x0008_1140))[0].text(.referencedSOPInstance) == "\(PlantedObject.root).3.1")
        #expect(dataset.text(.sopInstance) == "2.25.4711")
        #expect(!dataset.contains(RawObject.tag(0x0012_0062)))
        // A text of the result itself, in the set it came in.
        #expect(dataset.text(.seriesDescription) == "Größe")
        #expect(dataset.text(.specificCharacterSet) == "ISO_IR 192")
    }

    /// ASCII says nothing of such bytes, and UTF-8 has none of them. Beside a patient who is all ASCII both can stay;
    /// else the text goes.
    @Test(
        arguments: [
            ("ZZQMuster^Erika", "ISO_IR 6", [0x47, 0x72, 0xf6, 0xdf, 0x65], 0), ("Müller^Jörg", "ISO_IR 192", [], 1),
        ] as [(String, String, [UInt8], Int)])
    func aTextOfNoKnownSetIsKeptOnlyUnderItsSet(name: String, set: String, text: [UInt8], emptied: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var facts = PlantedObject.Facts()
        facts.name = name
        let deidentified = try DeIdentifierTests.run(.basic, facts)
        let result = folder.appending(path: "result"), restored = folder.appending(path: "restored")
        try Self.writeResult(from: deidentified.object.dataset, characterSet: "ISO_IR 6", to: result)
        let pairs = deidentified.report.pseudonyms
        #expect(try ReIdentification(pairs: pairs).restore(result, to: restored) == emptied)
        let dataset = try DICOMObject(file: restored).dataset
        #expect(dataset.text(.patientIdentifier) == "ZZQID7")
        #expect(dataset.text(.patientName) == name)
        #expect(dataset.text(.specificCharacterSet) == set)
        #expect(dataset.contains(.seriesDescription) && dataset.bytes(.seriesDescription) ?? [] == text)
    }

    /// An attribute that may be restored, and that custody has nothing for.
    @Test func aTextThatWasNeverTakenAwayBecomesUnicodeToo() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let deidentified = try DeIdentifierTests.run(.basic)
        let result = folder.appending(path: "result"), restored = folder.appending(path: "restored")
        try Self.writeResult(from: deidentified.object.dataset, studyDescription: "Schädel", to: result)
        let pairs = deidentified.report.pseudonyms.filter {
            !$0.pseudonym.hasSuffix(AttributeTag.studyDescription.digits)
        }
        #expect(try ReIdentification(pairs: pairs).restore(result, to: restored) == 0)
        let dataset = try DICOMObject(file: restored).dataset
        #expect(dataset.text(.specificCharacterSet) == "ISO_IR 192")
        #expect(dataset.bytes(.studyDescription) == Array("Schädel".utf8))
    }

    @Test func anObjectFromElsewhereIsRefused() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try PlantedObject.write(to: file)
        let error = #expect(throws: DeIdentificationError.self) {
            try ReIdentification(pairs: []).restore(file, to: file.appendingPathExtension("out"))
        }
        #expect(error?.code == .unknownPseudonym)
    }

    private static func writeResult(
        from source: DICOMObject.Item, characterSet: String = "ISO_IR 100", studyDescription: String? = nil,
        to file: URL
    ) throws {
        var (object, reference) = (RawObject(), RawObject())
        reference.text(0x0008_1155, "UI", source.text(.sopInstance) ?? "")
        object.text(0x0008_0005, "CS", characterSet)
        object.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.66.4")
        object.text(0x0008_0018, "UI", "2.25.4711")
        if let studyDescription { object.text(0x0008_1030, "LO", studyDescription) }
        object.text(0x0008_103e, "LO", "Größe")
        object.sequence(0x0008_1140, [reference])
        object.text(0x0010_0010, "PN", source.text(.patientName) ?? "")
        object.text(0x0010_0020, "LO", source.text(.patientIdentifier) ?? "")
        object.text(0x0012_0062, "CS", "YES")
        object.text(0x0020_000d, "UI", source.text(.studyInstance) ?? "")
        try object.write(to: file, sopClass: "1.2.840.10008.5.1.4.1.1.66.4", instance: "2.25.4711")
    }
}
