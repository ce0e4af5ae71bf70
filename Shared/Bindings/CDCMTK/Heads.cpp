// What the heads of elements are made of.
#include "CDCMTK/Heads.h"

#include <algorithm>
#include <iterator>

namespace cdcmtk {

namespace {

constexpr const char *shortOnes[] = {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO",
                                     "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"};
constexpr const char *longOnes[] = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"};

template <typename List> bool contains(const List &list, const char *letters) {
    return std::any_of(std::begin(list), std::end(list), [&](const char *one) { return one[0] == letters[0] && one[1] == letters[1]; });
}

}  // namespace

bool hasShortLength(const char *letters) { return contains(shortOnes, letters); }

bool hasLongLength(const char *letters) { return contains(longOnes, letters); }

bool areLetters(const char *letters) { return letters[0] >= 'A' && letters[0] <= 'Z' && letters[1] >= 'A' && letters[1] <= 'Z'; }

std::uint16_t word(const std::uint8_t *bytes, bool isBigEndian) {
    return static_cast<std::uint16_t>(isBigEndian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

std::uint32_t doubleWord(const std::uint8_t *bytes, bool isBigEndian) {
    const std::uint32_t first = word(bytes, isBigEndian), second = word(bytes + 2, isBigEndian);
    return isBigEndian ? first << 16 | second : second << 16 | first;
}

void appendLittleEndian(std::vector<std::uint8_t> &bytes, std::uint32_t value, std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) { bytes.push_back(static_cast<std::uint8_t>(value >> (8 * index))); }
}

}  // namespace cdcmtk
