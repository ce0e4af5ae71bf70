import Anatomy
import Metrics

/// The diverging scale of the tables, from red (bad) by near white to blue (good): colour-blind readers tell red from
/// blue, and the value is always written in the cell, for print in grey.
enum ColourScale {
    /// Eleven steps, the worst first.
    static let steps: [Colour] = {
        let anchors: [(Double, Double, Double)] = [
            (150, 20, 42), (206, 88, 74), (244, 178, 148), (247, 244, 241), (158, 200, 224), (62, 134, 188),
            (18, 72, 130),
        ]
        return (0...10).map { step in
            let position = Double(step) / 10 * Double(anchors.count - 1)
            let low = min(Int(position), anchors.count - 2)
            let share = position - Double(low)
            func mixed(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * share).rounded()) }
            let (a, b) = (anchors[low], anchors[low + 1])
            return Colour(red: mixed(a.0, b.0), green: mixed(a.1, b.1), blue: mixed(a.2, b.2))
        }
    }()

    /// The step (0 worst … 10 best) of a metric's value; nil has none.
    static func step(of value: Double?, _ metric: Metric) -> Int? {
        guard let value, !value.isNaN else { return nil }
        let row = metric.row
        let size = metric.isSigned ? abs(value) : value
        return step(share: (size - row.worst) / (row.scale.best - row.worst))
    }

    /// 0 worst … 1 best.
    static func step(share: Double) -> Int { Int((max(0, min(1, share)) * 10).rounded()) }

    /// ` class="q7"`, or nothing.
    static func attribute(_ step: Int?) -> HTML {
        step.map { " class=\"q\($0)\"" } ?? .empty
    }

    /// The rules of the classes `q0` … `q10`, also as fills of figures.
    static var style: String {
        steps.enumerated().map { step, colour in
            let text = colour.isDark ? "#fff" : "#14181d"
            return ".q\(step){background:\(colour.hexadecimal);color:\(text);fill:\(colour.hexadecimal)}"
        }.joined()
    }
}

extension Colour {
    /// `#rrggbb`
    var hexadecimal: String {
        "#"
            + [red, green, blue].map { value in
                let text = String(value, radix: 16)
                return value < 16 ? "0" + text : text
            }.joined()
    }

    /// Whether white text is easier to read on it than black.
    var isDark: Bool { cieLab.lightness < 56 }
}
