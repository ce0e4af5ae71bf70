/// Media types of the artifacts that travel between jobs.
package enum MediaType {
    package static let nifti = "application/vnd.nifti"
    package static let safetensors = "application/vnd.safetensors"
    package static let png = "image/png"
    package static let json = "application/json"
}
