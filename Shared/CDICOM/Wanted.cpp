// The attributes that are kept. All others, private ones among them, are walked over and never parsed.
#include "CDICOMInternal.h"

#include <algorithm>
#include <iterator>

namespace {

constexpr std::uint32_t tag(std::uint32_t group, std::uint32_t element) { return group << 16 | element; }

/// In ascending order.
constexpr std::uint32_t wanted[] = {
    tag(0x0008, 0x0005), tag(0x0008, 0x0008), tag(0x0008, 0x0016), tag(0x0008, 0x0018), tag(0x0008, 0x0060), tag(0x0008, 0x0070),
    tag(0x0008, 0x1090), tag(0x0010, 0x0010), tag(0x0010, 0x0020), tag(0x0018, 0x0050), tag(0x0018, 0x0060), tag(0x0018, 0x0088),
    tag(0x0018, 0x1120), tag(0x0018, 0x1210), tag(0x0018, 0x5100), tag(0x0020, 0x000d), tag(0x0020, 0x000e), tag(0x0020, 0x0012),
    tag(0x0020, 0x0013), tag(0x0020, 0x0032), tag(0x0020, 0x0037), tag(0x0020, 0x0052), tag(0x0028, 0x0002), tag(0x0028, 0x0004),
    tag(0x0028, 0x0008), tag(0x0028, 0x0010), tag(0x0028, 0x0011), tag(0x0028, 0x0030), tag(0x0028, 0x0100), tag(0x0028, 0x0101),
    tag(0x0028, 0x0102), tag(0x0028, 0x0103), tag(0x0028, 0x0120), tag(0x0028, 0x0121), tag(0x0028, 0x0301), tag(0x0028, 0x1050),
    tag(0x0028, 0x1051), tag(0x0028, 0x1052), tag(0x0028, 0x1053), tag(0x0028, 0x1054),
};

/// Directory records, shared and per-frame functional groups.
constexpr std::uint32_t wantedSequences[] = {tag(0x0004, 0x1220), tag(0x5200, 0x9229), tag(0x5200, 0x9230)};

}  // namespace

bool cdicom::isWanted(std::uint16_t group, std::uint16_t element) {
    return std::binary_search(std::begin(wanted), std::end(wanted), tag(group, element));
}

bool cdicom::isWantedSequence(std::uint16_t group, std::uint16_t element) {
    return std::find(std::begin(wantedSequences), std::end(wantedSequences), tag(group, element)) != std::end(wantedSequences);
}
