// Placeholder: the tests of TensorCore are being written.
