// What is set once for the process, and what is taken and offered.
#include "CDIMSEInternal.h"

#include "dcmtk/dcmdata/dcuid.h"
#include "dcmtk/dcmnet/dul.h"

#include <algorithm>
#include <iterator>

namespace cdimse {

namespace {

/// In the order in which we offer them: what costs nothing to read first.
const char *const syntaxes[] = {
    "1.2.840.10008.1.2.1",     // explicit little endian
    "1.2.840.10008.1.2",       // implicit little endian
    "1.2.840.10008.1.2.2",     // explicit big endian
    "1.2.840.10008.1.2.1.99",  // deflated
    "1.2.840.10008.1.2.5",     // RLE
    "1.2.840.10008.1.2.4.70",  // JPEG lossless, first-order prediction
    "1.2.840.10008.1.2.4.57",  // JPEG lossless, process 14
    "1.2.840.10008.1.2.4.80",  // JPEG-LS lossless
    "1.2.840.10008.1.2.4.90",  // JPEG 2000 lossless
    "1.2.840.10008.1.2.4.201",  // high-throughput JPEG 2000 lossless
    "1.2.840.10008.1.2.4.202",  // high-throughput JPEG 2000 lossless, in order of resolution
    "1.2.840.10008.1.2.4.81",  // JPEG-LS near-lossless
    "1.2.840.10008.1.2.4.91",  // JPEG 2000
    "1.2.840.10008.1.2.4.203",  // high-throughput JPEG 2000
    "1.2.840.10008.1.2.4.51",  // JPEG extended
    "1.2.840.10008.1.2.4.50",  // JPEG baseline
};

template <typename List> bool contains(const List &list, std::size_t count, const std::string &uid) {
    return std::any_of(list, list + count, [&](const char *one) { return uid == one; });
}

}  // namespace

std::mutex &networkVariables() {
    static std::mutex mutex;
    // Looking up a caller's name may take as long as the name server likes.
    dcmDisableGethostbyaddr.set(OFTrue);
    return mutex;
}

bool isStorageClass(const std::string &uid) {
    return contains(dcmAllStorageSOPClassUIDs, std::size_t(numberOfDcmAllStorageSOPClassUIDs), uid);
}

bool isKnownTransferSyntax(const std::string &uid) { return contains(syntaxes, std::size(syntaxes), uid); }

bool isUID(const std::string &text) {
    return !text.empty() && text.size() < CDIMSE_UID_SIZE && text.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace cdimse

const char *const *cdimse_transfer_syntaxes(std::size_t *count) {
    *count = std::size(cdimse::syntaxes);
    return cdimse::syntaxes;
}

const char *const *cdimse_storage_classes(std::size_t *count) {
    *count = std::size_t(numberOfDcmAllStorageSOPClassUIDs);
    return dcmAllStorageSOPClassUIDs;
}

const char *const *cdimse_common_storage_classes(std::size_t *count) {
    *count = std::size_t(numberOfDcmShortSCUStorageSOPClassUIDs);
    return dcmShortSCUStorageSOPClassUIDs;
}
