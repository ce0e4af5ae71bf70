// What is set once for the process, and what is taken and offered.
#include "CDIMSEInternal.h"

#include "dcmtk/dcmdata/dcuid.h"
#include "dcmtk/dcmnet/dul.h"

#include <algorithm>

namespace cdimse {

std::mutex &networkVariables() {
    static std::mutex mutex;
    // Looking up a caller's name may take as long as the name server likes.
    dcmDisableGethostbyaddr.set(OFTrue);
    return mutex;
}

bool isStorageClass(const std::string &uid) {
    const char *const *const first = dcmAllStorageSOPClassUIDs;
    return std::any_of(first, first + numberOfDcmAllStorageSOPClassUIDs, [&](const char *one) { return uid == one; });
}

bool isUID(const std::string &text) {
    return !text.empty() && text.size() < CDIMSE_UID_SIZE && text.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace cdimse

const char *const *cdimse_storage_classes(std::size_t *count) {
    *count = std::size_t(numberOfDcmAllStorageSOPClassUIDs);
    return dcmAllStorageSOPClassUIDs;
}

const char *const *cdimse_common_storage_classes(std::size_t *count) {
    *count = std::size_t(numberOfDcmShortSCUStorageSOPClassUIDs);
    return dcmShortSCUStorageSOPClassUIDs;
}
