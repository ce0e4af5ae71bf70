import Cryptography
import Faults
import Testing

struct SealingTests {
    private static let key = [UInt8](1...32)
    private static let text = Array("Jane Doe".utf8)

    @Test(arguments: ["key", "context", "ciphertext", "tag", "nonce"])
    func nothingOpensOnceOneBitIsOther(_ what: String) throws {
        let box = try AESGCM.seal(Self.text, key: Self.key, context: [7])
        func changed(_ bytes: [UInt8], _ name: String) -> [UInt8] {
            what == name ? [bytes[0] ^ 1] + bytes.dropFirst() : bytes
        }
        let other = try AESGCM.SealedBox(
            nonce: changed(box.nonce, "nonce"), ciphertext: changed(box.ciphertext, "ciphertext"),
            tag: changed(box.tag, "tag"))
        let error = #expect(throws: CryptographyError.self) {
            try AESGCM.open(other, key: changed(Self.key, "key"), context: changed([7], "context"))
        }
        #expect(error?.code == .notGenuine)
    }

    @Test func theSameTextNeverLooksTheSame() throws {
        let boxes = try (0..<100).map { _ in try AESGCM.seal(Self.text, key: Self.key) }
        #expect(Set(boxes.map(\.nonce)).count == 100)
        #expect(Set(boxes.map(\.ciphertext)).count == 100)
    }

    @Test func keysAndTagsOfOtherLengthsAreRefused() throws {
        #expect(throws: CryptographyError(.invalidKey, "")) {
            try AESGCM.seal(Self.text, key: Array(Self.key.dropLast()))
        }
        #expect(throws: CryptographyError(.malformed, "")) {
            try AESGCM.SealedBox(nonce: [], ciphertext: [], tag: [UInt8](repeating: 0, count: 16))
        }
    }

    @Test func randomBytesDiffer() throws {
        #expect(try Set((0..<100).map { _ in try RandomBytes.make(16) }).count == 100)
    }

    @Test func equalMeansSameLengthAndBytes() {
        #expect(ConstantTime.isEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.isEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.isEqual([1, 2], [1, 2, 0]))
        #expect(ConstantTime.isEqual([], []))
    }

    @Test func hexadecimalGoesThereAndBack() {
        #expect(Hexadecimal.text([0, 15, 255]) == "000fff")
        #expect(Hexadecimal.bytes("000FfF") == [0, 15, 255])
        #expect(Hexadecimal.bytes("0") == nil)
        #expect(Hexadecimal.bytes("0g") == nil)
        #expect(Hexadecimal.bytes("é0") == nil)
    }

    @Test func aNumberOfADigestIsAUUIDOfVersion8() {
        let number = UUIDNumber.number(from: [UInt8](repeating: 0xff, count: 32))
        #expect(String(number, radix: 16) == "ffffffffffff8fffbfffffffffffffff")
        #expect(String(UUIDNumber.number(from: [UInt8](repeating: 0, count: 16)), radix: 16) == "80008000000000000000")
    }
}
