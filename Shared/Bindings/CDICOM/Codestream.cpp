// Tells codestreams apart by their headers.
#include "CDICOMInternal.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

using cdicom::Codestream;

namespace {

/// By its first frame header (ITU-T T.81, B.1.1.3; T.87).
Codestream ofFrame(std::uint8_t marker) {
    switch (marker) {
        case 0xc0: return Codestream::baselineJPEG;
        case 0xc1: return Codestream::extendedJPEG;
        case 0xc2: return Codestream::progressiveJPEG;
        case 0xc3: return Codestream::losslessJPEG;
        case 0xf7: return Codestream::jpegLS;
        default: return Codestream::undecoded;
    }
}

/// Markers up to the frame header; each but SOI has a length.
Codestream ofJPEG(const std::vector<std::uint8_t> &bytes) {
    std::size_t at = 2;
    while (at + 4 <= bytes.size() && bytes[at] == 0xff) {
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xff) {
            ++at;
            continue;
        }
        const bool isFrame = (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) || marker == 0xf7;
        if (isFrame) { return ofFrame(marker); }
        if (marker == 0xda || marker == 0xd9) { break; }
        at += 2 + (std::size_t(bytes[at + 2]) << 8 | bytes[at + 3]);
    }
    return Codestream::none;
}

/// JPEG, JPEG-LS and JPEG 2000 (.50 to .93), and high-throughput JPEG 2000 (.201 to .203).
bool isDecoded(const std::string &identifier) {
    const std::string prefix = "1.2.840.10008.1.2.4.";
    if (identifier.compare(0, prefix.size(), prefix) != 0) { return false; }
    const int number = std::atoi(identifier.c_str() + prefix.size());
    return (number >= 50 && number <= 93) || (number >= 201 && number <= 203);
}

bool begins(const std::vector<std::uint8_t> &bytes, std::initializer_list<std::uint8_t> wanted) {
    return bytes.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), bytes.begin());
}

/// A count of 1 to 15 segments, the first of them right behind the header (PS3.5, G.5).
bool isRunLength(const std::vector<std::uint8_t> &bytes) {
    return bytes.size() >= 64 && bytes[0] >= 1 && bytes[0] <= 15 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0;
}

}  // namespace

Codestream cdicom::codestream(const std::vector<std::uint8_t> &bytes, const cdcmtk::TransferSyntax &syntax) {
    if (begins(bytes, {0xff, 0xd8, 0xff})) { return ofJPEG(bytes); }
    if (begins(bytes, {0xff, 0x4f, 0xff, 0x51}) || begins(bytes, {0, 0, 0, 12, 'j', 'P', ' ', ' '})) { return Codestream::jpeg2000; }
    if (syntax.identifier == cdcmtk::runLength || isRunLength(bytes)) { return Codestream::runLength; }
    return isDecoded(syntax.identifier) ? Codestream::none : Codestream::undecoded;
}
