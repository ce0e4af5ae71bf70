// What the heads of elements are made of (PS3.5, 7.1).
#ifndef COLUMNA_CDCMTK_HEADS_H
#define COLUMNA_CDCMTK_HEADS_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cdcmtk {

/// Group and element as one number.
using Tag = std::uint32_t;
constexpr Tag tag(std::uint32_t group, std::uint32_t element) { return group << 16 | element; }

constexpr Tag pixelData = tag(0x7fe0, 0x0010);
constexpr Tag itemStart = tag(0xfffe, 0xe000), itemEnd = tag(0xfffe, 0xe00d), sequenceEnd = tag(0xfffe, 0xe0dd);

/// The length of what a delimiter ends.
constexpr std::uint32_t undefinedLength = 0xffffffffu;

/// Whether two letters are a representation of values with 16, or with 32 bits of length (PS3.5, 7.1.2).
bool hasShortLength(const char *letters);
bool hasLongLength(const char *letters);

/// Representations of the future are two letters too, and have 32 bits of length.
bool areLetters(const char *letters);

std::uint16_t word(const std::uint8_t *bytes, bool isBigEndian = false);
std::uint32_t doubleWord(const std::uint8_t *bytes, bool isBigEndian = false);
void appendLittleEndian(std::vector<std::uint8_t> &bytes, std::uint32_t value, std::size_t count);

}  // namespace cdcmtk

#endif
