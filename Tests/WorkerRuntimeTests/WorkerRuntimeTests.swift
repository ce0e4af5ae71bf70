// Placeholder: the tests of WorkerRuntime are being written.
