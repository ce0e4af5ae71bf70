// What the translation units of the shim share; nothing here is visible to Swift.
#ifndef COLUMNA_CDICOMOBJECTS_INTERNAL_H
#define COLUMNA_CDICOMOBJECTS_INTERNAL_H

#include "CDICOMObjects.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>

struct cdicomobjects_file {
    DcmFileFormat format;
    E_TransferSyntax syntax = EXS_Unknown;
    std::string syntaxName;
};

namespace cdicomobjects {

/// Carries a status and a phrase to the C boundary, where it becomes a `cdicomobjects_failure`.
struct Failure : std::runtime_error {
    cdicomobjects_status status;
    Failure(cdicomobjects_status status, const std::string &text) : std::runtime_error(text), status(status) {}
};

/// Silences DCMTK and registers its RLE decoder, once per process.
void initialize();

void report(cdicomobjects_failure *failure, cdicomobjects_status status, const char *text) noexcept;

/// Runs `body`, turning every exception into `failure`; true when there was none.
template <typename Body> bool guarded(cdicomobjects_failure *failure, Body body) noexcept {
    try {
        report(failure, CDICOMOBJECTS_OK, "");
        body();
        return true;
    } catch (const Failure &error) {
        report(failure, error.status, error.what());
    } catch (const std::bad_alloc &) {
        report(failure, CDICOMOBJECTS_MEMORY, "memory exhausted");
    } catch (...) {
        report(failure, CDICOMOBJECTS_INTERNAL, "unexpected exception in the DICOM library");
    }
    return false;
}

/// At most so many sequences can be nested in a file, told without parsing it; throws when it is no regular file, or inflates to
/// more than a gigabyte.
std::size_t possibleDepth(const char *path);

/// Runs `body` on a stack for sequences nested so deep; passes on what it throws.
void onDeepStack(std::size_t depth, const std::function<void()> &body);

inline DcmItem *unwrap(cdicomobjects_item *item) { return reinterpret_cast<DcmItem *>(item); }
inline cdicomobjects_item *wrap(DcmItem *item) { return reinterpret_cast<cdicomobjects_item *>(item); }

}  // namespace cdicomobjects

#endif
