import Faults
import Statistics

/// The names by which studies and series go where their identifiers may not stand: in listings, messages, logs and
/// descriptions. 16 hexadecimal digits, the same on every machine and in every version.
///
/// What is named is the pseudonym. A site that removes identities has keyed ones, the very identifiers that the stored
/// objects carry, so a study has one name on both sides of the border, and nobody without the site's secret can test
/// whose it is. Where nobody has a key, as on the command line, and where a site keeps identities, it is the identifier
/// itself, and all that protects it is that identifiers cannot be guessed: who has one can tell its name.
package struct IdentifierNames: Sendable {
    private let pseudonym: @Sendable (String) throws -> String

    /// - Parameter pseudonym: of an identifier; when left out, what is read carries its pseudonyms already, or there is
    ///   no key.
    package init(pseudonym: @escaping @Sendable (String) throws -> String = { $0 }) {
        self.pseudonym = pseudonym
    }

    /// - Throws: `DICOMError.internalFailure` where no pseudonym can be made.
    package func name(of identifier: String) throws(DICOMError) -> String {
        do {
            return Self.shortened(try pseudonym(identifier))
        } catch {
            throw DICOMError(.internalFailure, "an identifier's pseudonym cannot be made: \(error)")
        }
    }

    /// It shortens and hides nothing: what hides is that it is the keyed pseudonym which is shortened.
    static func shortened(_ identifier: String) -> String {
        let digits = String(FNV1a.hash(identifier.utf8), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
