/// The images of one series, as they were found.
struct SeriesGroup {
    let summary: SeriesSummary
    let slices: [SliceHeader]

    init?(_ slices: [SliceHeader]) {
        guard let first = slices.first else { return nil }
        let objects = Set(slices.map { ObjectIdentifier($0.object) })
        self.slices = slices
        summary = SeriesSummary(
            hash: IdentifierHash.hash(first.object.series), studyHash: IdentifierHash.hash(first.object.study),
            modality: first.object.modality, instanceCount: objects.count, sliceCount: slices.count,
            rows: first.layout.rows,
            columns: first.layout.columns, isMultiFrame: slices.contains { $0.object.isMultiFrame },
            isDerived: slices.allSatisfy(\.isDerived))
    }

    /// In the order of their hashes.
    static func all(_ images: [SliceHeader]) -> [SeriesGroup] {
        Dictionary(grouping: images, by: \.object.series).values.compactMap { SeriesGroup($0) }.sorted {
            $0.summary.hash < $1.summary.hash
        }
    }
}
