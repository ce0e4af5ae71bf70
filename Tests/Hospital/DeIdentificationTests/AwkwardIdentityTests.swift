import DICOMDictionary
import DICOMObjects
import DeIdentification
import Foundation
import TestSupport
import Testing

/// However an object is encoded, its identity goes.
struct AwkwardIdentityTests {
    @Test(arguments: AwkwardObject.allCases) func identityGoesFromEveryEncoding(kind: AwkwardObject) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try kind.file().write(to: source)
        let key = try SiteSecret(Array("a secret of thirty-two bytes, or more".utf8)).key(of: "clinic")
        let report = try DeIdentifier(policy: .basic, key: key).deidentify(source, to: target)
        let bytes = Array(try Data(contentsOf: target))
        for text in [
            "Test^Made", "MADE-1", AwkwardObject.study, AwkwardObject.series, AwkwardObject.instance(0), "CREATOR",
            "2.25.999",
        ] {
            #expect(!DeIdentifierTests.contains(bytes, text), "\(text) is still there")
        }
        #expect(Set(report.pseudonyms.map(\.original)).isSuperset(of: ["Test^Made", "MADE-1", AwkwardObject.study]))
        let object = try DICOMObject(file: target)
        #expect(object.dataset.numbers(.pixelSpacing) == [0.75, 0.5])
        let original = try DICOMObject(file: source)
        #expect(object.transferSyntax == original.transferSyntax)
    }
}
