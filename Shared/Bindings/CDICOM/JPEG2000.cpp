// JPEG 2000 through OpenJPEG; Debian's DCMTK has no decoder for it.
#include "CDICOMInternal.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

using cdcmtk::Failure;

namespace {

/// A read-only file in memory, as OpenJPEG's callbacks want it.
struct Source {
    const std::uint8_t *bytes;
    std::size_t count;
    std::size_t position;
};

OPJ_SIZE_T readBytes(void *buffer, OPJ_SIZE_T wanted, void *user) {
    auto *source = static_cast<Source *>(user);
    const std::size_t left = source->count - source->position;
    if (left == 0) { return static_cast<OPJ_SIZE_T>(-1); }
    const std::size_t copied = wanted < left ? wanted : left;
    std::memcpy(buffer, source->bytes + source->position, copied);
    source->position += copied;
    return copied;
}

OPJ_OFF_T skipBytes(OPJ_OFF_T distance, void *user) {
    auto *source = static_cast<Source *>(user);
    const auto left = static_cast<OPJ_OFF_T>(source->count - source->position);
    if (distance < 0 || left == 0) { return -1; }
    const OPJ_OFF_T moved = distance < left ? distance : left;
    source->position += static_cast<std::size_t>(moved);
    return moved;
}

OPJ_BOOL seekBytes(OPJ_OFF_T position, void *user) {
    auto *source = static_cast<Source *>(user);
    if (position < 0 || static_cast<std::size_t>(position) > source->count) { return OPJ_FALSE; }
    source->position = static_cast<std::size_t>(position);
    return OPJ_TRUE;
}

using Stream = std::unique_ptr<opj_stream_t, void (*)(opj_stream_t *)>;
using Codec = std::unique_ptr<opj_codec_t, void (*)(opj_codec_t *)>;
using Image = std::unique_ptr<opj_image_t, void (*)(opj_image_t *)>;

Stream makeStream(Source &source) {
    Stream stream(opj_stream_create(1 << 16, OPJ_TRUE), opj_stream_destroy);
    if (!stream) { throw std::bad_alloc(); }
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), source.count);
    opj_stream_set_read_function(stream.get(), readBytes);
    opj_stream_set_skip_function(stream.get(), skipBytes);
    opj_stream_set_seek_function(stream.get(), seekBytes);
    return stream;
}

/// Codec for a bare codestream (what DICOM asks for) or a JP2 file (what some writers store all the same).
Codec makeCodec(const std::vector<std::uint8_t> &bytes) {
    static const std::uint8_t signature[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
    const bool boxed = bytes.size() > sizeof signature && std::memcmp(bytes.data(), signature, sizeof signature) == 0;
    Codec codec(opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K), opj_destroy_codec);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!codec || !opj_setup_decoder(codec.get(), &parameters)) { throw std::bad_alloc(); }
    // Strict: a truncated codestream is an error, not a blurred slice.
    opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);
    return codec;
}

/// A CT of 2048 x 2048 in the usual tiles of 128 x 128.
constexpr std::uint64_t mostTiles = 256;

std::uint32_t bigEndian(const std::uint8_t *bytes) {
    return std::uint32_t(bytes[0]) << 24 | std::uint32_t(bytes[1]) << 16 | std::uint32_t(bytes[2]) << 8 | bytes[3];
}

