import Foundation
import JobEngine
import Storage
import Synchronization
import TestSupport
import Testing
import WorkerRuntime

/// When a worker may claim, by a clock that the test moves.
@Suite struct ClaimGateTests {
    private let registry = MemoryStoreRegistry()
    private let clock = SettableClock(JobStoreConformance.dawn)
    private static let failure = JobOutcome.failed(
        JobFailure(class: .resource, code: "storage-disk-full", reason: "storage is full"))

    private func with(_ body: (ClaimGate, URL) async throws -> Void) async throws {
        let storage = try await ScriptedWorker.makeStorage(of: registry)
        defer { try? FileManager.default.removeItem(at: storage) }
        let gate = ClaimGate(objects: StoreLocation.store(at: storage), registry: registry) { [clock] in
            clock.now.timeIntervalSince(JobStoreConformance.dawn)
        }
        try await body(gate, storage)
    }

    /// After as many failures as close it.
    private func withClosed(_ body: (ClaimGate) async throws -> Void) async throws {
        try await with { gate, _ async throws in
            for _ in 1...CircuitBreaker.limit { await gate.note(Self.failure) }
            try await body(gate)
        }
    }

    private func isClosed(_ answer: ClaimGate.Answer) -> Bool { if case .closed = answer { true } else { false } }

    @Test func itIsOpenWhereStorageIsTheDatabasesAndTheMachineWorks() async throws {
        try await with { gate, _ async throws in #expect(try await gate.ask(limit: 3) == .open(limit: 3)) }
    }

    @Test func itIsClosedWhereStorageIsNotAndOpensWhenItIsBack() async throws {
        try await with { gate, storage in
            #expect(try await gate.ask(limit: 1) == .open(limit: 1))
            let away = storage.appendingPathExtension("away")
            try FileManager.default.moveItem(at: storage, to: away)
            #expect(isClosed(try await gate.ask(limit: 1)))
            try FileManager.default.moveItem(at: away, to: storage)
            #expect(try await gate.ask(limit: 1) == .open(limit: 1))
        }
    }

    @Test func failuresInARowByTheMachinesFaultCloseItAndSayWhichAndForHowLong() async throws {
        try await withClosed { gate async throws in
            guard case .closed(let reason) = try await gate.ask(limit: 2) else {
                Issue.record("the gate is open")
                return
            }
            #expect(reason.contains("\(CircuitBreaker.limit) jobs in a row failed by this machine's fault"))
            #expect(reason.contains("storage is full"))
            #expect(reason.contains("next try in \(Int(CircuitBreaker.firstWait)) s"))
        }
    }

    @Test func aSuccessInBetweenBeginsTheRowAnew() async throws {
        try await with { gate, _ async throws in
            for _ in 1..<CircuitBreaker.limit { await gate.note(Self.failure) }
            await gate.note(.completed(Completion()))
            await gate.note(Self.failure)
            #expect(try await gate.ask(limit: 2) == .open(limit: 2))
        }
    }

    @Test func failuresOfInputsAndJobsThatEndOtherwiseCountForNothing() async throws {
        try await with { gate, _ async throws in
            let data = JobFailure(class: .data, code: "slice-missing", reason: "slice 3 is missing")
            for _ in 1...CircuitBreaker.limit {
                for outcome in [JobOutcome.failed(data), .handedBack, .cancelled] { await gate.note(outcome) }
            }
            #expect(try await gate.ask(limit: 2) == .open(limit: 2))
        }
    }

    @Test func afterTheWaitOneJobIsTriedAndItsSuccessOpensTheGate() async throws {
        try await withClosed { gate async throws in
            clock.advance(bySeconds: CircuitBreaker.firstWait)
            #expect(try await gate.ask(limit: 2) == .open(limit: 1))
            #expect(isClosed(try await gate.ask(limit: 2)))
            await gate.note(.completed(Completion()))
            #expect(try await gate.ask(limit: 2) == .open(limit: 2))
        }
    }

    @Test func aTryThatFindsNoJobProvesNothingAndIsMadeAgain() async throws {
        try await withClosed { gate async throws in
            clock.advance(bySeconds: CircuitBreaker.firstWait)
            #expect(try await gate.ask(limit: 2) == .open(limit: 1))
            #expect(try await gate.claim { [] }.isEmpty)
            #expect(try await gate.ask(limit: 2) == .open(limit: 1))
        }
    }
}
