// From stored pixel data to the values of a frame.
#include "CDICOMInternal.h"

#include "CDCMTK/FrameTable.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

using cdcmtk::Failure;
using cdcmtk::ByteSource;
using cdcmtk::Fragment;

struct cdicom_frames {
    ByteSource source;
    cdicom_layout layout;
    cdcmtk::TransferSyntax syntax;
    bool promisesCodestream = false;
    /// Of encapsulated pixels. Where no delimiter ends them, every codestream must have its own end.
    cdcmtk::Fragments fragments;
    /// Per frame its first fragment, and one past the last frame's.
    std::vector<std::size_t> starts;

    explicit cdicom_frames(const char *path, const cdicom_layout &layout) : source(path), layout(layout) {}
};

namespace {

/// Up to this size memory is given on the header's word; beyond, a pixel must have cost a thousandth of a byte.
constexpr std::size_t usualPixelCount = std::size_t(2048) * 2048;
constexpr std::size_t largestRatio = 1024;

void checkSize(const cdicom_layout &layout) {
    if (layout.rows <= 0 || layout.columns <= 0) { throw Failure(CDCMTK_CORRUPT, "rows or columns are missing"); }
    if (cdicom::pixelCount(layout) > cdicom::maximumPixelCount) { throw Failure(CDCMTK_TOO_LARGE, "more than 8192 x 8192 pixels"); }
    if (layout.frames <= 0) { throw Failure(CDCMTK_CORRUPT, "the number of frames is not positive"); }
    if (std::size_t(layout.frames) > cdcmtk::mostFrames) { throw Failure(CDCMTK_TOO_LARGE, "more than 100000 frames"); }
}

/// Native pixels: 12 bits may be packed, two pixels in three bytes (PS3.5, 8.1.1, retired).
std::uint64_t frameBits(const cdicom_layout &layout) { return cdicom::pixelCount(layout) * std::uint64_t(layout.bits_allocated); }

/// Whether all bytes from `offset` on are the same, looked at piece by piece.
bool isConstant(const ByteSource &source, std::uint64_t offset, std::uint64_t count) {
    std::vector<std::uint8_t> piece(std::size_t(1) << 16);
    std::uint8_t first = 0;
    source.read(offset, &first, 1);
    while (count > 0) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), count)));
        source.read(offset, piece.data(), piece.size());
        if (std::any_of(piece.begin(), piece.end(), [&](std::uint8_t byte) { return byte != first; })) { return false; }
        offset += piece.size();
        count -= piece.size();
    }
    return true;
}

/// Older writers send excess padding behind the pixels, and receivers should accept it (PS3.5, 8.1.1): a few bytes, or many equal ones up
/// to a block, but not another frame.
bool isPadded(const ByteSource &source, const cdicom_layout &layout, std::uint64_t expected) {
    constexpr std::uint64_t few = 16, block = 4096;
    if (layout.pixel_length <= expected) { return false; }
    const std::uint64_t excess = layout.pixel_length - expected;
    if (excess >= std::max<std::uint64_t>(frameBits(layout) / 8, block)) { return false; }
    return excess <= few || isConstant(source, layout.pixel_offset + expected, excess);
}

void checkNativeLength(const ByteSource &source, const cdicom_layout &layout) {
    if (layout.pixel_length == 0) { throw Failure(CDCMTK_NO_PIXELS, "the pixel data is empty"); }
    const std::uint64_t expected = (frameBits(layout) * std::uint64_t(layout.frames) + 7) / 8;
    if (layout.pixel_length != expected && layout.pixel_length != expected + expected % 2 && !isPadded(source, layout, expected)) {
        throw Failure(CDCMTK_PIXEL_LENGTH, "expected " + std::to_string(expected) + " bytes of pixel data, found " +
                                               std::to_string(layout.pixel_length));
    }
}

/// Native pixels of a syntax that nobody knows may lie in any order; those that are encapsulated say what they are.
cdcmtk::TransferSyntax syntaxOf(const cdicom_layout &layout) {
    const cdcmtk::TransferSyntax syntax(layout.transfer_syntax);
    if (!syntax.isKnown) { throw Failure(CDCMTK_UNSUPPORTED, cdicom::named(layout) + " is not known"); }
    if (syntax.isEncapsulated != (layout.is_encapsulated != 0)) {
        throw Failure(CDCMTK_CORRUPT, "the pixel data is not encapsulated as the transfer syntax says");
    }
    return syntax;
}

