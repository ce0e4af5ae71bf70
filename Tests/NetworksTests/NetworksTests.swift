// Placeholder: the tests of Networks are being written.
