import ArgumentParser
import Console
import Documents
import Foundation
import ModelExchange
import Threads

/// `columna models convert`: a model from elsewhere as a file for `columna segment`, without broker or database.
struct ModelsConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turn a model that was made elsewhere into Columna's file, without broker or database.",
        discussion: """
            Takes what `columna models import` takes.

            Example:
              columna models convert model.pt -o model.safetensors && columna segment ct.nii.gz -o labels.nii.gz --model model.safetensors
            """)

    @OptionGroup var file: ModelImportOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the safetensors.", valueName: "file"))
    var output: String

    func run() async throws {
        let (file, output) = (file, output)
        try OutputFile.requireWritable("--output", output)
        let (imported, data) = try await OwnThread.run {
            let (imported, data) = try file.readWithData()
            try data.write(to: URL(filePath: output), options: .atomic)
            return (imported, data)
        }
        print("wrote \(output): \(file.summary(imported)), \(Wording.bytes(data.count))")
        for text in imported.source?.remarks ?? [] { remark("note: \(text)") }
    }
}
