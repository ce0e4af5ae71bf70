import DeIdentification
import Foundation
import Testing

struct IdentityRiskTests {
    @Test func aChestHasNoRisks() throws {
        #expect(try DeIdentifierTests.run(also: { _ in }).report.warnings == [])
    }

    @Test(arguments: ["HEAD", "Brain w/o", "CT Kopf nativ", "NECK", "C-SPINE"])
    func aHeadMayShowTheFace(_ protocolName: String) throws {
        let report = try DeIdentifierTests.run { $0.text(0x0032_1060, "LO", protocolName) }.report
        #expect(report.warnings == [.faceVisible(.likely)])
    }

    @Test(arguments: ["SURFACE", "OVERHEAD ARMS"])
    func partsOfWordsAreNoHeads(_ protocolName: String) throws {
        #expect(try DeIdentifierTests.run { $0.text(0x0032_1060, "LO", protocolName) }.report.warnings == [])
    }

    @Test func burnedInTextThatIsDeclaredIsReported() throws {
        let report = try DeIdentifierTests.run { $0.text(0x0028_0301, "CS", "YES") }.report
        #expect(report.warnings == [.burnedInAnnotation(.declared)])
    }

    @Test func aConvertedFilmMayHaveTextInIt() throws {
        let report = try DeIdentifierTests.run { $0.text(0x0008_0064, "CS", "DF") }.report
        #expect(report.warnings == [.burnedInAnnotation(.likely)])
    }
}
