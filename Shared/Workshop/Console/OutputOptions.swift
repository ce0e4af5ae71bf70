import ArgumentParser
package import Documents
import Foundation
import Glibc

/// `--json`, the same for every command that prints data.
package struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON document instead of a table.")
    package var json = false

    package init() {}

    /// Prints the document, or what a person reads.
    package func show(_ document: @autoclosure () throws -> JSONValue, _ table: () throws -> Void) rethrows {
        if json { print(try document().text) } else { try table() }
    }
}

/// A line for the person at the terminal that is no result: standard error.
package func remark(_ text: String) {
    // What was printed before comes before, also where both go into one file.
    fflush(nil)
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
