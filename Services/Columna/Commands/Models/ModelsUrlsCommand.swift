import ArgumentParser
import Console
import Cryptography
import Documents
import Foundation
import PublicModels

/// `columna models urls`: what to carry to where there is no network.
struct ModelsUrlsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "urls", abstract: "Print where the files of public models are, for machines without a network.",
        discussion: """
            Download them elsewhere and give them to `columna models get NAME --file PATH`.

            Examples:
              columna models urls
              columna models urls totalsegmentator-vertebrae
            """)

    @Argument(help: "One model alone; `columna models get` lists them.")
    var name: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let all = PublicModelCatalogue.shared
        let models = try name.map { [try all.model(named: $0)] } ?? all.models
        output.show(["models": JSONValue(models.map(\.document))]) {
            for model in models {
                for file in model.files {
                    let hash = file.hash.map { "  \($0.algorithm.title) \($0.hexadecimal)" } ?? ""
                    print("\(model.name)  \(file.url.absoluteString)\(hash)")
                }
            }
        }
    }
}

extension PublicModel {
    var document: JSONValue {
        [
            "name": JSONValue(name), "title": JSONValue(title), "megabytes": JSONValue(megabytes),
            "spacing_mm": JSONValue(spacingInMillimetres), "licence": JSONValue(licence.name),
            "licence_text": JSONValue(licence.text.absoluteString), "notice": JSONValue(licence.notice),
            "quality": JSONValue(quality.statement), "quality_source": JSONValue(quality.source),
            "files": JSONValue(
                files.map { file -> JSONValue in
                    [
                        "url": JSONValue(file.url.absoluteString), "megabytes": JSONValue(file.megabytes),
                        "algorithm": JSONValue(file.hash?.algorithm.rawValue),
                        "hash": JSONValue(file.hash?.hexadecimal),
                    ]
                }),
        ]
    }
}
