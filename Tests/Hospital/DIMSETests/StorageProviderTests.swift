import DICOMDictionary
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing
import Threads

@Suite struct StorageProviderTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func echoIsAnsweredAndLogged() throws {
        let test = try TestProvider()
        try test.node().echo()
        test.provider.stop(gracePeriod: .seconds(60))
        #expect(test.events.map(\.kind) == [.opened, .echoed, .released])
        #expect(test.events.first?.description == "association 1: SENDER at 127.0.0.1 calls COLUMNA")
    }

    @Test(arguments: [TestObject.explicit, TestObject.implicit, TestObject.bigEndian])
    func objectsArriveByteForByte(transferSyntax: String) throws {
        let test = try TestProvider()
        let objects = (1...3).map { TestObject(number: $0, rows: 200, transferSyntax: transferSyntax) }
        let outcomes = try test.node().store(scratch.write(objects))
        #expect(outcomes.count == 3 && outcomes.allSatisfy(\.isStored))
        #expect(test.stored.map(\.dataset) == objects.map(\.dataset))
        #expect(test.stored.map(\.instance.sopInstanceUID) == objects.map(\.sopInstance))
        #expect(
            test.stored.allSatisfy {
                $0.instance.transferSyntaxUID == transferSyntax && $0.instance.callingTitle == "SENDER"
            })
        #expect(
            test.stored.allSatisfy {
                $0.instance.byteCount > $0.dataset.count && $0.instance.peerAddress == "127.0.0.1"
            })
        test.provider.stop(gracePeriod: .seconds(60))
        #expect(test.leftovers.isEmpty)
    }

    /// What comes must be readable by others: the header is that of PS3.10.
    @Test func receivedFilesCanBeSentOn() throws {
        let second = try TestProvider()
        let forward = try second.node(calling: "FORWARD")
        let first = try TestProvider { instance in
            let outcome = try? forward.store([instance.file])
            return outcome?.first?.isStored == true ? .success : .outOfResources
        }
        let object = TestObject(number: 7, rows: 64)
        #expect(try first.node().store(scratch.write([object])).allSatisfy(\.isStored))
        #expect(second.stored.map(\.dataset) == [object.dataset])
    }

    @Test(.enabled(if: Fixtures.data("codecs") != nil))
    func everyTransferSyntaxIsTakenWithoutRecoding() throws {
        let folder = try #require(Fixtures.data("codecs"))
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.pathExtension == "dcm"
        }
        let test = try TestProvider()
        let outcomes = try test.node().store(files)
        let stored = outcomes.filter(\.isStored)
        let refused = outcomes.filter { !$0.isStored }
        #expect(stored.count >= 12)
        // Retired processes that no other part of the system decodes.
        #expect(refused.allSatisfy { $0.error?.code == .notSupported })
        for (outcome, received) in zip(stored, test.stored) {
            let sent = try TestObject.dataset(ofFileAt: outcome.file)
            #expect(received.dataset.starts(with: sent))
            // Fragments are of even length: a deflated dataset may get a zero at its end.
            let mayBePadded = received.instance.transferSyntaxUID == "1.2.840.10008.1.2.1.99"
            #expect(received.dataset.count == sent.count + (mayBePadded ? sent.count % 2 : 0))
        }
        #expect(Set(test.stored.map(\.instance.transferSyntaxUID)).count >= 12)
    }

    @Test func strangersAndWrongTitlesAreRefused() throws {
        let test = try TestProvider()
        #expect(throws: DIMSEError(.rejected, "")) { try test.node(calling: "STRANGER").echo() }
        #expect(throws: DIMSEError(.rejected, "")) { try test.node(called: "ELSEWHERE").echo() }
        test.provider.stop(gracePeriod: .seconds(60))
        // Callers hear of it first: whose event comes first nobody says.
        let kinds = test.events.map(\.kind)
        #expect(
            kinds.count == 2 && kinds.contains(.rejected(.callingTitleNotRecognized))
                && kinds.contains(.rejected(.calledTitleNotRecognized)))
    }

    @Test func fourCallersAtOnceDoNotDisturbEachOther() async throws {
        let test = try TestProvider()
        let files = try (1...4).map { series in
            try scratch.write((1...10).map { TestObject(number: $0, series: series, rows: 64) })
        }
        let node = try test.node()
        let stored = try await withThrowingTaskGroup(of: Int.self) { group in
            for list in files {
                group.addTask { try await OwnThread.run { try node.store(list).count(where: \.isStored) } }
            }
            return try await group.reduce(0, +)
        }
        #expect(stored == 40)
        #expect(Set(test.stored.map(\.instance.sopInstanceUID)).count == 40)
    }

    @Test func callersBeyondTheLimitAreToldToComeBack() async throws {
        let entered = DispatchSemaphore(value: 0)
        let leave = DispatchSemaphore(value: 0)
        let test = try TestProvider(maximumAssociations: 1) { _ in
            entered.signal()
            leave.wait()
            return .success
        }
        let node = try test.node()
        let files = try scratch.write([TestObject(number: 1)])
        async let first = OwnThread.run { try node.store(files) }
        await OwnThread.run { entered.wait() }
        #expect(throws: DIMSEError(.temporarilyRejected, "")) { try node.echo() }
        leave.signal()
        #expect(try await first.allSatisfy(\.isStored))
    }

    @Test(arguments: [
        (StoreStatus.outOfResources, UInt16(0xA700)), (.cannotUnderstand, 0xC000), (.dataSetDoesNotMatch, 0xA900),
        (.refused, 0x0124),
    ])
    func whatTheReceiverSaysIsAnswered(status: StoreStatus, code: UInt16) throws {
        let test = try TestProvider { $0.sopInstanceUID.hasSuffix(".1") ? status : .success }
        let outcomes = try test.node().store(scratch.write([TestObject(number: 1), TestObject(number: 2)]))
        #expect(outcomes.map(\.error?.status) == [code, nil])
        #expect(outcomes.last?.isStored == true)
    }

    /// slicebox/slicebox#200, dicoogle/dicoogle#166: anonymisers change the dataset and forget the file's header.
    @Test func whatIsSentIsWhatTheDatasetSays() throws {
        let test = try TestProvider()
        let objects = [TestObject(number: 1, otherInstance: "1.2.3"), TestObject(number: 2)]
        let outcomes = try test.node().store(scratch.write(objects))
        #expect(outcomes.count == 2 && outcomes.allSatisfy(\.isStored))
        #expect(test.stored.map(\.instance.sopInstanceUID) == ["1.2.3", objects[1].sopInstance])
        #expect(test.stored.map(\.dataset) == objects.map(\.dataset))
    }

    @Test func objectsThatAreTooLargeDoNotEndTheAssociation() throws {
        let test = try TestProvider(largestInstance: 20_000)
        let outcomes = try test.node().store(scratch.write([TestObject(number: 1, rows: 200), TestObject(number: 2)]))
        #expect(outcomes.map(\.error?.status) == [0xA700, nil])
        test.provider.stop(gracePeriod: .seconds(60))
        #expect(test.leftovers.isEmpty)
    }

    /// A folder that is gone stands for a disk that is full: the file cannot be written, and the dataset must be taken
    /// all the same.
    @Test func objectThatCannotBeWrittenIsAnsweredAndTheNextIsTaken() throws {
        let incoming = try ScratchFolder()
        let test = try TestProvider(folder: incoming.url) { instance in
            // The second object finds no folder, the third finds it again.
            if instance.sopInstanceUID.hasSuffix(".1") { try? FileManager.default.removeItem(at: incoming.url) }
            return .success
        }
        let files = try scratch.write((1...3).map { TestObject(number: $0) })
        let outcomes = try test.node().store(
            files,
            progress: { progress in
                if progress.finishedFiles == 2 {
                    try? FileManager.default.createDirectory(at: incoming.url, withIntermediateDirectories: true)
                }
            })
        #expect(outcomes.map(\.error?.status) == [nil, 0xA700, nil])
    }

    @Test func filesThatVanishOrAreNoneDoNotEndTheTransfer() throws {
        let test = try TestProvider()
        let files = try scratch.write((1...4).map { TestObject(number: $0) })
        try Data("no DICOM file".utf8).write(to: files[3])
        let outcomes = try test.node().store(
            files,
            progress: { progress in
                if progress.finishedFiles == 2 { try? FileManager.default.removeItem(at: files[1]) }
            })
        #expect(outcomes.map(\.error?.code) == [nil, .fileNotReadable, nil, .notDICOM])
    }

    /// Who takes a cut slice for no object sends a study that is not whole without a word.
    @Test func cutAndDamagedObjectsAreNoStrangers() throws {
        let test = try TestProvider()
        let files = try scratch.write((1...4).map { TestObject(number: $0, rows: 64) })
        let whole = try Data(contentsOf: files[1])
        try whole.prefix(whole.count / 2).write(to: files[1])
        try Data(contentsOf: files[2]).prefix(134).write(to: files[2])
        let outcomes = try test.node().store(files)
        #expect(outcomes.map(\.error?.code) == [nil, .damaged, .damaged, nil])
        #expect(outcomes[1].error?.description.hasPrefix("the file is no whole DICOM object: ") == true)
    }

    @Test func classesThatAreNoImagesAreNotNegotiated() throws {
        let test = try TestProvider()
        let unknown = TestObject(number: 1, sopClass: "1.2.3.4.5.6")
        let outcomes = try test.node().store(scratch.write([unknown, TestObject(number: 2)]))
        #expect(outcomes.map(\.error?.code) == [.notSupported, nil])
    }

    @Test func presentationContextsAreTheStorageClassesInEverySyntax() {
        #expect(StorageProvider.storageClasses.count > 100)
        #expect(StorageProvider.storageClasses.contains(TestObject.computedTomography))
        #expect(
            Set(TransferSyntax.offered).isSuperset(
                of: [
                    "", ".1", ".2", ".1.99", ".5", ".4.50", ".4.51", ".4.57", ".4.70", ".4.80", ".4.81", ".4.90",
                    ".4.91",
                ].map { "1.2.840.10008.1.2\($0)" }))
    }

    @Test func stopLetsARunningTransferFinish() async throws {
        let entered = DispatchSemaphore(value: 0)
        let leave = DispatchSemaphore(value: 0)
        let test = try TestProvider(host: "127.0.0.77") { _ in
            entered.signal()
            leave.wait()
            return .success
        }
        let node = try test.node()
        let files = try scratch.write([TestObject(number: 1)])
        async let outcomes = OwnThread.run { try node.store(files) }
        await OwnThread.run { entered.wait() }
        async let stopped: Void = OwnThread.run { test.provider.stop(gracePeriod: .seconds(30)) }
        leave.signal()
        #expect(try await outcomes.allSatisfy(\.isStored))
        await stopped
        #expect(test.provider.port == nil)
        #expect(throws: DIMSEError(.unreachable, "")) { try node.echo() }
    }

    @Test func portInUseIsAnError() throws {
        let test = try TestProvider()
        #expect(throws: DIMSEError(.addressInUse, "")) { try TestProvider(port: test.port) }
    }

    @Test(arguments: ["", "   ", "SEVENTEEN LETTERS", "A\\B", "Ä"])
    func titlesAreChecked(title: String) {
        #expect(throws: DIMSEError(.invalidConfiguration, "")) {
            try ApplicationEntity(title: title, host: "localhost", port: 104)
        }
    }
}
