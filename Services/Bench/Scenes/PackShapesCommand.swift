import ArgumentParser
import Console
import Files
import Foundation
import Phantoms
import Threads

/// `columna-bench pack-shapes`: makes the bank of bones that is part of the program anew.
struct PackShapesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack-shapes", abstract: "Pack the permissively licensed bones of a bank for the program.",
        discussion: """
            Only what is in the bank's folder `permissive` is taken; the same bank gives the same bytes.

            Example:
              columna-bench pack-shapes ../shared/data/spine-shapes Shared/Bindings/CSpineShapes/shapes.bin
            """, shouldDisplay: false)

    @Argument(help: "The bank's folder.", completion: .directory)
    var bank: String

    @Argument(help: "The file to write.")
    var out: String

    func run() async throws {
        let (bank, out) = (URL(filePath: bank), URL(filePath: out))
        let bytes = try await OwnThread.run {
            let data = try ShapeBank(folder: bank, permissiveOnly: true).packed()
            try data.write(to: out)
            return data.count
        }
        print("\(bytes) bytes")
    }
}
