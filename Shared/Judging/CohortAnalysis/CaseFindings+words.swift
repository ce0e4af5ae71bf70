import Metrics

extension CaseFindings {
    func borderText(_ entry: ClassMetrics, _ dice: Double) -> String {
        let distance = entry.voxelSurface.map { ", its 95 % Hausdorff distance \(decimal($0.hausdorff95, 1)) mm" } ?? ""
        let volume =
            entry.volumeErrorInPercent.map { ", its volume \(decimal(abs($0), 0)) % too \($0 < 0 ? "small" : "large")" }
            ?? ""
        return "the Dice of \(entry.name) is \(decimal(dice, 3))\(distance)\(volume)"
    }

    func share(_ part: Int, _ whole: Int) -> String { decimal(Double(part) / Double(max(1, whole)) * 100, 0) + " %" }

    func volume(_ millilitres: Double) -> String { decimal(millilitres, 1) + " mL" }

    /// A number of 0 and more with so many decimals, whatever the locale.
    func decimal(_ value: Double, _ decimals: Int) -> String {
        let unit = (0..<decimals).reduce(1) { power, _ in power * 10 }
        guard let scaled = Int(exactly: (value * Double(unit)).rounded()) else { return "\(value)" }
        if decimals == 0 { return "\(scaled)" }
        let fraction = String(scaled % unit)
        return "\(scaled / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
