import JobEngine

extension JobStoreConformance {
    static let ending: [ConformanceCheck] = []
}
