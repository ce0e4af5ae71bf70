package import Anatomy

/// Colours of surface distances: blue at 0, near white in the middle, red from the largest value on; grey where the
/// other map has no surface. The script of the page has the same stops.
package enum DistanceScale {
    package static let stops = [
        Colour(red: 36, green: 104, blue: 176), Colour(red: 98, green: 168, blue: 212),
        Colour(red: 240, green: 236, blue: 224),
        Colour(red: 232, green: 130, blue: 96), Colour(red: 158, green: 22, blue: 44),
    ]
    package static let none = Colour(red: 140, green: 140, blue: 146)
    /// The distance shown in the last colour, in mm, as the page opens and on paper.
    static let largest: Float = 5

    package static func colour(of distance: Float) -> Colour {
        guard distance.isFinite else { return none }
        let position = Double(max(0, min(1, distance / largest))) * Double(stops.count - 1)
        let low = min(Int(position), stops.count - 2)
        return stops[low + 1].blended(over: stops[low], share: position - Double(low))
    }
}
