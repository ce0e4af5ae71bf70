import ArgumentParser
import CohortAnalysis
import Console
import Evaluations
import Faults
import Foundation
import Metrics
import Operations
import Studies

/// `columna compare A B --published FILE`: figures of a paper against a model of ours, or against each other.
extension CompareCommand {
    func comparePublished() async throws {
        let cases = cases
        let tables = try published.map { try PublishedTable(file: URL(filePath: $0), cases: cases) }
        let models = tables.flatMap(\.models)
        if let twice = models.first(where: { one in models.count { $0.name == one.name } > 1 }) {
            throw ValidationError("'\(twice.name)' is in two of the tables: give each file's models names of their own")
        }
        let sides = [a, b].map { name in models.first { $0.name == name } }
        guard sides.contains(where: { $0 != nil }) else {
            throw ValidationError(
                "neither '\(a)' nor '\(b)' is a model of \(published.joined(separator: ", ")), which has \(models.map(\.name).joined(separator: ", "))"
            )
        }
        let first: PublishedTable.Model
        let second: PublishedTable.Model
        if let one = sides[0], let other = sides[1] {
            (first, second) = (one, other)
        } else {
            let measured = try await measured(sides[0] == nil ? a : b)
            (first, second) = (sides[0] ?? measured, sides[1] ?? measured)
        }
        let result = try PublishedResult(first, second, metrics: metric.isEmpty ? nil : metric.map(\.rawValue))
        if !result.lonelyMetrics.isEmpty {
            remark("columna: only one of the two has \(result.lonelyMetrics.joined(separator: ", "))")
        }
        output.show(result.document) { print(EvaluationPresentation.text(result)) }
    }

    /// Of our own models, what their cases say.
    private func measured(_ name: String) async throws -> PublishedTable.Model {
        let system = try SystemConnection()
        let evaluation: Evaluation
        if options.dataSet == nil {
            evaluation = try await system.evaluation(name)
        } else {
            let request = try options.request()
            let order = try await request.order(try await system.model(try model(name)), in: system)
            evaluation = try await request.place(order, in: system).evaluation
        }
        let follower = StudyFollower(system, timeoutInSeconds: timeout)
        try await follower.requireComplete(try await follower.follow(evaluation), evaluation)
        return try await PublishedTable.Model(evaluation, in: system)
    }
}

extension PublishedTable {
    /// - Throws: `PublishedTableError`, `OperationError` (`badInput`) for a file that cannot be read as text.
    fileprivate init(file: URL, cases: Int?) throws {
        let text: String
        do { text = try String(contentsOf: file, encoding: .utf8) } catch {
            throw OperationError(
                .badInput, "\(file.path) cannot be read as UTF-8 text, expected a table of published figures")
        }
        let name = file.deletingPathExtension().lastPathComponent
        do { try self.init(text, name: name, cases: cases) } catch let error as PublishedTableError {
            throw PublishedTableError(error.code, "\(file.lastPathComponent), \(error.description)")
        }
    }
}
