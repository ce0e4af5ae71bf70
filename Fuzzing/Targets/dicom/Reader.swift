import DICOMSeries
import Foundation
import Harness

enum Reader {
    private static let file = InputFile("input")
    private static let everything: Set<String> = ["CT", "MR", "OT", "SC", "PT"]

    /// What a deflated dataset may become before it is refused, and the copies while it grows.
    private static let deflated = 3 * 9 << 20
    private static let deflatedSyntax = Array("1.2.840.10008.1.2.1.99".utf8)

    /// The volume of a study of one file. The file may be a zip archive.
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        file.fill(input)
        defer { if Harness.isCostly(input) { plausible = explained(input) } }
        _ = try DICOMReader.readSeries(at: file.url, modalities: everything)
    }

    private static func explained(_ input: UnsafeRawBufferPointer) -> Int {
        let series = (try? DICOMReader.listSeries(at: file.url)) ?? []
        // Compressed pixels: what is stored, what is decoded, and the volume.
        let pixels = series.map { $0.rows * $0.columns }.filter { $0 <= 4096 * 4096 }.reduce(0, +)
        return 12 * pixels + (input.contains(deflatedSyntax) ? deflated : 0)
    }
}
