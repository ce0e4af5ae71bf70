import JobEngine

extension JobStoreConformance {
    static let operating: [ConformanceCheck] = []
}
