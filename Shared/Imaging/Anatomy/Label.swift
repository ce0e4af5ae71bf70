/// One class of a label map: its voxel value, its name and the colour it is drawn in.
package struct Label: Sendable, Hashable, Codable {
    /// The voxel value, 1…255. 0 is background and is no label.
    package var value: UInt8
    /// The anatomical name: `C1` … `C7`, `T1` … `T12`, `L1` … `L5`, `sacrum`.
    package var name: String
    package var colour: Colour

    package init(value: UInt8, name: String, colour: Colour) {
        self.value = value
        self.name = name
        self.colour = colour
    }
}
