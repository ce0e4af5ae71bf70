import Faults
import Synchronization
import Threads
import Volumes

/// Decodes the frames of a stack on all cores: columns fastest, then rows, then slices.
struct SlicePixels: Sendable {
    private let slices: [SliceHeader]
    private let rescales: [Rescale]
    private let planeCount: Int
    /// Objects that stay open because they hold several of the slices; others are opened for each.
    private let shared: [ObjectIdentifier: PixelFrames]

    /// Each costs a descriptor, and processes often have 1024.
    private static let mostOpenObjects = 128
    /// 512 × 512 × 8192.
    private static let largestVoxelCount = 1 << 31

    /// - Parameter opened: what `open` gave for these slices and others, where only some of them are read at a time.
    /// - Throws: `DICOMError`, that of the first slice whatever thread was faster.
    init(_ slices: [SliceHeader], _ rescales: [Rescale], opened: [ObjectIdentifier: PixelFrames]? = nil)
        throws(DICOMError)
    {
        let layout = slices[0].layout
        let (plane, isTooWide) = layout.columns.multipliedReportingOverflow(by: layout.rows)
        let (total, isTooDeep) = plane.multipliedReportingOverflow(by: slices.count)
        guard !isTooWide, !isTooDeep, total <= SlicePixels.largestVoxelCount else {
            throw DICOMError(
                .tooLarge,
                "series has \(layout.columns)×\(layout.rows)×\(slices.count) voxels, expected at most \(SlicePixels.largestVoxelCount)"
            )
        }
        for (_, frames) in Dictionary(grouping: slices, by: { ObjectIdentifier($0.object) })
        where plane * frames.count > frames[0].layout.mostPixels {
            throw DICOMError(
                .tooLarge,
                "object of few bytes states to be \(layout.columns)×\(layout.rows)×\(frames.count) pixels: larger than they can become",
                path: frames[0].path)
        }
        self.slices = slices
        self.rescales = rescales
        planeCount = plane
        if let opened { shared = opened } else { shared = try SlicePixels.open(slices) }
    }

    /// The objects that hold several of the slices, as many as may stay open: opening one goes through all its frames,
    /// so that those of most slices gain most.
    static func open(_ slices: [SliceHeader]) throws(DICOMError) -> [ObjectIdentifier: PixelFrames] {
        let objects = Dictionary(grouping: slices) { ObjectIdentifier($0.object) }.values.filter { $0.count > 1 }
        var shared: [ObjectIdentifier: PixelFrames] = [:]
        for slices in objects.sorted(by: { (-$0.count, $0[0].path) < (-$1.count, $1[0].path) }).prefix(mostOpenObjects)
        {
            shared[ObjectIdentifier(slices[0].object)] = try PixelFrames(path: slices[0].path, layout: slices[0].layout)
        }
        return shared
    }

    func values() throws(DICOMError) -> SliceValues {
        if rescales.allSatisfy(\.isWhole), let exact = try int16Values() { return .int16(exact) }
        return .float(try floatValues())
    }

    private func floatValues() throws(DICOMError) -> [Float] {
        let values =
            try decoded { index, plane throws(DICOMError) in
                try frames(index).decode(slices[index].frame, rescales[index], into: plane)
                return true
            } as [Float]?
        return values ?? []
    }

    /// Nil where a value does not fit.
    private func int16Values() throws(DICOMError) -> [Int16]? {
        try decoded { index, plane throws(DICOMError) in
            try frames(index).decode(slices[index].frame, rescales[index], into: plane)
        }
    }

    private func frames(_ index: Int) throws(DICOMError) -> PixelFrames {
        let slice = slices[index]
        if let open = shared[ObjectIdentifier(slice.object)] { return open }
        return try PixelFrames(path: slice.path, layout: slice.layout)
    }

    /// Nil where the body said no for a slice.
    private func decoded<Voxel: BitwiseCopyable & Sendable>(
        _ decode: @Sendable (Int, UnsafeMutableBufferPointer<Voxel>) throws(DICOMError) -> Bool
    ) throws(DICOMError) -> [Voxel]? {
        let outcomes = Mutex([Result<Bool, DICOMError>?](repeating: nil, count: slices.count))
        let hasStopped = Mutex(false)
        // Nothing is written beforehand: memory is taken only for what a file really holds.
        let values = [Voxel](unsafeUninitializedCapacity: planeCount * slices.count) { buffer, count in
            let target = SharedPointer(buffer)
            ComputePool.shared.forEach(count: slices.count) { index in
                guard !hasStopped.withLock(\.self) else { return }
                let plane = UnsafeMutableBufferPointer(start: target.base + index * planeCount, count: planeCount)
                let outcome = Result { () throws(DICOMError) in try decode(index, plane) }
                outcomes.withLock { $0[index] = outcome }
                if (try? outcome.get()) != true { hasStopped.withLock { $0 = true } }
            }
            count = hasStopped.withLock(\.self) ? 0 : planeCount * slices.count
        }
        var isWhole = true
        for case let outcome? in outcomes.withLock(\.self) { isWhole = try outcome.get() && isWhole }
        return isWhole ? values : nil
    }
}
