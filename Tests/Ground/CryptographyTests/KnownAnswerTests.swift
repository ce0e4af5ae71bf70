import Cryptography
import Testing

/// Answers published with the standards.
struct KnownAnswerTests {
    /// FIPS 180-4's examples (NIST CSRC, "SHA256.pdf"), and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digestsAreThoseOfTheStandard(_ message: String, _ digest: String) throws {
        #expect(Hexadecimal.text(try SHA256.digest(of: Array(message.utf8))) == digest)
    }

    @Test func aDigestInPiecesIsThatOfTheWhole() throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        let digest = try SHA256()
        for start in stride(from: 0, to: bytes.count, by: 777) {
            try bytes[start..<min(start + 777, bytes.count)].withUnsafeBytes { try digest.update($0) }
        }
        #expect(try digest.finish() == SHA256.digest(of: bytes))
    }

    /// RFC 4231, test cases 1, 2, 3, 6 (a key longer than a block) and 7.
    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            String(repeating: "aa", count: 131),
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            String(repeating: "aa", count: 131),
            "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c61726765722074"
                + "68616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e672075736564"
                + "2062792074686520484d414320616c676f726974686d2e",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func codesAreThoseOfTheRFC(_ key: String, _ message: String, _ code: String) throws {
        let (key, message, code) = (try bytes(key), try bytes(message), try bytes(code))
        #expect(try HMACSHA256.code(of: message, key: key) == code)
        #expect(try HMACSHA256.isCode(code, of: message, key: key))
        #expect(try !HMACSHA256.isCode(code, of: message + [0], key: key))
    }

    /// RFC 5869, appendix A.1 to A.3.
    @Test(arguments: [
        (
            String(repeating: "0b", count: 22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        ),
        (
            hex(0x00...0x4f), hex(0x60...0xaf), hex(0xb0...0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
        (
            String(repeating: "0b", count: 22), "", "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        ),
    ])
    func keysAreThoseOfTheRFC(_ secret: String, _ salt: String, _ purpose: String, _ key: String) throws {
        let expected = try bytes(key)
        let derived = try HKDFSHA256.key(
            from: bytes(secret), salt: bytes(salt), purpose: bytes(purpose), count: expected.count)
        #expect(derived == expected)
    }

    /// The Galois/Counter Mode of Operation (McGrew, Viega; submitted to NIST), appendix B, test cases 13 to 16.
    @Test(arguments: [
        (
            String(repeating: "00", count: 32), String(repeating: "00", count: 12), "", "", "",
            "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        (
            String(repeating: "00", count: 32), String(repeating: "00", count: 12), "",
            String(repeating: "00", count: 16),
            "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
            "b094dac5d93471bdec1a502270e3cc6c"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func sealedTextsAreThoseOfTheSpecification(
        _ key: String, _ nonce: String, _ context: String, _ text: String, _ ciphertext: String, _ tag: String
    ) throws {
        let (key, context, text) = (try bytes(key), try bytes(context), try bytes(text))
        let box = try AESGCM.seal(text, key: key, nonce: bytes(nonce), context: context)
        #expect(Hexadecimal.text(box.ciphertext) == ciphertext)
        #expect(Hexadecimal.text(box.tag) == tag)
        #expect(try AESGCM.open(box, key: key, context: context) == text)
    }

    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hexadecimal.bytes(hex)) }

    private static func hex(_ range: ClosedRange<Int>) -> String { Hexadecimal.text(range.map { UInt8($0) }) }
}
