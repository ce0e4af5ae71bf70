import Faults
import Glibc

/// The one boundary to Open MPI, which `mpirun` starts as several processes of one program.
///
/// The library is loaded when it is asked for, so programs start where there is none; neither is it needed to build them.
/// Of its binary interface (`libmpi.so.40`, Open MPI 4 and 5) that handles are addresses of exported objects is relied
/// on, and that counts are C's `int`. Errors within a call end all ranks, as the library's own handler wants
/// (MPI_ERRORS_ARE_FATAL).
///
/// `@unchecked Sendable`: the library is initialised for calls from any thread, one at a time (MPI_THREAD_SERIALIZED),
/// and collective calls can only be made one after the other.
package final class OpenMPI: RankExchange, @unchecked Sendable {
    /// Debian's package with the library and `mpirun`.
    package static let package = "openmpi-bin"

    package let rank: Int
    package let count: Int
    private let functions: Functions

    /// Joins the ranks that `mpirun` has started; a process by itself is the only one.
    ///
    /// - Throws: ``RankError``.
    package init() throws(RankError) {
        functions = try Functions()
        var granted: Int32 = 0
        let serialized: Int32 = 2
        guard functions.initThread(nil, nil, serialized, &granted) == 0, granted >= serialized else {
            throw RankError(
                .notStarted, "Open MPI grants calls of threads at level \(granted), expected \(serialized) or more")
        }
        var (rank, count): (Int32, Int32) = (0, 0)
        _ = functions.commRank(functions.world, &rank)
        _ = functions.commSize(functions.world, &count)
        (self.rank, self.count) = (Int(rank), Int(count))
    }

    /// Whether the library is there.
    ///
    /// - Throws: ``RankError`` that names the package.
    package static func require() throws(RankError) { _ = try Functions() }

    /// Of the ranks on this machine, this one among them; 1 outside of `mpirun`.
    package static var ranksOnThisMachine: Int {
        getenv("OMPI_COMM_WORLD_LOCAL_SIZE").flatMap { Int(String(cString: $0)) } ?? 1
    }

    /// Takes leave of the others, when all have done their work; nothing can be exchanged afterwards.
    package func finish() { _ = functions.finalize() }

    package func gathered<Value: BitwiseCopyable>(_ own: [Value]) -> [Value] {
        filled(own.count * count, from: own) { source, target, bytes in
            functions.allgather(
                source, bytes, functions.byte, target, bytes, functions.byte, functions.world)
        }
    }

    package func exchanged<Value: BitwiseCopyable>(_ parts: [Value]) -> [Value] {
        precondition(parts.count % count == 0, "\(parts.count) values are not as many for each of \(count) ranks")
        return filled(parts.count, from: parts) { source, target, bytes in
            functions.alltoall(
                source, bytes / Int32(count), functions.byte, target, bytes / Int32(count), functions.byte,
                functions.world)
        }
    }

    /// - Parameter call: gets the bytes there are, room for those that come, and the count of the former.
    private func filled<Value: BitwiseCopyable>(
        _ count: Int, from source: [Value],
        _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, Int32) -> Int32
    ) -> [Value] {
        let bytes = source.count * MemoryLayout<Value>.stride
        precondition(bytes <= Int32.max, "one exchange takes at most 2 GiB, got \(bytes) bytes")
        return [Value](unsafeUninitializedCapacity: count) { target, filled in
            source.withUnsafeBytes { source in
                let status = call(source.baseAddress, target.baseAddress, Int32(bytes))
                precondition(status == 0, "Open MPI failed with \(status)")
            }
            filled = count
        }
    }
}

/// What is called of the library, found by name.
private struct Functions {
    typealias InitThread =
        @convention(c) (UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<Int32>) ->
        Int32
    typealias AskWorld = @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<Int32>) -> Int32
    /// Source, its count and type, target, its count and type, communicator.
    typealias Exchange =
        @convention(c) (
            UnsafeRawPointer?, Int32, UnsafeMutableRawPointer, UnsafeMutableRawPointer?, Int32, UnsafeMutableRawPointer,
            UnsafeMutableRawPointer
        ) -> Int32
    typealias Finalize = @convention(c) () -> Int32

    let initThread: InitThread
    let commRank: AskWorld
    let commSize: AskWorld
    let allgather: Exchange
    let alltoall: Exchange
    let finalize: Finalize
    /// MPI_COMM_WORLD and MPI_BYTE.
    let world: UnsafeMutableRawPointer
    let byte: UnsafeMutableRawPointer

    init() throws(RankError) {
        // Global, because the library's own plug-ins look for its symbols; it stays loaded.
        guard let library = dlopen("libmpi.so.40", RTLD_NOW | RTLD_GLOBAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw RankError(
                .missingLibrary,
                "Open MPI cannot be loaded (\(reason)): install it (apt-get install \(OpenMPI.package)), or use one rank"
            )
        }
        func symbol(_ name: String) throws(RankError) -> UnsafeMutableRawPointer {
            guard let symbol = dlsym(library, name) else {
                throw RankError(
                    .missingLibrary,
                    "libmpi.so.40 has no \(name), so it is not Open MPI's: install that (apt-get install \(OpenMPI.package)), or use one rank"
                )
            }
            return symbol
        }
        initThread = unsafeBitCast(try symbol("MPI_Init_thread"), to: InitThread.self)
        commRank = unsafeBitCast(try symbol("MPI_Comm_rank"), to: AskWorld.self)
        commSize = unsafeBitCast(try symbol("MPI_Comm_size"), to: AskWorld.self)
        allgather = unsafeBitCast(try symbol("MPI_Allgather"), to: Exchange.self)
        alltoall = unsafeBitCast(try symbol("MPI_Alltoall"), to: Exchange.self)
        finalize = unsafeBitCast(try symbol("MPI_Finalize"), to: Finalize.self)
        world = try symbol("ompi_mpi_comm_world")
        byte = try symbol("ompi_mpi_byte")
    }
}