bool isSameFile(const ByteSource &source, const cdicom_layout &layout) {
    return source.file() == cdcmtk::FileIdentity{layout.device, layout.inode, layout.size, layout.modified};
}

std::unique_ptr<cdicom_frames> openFrames(const char *path, const cdicom_layout &layout) {
    if (!layout.has_pixel_data) { throw Failure(CDCMTK_NO_PIXELS, "there is no pixel data"); }
    cdicom::check(layout);
    auto frames = std::make_unique<cdicom_frames>(path, layout);
    if (!isSameFile(frames->source, layout)) { throw Failure(CDCMTK_CHANGED, "it is not the file that was looked at before"); }
    if (layout.deflated_from > 0) { frames->source.inflate(layout.deflated_from, cdcmtk::inflatedImage); }
    frames->syntax = syntaxOf(layout);
    if (!layout.is_encapsulated) {
        checkNativeLength(frames->source, layout);
        return frames;
    }
    cdcmtk::Window window(frames->source);
    frames->fragments = cdcmtk::readFragments(window, layout.pixel_offset, frames->source.size());
    const std::size_t items = frames->fragments.items.size(), count = std::size_t(layout.frames);
    if (items < 2) { throw Failure(CDCMTK_NO_PIXELS, "the pixel data is empty"); }
    if (items < count + 1) {
        throw Failure(CDCMTK_PIXEL_LENGTH, "expected " + std::to_string(count) + " frames, found " + std::to_string(items - 1) + " fragments");
    }
    // No element is longer than 32 bits say.
    const cdcmtk::Fragment extended{layout.table_offset, static_cast<std::uint32_t>(layout.table_length)};
    frames->starts = cdcmtk::frameStarts(frames->source, frames->fragments, count, extended);
    return frames;
}

/// Bytes of a native frame in little endian.
std::vector<std::uint8_t> nativeBytes(const cdicom_frames &frames, std::size_t index) {
    const cdicom_layout &layout = frames.layout;
    const std::uint64_t bits = frameBits(layout);
    if (bits % 8 != 0 && index > 0) { throw Failure(CDCMTK_UNSUPPORTED, "packed frames that begin inside a byte"); }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>((bits + 7) / 8));
    std::uint64_t offset = layout.pixel_offset + index * (bits / 8);
    if (!frames.syntax.hasBigEndianPixels) {
        frames.source.read(offset, bytes.data(), bytes.size());
        return bytes;
    }
    // The unit of swapping is the sample, but at least the word of OW: an odd count of bytes has its last one before its end.
    const std::size_t unit = std::max<std::size_t>(std::size_t(layout.bits_allocated) / 8, layout.is_word ? 2 : 1);
    const std::size_t lead = static_cast<std::size_t>((offset - layout.pixel_offset) % unit);
    std::vector<std::uint8_t> words((lead + bytes.size() + unit - 1) / unit * unit);
    frames.source.read(offset - lead, words.data(), words.size());
    for (std::size_t at = 0; at < words.size(); at += unit) { std::reverse(words.begin() + long(at), words.begin() + long(at + unit)); }
    std::memcpy(bytes.data(), words.data() + lead, bytes.size());
    return bytes;
}

std::vector<std::uint8_t> stream(const cdicom_frames &frames, std::size_t index) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t piece = frames.starts[index]; piece < frames.starts[index + 1]; ++piece) {
        const Fragment &fragment = frames.fragments.items[piece];
        const std::size_t filled = bytes.size();
        bytes.resize(filled + fragment.length);
        frames.source.read(fragment.offset, bytes.data() + filled, fragment.length);
    }
    if (bytes.empty()) { throw Failure(CDCMTK_NO_PIXELS, "the pixel data of a frame is empty"); }
    return bytes;
}

