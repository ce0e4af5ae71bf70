import Foundation
import JobEngine
import Reports
import Studies
import Volumes

/// The volumes of pictured cases, read from storage one case at a time.
struct StoredCaseImages: Sendable {
    /// A model of a report and where its label maps lie.
    struct Source: Sendable {
        var model: String
        var evaluation: Evaluation
        /// The first that there is.
        var labelMaps: [ArtifactKind]
    }

    private struct Files: Sendable {
        var ct: URL
        var truth: URL
        var prediction: URL
    }

    let references: [CaseReference]
    private var files: [CaseReference: Files] = [:]
    private let remark: @Sendable (String) -> Void

    /// Finds where the bytes lie; says so once if the storage is not reachable from here.
    init(_ sources: [Source], pictured: [CaseReference], _ system: SystemConnection) async throws {
        references = pictured
        remark = system.remark
        for reference in pictured {
            guard let source = sources.first(where: { $0.model == reference.modelName }),
                let one = source.evaluation.cases.first(where: { $0.name == reference.caseName })
            else { continue }
            let segmented = try await system.store.artifacts(of: one.segmentation)
            let measured = try await system.store.artifacts(of: one.measurement)
            func file(_ artifacts: [JobArtifact], _ kind: ArtifactKind) -> URL? {
                artifacts.map(\.reference).first(of: kind).flatMap { system.path(of: $0.address) }.map {
                    URL(filePath: $0)
                }
            }
            guard let ct = file(segmented, .volume), let truth = file(measured, .truth),
                let prediction = source.labelMaps.lazy.compactMap({ file(measured, $0) }).first
            else { continue }
            files[reference] = Files(ct: ct, truth: truth, prediction: prediction)
        }
        if files.count < pictured.count {
            remark(
                "\(pictured.count - files.count) of \(pictured.count) pictured cases have no bytes in the storage of this machine; their pages come without pictures"
            )
        }
    }

    /// Nil where the bytes cannot be reached or read: the report comes without that case's pictures, and says so.
    func read(_ reference: CaseReference) -> CaseImages? {
        guard let files = files[reference] else { return nil }
        do {
            return CaseImages(
                caseName: reference.caseName, modelName: reference.modelName, ct: try NIfTI.readImage(files.ct),
                truth: try NIfTI.readLabels(files.truth), prediction: try NIfTI.readLabels(files.prediction))
        } catch {
            remark("case \(reference.caseName) comes without pictures: \(error)")
            return nil
        }
    }
}
