import Foundation
import Storage
import Testing

@Suite struct ContentAddressTests {
    static let digits = String(repeating: "0123456789abcdef", count: 4)

    @Test func addressReadsWhatItWrites() throws {
        let address = try #require(ContentAddress("sha256:" + Self.digits))
        #expect(address.hex == Self.digits)
        #expect(address.description == "sha256:" + Self.digits)
        let decoded = try JSONDecoder().decode([ContentAddress].self, from: JSONEncoder().encode([address]))
        #expect(decoded == [address])
    }

    @Test(arguments: [
        "", "sha256:", digits, "sha256:" + digits.dropLast(), "sha256:" + digits + "0", "sha256:" + digits.uppercased(),
        "md5:" + digits,
        "sha256:../../" + digits.dropLast(6),
    ])
    func addressRefusesEverythingElse(text: String) {
        #expect(ContentAddress(text) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ContentAddress].self, from: JSONEncoder().encode([text]))
        }
    }
}
