// Set-up of the libraries, versions, and how failures cross to C.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "dcmtk/oflog/oflog.h"

#include <openjpeg.h>

#include <cstring>
#include <mutex>

namespace cdicom {

void initialize() {
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DcmRLEEncoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJEncoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    });
}

cdicom_status statusOf(cdcmtk::Fault fault) noexcept {
    switch (fault) {
        case cdcmtk::Fault::unreadable: return CDICOM_UNREADABLE;
        case cdcmtk::Fault::notDICOM: return CDICOM_NOT_DICOM;
        case cdcmtk::Fault::truncated: return CDICOM_TRUNCATED;
        case cdcmtk::Fault::corrupt: return CDICOM_CORRUPT;
        case cdcmtk::Fault::tooLarge: return CDICOM_TOO_LARGE;
        case cdcmtk::Fault::changed: return CDICOM_CHANGED;
    }
    return CDICOM_INTERNAL;
}

void report(cdicom_failure *failure, cdicom_status status, const char *text) noexcept {
    if (failure == nullptr) { return; }
    failure->status = status;
    std::strncpy(failure->text, text, sizeof failure->text - 1);
    failure->text[sizeof failure->text - 1] = '\0';
}

}  // namespace cdicom

const char *cdicom_dcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }
const char *cdicom_openjpeg_version(void) { return opj_version(); }
