import Faults
import DICOMweb
import Foundation
import HTTP
import TestSupport
import Testing

@Suite(.enabled(if: OrthancServer.isInstalled)) struct OrthancTests {
    let scratch: ScratchFolder
    let orthanc: OrthancServer
    let client: DICOMwebClient

    init() throws {
        scratch = try ScratchFolder()
        orthanc = try OrthancServer(needsPassword: true)
        client = try DICOMwebClient(
            baseURL: orthanc.dicomWebURL,
            credentials: .basic(user: OrthancServer.user, password: OrthancServer.password), timeout: .seconds(30))
    }

    private func write(_ objects: [TestObject]) throws -> [URL] { try objects.map { try $0.write(to: scratch.url) } }

    @Test func storedStudyIsListedAndComesBack() throws {
        let objects = (1...2).flatMap { series in (1...60).map { TestObject(number: $0, series: series, rows: 64) } }
        var steps: [Int] = []
        let outcomes = try client.store(write(objects), progress: { finished, _ in steps.append(finished) })
        #expect(outcomes.count(where: \.isStored) == 120)
        #expect(steps == [100, 120])

        let instances = try client.instances(study: TestObject.study)
        #expect(Set(instances.map(\.sopInstanceUID)) == Set(objects.map(\.sopInstance)))
        #expect(instances.allSatisfy { $0.sopClassUID == TestObject.computedTomography })
        #expect(
            try client.contains(
                sopInstanceUID: objects[0].sopInstance, study: TestObject.study, series: objects[0].seriesInstance))
        #expect(
            try !client.contains(sopInstanceUID: "1.2.3", study: TestObject.study, series: objects[0].seriesInstance))
        #expect(try client.instances(study: "1.2.3").isEmpty)

        let received = Received()
        let count = try client.retrieve(study: TestObject.study, into: scratch.url) { try received.take($0) }
        #expect(count == 120 && Set(received.datasets) == Set(objects.map(\.dataset)))

        let one = Received()
        try client.retrieve(
            study: TestObject.study, series: objects[3].seriesInstance, instance: objects[3].sopInstance,
            into: scratch.url
        ) { try one.take($0) }
        #expect(one.datasets == [objects[3].dataset])
        #expect(throws: DICOMwebError(.notFound, "")) {
            try client.retrieve(study: "1.2.3", into: scratch.url) { _ in }
        }
    }

    @Test func sendingTwiceDoesNoHarm() throws {
        let files = try write([TestObject(number: 1), TestObject(number: 2)])
        #expect(client.store(files).count(where: \.isStored) == 2)
        #expect(client.store(files).count(where: \.isStored) == 2)
        #expect(try client.instances(study: TestObject.study).count == 2)
    }

    @Test func wrongPasswordIsRefusedAndNotTold() throws {
        let stranger = try DICOMwebClient(
            baseURL: orthanc.dicomWebURL, credentials: .basic(user: OrthancServer.user, password: "guess-me"))
        let error = #expect(throws: DICOMwebError(.unauthorized, "")) {
            try stranger.instances(study: TestObject.study)
        }
        #expect(error?.isTransient == false && error?.description.contains("guess-me") == false)
        let outcomes = try stranger.store(write([TestObject(number: 1)]))
        #expect(outcomes.map(\.isStored) == [false])
    }

    @Test func deathInTheMiddleIsTransientAndWhatCameStays() throws {
        let objects = (1...60).map { TestObject(number: $0, rows: 400) }
        #expect(try client.store(write(objects)).count(where: \.isStored) == 60)
        let received = Received()
        let error = #expect(throws: DICOMwebError.self) {
            try client.retrieve(study: TestObject.study, into: scratch.url) { file in
                try received.take(file)
                if received.datasets.count == 2 { orthanc.shutDown() }
            }
        }
        #expect(error?.isTransient == true)
        #expect(received.datasets.count >= 2 && received.datasets.count < 60)
        let again = #expect(throws: DICOMwebError(.unreachable, "")) { try client.instances(study: TestObject.study) }
        #expect(again?.isTransient == true)
    }
}

final class Received {
    private(set) var datasets: [Data] = []

    func take(_ file: URL) throws { datasets.append(try TestObject.dataset(ofFileAt: file)) }
}
