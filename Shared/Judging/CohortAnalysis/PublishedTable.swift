import Anatomy
import Documents
package import Faults
package import Statistics

/// Means and standard deviations of metrics per class, as a paper prints them.
///
/// Delimited text with the columns `class`, `metric`, `mean`, `standard_deviation`, and where there are more models
/// than one `model`; `n` is the number of cases behind a figure.
package struct PublishedTable: Sendable {
    /// Where figures stand.
    package struct Place: Sendable, Hashable {
        package let metric: String
        /// Of `LabelSet.spine25`.
        package let label: UInt8

        package init(metric: String, label: UInt8) {
            self.metric = metric
            self.label = label
        }
    }

    /// Figures of one model.
    package struct Model: Sendable {
        package let name: String
        package let figures: [Place: Moments]

        package init(name: String, figures: [Place: Moments]) {
            self.name = name
            self.figures = figures
        }
    }

    /// In the order in which the table names them.
    package let models: [Model]
    /// In the order in which the table names them.
    package let metrics: [String]

    /// - Parameters:
    ///   - name: of the model where the table has no such column, such as the file's.
    ///   - cases: behind figures that do not say their n; nil: they must.
    /// - Throws: `PublishedTableError` that names line, value and what was expected.
    package init(_ text: String, name: String, cases: Int?) throws {
        let table: DelimitedText
        do { table = try DelimitedText(text) } catch let error as DelimitedTextError {
            throw PublishedTableError(.unreadable, error.description)
        }
        if let missing = Self.columns.first(where: { !table.header.contains($0) }) {
            throw PublishedTableError(
                .unreadable,
                "there is no column '\(missing)', expected \(Self.columns.joined(separator: ", ")), and if need be model and n"
            )
        }
        var (order, metrics): ([String], [String]) = ([], [])
        var figures: [String: [Place: Moments]] = [:]
        for record in table.records {
            let model = record["model"] ?? name
            let place = try Self.place(record)
            if figures[model] == nil { order.append(model) }
            if !metrics.contains(place.metric) { metrics.append(place.metric) }
            guard figures[model]?[place] == nil else {
                throw Self.unreadable(record, "\(model) has \(record["class"]!)'s \(place.metric) twice")
            }
            figures[model, default: [:]][place] = try Self.moments(record, cases)
        }
        guard !order.isEmpty else { throw PublishedTableError(.unreadable, "the table has a header and no figures") }
        models = order.map { Model(name: $0, figures: figures[$0] ?? [:]) }
        self.metrics = metrics
    }

    private static let columns = ["class", "metric", "mean", "standard_deviation"]

    private static func place(_ record: DelimitedText.Record) throws -> Place {
        guard let name = record["class"], let label = LabelSet.spine25.value(ofBone: name), label > 0 else {
            throw unreadable(
                record, "'\(record["class"] ?? "")' is no class, expected C1 … C7, T1 … T12, L1 … L5 or sacrum")
        }
        guard let metric = record["metric"] else { throw unreadable(record, "the metric is not named") }
        return Place(metric: metric, label: label)
    }

    private static func moments(_ record: DelimitedText.Record, _ cases: Int?) throws -> Moments {
        guard let text = record["mean"], let mean = Double(text), mean.isFinite else {
            throw unreadable(record, "mean '\(record["mean"] ?? "")', expected a number")
        }
        guard let text = record["standard_deviation"], let deviation = Double(text), deviation >= 0, deviation.isFinite
        else {
            throw unreadable(
                record, "standard_deviation '\(record["standard_deviation"] ?? "")', expected a number of 0 or more")
        }
        guard let text = record["n"] else {
            guard let cases else {
                throw PublishedTableError(
                    .uncounted,
                    "line \(record.line) does not say of how many cases its figures are: say it for all with --cases, or add a column n"
                )
            }
            return Moments(count: cases, mean: mean, standardDeviation: deviation)
        }
        guard let count = Int(text), count >= 2 else { throw unreadable(record, "n '\(text)', expected 2 or more") }
        return Moments(count: count, mean: mean, standardDeviation: deviation)
    }

    private static func unreadable(_ record: DelimitedText.Record, _ reason: String) -> PublishedTableError {
        PublishedTableError(.unreadable, "line \(record.line): \(reason)")
    }
}

/// What can be wrong with a published table.
package typealias PublishedTableError = CodedFault<PublishedTableErrorCode>

package enum PublishedTableErrorCode: String, FaultCode {
    /// The text is no such table.
    case unreadable = "published-table-unreadable"
    /// Nobody says how many cases are behind a figure.
    case uncounted = "published-table-uncounted"

    package var blame: Blame { .input }
}
