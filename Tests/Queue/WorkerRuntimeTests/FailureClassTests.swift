import Faults
import Foundation
import JobEngine
import Storage
import Studies
import Testing
import WorkerRuntime

@Suite struct FailureClassTests {
    @Test func aFullDiskIsAMatterOfResources() {
        #expect(JobFailure(StorageError(.diskFull, "storage is full")).class == .resource)
    }

    /// The database knows of no object that was not stored whole: what is not there is not mounted, or lost and to be
    /// restored.
    @Test(arguments: [
        StorageError.Code.missing, .wrongLength, .wrongHash, .notAStore, .otherStore, .notWritable, .otherFileSystem,
    ])
    func whatStorageLacksIsTheMachinesFaultAndNotTheInputs(_ code: StorageError.Code) {
        let failure = JobFailure(StorageError(code, "the object is not there"))
        #expect(failure.class == .resource)
        #expect(failure.isMachines)
    }

    @Test func aConfiguredLimitIsNotTheMachinesFaultNorAServersErrorTheArchives() {
        #expect(!JobFailure(class: .resource, code: "memory-limit", reason: "the plan needs more").isMachines)
        #expect(!JobFailure(class: .transient, code: "archive-server-failure", reason: "status 500").isArchives)
        #expect(JobFailure(class: .transient, code: "archive-unavailable", reason: "status 503").isArchives)
    }

    @Test func anArchiveIsThereThatSaysNoInWordsOfItsOwn() {
        func shows(_ code: String) -> Bool { JobFailure(class: .data, code: code, reason: "no").showsArchiveAnswered }
        #expect(
            ["archive-refused-by-peer", "archive-refused-result", "study-not-found", "study-without-ct"].allSatisfy(
                shows))
        // Of this side, before anything was asked.
        #expect(
            !["archive-unknown", "archive-url", "archive-secret", "archive-file-not-readable", "study-missing"]
                .contains(where: shows))
        // Of HTTP (404, 3xx and 4xx, 401, 500, a page of HTML): a proxy's as well, or an application server's that has
        // not loaded the archive yet.
        let statuses = ["not-found", "refused", "unauthorized", "server-failure", "invalid-response"].map {
            "archive-\($0)"
        }
        #expect(!statuses.contains(where: shows))
    }

    private struct LibraryError: Fault {
        enum Code: String, Sendable, CaseIterable { case odd }
        let code = Code.odd
        let blame: Blame
        let description = "it is odd"
    }

    @Test(arguments: [
        (Blame.input, JobFailure.Class.data), (.file, .resource), (.machine, .resource), (.setting, .resource),
        (.passing, .transient), (.defect, .defect), (.request, .data), (.state, .resource), (.unfinished, .transient),
    ])
    func theBlameSaysHowLongAJobIsTried(_ blame: Blame, _ expected: JobFailure.Class) {
        let failure = JobFailure(LibraryError(blame: blame))
        #expect(failure == JobFailure(class: expected, code: "odd", reason: "it is odd"))
    }

    @Test func anInputIsBlamedOnlyForWhatIsWrongWithIt() {
        func failure(_ blame: Blame) -> JobFailure? {
            do {
                try JobFailure.blamingInput("volume-unreadable") { throw LibraryError(blame: blame) }
                return nil
            } catch { return JobFailure(error) }
        }
        #expect(failure(.input) == JobFailure(class: .data, code: "volume-unreadable", reason: "it is odd"))
        #expect(failure(.passing)?.class == .transient)
        #expect(failure(.file)?.class == .resource)
        #expect(failure(.machine)?.class == .resource)
    }

    private enum PlanCode: String, FaultCode {
        case unknownKey, outOfRange
        var blame: Blame { .input }
    }

    /// What is out of range no worker can take. Neither keeps this one from other jobs.
    @Test func whatANewerProgramOrderedIsLeftToItsWorkers() {
        func failure(_ code: PlanCode) -> JobFailure? {
            do {
                try JobFailure.blamingInput("plan-invalid") {
                    try JobFailure.leavingToNewer("plan-unreadable", PlanCode.unknownKey) {
                        throw CodedFault<PlanCode>(code, "key warmth")
                    }
                }
                return nil
            } catch { return JobFailure(error) }
        }
        let newer = failure(.unknownKey)
        #expect(newer?.class == .resource && newer?.code == "plan-unreadable" && newer?.isMachines == false)
        #expect(newer?.reason.hasPrefix("key warmth; a newer program ordered this") == true)
        #expect(failure(.outOfRange) == JobFailure(class: .data, code: "plan-invalid", reason: "key warmth"))
    }

    @Test func aDiskThatFailsAtJobAfterJobIsTheMachines() {
        for code in ["read-failed", "dicom-read-failed"] {
            #expect(JobFailure(class: .transient, code: code, reason: "input/output error").isMachines)
        }
    }

    @Test func anUnknownErrorIsADefectWhoseWordsAreNotTold() {
        let error = NSError(
            domain: "x", code: 1, userInfo: [NSLocalizedDescriptionKey: "/studies/Mustermann/1.dcm is gone"])
        let failure = JobFailure(error)
        #expect(failure.class == .defect)
        #expect(!failure.reason.contains("Mustermann"))
    }
}
