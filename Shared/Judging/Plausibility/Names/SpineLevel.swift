import Anatomy

/// A place in the order of vertebrae: C1 … L5 and the sacrum, and the two that some people have besides, T13 and L6.
package struct SpineLevel: Sendable, Hashable, Comparable {
    /// From the head down: 0 … 26.
    let position: Int

    package static let all = (0..<names.count).map(SpineLevel.init(position:))
    static let c1 = named("C1")
    static let c2 = named("C2")
    static let t12 = named("T12")
    static let t13 = named("T13")
    static let l4 = named("L4")
    static let l5 = named("L5")
    static let l6 = named("L6")
    static let sacrum = named("sacrum")

    package var name: String { Self.names[position] }

    /// Whether most people have it.
    package var isRegular: Bool { self != .t13 && self != .l6 }

    /// The place among the regular ones, from 0; T13 and L6 have that of the level below them.
    var rank: Int { position - (position > Self.t13.position ? 1 : 0) - (position > Self.l6.position ? 1 : 0) }

    /// What this and the regular level below are apart, between centres of mass of whole vertebrae, millimetres.
    ///
    /// Means of the 140 scans with centroids in VerSe 2020 (Sekuboyina et al., Med Image Anal 2021;73:102166; Löffler
    /// et al., Radiol Artif Intell 2020;2:e190138; Liebl et al., Sci Data 2021;8:284; CC BY-SA 4.0), figures only. How
    /// far the sacrum's centre lies below depends on how much of it is in view.
    var gapBelowInMillimetres: Double { Self.gaps[position] }

    /// The same of the one that most people do not have, if that comes next: T13 below T12, L6 below L5.
    var gapToAdditionalInMillimetres: Double { self == .l5 ? 30.6 : gapBelowInMillimetres }

    /// Of a whole vertebra of a patient of middling size, millilitres: means over 4 to 13 segmented patients of VerSe
    /// and over open bone models (shared shape bank), figures only. The sacrum's says how much is in view, so it is not
    /// compared.
    var volumeInMillilitres: Double { Self.volumes[position] }

    package static func < (left: Self, right: Self) -> Bool { left.position < right.position }

    package init?(name: String) {
        guard let position = Self.names.firstIndex(of: name) else { return nil }
        self.position = position
    }

    private init(position: Int) { self.position = position }

    private static func named(_ name: String) -> SpineLevel { SpineLevel(position: names.firstIndex(of: name) ?? 0) }

    private static let names =
        (1...7).map { "C\($0)" } + (1...13).map { "T\($0)" } + (1...6).map { "L\($0)" } + ["sacrum"]
    private static let gaps = [
        17.1, 18.5, 15.9, 16.1, 16.1, 17.7, 18.8,
        20.9, 22.2, 22.3, 22.8, 23.5, 24.0, 24.3, 24.9, 25.7, 27.6, 29.8, 32.0, 33.4,
        33.4, 34.1, 33.8, 31.7, 45, 45, 0,
    ]
    private static let volumes: [Double] = [
        18, 21, 14, 14, 15, 16, 20,
        23, 23, 23, 25, 25, 24, 25, 27, 29, 33, 35, 38, 40,
        42, 50, 54, 55, 55, 55, 150,
    ]
}
