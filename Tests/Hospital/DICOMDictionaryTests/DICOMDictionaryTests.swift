import DICOMDictionary
import Testing

struct AttributeTagTests {
    @Test func digitsAndCodesNameTheSameAttribute() {
        #expect(AttributeTag(digits: "7fe00010") == .pixelData)
        #expect(AttributeTag(code: 0x7fe0_0010) == .pixelData)
        #expect(AttributeTag.pixelData.digits == "7fe00010" && AttributeTag.pixelData.code == 0x7fe0_0010)
        #expect(AttributeTag(digits: "7fe0001") == nil && AttributeTag(digits: "7fe0001x") == nil)
    }

    @Test func attributesGoByTheDictionarysNames() {
        #expect(AttributeTag.pixelSpacing.name == "PixelSpacing (0028,0030)")
        #expect(AttributeTag(0x0009, 0x1001).name.hasSuffix(" (0009,1001)"))
    }

    @Test func attributesAreInTheOrderOfADataset() {
        #expect([.pixelData, .rows, .sopClass].sorted() == [AttributeTag.sopClass, .rows, .pixelData])
    }
}

struct UniqueIdentifierTests {
    @Test(arguments: ["1", "1.2.840.10008.1.2", String(repeating: "1", count: 64)]) func digitsAndDotsAreValid(
        text: String
    ) {
        #expect(UniqueIdentifier.isValid(text))
    }

    @Test(arguments: ["", "1.2/..", "1.2 ", "1.2\0", "one", String(repeating: "1", count: 65)])
    func anythingElseIsNot(text: String) {
        #expect(!UniqueIdentifier.isValid(text))
    }
}

struct TransferSyntaxTests {
    @Test func noSyntaxIsInTheTableTwice() {
        #expect(Set(TransferSyntax.all.map(\.uid)).count == TransferSyntax.all.count)
        #expect(TransferSyntax.all.allSatisfy { UniqueIdentifier.isValid($0.uid) })
    }

    @Test func whatCostsNothingIsOfferedFirstAndWhatLostSomethingLast() throws {
        #expect(
            TransferSyntax.offered.prefix(2) == [
                TransferSyntax.explicitLittleEndian, TransferSyntax.implicitLittleEndian,
            ])
        let isLossy = try TransferSyntax.offered.map { try #require(TransferSyntax(uid: $0)).isLossy }
        #expect(isLossy == isLossy.sorted { !$0 && $1 })
    }

    @Test func nativePixelsLoseNothing() {
        #expect(TransferSyntax.all.filter { !$0.isEncapsulated }.allSatisfy { !$0.isLossy })
    }

    @Test func whatIsNotReadIsNotInTheTable() {
        #expect(TransferSyntax(uid: "1.2.840.10008.1.2.4.102") == nil)
    }
}
