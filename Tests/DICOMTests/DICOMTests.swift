// Placeholder: the tests of DICOM are being written.
