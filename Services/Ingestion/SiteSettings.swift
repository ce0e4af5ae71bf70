import DeIdentification
import Foundation
import Site
import WorkerRuntime

extension Site {
    /// The site file that `COLUMNA_SITE` names; without one nobody sends, nothing is fetched, and every tenant has the
    /// defaults.
    ///
    /// - Throws: `ConfigurationError`.
    static func load(_ file: URL?) throws -> Site {
        guard let file else { return Site() }
        do {
            return try read(file)
        } catch let error as SiteError {
            throw ConfigurationError(
                variable: "COLUMNA_SITE", value: file.path, expected: "a site file as the README describes it",
                remedy: "\(error)")
        }
    }

    /// The secret that the site file names; nil where it names none and needs none.
    ///
    /// - Throws: `ConfigurationError`.
    func loadSecret() throws -> SiteSecret? {
        do { return try secret() } catch {
            throw ConfigurationError(
                variable: "COLUMNA_SITE", value: nil, expected: "a secret-file to derive pseudonyms from",
                remedy: "\(error)")
        }
    }
}
