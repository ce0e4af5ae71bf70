// Why something failed, on its way to the C boundary.
#ifndef COLUMNA_CDCMTK_FAILURE_H
#define COLUMNA_CDCMTK_FAILURE_H

#include "CDCMTK.h"

#include <new>
#include <stdexcept>
#include <string>

namespace cdcmtk {

/// Carries a status and a short English phrase, without values and paths, to the C boundary.
struct Failure : std::runtime_error {
    cdcmtk_status status;
    std::uint16_t reason;
    Failure(cdcmtk_status status, const std::string &text, std::uint16_t reason = 0) : std::runtime_error(text), status(status), reason(reason) {}
};

/// Silences DCMTK, once per process.
void silence() noexcept;

void report(cdcmtk_failure *failure, cdcmtk_status status, const char *text, std::uint16_t reason = 0) noexcept;

/// The C boundary: runs `body` with DCMTK silent, turning every exception into `failure`, which may be null; true when there was none.
template <typename Body> bool guarded(cdcmtk_failure *failure, Body body) noexcept {
    silence();
    try {
        report(failure, CDCMTK_OK, "");
        body();
        return true;
    } catch (const Failure &error) {
        report(failure, error.status, error.what(), error.reason);
    } catch (const std::bad_alloc &) {
        report(failure, CDCMTK_MEMORY, "memory exhausted");
    } catch (const std::length_error &) {
        report(failure, CDCMTK_MEMORY, "memory exhausted");
    } catch (...) {
        report(failure, CDCMTK_INTERNAL, "unexpected exception in the DICOM library");
    }
    return false;
}

}  // namespace cdcmtk

#endif
