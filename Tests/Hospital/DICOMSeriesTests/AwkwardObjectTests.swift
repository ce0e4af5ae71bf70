import DICOMDictionary
import DICOMSeries
import DICOMObjects
import DIMSE
import Faults
import Foundation
import Synchronization
import TestSupport
import Testing
import Volumes

/// One parser reads objects for conversion, export, de-identification, sending and receiving: what one accepts all
/// accept, and all find the same in it.
@Suite struct AwkwardObjectTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ kind: AwkwardObject, slices: Int = 3) throws -> [URL] {
        try (0..<slices).map { slice in
            let file = folder.file("\(slice).dcm")
            try kind.file(slice).write(to: file)
            return file
        }
    }

    private static let voxels = (0..<3).flatMap(AwkwardObject.hounsfield)

    private static func check(_ series: DICOMSeries) {
        #expect(series.int16Volume?.voxels == voxels)
        #expect(series.geometry.spacingInMillimetres == [0.5, 0.75, 2.5])
        #expect(series.geometry.affine.origin == SIMD3(100, 120, 50))
    }

    @Test(arguments: AwkwardObject.allCases) func convertsToTheSameVolume(kind: AwkwardObject) throws {
        _ = try write(kind)
        Self.check(try DICOMReader.readSeries(at: folder.url))
    }

    /// slicebox/slicebox#200: identifiers that only the meta header has are the object's.
    @Test func identifiersOfTheMetaHeaderAreTheObjects() throws {
        for slice in 0..<3 {
            var bytes = AwkwardObject.zerosAtTheEnd.file(slice)
            for element: UInt8 in [0x16, 0x18] {
                let head = try #require(bytes.range(of: Data([8, 0, element, 0, 0x55, 0x49])))
                // An element that nobody knows.
                bytes.replaceSubrange(head, with: Data([8, 0, element - 5, 0, 0x55, 0x49]))
            }
            try bytes.write(to: folder.file("\(slice).dcm"))
        }
        let identifiers = try InstanceIdentifiers.read(folder.file("1.dcm"))
        #expect(identifiers.sopInstanceUID == AwkwardObject.instance(1) && identifiers.isComputedTomography)
        let series = try DICOMReader.readSeries(at: folder.url)
        Self.check(series)
        #expect(Set(series.instances.map(\.sopInstanceUID)) == Set((0..<3).map(AwkwardObject.instance)))
    }

    /// Export and de-identification read attributes, change them, and write the object.
    @Test(arguments: AwkwardObject.allCases) func isReadAndWrittenAsATree(kind: AwkwardObject) throws {
        let written = try TemporaryFolder()
        for (slice, file) in try write(kind).enumerated() {
            let object = try DICOMObject(file: file)
            #expect(object.dataset.numbers(.imagePosition) == [-100, -120, 50 + 2.5 * Double(slice)])
            #expect(object.dataset.numbers(.pixelSpacing) == [0.75, 0.5])
            #expect(object.dataset.numbers(.rows) == [6])
            #expect(object.dataset.text(.seriesInstance) == AwkwardObject.series)
            #expect(
                (object.dataset.text(.sopClass) ?? object.meta.text(AttributeTag(0x0002, 0x0002)))
                    == AwkwardObject.computedTomography)
            #expect(object.dataset.text(.sopInstance) == AwkwardObject.instance(slice))
            try object.dataset.set(.patientName, text: "Nobody")
            try object.write(to: written.file("\(slice).dcm"))
        }
        Self.check(try DICOMReader.readSeries(at: written.url))
    }

    /// Sends files by C-STORE; those that came in are in `received`.
    private func send(_ files: [URL], to received: TemporaryFolder) throws -> [StoreOutcome] {
        let incoming = try TemporaryFolder()
        let target = received.url
        let count = Mutex(0)
        let provider = try StorageProvider(
            StorageProvider.Configuration(
                title: "COLUMNA", bindAddress: "127.0.0.1", port: 0, maximumAssociations: 2,
                associationTimeout: .seconds(20), folder: incoming.url,
                largestInstanceInBytes: 1 << 20),
            admit: { _ in .accepted },
            receive: { instance in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                try? FileManager.default.copyItem(at: instance.file, to: target.appending(path: "\(number).dcm"))
                return instance.sopInstanceUID == AwkwardObject.instance(number - 1) ? .success : .refused
            }, observe: { _ in })
        try provider.start()
        defer { provider.stop(gracePeriod: .zero) }
        let node = try RemoteNode(
            ApplicationEntity(title: "COLUMNA", host: "127.0.0.1", port: try #require(provider.port)),
            callingTitle: "SENDER",
            connectTimeout: .seconds(5), timeout: .seconds(20))
        return try node.store(files)
    }

    /// Other nodes get what they can read, under the dataset's own identifiers; and what comes in is read.
    @Test(arguments: AwkwardObject.allCases) func isSentAndReceived(kind: AwkwardObject) throws {
        let received = try TemporaryFolder()
        let outcomes = try send(try write(kind), to: received)
        // GE's syntax is its own: the listener does not offer it, and says so.
        if kind == .bigEndianPixels {
            #expect(outcomes.map(\.error?.code) == [.notSupported, .notSupported, .notSupported])
            return
        }
        let errors = outcomes.compactMap(\.error)
        #expect(errors == [])
        Self.check(try DICOMReader.readSeries(at: received.url))
    }

    /// The lengths of the items of encapsulated pixels, the offset table's first.
    private func fragmentLengths(_ file: URL) throws -> [UInt8] {
        let bytes = try Data(contentsOf: file)
        return bytes.ranges(of: Data([0xfe, 0xff, 0x00, 0xe0])).map { bytes[$0.upperBound] }
    }

    @Test func oddFragmentsAreSentEven() throws {
        let received = try TemporaryFolder()
        let outcomes = try send(try write(.oddFragments, slices: 1), to: received)
        #expect(outcomes.compactMap(\.error) == [])
        let lengths = try fragmentLengths(received.file("1.dcm"))
        #expect(lengths.count == 2 && lengths.allSatisfy { $0.isMultiple(of: 2) })
    }

    /// Nobody can say where padding would do no harm.
    @Test func fragmentsOfFramesThatCannotBeToldApartAreSentAsTheyAre() throws {
        let (folder, received) = (try TemporaryFolder(), try TemporaryFolder())
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = "1.2.840.10008.1.2.5"
        object.text(0x0008_0018, "UI", AwkwardObject.instance(0))
        object.text(0x0028_0008, "IS", "2")
        object.fragments([[1, 2, 3], [4], [5, 6, 7, 8, 9]], isPadded: false)
        try object.write(to: folder.file("one"))
        let outcomes = try send([folder.file("one")], to: received)
        #expect(outcomes.compactMap(\.error) == [])
        #expect(try fragmentLengths(received.file("1.dcm")) == [0, 3, 1, 5])
    }

    /// What is cut off stays an error, wherever the cut lies.
    @Test(arguments: [
        AwkwardObject.everythingAsUnknown, .implicitItems, .fragmentsWithoutEnd, .zerosForTheEndOfFragments,
        .statedExplicit,
    ])
    func cutFilesAreRefusedEverywhere(kind: AwkwardObject) throws {
        let whole = kind.file()
        let file = folder.file("cut")
        let ends = [9, 10, 11, 13, 16, 20, 25, 40, 60] + Array(stride(from: 100, to: whole.count, by: 23))
        for missing in ends {
            try whole.prefix(whole.count - missing).write(to: file)
            #expect(throws: DICOMError.self, "\(missing) bytes missing") { try DICOMReader.readSeries(at: file) }
        }
    }
}
