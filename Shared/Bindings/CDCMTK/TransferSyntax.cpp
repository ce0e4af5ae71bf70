// What a transfer syntax says of the bytes.
#include "CDCMTK/TransferSyntax.h"

#include <algorithm>
#include <iterator>

namespace cdcmtk {

namespace {

/// JPEG and its successors, and video. JPIP (.94, .95 and .204, .205) has a reference in place of pixels.
bool isEncapsulating(const std::string &identifier) {
    static const std::string prefix = "1.2.840.10008.1.2.4.";
    static const char *const references[] = {"94", "95", "204", "205"};
    if (identifier == runLength || identifier == encapsulatedUncompressed) { return true; }
    if (identifier.compare(0, prefix.size(), prefix) != 0) { return false; }
    const std::string tail = identifier.substr(prefix.size());
    return std::none_of(std::begin(references), std::end(references), [&](const char *one) { return tail == one; });
}

}  // namespace

TransferSyntax::TransferSyntax(const std::string &name) : identifier(name), isEncapsulated(isEncapsulating(name)) {
    isDeflated = name == deflatedLittleEndian;
    hasBigEndianPixels = name == explicitBigEndian || name == implicitWithBigEndianPixels;
    encoding.isBigEndian = name == explicitBigEndian;
    encoding.isExplicit = name != implicitLittleEndian && name != implicitWithBigEndianPixels;
    isKnown = isEncapsulated || isDeflated || hasBigEndianPixels || name == implicitLittleEndian || name == explicitLittleEndian;
}

}  // namespace cdcmtk
