import ArgumentParser
import Console
import Documents
import Faults
import Foundation
import ModelExchange
import Networks
import Operations
import Plans
import PublicModels
import Studies
import Threads

/// `columna models get`: a model that others published, by its name.
struct ModelsGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "List public models, or bring one in: download, check, import, try, register.",
        discussion: """
            Nothing in what is downloaded is run. A download that breaks is taken up where it ended. Where the publisher states a check sum the file
            must have it; where nobody does, the file's SHA-256 is recorded with the first version, and a later one must be the same file.
            Without a network: `columna models urls`, then --file. Proxies are taken from https_proxy.

            Examples:
              columna models get
              columna models get wholebody-ct --accept-licence
              columna models get totalsegmentator-vertebrae --accept-licence --file Dataset292_TotalSegmentator_part2_vertebrae_1532subj.zip
              columna models get wholebody-ct-3mm --accept-licence -o wholebody.safetensors
            """)

    @Argument(help: "Which model; none lists them.")
    var name: String?

    @Flag(help: "Accept the model's licence, which is shown.")
    var acceptLicence = false

    @Option(
        help: ArgumentHelp(
            "Files that were brought otherwise, in the order of `columna models urls`; nothing is downloaded.",
            valueName: "path"), completion: .file())
    var file: [String] = []

    @Option(
        help: ArgumentHelp(
            "A mirror: the file's address, or, with a / at its end, that of the folder it lies in.", valueName: "url"))
    var url: String?

    @Option(help: "The name of the version here. (default: the model's)")
    var registerAs: ModelReference?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write a file for `columna segment` and register nothing: no database is needed.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Where downloads lie until they are imported. (default: columna/models in XDG_CACHE_HOME or ~/.cache)",
            valueName: "folder"))
    var folder: String?

    @Flag(help: "Take a file although an earlier version was made of another.")
    var changed = false

    @OptionGroup var results: OutputOptions

    func validate() throws {
        guard name != nil || (file.isEmpty && url == nil && output == nil && registerAs == nil) else {
            throw ValidationError("say which model: `columna models get` lists them")
        }
        guard file.isEmpty || url == nil else {
            throw ValidationError("--file brings what --url would download: give one of them")
        }
        guard output == nil || registerAs == nil else {
            throw ValidationError("--output registers nothing that --register-as could name")
        }
    }

    func run() async throws {
        guard let name else { return list() }
        guard registerAs?.version == nil else {
            throw CommandFailure(.usage, "--register-as takes no version: the next one is given")
        }
        let model = try PublicModelCatalogue.shared.model(named: name)
        try requireLicence(of: model)
        if let output { try OutputFile.requireWritable("--output", output) }
        // What cannot be registered is not downloaded.
        let system = output == nil ? try SystemConnection() : nil
        let recorded = try await system?.publications(of: model.name) ?? []
        let (command, progress) = (self, ProgressLine())
        defer { progress.end() }
        let files = try await OwnThread.run { try command.files(of: model, progress) }
        let (imported, data, trial) = try await OwnThread.run {
            progress.show(nil, "reading \(model.name)")
            let imported = try command.read(files, of: model)
            if !command.changed { try model.requireSame(imported, as: recorded) }
            return (imported, try imported.data(), try ModelTrial(imported.model, progress: progress))
        }
        progress.end()
        let made: Operations.ModelRegistration?
        if let system {
            made = try await Operations.ModelRegistration(
                imported, file: data, name: registerAs?.name ?? model.name, in: system)
        } else {
            made = nil
            if let output { try data.write(to: URL(filePath: output), options: .atomic) }
        }
        for file in files where file.isDownloaded { try? FileManager.default.removeItem(at: file.url) }
        show(model, imported, made, data.count, trial)
    }

    // MARK: - Steps

    private func requireLicence(of model: PublicModel) throws {
        remark("\(model.name): \(model.title)\nlicence: \(model.licence.name), \(model.licence.text.absoluteString)")
        remark(model.licence.notice)
        guard acceptLicence else {
            throw CommandFailure(
                PublicModelError(
                    .licenceNotAccepted,
                    "the licence was not accepted: read it, and repeat the command with --accept-licence"))
        }
    }

    private struct FileAtHand: Sendable {
        let url: URL
        let isDownloaded: Bool
    }

    /// Blocks.
    private func files(of model: PublicModel, _ progress: ProgressLine) throws -> [FileAtHand] {
        guard file.isEmpty else { return file.map { FileAtHand(url: URL(filePath: $0), isDownloaded: false) } }
        let folder = try downloads()
        return try model.files.map { file in
            let target = folder.appending(path: "\(model.name)-\(file.name)")
            if FileManager.default.fileExists(atPath: target.path), (try? file.verified(target)) != nil {
                return FileAtHand(url: target, isDownloaded: true)
            }
            let source = try source(of: file, in: model)
            let clock = Stopwatch()
            try ResumableDownload(source, to: target, largestByteCount: file.largestByteCount).run { done in
                let fraction = done.total.map { Double(done.byteCount) / Double(max($0, 1)) }
                progress.show(fraction, "\(Wording.bytes(done.byteCount)) of \(file.name), \(clock.text)")
            }
            do { _ = try file.verified(target) } catch {
                // No part of it is worth keeping.
                try? FileManager.default.removeItem(at: target)
                throw CommandFailure(.badData, "\(CommandFailure(error)); it was thrown away")
            }
            return FileAtHand(url: target, isDownloaded: true)
        }
    }

    /// Blocks.
    private func read(_ files: [FileAtHand], of model: PublicModel) throws -> ImportedModel {
        do { return try model.read(files.map(\.url)) } catch {
            let failure = CommandFailure(error)
            let unvouched = zip(model.files, files).filter { $0.hash == nil && $1.isDownloaded }.map(\.1.url)
            guard failure.code == .badData, !unvouched.isEmpty else { throw failure }
            // No sum says that it is the right one: a page of a proxy, perhaps, which the next go would find again.
            for url in unvouched { try? FileManager.default.removeItem(at: url) }
            throw CommandFailure(
                .badData, "what came from the server is not the model (\(failure)); it was thrown away")
        }
    }

    private func source(of file: PublicModel.File, in model: PublicModel) throws -> URL {
        guard let url else { return file.url }
        guard let mirror = URL(string: url), ["http", "https"].contains(mirror.scheme?.lowercased()) else {
            throw CommandFailure(.usage, "--url must begin with http:// or https://, got \(url.prefix(200))")
        }
        guard url.hasSuffix("/") || model.files.count == 1 else {
            throw CommandFailure(
                .usage,
                "\(model.name) has \(model.files.count) files: --url must name their folder, with a / at its end")
        }
        return url.hasSuffix("/") ? mirror.appending(path: file.name) : mirror
    }

    private func downloads() throws -> URL {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["XDG_CACHE_HOME"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
        let place = folder.map { URL(filePath: $0) } ?? cache.appending(path: "columna/models")
        do { try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true) } catch {
            throw CommandFailure(
                .failed, "the folder for downloads, \(place.path), cannot be made: name another with --folder")
        }
        return place
    }

    // MARK: - Output

    private func list() {
        let models = PublicModelCatalogue.shared.models
        results.show(["models": JSONValue(models.map(\.document))]) {
            var table = TextTable("model", ">download", ">spacing", "licence", "expected quality")
            for model in models {
                table.add(
                    model.name, "\(model.megabytes) MB", "\(Wording.ratio(model.spacingInMillimetres, digits: 1)) mm",
                    model.licence.name, model.quality.statement)
            }
            print(table.text)
            for model in models { print("\(model.name): \(model.title)") }
            print("Bring one in with `columna models get NAME`, which shows its licence.")
        }
    }

    private func show(
        _ model: PublicModel, _ imported: ImportedModel, _ made: Operations.ModelRegistration?, _ byteCount: Int,
        _ trial: ModelTrial
    ) {
        let digests = imported.source?.publication?.sha256 ?? [:]
        let document: JSONValue = [
            "model": JSONValue(model.name), "output": JSONValue(output), "version": made?.document ?? nil,
            "sha256": .object(digests.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue($0.value)) }),
            "trial": [
                "labels": JSONValue(trial.classCount), "windows": JSONValue(trial.windowCount),
                "seconds": JSONValue(trial.seconds),
            ],
        ]
        results.show(document) {
            let summary =
                "\(imported.model.plan.network.architecture.rawValue), \(imported.model.plan.classes) classes, \(Wording.bytes(byteCount))"
            if let made {
                print("imported \(made.reference): \(summary)")
            } else {
                print("wrote \(output ?? ""): \(summary)")
            }
            print(trial.sentence)
            for (file, digest) in digests.sorted(by: { $0.key < $1.key }) {
                print(
                    "SHA-256 of \(file): \(digest)\(model.files.contains { $0.name == file && $0.hash == nil } ? " (recorded: nobody publishes it)" : "")"
                )
            }
            if let made { print(ModelsPromoteCommand.hint(made.reference)) }
            for text in imported.source?.remarks ?? [] { remark("note: \(text)") }
        }
    }
}
