/// A case of a model: what a page with pictures is made for.
package struct CaseReference: Sendable, Hashable {
    package var caseName: String
    package var modelName: String

    package init(caseName: String, modelName: String) {
        self.caseName = caseName
        self.modelName = modelName
    }
}
