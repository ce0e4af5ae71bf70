// Set-up of the libraries, and their versions.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpls/djdecode.h"

#include <openjpeg.h>

#include <mutex>

namespace cdicom {

void registerCodecs() {
    static std::once_flag once;
    std::call_once(once, [] {
        DcmRLEDecoderRegistration::registerCodecs();
        DcmRLEEncoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJEncoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    });
}

}  // namespace cdicom

const char *cdicom_dcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }
const char *cdicom_openjpeg_version(void) { return opj_version(); }
