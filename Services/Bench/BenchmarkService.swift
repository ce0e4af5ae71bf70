import Console
import Documents
import Files
import Foundation

/// One run for every line read, so that another program can alternate it with other libraries.
enum BenchmarkService {
    /// Says that it is ready, and answers each line on standard input with a line of JSON: seconds of the run, the
    /// highest memory of the process so far, and the run's own facts. Ends with the input.
    static func serve(_ run: () throws -> [(key: String, value: JSONValue)]) throws {
        say([("ready", .boolean(true)), ("peak_bytes", JSONValue(ProcessMemory.peakBytes()))])
        while readLine() != nil {
            let clock = Stopwatch()
            let facts = try run()
            say([("seconds", .number(clock.seconds)), ("peak_bytes", JSONValue(ProcessMemory.peakBytes()))] + facts)
        }
    }

    private static func say(_ pairs: [(key: String, value: JSONValue)]) {
        print(JSONValue.object(pairs).line)
        fflush(nil)
    }
}
