import DICOMDictionary
import Faults
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// Against a real PACS: what we send it understands, and what it sends we do.
@Suite(.enabled(if: OrthancServer.isInstalled)) struct OrthancTests {
    let scratch: ScratchFolder
    let provider: TestProvider
    let orthanc: OrthancServer
    let node: RemoteNode

    init() throws {
        scratch = try ScratchFolder()
        provider = try TestProvider()
        orthanc = try OrthancServer(modalities: [TestProvider.title: provider.port])
        let entity = try ApplicationEntity(title: OrthancServer.title, host: "127.0.0.1", port: orthanc.dicomPort)
        node = try RemoteNode(entity, callingTitle: TestProvider.title, timeout: .seconds(30))
    }

    private func fill(_ series: ClosedRange<Int> = 1...2, _ count: Int = 5) throws -> [TestObject] {
        let objects = series.flatMap { series in (1...count).map { TestObject(number: $0, series: series, rows: 64) } }
        let outcomes = try node.store(scratch.write(objects))
        #expect(outcomes.count(where: \.isStored) == objects.count)
        return objects
    }

    @Test func storedStudyIsFoundAndComesBackByGetAndMove() throws {
        try node.echo()
        let objects = try fill()

        let contents = try node.findInstances(study: TestObject.study)
        #expect(Set(contents.series.map(\.seriesInstanceUID)) == ["\(TestObject.study).1", "\(TestObject.study).2"])
        #expect(
            contents.series.allSatisfy {
                $0.modality == "CT" && $0.instances.allSatisfy { $0.sopClassUID == TestObject.computedTomography }
            })
        #expect(Set(contents.series.flatMap(\.instances).map(\.sopInstanceUID)) == Set(objects.map(\.sopInstance)))
        #expect(
            try node.contains(
                sopInstanceUID: objects[0].sopInstance, study: TestObject.study, series: "\(TestObject.study).1"))
        #expect(try !node.contains(sopInstanceUID: "1.2.3", study: TestObject.study, series: "\(TestObject.study).1"))
        #expect(try node.findInstances(study: "1.2.3").series.isEmpty)

        var received: [String] = []
        var steps = 0
        let got = try node.get(study: TestObject.study, into: scratch.url, progress: { _ in steps += 1 }) { instance in
            received.append(instance.sopInstanceUID)
            #expect(instance.callingTitle == OrthancServer.title && instance.calledTitle == TestProvider.title)
            return .success
        }
        #expect(got.completed == 10 && got.isWhole && steps >= 10)
        #expect(Set(received) == Set(objects.map(\.sopInstance)))

        let one = try node.get(study: TestObject.study, series: "\(TestObject.study).2", into: scratch.url) { _ in
            .success
        }
        #expect(one.completed == 5)

        let moved = try node.move(study: TestObject.study, series: "\(TestObject.study).1", to: TestProvider.title)
        #expect(moved.completed == 5 && moved.isWhole)
        #expect(
            Set(provider.stored.map(\.instance.sopInstanceUID))
                == Set(objects.filter { $0.series == 1 }.map(\.sopInstance)))
        #expect(provider.stored.allSatisfy { $0.instance.callingTitle == OrthancServer.title })
        #expect(throws: DIMSEError(.refusedByPeer, "")) { try node.move(study: TestObject.study, to: "NOWHERE") }
    }

    @Test(.enabled(if: Fixtures.data("codecs") != nil))
    func compressedObjectsGoThereAndBackInTheirTransferSyntax() throws {
        let folder = try #require(Fixtures.data("codecs"))
        let names = [
            "JPEG2000.1.2.840.10008.1.2.4.91", "JPEGLSLossless.1.2.840.10008.1.2.4.80",
            "JPEGProcess14SV1.1.2.840.10008.1.2.4.70", "RLELossless.1.2.840.10008.1.2.5",
        ]
        for name in names {
            // They are one slice in several encodings: with one identifier, hence a PACS each.
            let orthanc = try OrthancServer()
            let entity = try ApplicationEntity(title: OrthancServer.title, host: "127.0.0.1", port: orthanc.dicomPort)
            let node = try RemoteNode(entity, callingTitle: TestProvider.title)
            let file = folder.appending(path: name + ".dcm")
            #expect(try node.store([file]).allSatisfy(\.isStored))
            let study = try #require(try studyInstance(of: file))
            var syntaxes: [String] = []
            let result = try node.get(study: study, into: scratch.url) { instance in
                syntaxes.append(instance.transferSyntaxUID)
                return .success
            }
            #expect(result.completed == 1)
            #expect(syntaxes.allSatisfy(name.hasSuffix))
        }
    }

    @Test func getStopsWhenCancelled() throws {
        _ = try fill(1...1, 40)
        var count = 0
        #expect(throws: DIMSEError(.cancelled, "")) {
            try node.get(study: TestObject.study, into: scratch.url, isCancelled: { count >= 3 }) { _ in
                count += 1
                return .success
            }
        }
        #expect(count < 40)
        try node.echo()
    }

    @Test func deathOfThePeerIsTransient() throws {
        _ = try fill(1...1, 30)
        var count = 0
        let error = #expect(throws: DIMSEError.self) {
            try node.get(study: TestObject.study, into: scratch.url) { _ in
                count += 1
                if count == 3 { orthanc.shutDown() }
                return .success
            }
        }
        #expect(error?.isTransient == true)
        let refused = #expect(throws: DIMSEError(.unreachable, "")) { try node.echo() }
        #expect(refused?.isTransient == true)
        // A list of files says of each what became of it.
        let files = try scratch.write([TestObject(number: 1)])
        #expect(throws: DIMSEError(.unreachable, "")) { try node.store(files) }
    }

    @Test func deathInTheMiddleOfSendingIsTheOutcomeOfTheRest() throws {
        let files = try scratch.write((1...20).map { TestObject(number: $0, rows: 64) })
        let outcomes = try node.store(files, progress: { if $0.finishedFiles == 5 { orthanc.shutDown() } })
        #expect(outcomes.prefix(5).count(where: \.isStored) == 5)
        #expect(outcomes.dropFirst(5).allSatisfy { $0.error?.isTransient == true })
    }
}

/// Study Instance UID of a file in explicit little endian, whatever its pixels are.
private func studyInstance(of file: URL) throws -> String? {
    let data = try Data(contentsOf: file)
    guard let found = data.range(of: Data([0x20, 0x00, 0x0D, 0x00, 0x55, 0x49])) else { return nil }
    let length = Int(data[found.upperBound]) | Int(data[found.upperBound + 1]) << 8
    let bytes = data[(found.upperBound + 2)..<(found.upperBound + 2 + length)]
    return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
}
