/// An error that knows which failure class it belongs to, so that `RetryPolicy` can decide without knowing the library
/// it came from.
package protocol ClassifiedError: Error {
    var failure: JobFailure { get }
}
