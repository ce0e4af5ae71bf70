import Documents
import Foundation
import JobEngine
import Studies
import TestSupport
import Testing

struct ArrivalTests {
    private static let last = Date(timeIntervalSince1970: 1_750_000_000)
    private static let policy = SettlingPolicy(quietInSeconds: 60, patienceInSeconds: 900)

    private static func arrival(
        _ count: Int, of expected: Int? = nil, declared: Bool = false, state: ArrivalState = .open
    ) -> Arrival {
        Arrival(
            id: UUID(), tenant: "a", studyKey: "k", revision: 1, state: state, instanceCount: count,
            expectedCount: expected,
            isDeclaredComplete: declared, openedAt: last, lastInstanceAt: count > 0 ? last : nil)
    }

    private static func completion(_ arrival: Arrival, after seconds: Double) -> CompletionSignal? {
        arrival.completion(at: last.addingTimeInterval(seconds), policy)
    }

    @Test func quietTimeEndsAStudyOfUnknownSize() {
        #expect(Self.completion(Self.arrival(3), after: 59.9) == nil)
        #expect(Self.completion(Self.arrival(3), after: 60) == .quiet)
    }

    @Test func theAnnouncedCountEndsItAtOnceAndHoldsAgainstQuietTime() {
        #expect(Self.completion(Self.arrival(3, of: 3), after: 0) == .count)
        #expect(Self.completion(Self.arrival(4, of: 3), after: 0) == .count)
        #expect(Self.completion(Self.arrival(2, of: 3), after: 899) == nil)
        #expect(Self.completion(Self.arrival(2, of: 3), after: 900) == .gaveUp)
    }

    @Test func aSendersWordEndsItUnlessItNamedACountThatIsNotReached() {
        #expect(Self.completion(Self.arrival(3, declared: true), after: 0) == .message)
        #expect(Self.completion(Self.arrival(2, of: 3, declared: true), after: 100) == nil)
        #expect(Self.completion(Self.arrival(3, of: 3, declared: true), after: 0) == .count)
    }

    @Test func withoutInstancesNothingIsComplete() {
        #expect(Self.completion(Self.arrival(0, declared: true), after: 10_000) == nil)
    }

    @Test func whatEndedDoesNotEndAgain() {
        #expect(Self.completion(Self.arrival(3, state: .settling), after: 60) == .quiet)
        #expect(Self.completion(Self.arrival(3, state: .complete), after: 60) == nil)
        #expect(Self.completion(Self.arrival(3, state: .superseded), after: 60) == nil)
    }

    /// Lists of before addresses were a type are read, and the same bytes are written: equal lists are one object.
    @Test func aListOfInstancesHoldsAddressesAsText() throws {
        let instance = ArrivedInstance(
            instanceKey: "i", seriesKey: "s", address: .repeating("a"), byteCount: 7, risks: ["r"])
        let manifest = InstanceManifest(studyKey: "k", revision: 1, instances: [instance])
        let address = "sha256:" + String(repeating: "a", count: 64)
        let stored =
            #"{"instances":[{"address":"\#(address)","byteCount":7,"instanceKey":"i","risks":["r"],"seriesKey":"s"}],"revision":1,"studyKey":"k"}"#
        #expect(try CanonicalJSON.string(manifest) == stored)
        #expect(try CanonicalJSON.decode(InstanceManifest.self, from: stored) == manifest)
    }
}
