// Placeholder: the tests of LocalServices are being written.
