import CSpineShapes

/// The packed bank's bytes, which stand in the program itself.
enum PackedShapes {
    static var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: cspineshapes_start(), count: cspineshapes_count)
    }
}