/// The stored values of a frame.
std::vector<std::int32_t> decode(const cdicom_frames &frames, std::size_t index) {
    const cdicom_layout &layout = frames.layout;
    const std::size_t count = cdicom::pixelCount(layout);
    const std::vector<std::uint8_t> bytes = layout.is_encapsulated ? stream(frames, index) : nativeBytes(frames, index);
    if (count > usualPixelCount && count / bytes.size() > largestRatio) {
        throw Failure(CDCMTK_TOO_LARGE, "a few bytes that state to be more than 2048 x 2048 pixels");
    }
    std::vector<std::int32_t> values(count);
    if (layout.is_encapsulated) {
        cdicom::decodeStream(bytes, layout, {frames.syntax.identifier, frames.promisesCodestream, frames.fragments.isDelimited}, values.data());
    } else {
        cdicom::unpack(bytes.data(), layout, values.data());
    }
    return values;
}

void checkFrame(const cdicom_frames &frames, std::int32_t frame, std::size_t count) {
    if (frame < 0 || frame >= frames.layout.frames) { throw Failure(CDCMTK_INTERNAL, "there is no such frame"); }
    if (count != cdicom::pixelCount(frames.layout)) { throw Failure(CDCMTK_INTERNAL, "the buffer does not hold rows x columns values"); }
}

bool isPadding(const cdicom_rescale &rescale, std::int32_t value) {
    return value >= rescale.padding_low && value <= rescale.padding_high;
}

/// Rescales with whole numbers; false where a result lies outside of 16 bits. `load` gives the stored value of a pixel.
template <typename Load> bool rescaleExactly(const cdicom_rescale &rescale, std::int16_t *values, std::size_t count, Load load) {
    const auto slope = static_cast<std::int32_t>(rescale.slope), intercept = static_cast<std::int32_t>(rescale.intercept);
    std::int32_t lowest = INT32_MAX, highest = INT32_MIN;
    if (slope == 1 && !rescale.has_padding) {
        for (std::size_t index = 0; index < count; ++index) {
            const std::int32_t value = load(index) + intercept;
            lowest = std::min(lowest, value);
            highest = std::max(highest, value);
            values[index] = static_cast<std::int16_t>(value);
        }
        return lowest >= INT16_MIN && highest <= INT16_MAX;
    }
    const auto padding = static_cast<std::int32_t>(rescale.padding_value);
    for (std::size_t index = 0; index < count; ++index) {
        const std::int32_t stored = load(index);
        std::int32_t value = stored * slope + intercept;
        if (rescale.has_padding && isPadding(rescale, stored)) { value = padding; }
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
        values[index] = static_cast<std::int16_t>(value);
    }
    return lowest >= INT16_MIN && highest <= INT16_MAX;
}

/// 16-bit pixels of little endian are read where they are wanted and turned into values there.
bool isPlain(const cdicom_frames &frames) {
    const cdicom_layout &layout = frames.layout;
    return !layout.is_encapsulated && layout.bits_allocated == 16 && !frames.syntax.hasBigEndianPixels &&
           layout.high_bit == layout.bits_stored - 1;
}

bool decodePlain(const cdicom_frames &frames, std::size_t index, const cdicom_rescale &rescale, std::int16_t *values) {
    const cdicom_layout &layout = frames.layout;
    const std::size_t count = cdicom::pixelCount(layout);
    frames.source.read(layout.pixel_offset + index * count * 2, values, count * 2);
    const std::uint32_t mask = (1u << layout.bits_stored) - 1;
    const std::uint32_t sign = layout.is_signed ? 1u << (layout.bits_stored - 1) : 0;
    if (layout.bits_stored == 16 && layout.is_signed) {
        return rescaleExactly(rescale, values, count, [=](std::size_t at) { return std::int32_t(values[at]); });
    }
    return rescaleExactly(rescale, values, count, [=](std::size_t at) {
        const std::uint32_t bits = static_cast<std::uint16_t>(values[at]) & mask;
        return static_cast<std::int32_t>((bits ^ sign) - sign);
    });
}

/// Products of stored values and slope must not overflow 32 bits.
void checkWhole(const cdicom_rescale &rescale) {
    const bool isWhole = rescale.slope == std::round(rescale.slope) && rescale.intercept == std::round(rescale.intercept);
    if (!isWhole || std::fabs(rescale.slope) > 16384 || std::fabs(rescale.intercept) > 1e9) {
        throw Failure(CDCMTK_INTERNAL, "slope and intercept must be whole numbers");
    }
}

}  // namespace

