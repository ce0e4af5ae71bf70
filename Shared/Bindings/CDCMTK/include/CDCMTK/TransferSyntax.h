// What a transfer syntax says of the bytes (PS3.5, 10 and annex A).
#ifndef COLUMNA_CDCMTK_TRANSFERSYNTAX_H
#define COLUMNA_CDCMTK_TRANSFERSYNTAX_H

#include <string>

namespace cdcmtk {

/// How elements are written.
struct Encoding {
    bool isExplicit = true;
    bool isBigEndian = false;
};

struct TransferSyntax {
    std::string identifier;
    /// False for what neither the standard nor this table has: nobody knows how native pixels lie in it.
    bool isKnown = false;
    Encoding encoding;
    bool isDeflated = false;
    bool isEncapsulated = false;
    /// Not always as the elements: GE's 1.2.840.113619.5.2 has little-endian elements and big-endian pixels.
    bool hasBigEndianPixels = false;

    TransferSyntax() = default;
    explicit TransferSyntax(const std::string &identifier);
};

constexpr const char *implicitLittleEndian = "1.2.840.10008.1.2";
constexpr const char *explicitLittleEndian = "1.2.840.10008.1.2.1";
constexpr const char *deflatedLittleEndian = "1.2.840.10008.1.2.1.99";
constexpr const char *encapsulatedUncompressed = "1.2.840.10008.1.2.1.98";
constexpr const char *explicitBigEndian = "1.2.840.10008.1.2.2";
constexpr const char *runLength = "1.2.840.10008.1.2.5";
constexpr const char *implicitWithBigEndianPixels = "1.2.840.113619.5.2";

}  // namespace cdcmtk

#endif
