import Faults
import Foundation

/// Which series of a study is read, and what becomes of the others.
struct SeriesChoice {
    let chosen: SeriesGroup
    let others: [(group: SeriesGroup, reason: SkippedObjects.Reason)]
    let decisions: [String]

    /// - Throws: `DICOMError`: `noImages`, `severalPatients`, `severalSeries`, `unknownSeries`, `unsupportedModality`.
    init(
        _ scan: DICOMScan, series: String?, names: IdentifierNames, modalities: Set<String>, location: URL
    ) throws(DICOMError) {
        let groups = try SeriesGroup.all(scan.images, names)
        let wanted = modalities.sorted().joined(separator: " or ")
        guard !groups.isEmpty else {
            let found = scan.skipped.map(\.description).joined(separator: ", ")
            throw DICOMError(.noImages, "study holds no \(wanted) images: found \(found)", path: location.path)
        }
        if let series {
            chosen = try SeriesChoice.named(series, groups, modalities, wanted, location)
        } else {
            // Whoever names no series relies on the folder being one patient's.
            try SeriesChoice.checkPatients(scan.patients, location)
            chosen = try SeriesChoice.only(groups, modalities, wanted, location)
        }
        try SeriesChoice.checkPatients(Set(chosen.slices.compactMap(\.object.patient)), location)
        let hash = chosen.summary.hash
        others = groups.filter { $0.summary.hash != hash }.map {
            (
                $0,
                $0.summary.isDerived && !modalities.isDisjoint(with: [$0.summary.modality])
                    ? .derivedSeries : .otherSeries
            )
        }
        decisions =
            chosen.summary.isDerived
            ? ["the series was reformatted or projected from other images: its values may not be those measured"] : []
    }

    private static func named(
        _ series: String, _ groups: [SeriesGroup], _ modalities: Set<String>, _ wanted: String, _ location: URL
    ) throws(DICOMError) -> SeriesGroup {
        guard let chosen = groups.first(where: { $0.isMeant(by: series) }) else {
            throw DICOMError(
                .unknownSeries, "study holds no series \(series.prefix(64)): found \(list(groups))", path: location.path
            )
        }
        guard modalities.contains(chosen.summary.modality) else { throw wrongModality([chosen], wanted, location) }
        return chosen
    }

    /// Originals before what was reformatted from them.
    private static func only(
        _ groups: [SeriesGroup], _ modalities: Set<String>, _ wanted: String, _ location: URL
    ) throws(DICOMError) -> SeriesGroup {
        let allowed = groups.filter { modalities.contains($0.summary.modality) }
        let originals = allowed.filter { !$0.summary.isDerived }
        let candidates = originals.isEmpty ? allowed : originals
        guard let only = candidates.first else { throw wrongModality(groups, wanted, location) }
        guard candidates.count == 1 else {
            throw DICOMError(
                .severalSeries,
                "study holds \(candidates.count) \(wanted) series, choose one by its hash: \(list(groups))",
                path: location.path)
        }
        return only
    }

    private static func checkPatients(_ identities: Set<PatientIdentity>, _ location: URL) throws(DICOMError) {
        let count = PatientIdentity.count(identities)
        guard count > 1 else { return }
        throw DICOMError(
            .severalPatients, "objects of \(count) patients are mixed: submit each patient's study by itself",
            path: location.path)
    }

    private static func list(_ groups: [SeriesGroup]) -> String {
        groups.map(\.summary.description).joined(separator: "; ")
    }

    private static func wrongModality(_ groups: [SeriesGroup], _ wanted: String, _ location: URL) -> DICOMError {
        let found = Set(groups.map(\.summary.modality)).sorted().joined(separator: ", ")
        return DICOMError(.unsupportedModality, "modality is \(found), expected \(wanted)", path: location.path)
    }
}
