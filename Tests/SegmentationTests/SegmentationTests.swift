// Placeholder: the tests of Segmentation are being written.
