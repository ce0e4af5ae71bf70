import Documents
import Foundation
import JobEngine
import Studies
import TestSupport
import Testing

/// What is stored of addresses: the same bytes as when they were text.
@Suite struct ArtifactReferenceTests {
    private static let digits = String(repeating: "a", count: 64)
    private static let stored =
        #"{"address":"sha256:\#(digits)","byteCount":7,"mediaType":"x/y","role":"volume"}"#
    private let reference = ArtifactReference(
        role: "volume", address: .repeating("a"), byteCount: 7, mediaType: "x/y")

    @Test func aReferenceIsStoredWithItsAddressAsText() throws {
        #expect(try CanonicalJSON.string(reference) == Self.stored)
        #expect(try CanonicalJSON.decode(ArtifactReference.self, from: Self.stored) == reference)
    }

    @Test func parametersAndFactsHoldTheSameText() throws {
        let prepared = DataSetCase(
            dataSet: "spines", name: "a", tenant: "clinic", image: reference, label: reference, planDigest: "p")
        let text =
            #"{"dataSet":"spines","image":\#(Self.stored),"label":\#(Self.stored),"name":"a","planDigest":"p","tenant":"clinic"}"#
        #expect(try Fact("case", prepared).json == text)
        let training = TrainModel(model: "m", dataSet: "spines", planJSON: "", recipeJSON: "", cases: [prepared])
        let request = try JobRequest(training, tenant: "clinic")
        #expect(request.parameters.contains(#""cases":[\#(text)]"#))
    }

    @Test func aMalformedAddressIsSaidOfItsField() throws {
        let text = Self.stored.replacingOccurrences(of: "sha256:", with: "md5:")
        let error = try #require(throws: DecodingError.self) {
            try CanonicalJSON.decode([ArtifactReference].self, from: "[\(text)]")
        }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(context.codingPath.last?.stringValue == "address")
        #expect(context.debugDescription.hasSuffix(ContentAddress.expectation))
    }
}