/// Looks at the size and tiles that the codestream states (ISO 15444-1, A.5.1) before OpenJPEG does, which takes some 6 KB for every
/// tile when it reads the header.
void checkSize(const std::vector<std::uint8_t> &bytes, const cdicom_layout &layout) {
    static const std::uint8_t start[] = {0xff, 0x4f, 0xff, 0x51};
    const auto found = std::search(bytes.begin(), bytes.end(), std::begin(start), std::end(start));
    if (bytes.end() - found < 40) { throw Failure(CDCMTK_CORRUPT, "the JPEG 2000 header cannot be read"); }
    const std::uint8_t *fields = &*found + 8;
    const std::uint64_t right = bigEndian(fields), bottom = bigEndian(fields + 4), left = bigEndian(fields + 8), top = bigEndian(fields + 12);
    if (right != left + std::uint64_t(layout.columns) || bottom != top + std::uint64_t(layout.rows)) {
        throw Failure(CDCMTK_PIXEL_LENGTH, "the JPEG 2000 image is not rows x columns pixels large");
    }
    const std::uint64_t width = bigEndian(fields + 16), height = bigEndian(fields + 20);
    const std::uint64_t first = bigEndian(fields + 24), above = bigEndian(fields + 28);
    if (width == 0 || height == 0 || first > left || above > top) { throw Failure(CDCMTK_CORRUPT, "the JPEG 2000 tiles are none"); }
    const std::uint64_t across = (right - first + width - 1) / width, down = (bottom - above + height - 1) / height;
    if (across > mostTiles || down > mostTiles || across * down > mostTiles) {
        throw Failure(CDCMTK_TOO_LARGE, "a JPEG 2000 image of more than 256 tiles");
    }
}

void checkImage(const opj_image_t &image, const cdicom_layout &layout) {
    const bool sized = image.x1 >= image.x0 && image.y1 >= image.y0 && image.x1 - image.x0 == OPJ_UINT32(layout.columns) &&
                       image.y1 - image.y0 == OPJ_UINT32(layout.rows);
    if (!sized) { throw Failure(CDCMTK_PIXEL_LENGTH, "the JPEG 2000 image is not rows x columns pixels large"); }
    if (image.numcomps != 1) { throw Failure(CDCMTK_UNSUPPORTED, "a JPEG 2000 image of several components"); }
    const opj_image_comp_t &component = image.comps[0];
    if (component.dx != 1 || component.dy != 1 || component.prec < 1 || component.prec > 31) {
        throw Failure(CDCMTK_UNSUPPORTED, "a subsampled JPEG 2000 image or one of more than 31 bits");
    }
}

}  // namespace

void cdicom::decodeJPEG2000(const std::vector<std::uint8_t> &bytes, const cdicom_layout &layout, std::int32_t *values) {
    checkSize(bytes, layout);
    Source source = {bytes.data(), bytes.size(), 0};
    const Stream stream = makeStream(source);
    const Codec codec = makeCodec(bytes);
    opj_image_t *raw = nullptr;
    const bool hasHeader = opj_read_header(stream.get(), codec.get(), &raw);
    const Image image(raw, opj_image_destroy);
    if (!hasHeader || !image) { throw Failure(CDCMTK_CORRUPT, "the JPEG 2000 header cannot be read"); }
    checkImage(*image, layout);
    if (!opj_decode(codec.get(), stream.get(), image.get()) || !opj_end_decompress(codec.get(), stream.get())) {
        throw Failure(CDCMTK_CORRUPT, "the JPEG 2000 codestream is damaged or ends early");
    }
    const opj_image_comp_t &component = image->comps[0];
    if (component.data == nullptr || component.w != OPJ_UINT32(layout.columns) || component.h != OPJ_UINT32(layout.rows)) {
        throw Failure(CDCMTK_PIXEL_LENGTH, "the JPEG 2000 image is not rows x columns pixels large");
    }
    // The object's pixel representation decides on the sign: codestreams of signed pixels are often marked unsigned.
    const std::uint32_t mask = (1u << component.prec) - 1;
    const std::uint32_t sign = layout.is_signed ? 1u << (component.prec - 1) : 0;
    const std::size_t count = std::size_t(layout.rows) * std::size_t(layout.columns);
    for (std::size_t index = 0; index < count; ++index) {
        const std::uint32_t bits = static_cast<std::uint32_t>(component.data[index]) & mask;
        values[index] = static_cast<std::int32_t>((bits ^ sign) - sign);
    }
}
