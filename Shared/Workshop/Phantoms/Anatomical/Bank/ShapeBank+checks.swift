import Faults
import Foundation
import Volumes

/// What a bank from outside must be before scenes are made of it: they trust it, and a number that no body has would end
/// the program far from here.
extension ShapeBank {
    /// A file that the bank names, in its folder.
    static func file(_ path: String, in folder: URL) throws(PhantomError) -> URL {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        try demand(
            !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." },
            "a bone's file must be a path below the bank's folder, got '\(path.prefix(80))'")
        return folder.appending(path: path)
    }

    static func demand(_ isRight: Bool, _ sentence: @autoclosure () -> String) throws(PhantomError) {
        guard isRight else { throw PhantomError(.shapesUnreadable, sentence()) }
    }
}

extension ShapeBank.Catalogue {
    /// - Throws: `PhantomError.shapesUnreadable` that names the bone, its value and what was expected.
    func validate() throws(PhantomError) {
        for bone in bones { try bone.validate() }
        for (name, frame) in thorax { try SetFrame.demand(frame.origin, frame.axes, "\(name) of the thorax") }
        try line?.validate()
        try demandSpine()
        let (highest, lowest) = (thorax["T1"], thorax["T12"])
        if let highest, let lowest {
            try ShapeBank.demand(
                (Point(highest.origin) - Point(lowest.origin)).length > 10,
                "T1 and T12 of the thorax must be apart, got both at \(highest.origin)")
        }
    }

    /// What no scene can do without.
    private func demandSpine() throws(PhantomError) {
        for (index, name) in Donors.names.enumerated() {
            try ShapeBank.demand(
                bones.contains { Int($0.label) == index + 1 },
                "the bank must have a bone of label \(index + 1) (\(name))")
        }
        let base = bones.first { $0.source == "lumbosacral-vhm" && $0.name == "L5" }
        try ShapeBank.demand(
            base?.next != nil && base?.body != nil
                && bones.contains { $0.source == "lumbosacral-vhm" && $0.name == "sacrum" },
            "the bank must have the sacrum of the source lumbosacral-vhm, and its L5 with body and next")
    }
}

extension Bone {
    /// Before anything is computed of it.
    static func demandStep(_ step: Float, _ name: String) throws(PhantomError) {
        try ShapeBank.demand((0.1...10).contains(step), "step_mm of \(name) must be 0.1 to 10, got \(step)")
    }

    fileprivate func validate() throws(PhantomError) {
        try Self.demandStep(step, name)
        try ShapeBank.demand(label <= 25, "the label of \(name) must be 0 to 25, got \(label)")
        try ShapeBank.demand(
            size.count == 3 && size.allSatisfy { (2...1024).contains($0) },
            "the grid of \(name) must have 2 to 1024 nodes on each of three axes, got \(size)")
        try ShapeBank.demand(
            canal.map { $0.count == 2 && $0.allSatisfy { abs($0) <= 200 } } ?? true,
            "canal_mm of \(name) must be two places up to 200 mm from its body's middle, got \(canal ?? [])")
        if let body {
            let lengths = [body.up, body.down, body.width, body.depth]
            try ShapeBank.demand(
                lengths.allSatisfy { (1...200).contains($0) },
                "the body of \(name) must measure 1 to 200 mm, got \(lengths)")
        }
        if let next { try SetFrame.demand(next.offset, next.axes, "what follows \(name)") }
    }
}

extension SetFrame {
    fileprivate static func demand(_ origin: [Float], _ axes: [[Float]], _ whose: String) throws(PhantomError) {
        try ShapeBank.demand(
            isPoint(origin), "the place of \(whose) must be three numbers up to 5000 mm, got \(origin.prefix(9))")
        try ShapeBank.demand(
            isRotation(axes), "the axes of \(whose) must be three perpendicular ones of length 1, got \(axes.prefix(9))"
        )
    }

    fileprivate static func isPoint(_ values: [Float]) -> Bool {
        values.count == 3 && values.allSatisfy { abs($0) <= 5000 }
    }

    private static func isRotation(_ rows: [[Float]]) -> Bool {
        guard rows.count == 3, rows.allSatisfy(isPoint) else { return false }
        let axes = (0..<3).map { column in Point(rows.map { $0[column] }) }
        return axes.indices.allSatisfy { one in
            axes.indices.allSatisfy { abs(axes[one].dot(axes[$0]) - (one == $0 ? 1 : 0)) < 0.01 }
        }
    }
}

extension ShapeBank.LineModel {
    fileprivate func validate() throws(PhantomError) {
        for (name, rows) in [("mean", mean)] + modes.enumerated().map({ ("mode \($0 + 1)", $1) }) {
            try ShapeBank.demand(
                rows.count == Donors.names.count && rows.allSatisfy(SetFrame.isPoint),
                "the \(name) of the lines must be \(Donors.names.count) places of three numbers up to 5000 mm, got \(rows.count) rows"
            )
        }
        let nearest = zip(mean, mean.dropFirst()).map { (Point($0) - Point($1)).length }.min() ?? 0
        try ShapeBank.demand(nearest >= 1, "places of the lines' mean must be 1 mm apart or more, got \(nearest)")
    }
}
