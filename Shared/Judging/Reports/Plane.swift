/// A standard view and how it lies on the page: patient right on image left (coronal, axial), anterior on image left
/// (sagittal), head or front at the top.
enum Plane: String, CaseIterable {
    case sagittal, coronal, axial

    /// The axis (0 right, 1 front, 2 head) across the slice.
    var normal: Int {
        switch self {
        case .sagittal: 0
        case .coronal: 1
        case .axial: 2
        }
    }

    /// The axes along the page's width and height. Both grow towards the page's left and top.
    var across: Int { self == .sagittal ? 1 : 0 }
    var upward: Int { self == .axial ? 1 : 2 }

    /// What the page's left, right, top and bottom are: R, L, A, P, H(ead), F(eet).
    var marks: (left: String, right: String, top: String, bottom: String) {
        switch self {
        case .sagittal: ("A", "P", "H", "F")
        case .coronal: ("R", "L", "H", "F")
        case .axial: ("R", "L", "A", "P")
        }
    }
}
