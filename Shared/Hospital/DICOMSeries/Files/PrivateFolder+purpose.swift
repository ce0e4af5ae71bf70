import Faults
package import Files

extension PrivateFolder {
    /// - Throws: `DICOMError.fileNotWritable`.
    package convenience init(purpose: String) throws(DICOMError) {
        do throws(SystemFailure) {
            try self.init()
        } catch {
            throw DICOMError(
                .fileNotWritable, "no temporary folder can be made for \(purpose): check TMPDIR and its free space")
        }
    }
}
