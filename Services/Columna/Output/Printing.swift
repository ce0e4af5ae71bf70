import ArgumentParser
import Documents
import Foundation
import Glibc

/// `--json`, the same for every command that prints data.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    /// Prints the document, or what a person reads.
    func show(_ document: @autoclosure () throws -> JSONValue, _ table: () throws -> Void) rethrows {
        if json { print(try document().text) } else { try table() }
    }
}

/// A line for the person at the terminal that is no result: standard error.
func remark(_ text: String) {
    // What was printed before comes before, also where both go into one file.
    fflush(nil)
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