void cdicom::check(const cdicom_layout &layout) {
    checkSize(layout);
    if (layout.samples_per_pixel != 1) { throw Failure(CDCMTK_UNSUPPORTED, "colour pixels"); }
    const int allocated = layout.bits_allocated;
    const bool bytes = allocated == 8 || allocated == 16 || allocated == 32 || (allocated == 12 && !layout.is_encapsulated);
    const bool bits = layout.bits_stored >= 1 && layout.bits_stored <= allocated && layout.high_bit >= layout.bits_stored - 1 &&
                      layout.high_bit < allocated;
    if (!bytes || !bits) { throw Failure(CDCMTK_UNSUPPORTED, "unusual numbers of bits allocated, bits stored or high bit"); }
    if (layout.bits_stored == 32 && !layout.is_signed) { throw Failure(CDCMTK_UNSUPPORTED, "unsigned pixels of 32 bits"); }
}

void cdicom::unpack(const std::uint8_t *bytes, const cdicom_layout &layout, std::int32_t *values) {
    const int width = layout.bits_allocated / 8;
    const int low = layout.high_bit + 1 - layout.bits_stored;
    const std::uint32_t mask = layout.bits_stored == 32 ? ~0u : (1u << layout.bits_stored) - 1;
    const std::uint32_t sign = layout.is_signed ? 1u << (layout.bits_stored - 1) : 0;
    const std::size_t count = pixelCount(layout);
    if (layout.bits_allocated == 16) {
        for (std::size_t index = 0; index < count; ++index) {
            const std::uint32_t raw = (std::uint32_t(bytes[2 * index]) | std::uint32_t(bytes[2 * index + 1]) << 8) >> low & mask;
            values[index] = static_cast<std::int32_t>((raw ^ sign) - sign);
        }
        return;
    }
    for (std::size_t index = 0; index < count; ++index) {
        std::uint32_t raw = 0;
        if (layout.bits_allocated == 12) {
            const std::uint8_t *pair = bytes + index / 2 * 3;
            raw = index % 2 == 0 ? pair[0] | std::uint32_t(pair[1] & 0x0f) << 8 : pair[1] >> 4 | std::uint32_t(pair[2]) << 4;
        } else {
            for (int byte = 0; byte < width; ++byte) { raw |= std::uint32_t(bytes[index * std::size_t(width) + std::size_t(byte)]) << (8 * byte); }
        }
        raw = (raw >> low) & mask;
        values[index] = static_cast<std::int32_t>((raw ^ sign) - sign);
    }
}

cdicom_frames *cdicom_frames_open(const char *path, const cdicom_layout *layout, int promises_codestream, cdcmtk_failure *failure) {
    cdicom_frames *frames = nullptr;
    cdcmtk::guarded(failure, [&] {
        cdicom::registerCodecs();
        auto opened = openFrames(path, *layout);
        opened->promisesCodestream = promises_codestream != 0;
        frames = opened.release();
    });
    return frames;
}

void cdicom_frames_close(cdicom_frames *frames) { delete frames; }

int cdicom_decode_int16(const cdicom_frames *frames, std::int32_t frame, const cdicom_rescale *rescale, std::int16_t *values,
                        std::size_t count, std::int32_t *fits, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        checkFrame(*frames, frame, count);
        checkWhole(*rescale);
        const auto index = static_cast<std::size_t>(frame);
        if (isPlain(*frames)) {
            *fits = decodePlain(*frames, index, *rescale, values);
        } else if (frames->layout.bits_stored > 16) {
            *fits = 0;
        } else {
            const std::vector<std::int32_t> stored = decode(*frames, index);
            *fits = rescaleExactly(*rescale, values, count, [&](std::size_t at) { return stored[at]; });
        }
    });
}

int cdicom_decode_float(const cdicom_frames *frames, std::int32_t frame, const cdicom_rescale *rescale, float *values,
                        std::size_t count, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        checkFrame(*frames, frame, count);
        const std::vector<std::int32_t> stored = decode(*frames, static_cast<std::size_t>(frame));
        for (std::size_t index = 0; index < count; ++index) {
            const bool isPadded = rescale->has_padding && isPadding(*rescale, stored[index]);
            values[index] = static_cast<float>(isPadded ? rescale->padding_value : stored[index] * rescale->slope + rescale->intercept);
        }
    });
}
