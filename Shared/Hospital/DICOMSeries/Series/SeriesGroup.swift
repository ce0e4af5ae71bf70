/// The images of one series, as they were found.
struct SeriesGroup {
    let summary: SeriesSummary
    let slices: [SliceHeader]

    init?(_ slices: [SliceHeader], _ names: IdentifierNames) throws(DICOMError) {
        guard let first = slices.first else { return nil }
        let objects = Set(slices.map { ObjectIdentifier($0.object) })
        self.slices = slices
        summary = SeriesSummary(
            hash: try names.name(of: first.object.series), studyHash: try names.name(of: first.object.study),
            modality: first.object.modality, instanceCount: objects.count, sliceCount: slices.count,
            rows: first.layout.rows,
            columns: first.layout.columns, isMultiFrame: slices.contains { $0.object.isMultiFrame },
            isDerived: slices.allSatisfy(\.isDerived))
    }

    /// In the order of their hashes.
    static func all(_ images: [SliceHeader], _ names: IdentifierNames) throws(DICOMError) -> [SeriesGroup] {
        var groups: [SeriesGroup] = []
        for slices in Dictionary(grouping: images, by: \.object.series).values {
            if let group = try SeriesGroup(slices, names) { groups.append(group) }
        }
        return groups.sorted { $0.summary.hash < $1.summary.hash }
    }

    /// Whether somebody means this series: by its name, or by that of its identifier, which the command line prints for
    /// those who have the original objects.
    func isMeant(by name: String) -> Bool {
        summary.hash == name || slices.first.map { IdentifierNames.shortened($0.object.series) } == name
    }
}
