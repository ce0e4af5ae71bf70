package import Studies

/// Tests name models as people do.
extension ModelReference: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let reference = ModelReference(rawValue: text) else {
            preconditionFailure("expected NAME or NAME@VERSION, got '\(text)'")
        }
        self = reference
    }
}
