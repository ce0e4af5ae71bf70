import Foundation
import JobEngine
import Testing

@Suite struct ContentAddressTests {
    static let digits = String(repeating: "0123456789abcdef", count: 4)

    @Test func addressReadsWhatItWrites() throws {
        let address = try #require(ContentAddress("sha256:" + Self.digits))
        #expect(address.hex == Self.digits)
        #expect(address.description == "sha256:" + Self.digits && address.rawValue == address.description)
        #expect(ContentAddress(hex: Self.digits) == address && ContentAddress(rawValue: address.rawValue) == address)
        let stored = try JSONEncoder().encode(["address": address])
        #expect(String(decoding: stored, as: UTF8.self) == #"{"address":"sha256:\#(Self.digits)"}"#)
        #expect(try JSONDecoder().decode([String: ContentAddress].self, from: stored) == ["address": address])
    }

    @Test func addressesAreInTheOrderOfTheirDigits() throws {
        let digits = ["00", "0a", "10", "ff"].map { $0 + Self.digits.dropFirst(2) }
        #expect(digits.reversed().compactMap { ContentAddress(hex: $0) }.sorted().map { String($0.hex) } == digits)
    }

    @Test(arguments: [
        "", "sha256:", digits, "sha256:" + digits.dropLast(), "sha256:" + digits + "0", "sha256:" + digits.uppercased(),
        "md5:" + digits, "sha256:" + digits + "\n",
        "sha256:../../" + digits.dropLast(6),
    ])
    func addressRefusesEverythingElse(text: String) throws {
        #expect(ContentAddress(text) == nil)
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode([ContentAddress].self, from: JSONEncoder().encode([text]))
        }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(context.debugDescription == "a content address is \(ContentAddress.expectation)")
    }
}
