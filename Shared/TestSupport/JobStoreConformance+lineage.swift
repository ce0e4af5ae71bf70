import JobEngine

extension JobStoreConformance {
    static let lineage: [ConformanceCheck] = []
}
