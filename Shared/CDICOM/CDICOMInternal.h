// What the translation units of the shim share; nothing here is visible to Swift.
#ifndef COLUMNA_CDICOM_INTERNAL_H
#define COLUMNA_CDICOM_INTERNAL_H

#include "CDICOM.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

struct cdicom_file {
    DcmFileFormat format;
    std::string transferSyntax;
    E_TransferSyntax syntax = EXS_Unknown;
    /// At most so many sequences are nested.
    std::size_t levels = 0;
};

namespace cdicom {

/// Carries a status and a phrase to the C boundary, where it becomes a `cdicom_failure`.
struct Failure : std::runtime_error {
    cdicom_status status;
    Failure(cdicom_status status, const std::string &text) : std::runtime_error(text), status(status) {}
};

/// Largest number of pixels of a frame: 8192 x 8192. CT matrices end at 2048 x 2048.
constexpr std::size_t maximumPixelCount = std::size_t(8192) * 8192;

/// Silences DCMTK and registers its codecs, once per process.
void initialize();

/// Runs `body`, turning every exception into `failure`; true when there was none.
template <typename Body> bool guarded(cdicom_failure *failure, Body body) noexcept;

void report(cdicom_failure *failure, cdicom_status status, const char *text) noexcept;

/// Number of sequence items in a file as it is stored; random pixels may add a few.
std::size_t countItems(const char *path);

/// The same for a dataset that is deflated from `offset` on. Throws when it inflates to more than a gigabyte.
std::size_t countDeflatedItems(const char *path, std::size_t offset);

/// Runs `body` on a stack for so many nested sequences, in the caller's time; passes on what it throws.
void onStack(std::size_t levels, const std::function<void()> &body);

/// Decodes a JPEG 2000 codestream or JP2 file of one component into stored values.
void decodeJPEG2000(const std::vector<std::uint8_t> &stream, const cdicom_layout &layout, std::int32_t *values);

template <typename Body> bool guarded(cdicom_failure *failure, Body body) noexcept {
    try {
        report(failure, CDICOM_OK, "");
        body();
        return true;
    } catch (const Failure &error) {
        report(failure, error.status, error.what());
    } catch (const std::bad_alloc &) {
        report(failure, CDICOM_MEMORY, "memory exhausted");
    } catch (...) {
        report(failure, CDICOM_INTERNAL, "unexpected exception in the DICOM library");
    }
    return false;
}

}  // namespace cdicom

#endif
