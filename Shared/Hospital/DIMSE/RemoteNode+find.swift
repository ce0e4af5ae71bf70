import DICOMDictionary

extension RemoteNode {
    /// All objects of a study by C-FIND, study root, series by series (PS3.4 C.4.1: hierarchical, no relational
    /// queries). A study the node does not know has no series. Blocks.
    ///
    /// - Throws: `DIMSEError`; `cancelled` when `isCancelled` says so between two answers.
    package func findInstances(study: String, isCancelled: () -> Bool = { false }) throws(DIMSEError) -> StudyContents {
        let association = try Association(self, [Proposal(SOPClass.find, [TransferSyntax.implicitLittleEndian])])
        let series = try association.find(
            QueryKeys(level: .series, study: study).asking(.modality), isCancelled: isCancelled)
        var contents = StudyContents(series: [])
        for match in series {
            guard let uid = match[.seriesInstance], !uid.isEmpty else { continue }
            let keys = QueryKeys(level: .image, study: study, series: uid).asking(.sopClass)
            let instances = try association.find(keys, isCancelled: isCancelled).compactMap {
                match -> StudyContents.Instance? in
                guard let uid = match[.sopInstance], !uid.isEmpty else { return nil }
                return StudyContents.Instance(sopInstanceUID: uid, sopClassUID: match[.sopClass] ?? "")
            }
            contents.series.append(
                .init(seriesInstanceUID: uid, modality: match[.modality] ?? "", instances: instances))
        }
        association.release()
        return contents
    }

    /// Whether the node has an object. Blocks.
    ///
    /// - Throws: `DIMSEError`.
    package func contains(sopInstanceUID: String, study: String, series: String) throws(DIMSEError) -> Bool {
        let association = try Association(self, [Proposal(SOPClass.find, [TransferSyntax.implicitLittleEndian])])
        let matches = try association.find(
            QueryKeys(level: .image, study: study, series: series, instance: sopInstanceUID)
        ) { false }
        association.release()
        return matches.contains { $0[.sopInstance] == sopInstanceUID }
    }
}
