// Tells codestreams apart by their headers, and has each decoded: the one place that knows which decoder is whose.
#include "CDICOMInternal.h"

#include <algorithm>
#include <initializer_list>

using cdicom::Expectation;
using cdicom::Failure;

namespace {

enum class Codestream {
    baselineJPEG,
    extendedJPEG,
    progressiveJPEG,
    losslessJPEG,
    jpegLS,
    /// High throughput too.
    jpeg2000,
    runLength,
    /// A frame as a native one's bytes (PS3.5, A.4.11).
    uncompressed,
    /// JPEG of a process that nobody uses, video and the like.
    undecoded,
    /// No codestream where there should be one.
    none
};

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

bool begins(const std::vector<std::uint8_t> &bytes, std::initializer_list<std::uint8_t> wanted) {
    return bytes.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), bytes.begin());
}

/// A count of 1 to 15 segments, the first of them right behind the header (PS3.5, G.5).
bool isRunLength(const std::vector<std::uint8_t> &bytes) {
    return bytes.size() >= 64 && bytes[0] >= 1 && bytes[0] <= 15 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0;
}

Codestream codestream(const std::vector<std::uint8_t> &bytes, const Expectation &expected) {
    // Before all headers: pixels may look like one.
    if (expected.transferSyntax == cdcmtk::encapsulatedUncompressed) { return Codestream::uncompressed; }
    if (begins(bytes, {0xff, 0xd8, 0xff})) { return ofJPEG(bytes); }
    if (begins(bytes, {0xff, 0x4f, 0xff, 0x51}) || begins(bytes, {0, 0, 0, 12, 'j', 'P', ' ', ' '})) { return Codestream::jpeg2000; }
    if (expected.transferSyntax == cdcmtk::runLength || isRunLength(bytes)) { return Codestream::runLength; }
    return expected.isPromised ? Codestream::none : Codestream::undecoded;
}

/// Where the file ends behind its fragments, only a codestream's own end shows that nothing was cut off; run lengths and plain pixels have none,
/// but too few of them fill no frame.
void checkEnd(const std::vector<std::uint8_t> &bytes) {
    auto end = bytes.rbegin();
    while (end != bytes.rend() && *end == 0) { ++end; }
    if (bytes.rend() - end < 2 || end[0] != 0xd9 || end[1] != 0xff) { throw Failure(CDCMTK_TRUNCATED, "the file ends inside a frame's codestream"); }
}

/// Nothing but the padding to an even length may follow, nor may anything lack.
void unpackWhole(const std::vector<std::uint8_t> &bytes, const cdicom_layout &layout, std::int32_t *values) {
    const std::size_t expected = cdicom::pixelCount(layout) * std::size_t(layout.bits_allocated) / 8;
    if (bytes.size() != expected && bytes.size() != expected + expected % 2) {
        throw Failure(CDCMTK_PIXEL_LENGTH,
                      "expected " + std::to_string(expected) + " bytes of a frame, found " + std::to_string(bytes.size()));
    }
    cdicom::unpack(bytes.data(), layout, values);
}

bool hasEnd(Codestream kind) { return kind != Codestream::runLength && kind != Codestream::uncompressed; }

}  // namespace

void cdicom::decodeStream(const std::vector<std::uint8_t> &bytes, const cdicom_layout &layout, const Expectation &expected, std::int32_t *values) {
    const Codestream kind = codestream(bytes, expected);
    if (!expected.isDelimited && hasEnd(kind)) { checkEnd(bytes); }
    switch (kind) {
        case Codestream::jpeg2000: return decodeJPEG2000(bytes, layout, values);
        case Codestream::losslessJPEG:
            if (decodeLosslessJPEG(bytes, layout, values)) { return; }
            return decodeThroughDCMTK(bytes, layout, EXS_JPEGProcess14, values);
        case Codestream::baselineJPEG: return decodeThroughDCMTK(bytes, layout, EXS_JPEGProcess1, values);
        case Codestream::extendedJPEG: return decodeThroughDCMTK(bytes, layout, EXS_JPEGProcess2_4, values);
        case Codestream::progressiveJPEG: return decodeThroughDCMTK(bytes, layout, EXS_JPEGProcess10_12, values);
        case Codestream::jpegLS: return decodeThroughDCMTK(bytes, layout, EXS_JPEGLSLossy, values);
        case Codestream::runLength: return decodeThroughDCMTK(bytes, layout, EXS_RLELossless, values);
        case Codestream::uncompressed: return unpackWhole(bytes, layout, values);
        case Codestream::undecoded: throw Failure(CDCMTK_UNSUPPORTED, named(layout) + " holds a codestream that is not decoded");
        case Codestream::none: throw Failure(CDCMTK_CORRUPT, "a frame does not begin with a codestream of " + named(layout));
    }
}
