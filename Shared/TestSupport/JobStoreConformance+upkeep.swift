import JobEngine

extension JobStoreConformance {
    static let upkeep: [ConformanceCheck] = []
}
