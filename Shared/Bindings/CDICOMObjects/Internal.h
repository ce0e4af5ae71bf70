// What the translation units of the shim share; nothing here is visible to Swift.
#ifndef COLUMNA_CDICOMOBJECTS_INTERNAL_H
#define COLUMNA_CDICOMOBJECTS_INTERNAL_H

#include "CDICOMObjects.h"

#include "CDCMTK/NormalisedStream.h"
#include "CDCMTK/ObjectFile.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

struct cdicomobjects_file {
    DcmDataset dataset;
    DcmItem meta;
    /// How DCMTK has the pixels, and what it is to write the dataset in.
    E_TransferSyntax held = EXS_LittleEndianExplicit, written = EXS_LittleEndianExplicit;
    /// What the file is called: DCMTK does not know all of them. Empty for a new object.
    std::string syntaxName;
};

namespace cdicomobjects {

/// Carries a status and a phrase to the C boundary, where it becomes a `cdicomobjects_failure`.
struct Failure : std::runtime_error {
    cdicomobjects_status status;
    Failure(cdicomobjects_status status, const std::string &text) : std::runtime_error(text), status(status) {}
};

/// Silences DCMTK, once per process.
void initialize();

cdicomobjects_status statusOf(cdcmtk::Fault fault) noexcept;

void report(cdicomobjects_failure *failure, cdicomobjects_status status, const char *text) noexcept;

/// Runs `body`, turning every exception into `failure`; true when there was none.
template <typename Body> bool guarded(cdicomobjects_failure *failure, Body body) noexcept {
    try {
        report(failure, CDICOMOBJECTS_OK, "");
        body();
        return true;
    } catch (const Failure &error) {
        report(failure, error.status, error.what());
    } catch (const cdcmtk::Failure &error) {
        report(failure, statusOf(error.fault), error.what());
    } catch (const std::bad_alloc &) {
        report(failure, CDICOMOBJECTS_MEMORY, "memory exhausted");
    } catch (...) {
        report(failure, CDICOMOBJECTS_INTERNAL, "unexpected exception in the DICOM library");
    }
    return false;
}

/// Reads a dataset that was written anew into DCMTK's; values longer than 4 KiB stay on disk until asked for.
void load(DcmDataset &dataset, E_TransferSyntax syntax, std::shared_ptr<const cdcmtk::ByteSource> source, cdcmtk::NormalisedStream stream);

inline DcmItem *unwrap(cdicomobjects_item *item) { return reinterpret_cast<DcmItem *>(item); }
inline cdicomobjects_item *wrap(DcmItem *item) { return reinterpret_cast<cdicomobjects_item *>(item); }

}  // namespace cdicomobjects

#endif
