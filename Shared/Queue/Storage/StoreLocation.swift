package import FoundationEssentials

/// What `COLUMNA_STORAGE` names. The only place that chooses a kind of store: another kind is one line here.
package enum StoreLocation {
    /// Touches nothing: what is there shows at the first use.
    package static func store(at location: URL) -> any ObjectStore { FolderStore(root: location) }
}
