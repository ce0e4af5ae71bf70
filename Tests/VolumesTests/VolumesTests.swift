// Placeholder: the tests of Volumes are being written.
