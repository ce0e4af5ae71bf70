/// What can become of a model version; the last word of its events' type.
package enum ModelEventState: String, Sendable, Codable, CaseIterable {
    case trained, imported, promoted
}
