import Anatomy
import Foundation
import PyTorchFiles
import Reports
import Studies

/// How a model was trained, as nnU-Net leaves it in a fold's folder: the picture of its curves and the log, and what its
/// logger keeps in the checkpoint.
struct NNUNetProgress: Sendable {
    private let epochs: [EpochMetrics]
    /// Of the network, background included.
    private let classes: Int

    /// - Parameter epochs: in order, from the first.
    init(_ epochs: [EpochMetrics], classes: Int) { (self.epochs, self.classes) = (epochs, classes) }

    /// By their names; none of a training that kept no epoch.
    ///
    /// - Throws: `ReportError.notEncodable`.
    func files() throws -> [(name: String, data: Data)] {
        guard let first = epochs.first else { return [] }
        let averages = averages
        let picture = ProgressPicture(
            zip(epochs, averages).map { epoch, average in
                var shown = ProgressPicture.Epoch(
                    loss: epoch.trainingLoss, seconds: epoch.seconds, learningRate: epoch.learningRate)
                (shown.validationLoss, shown.pseudoDice) = (epoch.validationLoss, epoch.meanPseudoDice)
                shown.averagePseudoDice = average
                return shown
            })
        var files = [("progress.png", try picture.png())]
        // Without its time an epoch has no line in a log.
        if let end = first.endedAt, epochs.allSatisfy({ $0.endedAt != nil }) {
            let start = Self.parts(end.addingTimeInterval(-first.seconds))
            let name =
                "training_log_\(start.year ?? 0)_\(start.month ?? 0)_\(start.day ?? 0)_"
                + String(format: "%02d_%02d_%02d.txt", start.hour ?? 0, start.minute ?? 0, start.second ?? 0)
            files.append((name, Data(text(averages).utf8)))
        }
        return files
    }

    var log: NNUNetLog {
        NNUNetLog(
            zip(epochs, averages).map { epoch, average in
                var logged = NNUNetLog.Epoch(loss: epoch.trainingLoss, learningRate: epoch.learningRate)
                logged.validationLoss = epoch.validationLoss ?? .nan
                logged.dice = (1..<classes).map { epoch.pseudoDice?[String($0)] ?? .nan }
                (logged.meanDice, logged.averageDice) = (epoch.meanPseudoDice ?? .nan, average ?? .nan)
                if let end = epoch.endedAt?.timeIntervalSince1970 {
                    (logged.start, logged.end) = (end - epoch.seconds, end)
                }
                return logged
            })
    }

    /// nnU-Net's running average of the Dice on patches, after each epoch.
    private var averages: [Double?] {
        var average: Double?
        return epochs.map { epoch in
            if let dice = epoch.meanPseudoDice { average = average.map { 0.9 * $0 + 0.1 * dice } ?? dice }
            return average
        }
    }

    /// In the words of nnU-Net's trainer, which people's programs read; epochs count from 0.
    private func text(_ averages: [Double?]) -> String {
        var (text, best) = ("", -Double.infinity)
        func say(_ sentence: String, _ time: Date) { text += "\(Self.stamp(time)): \(sentence) \n" }
        for (epoch, average) in zip(epochs, averages) {
            guard let end = epoch.endedAt else { continue }
            let start = end.addingTimeInterval(-epoch.seconds)
            say("", start)
            say("Epoch \(epoch.epoch - 1)", start)
            say("Current learning rate: \(Self.number(epoch.learningRate, 5))", start)
            say("train_loss \(Self.number(epoch.trainingLoss, 4))", end)
            if let loss = epoch.validationLoss { say("val_loss \(Self.number(loss, 4))", end) }
            if let dice = epoch.pseudoDice {
                let all = (1..<classes).map { dice[String($0)].map { Self.number($0, 4) } ?? "nan" }
                say("Pseudo dice [\(all.joined(separator: ", "))]", end)
            }
            say("Epoch time: \(Self.number(epoch.seconds, 2)) s", end)
            if let average, average > best {
                best = average
                say("Yayy! New best EMA pseudo Dice: \(Self.number(average, 4))", end)
            }
        }
        return text
    }

    /// Rounded as NumPy shows it.
    private static func number(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "nan" }
        let scale = pow(10, Double(digits))
        return "\((value * scale).rounded(.toNearestOrEven) / scale)"
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static func parts(_ time: Date) -> DateComponents {
        calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .nanosecond], from: time)
    }

    private static func stamp(_ time: Date) -> String {
        let parts = parts(time)
        return String(
            format: "%04d-%02d-%02d %02d:%02d:%02d.%06d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
            parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0, (parts.nanosecond ?? 0) / 1000)
    }
}
