import DICOMDictionary
import DICOMObjects
import DeIdentification
import Foundation
import Testing

struct DeIdentifierTests {
    private static let key = try? SiteSecret(Array("a secret of thirty-two bytes, or more".utf8)).key(of: "clinic")

    static func run(
        _ policy: DeIdentificationPolicy = .basic, tenant: String = "clinic", _ facts: PlantedObject.Facts = .init(),
        also more: (inout RawObject) -> Void = { _ in }
    ) throws -> (object: DICOMObject, bytes: [UInt8], report: DeIdentificationReport) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try PlantedObject.write(facts, to: source, also: more)
        let key = try SiteSecret(Array("a secret of thirty-two bytes, or more".utf8)).key(of: tenant)
        let report = try DeIdentifier(policy: policy, key: key).deidentify(source, to: target)
        let bytes = Array(try Data(contentsOf: target))
        // Values longer than 4 KiB would stay on disk; these objects have none.
        return (try DICOMObject(file: target), bytes, report)
    }

    static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        String(decoding: bytes, as: Unicode.ASCII.self).contains(text)
    }

    @Test(arguments: [true, false], [DeIdentificationPolicy.Dates.shift, .remove])
    func nothingOfTheIdentityRemains(isExplicit: Bool, dates: DeIdentificationPolicy.Dates) throws {
        var facts = PlantedObject.Facts()
        facts.isExplicit = isExplicit
        let policy = DeIdentificationPolicy(retain: [.patientCharacteristics], dates: dates)
        let result = try Self.run(policy, tenant: "clinic", facts)
        for text in [PlantedObject.mark, PlantedObject.root, PlantedObject.birthDate, PlantedObject.studyDate, "Erika"]
        {
            #expect(!Self.contains(result.bytes, text), "\(text) is still there")
        }
        let dataset = result.object.dataset
        #expect(dataset.text(.patientSex) == "F")
        #expect(dataset.text(.patientAge) == "069Y")
        #expect(dataset.bytes(.pixelData) == [1, 2, 3, 4])
        #expect(dataset.text(.sopClass) == PlantedObject.computedTomography)
    }

    @Test func theObjectIsPlantedEverywhere() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try PlantedObject.write(to: file)
        let text = String(decoding: try Data(contentsOf: file), as: Unicode.ASCII.self)
        #expect(text.split(separator: PlantedObject.mark).count > 60)
        // The sequence that calls itself UN is read as one, or its inside would not be tested.
        let items = try DICOMObject(file: file).dataset.items(RawObject.tag(0x0040_a170))
        #expect(items.first?.text(.patientName) == "ZZQDeep^G12")
    }

    @Test func withoutTheOptionNeitherSexNorAgeStays() throws {
        let dataset = try Self.run().object.dataset
        #expect(dataset.contains(.patientSex))
        #expect(dataset.text(.patientSex) == nil)
        #expect(!dataset.contains(.patientAge))
    }

    @Test func theDeviceStaysIfThePolicySaysSo() throws {
        #expect(
            try Self.run(DeIdentificationPolicy(retain: [.device])).object.dataset.text(RawObject.tag(0x0018_1000))
                == "ZZQSERIAL")
        #expect(try Self.run().object.dataset.text(RawObject.tag(0x0018_1000)) == "REMOVED")
    }

    @Test func datesMoveByOneNumberOfDaysAndTimesStay() throws {
        var later = PlantedObject.Facts()
        later.date = "20210415"
        let (first, second) = (try Self.run().object.dataset, try Self.run(.basic, later).object.dataset)
        let days = try first.text(.studyDate).map(Self.day)
        let after = try second.text(.studyDate).map(Self.day)
        #expect(try #require(after) - #require(days) == 42)
        #expect(first.text(.studyTime) == "101112")
        let moment = try #require(first.text(RawObject.tag(0x0008_002a)))
        #expect(moment == "\(try #require(first.text(.studyDate)))101112.5+0100")
        let nested = first.items(RawObject.tag(0x0008_9215)).first?.text(.studyDate)
        #expect(nested == first.text(.studyDate))
    }

    @Test func otherPatientsDatesMoveByOtherNumbers() throws {
        let shifts = try (0..<8).map { number in
            var facts = PlantedObject.Facts()
            facts.patient = "other\(number)"
            return try Self.run(.basic, facts).object.dataset.text(.studyDate)
        }
        #expect(Set(shifts).count == 8)
    }

    @Test func removedDatesAreEmptyOrDummies() throws {
        let dataset = try Self.run(DeIdentificationPolicy(dates: .remove)).object.dataset
        #expect(dataset.contains(.studyDate))
        #expect(dataset.text(.studyDate) == nil)
        #expect(dataset.text(RawObject.tag(0x0008_0021)) == "19000101")
        #expect(dataset.text(RawObject.tag(0x0028_0303)) == "REMOVED")
    }

    @Test func instancesOfAStudyStayLinked() throws {
        var second = PlantedObject.Facts()
        second.instance = "\(PlantedObject.root).3.2"
        let (one, other) = (try Self.run().object, try Self.run(.basic, second).object)
        for tag in [AttributeTag.studyInstance, .seriesInstance, .frameOfReference, .patientIdentifier, .patientName] {
            #expect(one.dataset.text(tag) == other.dataset.text(tag))
        }
        let instance = try #require(one.dataset.text(.sopInstance))
        #expect(instance != other.dataset.text(.sopInstance))
        #expect(one.meta.text(RawObject.tag(0x0002_0003)) == instance)
        #expect(instance.wholeMatch(of: /2\.25\.[1-9][0-9]{30,38}/) != nil)
    }

    @Test func referencesLeadToTheSameInstancesAsTheirOwnIdentifiers() throws {
        var referenced = PlantedObject.Facts()
        referenced.instance = "\(PlantedObject.root).4.1"
        let source = try Self.run().object.dataset.items(RawObject.tag(0x0008_1140))
        #expect(source.count == 1)
        #expect(
            try source[0].text(.referencedSOPInstance) == Self.run(.basic, referenced).object.dataset.text(.sopInstance)
        )
        #expect(source[0].text(.referencedSOPClass) == PlantedObject.computedTomography)
    }

    @Test func theSameObjectGivesTheSameBytesAndOtherTenantsOtherOnes() throws {
        let one = try Self.run()
        #expect(try Self.run().bytes == one.bytes)
        let other = try Self.run(.basic, tenant: "other")
        #expect(other.object.dataset.text(.patientIdentifier) != one.object.dataset.text(.patientIdentifier))
        #expect(other.object.dataset.text(.studyInstance) != one.object.dataset.text(.studyInstance))
    }

    @Test func thePairsTurnEverythingBack() throws {
        let result = try Self.run()
        let pairs = Dictionary(grouping: result.report.pseudonyms, by: \.kind)
        let patient = IdentityPair(
            kind: .patientID, original: "ZZQID7", pseudonym: result.object.dataset.text(.patientIdentifier) ?? "")
        #expect(pairs[.patientID]?.contains(patient) == true)
        #expect(pairs[.studyUID]?.map(\.original) == ["\(PlantedObject.root).1"])
        #expect(pairs[.seriesUID]?.map(\.original) == ["\(PlantedObject.root).2"])
        #expect(pairs[.frameOfReferenceUID]?.map(\.original) == ["\(PlantedObject.root).5"])
        #expect(pairs[.sopInstanceUID]?.map(\.original).contains("\(PlantedObject.root).3.1") == true)
        #expect(Set(result.report.pseudonyms).count == result.report.pseudonyms.count)
        #expect(pairs[.other]?.contains { $0.original == "ZZQACC" } == true)
        #expect(try Self.deIdentifier().pseudonym(of: "\(PlantedObject.root).1") == pairs[.studyUID]?.first?.pseudonym)
        #expect(try Self.key?.pseudonym(of: "\(PlantedObject.root).1") == pairs[.studyUID]?.first?.pseudonym)
        #expect(
            try Self.deIdentifier().pseudonym(of: PlantedObject.computedTomography) == PlantedObject.computedTomography)
    }

    @Test func identifiersStayIfThePolicySaysSo() throws {
        let result = try Self.run(DeIdentificationPolicy(uids: .keep))
        #expect(result.object.dataset.text(.studyInstance) == "\(PlantedObject.root).1")
        #expect(!Self.contains(result.bytes, PlantedObject.mark))
    }

    @Test func safePrivateAttributesStayWithTheirCreator() throws {
        func more(_ object: inout RawObject) {
            // After group 7fe0: DCMTK sorts.
            object.text(0x7fe1_0010, "LO", "SAFE VENDOR")
            object.text(0x7fe1_0011, "LO", "OTHER VENDOR")
            object.text(0x7fe1_1001, "LO", "kept")
            object.text(0x7fe1_1002, "LO", "\(PlantedObject.mark) not kept")
            object.text(0x7fe1_1101, "LO", "\(PlantedObject.mark) of the other")
            object.text(0x7fe1_1003, "PN", "\(PlantedObject.mark) listed, but a name")
        }
        let safe = ["SAFE VENDOR:7fe1,01", "SAFE VENDOR:7fe1,03"].compactMap(PrivateAttribute.init)
        let result = try Self.run(DeIdentificationPolicy(private: safe), also: more)
        #expect(result.object.dataset.text(RawObject.tag(0x7fe1_1001)) == "kept")
        #expect(result.object.dataset.text(RawObject.tag(0x7fe1_0010)) == "SAFE VENDOR")
        #expect(!result.object.dataset.contains(RawObject.tag(0x7fe1_0011)))
        #expect(!Self.contains(result.bytes, PlantedObject.mark))
        #expect(result.report.keptPrivate == 2)
    }

    @Test func theObjectSaysWhatWasDone() throws {
        let dataset = try Self.run(DeIdentificationPolicy(retain: [.patientCharacteristics, .device])).object.dataset
        #expect(dataset.text(RawObject.tag(0x0012_0062)) == "YES")
        #expect(dataset.text(RawObject.tag(0x0028_0303)) == "MODIFIED")
        let codes = dataset.items(RawObject.tag(0x0012_0064)).compactMap { $0.text(.codeValue) }
        #expect(codes == ["113100", "113107", "113108", "113109"])
    }

    @Test func withoutAProfileTheBytesAreCopied() throws {
        let result = try Self.run(.none)
        #expect(Self.contains(result.bytes, "ZZQ preamble"))
        #expect(result.report.pseudonyms.isEmpty)
        #expect(try DeIdentifier(policy: .none, key: #require(Self.key)).pseudonym(of: "1.2.3") == "1.2.3")
    }

    @Test func aDateThatIsNoneIsEmptied() throws {
        var facts = PlantedObject.Facts()
        facts.date = "\(PlantedObject.mark)DAY"
        let result = try Self.run(.basic, facts)
        #expect(!Self.contains(result.bytes, PlantedObject.mark))
        #expect(result.report.invalidDates > 0)
    }

    static func deIdentifier() throws -> DeIdentifier { DeIdentifier(policy: .basic, key: try #require(key)) }

    /// Days since 1970 by Foundation's calendar, as the oracle.
    private static func day(_ text: String) throws -> Int {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let number = try #require(Int(text))
        let date = calendar.date(
            from: DateComponents(year: number / 10000, month: number / 100 % 100, day: number % 100))
        return Int((try #require(date).timeIntervalSince1970 / 86400).rounded())
    }
}
