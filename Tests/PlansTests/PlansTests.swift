// Placeholder: the tests of Plans are being written.
