// From stored pixel data to numbers.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcpixel.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

#include <cstring>

using cdicom::Failure;

namespace {

DcmPixelData &pixelData(cdicom_file &file) {
    DcmElement *element = nullptr;
    DcmDataset *dataset = file.format.getDataset();
    if (dataset->findAndGetElement(DCM_PixelData, element).bad() || element == nullptr) {
        throw Failure(CDICOM_NO_PIXELS, "there is no pixel data");
    }
    auto *pixels = dynamic_cast<DcmPixelData *>(element);
    if (pixels == nullptr) { throw Failure(CDICOM_CORRUPT, "the pixel data has no pixel representation"); }
    return *pixels;
}

/// Refuses what a CT slice cannot be, before anything is allocated for it.
void check(const cdicom_layout &layout, std::size_t count) {
    if (layout.rows <= 0 || layout.columns <= 0) { throw Failure(CDICOM_CORRUPT, "rows or columns are missing"); }
    if (layout.samples_per_pixel != 1) { throw Failure(CDICOM_UNSUPPORTED, "colour pixels"); }
    if (layout.frames != 1) { throw Failure(CDICOM_UNSUPPORTED, "several frames in one object"); }
    const std::size_t pixels = std::size_t(layout.rows) * std::size_t(layout.columns);
    if (pixels > cdicom::maximumPixelCount) { throw Failure(CDICOM_TOO_LARGE, "more than 8192 x 8192 pixels"); }
    if (pixels != count) { throw Failure(CDICOM_INTERNAL, "the buffer does not hold rows x columns values"); }
    const bool bytes = layout.bits_allocated == 8 || layout.bits_allocated == 16 || layout.bits_allocated == 32;
    const bool bits = layout.bits_stored >= 1 && layout.bits_stored <= layout.bits_allocated &&
                      layout.high_bit >= layout.bits_stored - 1 && layout.high_bit < layout.bits_allocated;
    if (!bytes || !bits) { throw Failure(CDICOM_UNSUPPORTED, "unusual numbers of bits allocated, bits stored or high bit"); }
    if (layout.bits_stored == 32 && !layout.is_signed) { throw Failure(CDICOM_UNSUPPORTED, "unsigned pixels of 32 bits"); }
}

/// The fragments of the only frame, joined. Item 0 of the sequence is the offset table.
std::vector<std::uint8_t> fragments(DcmPixelData &pixels, E_TransferSyntax syntax) {
    DcmPixelSequence *sequence = nullptr;
    if (pixels.getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() || sequence == nullptr) {
        throw Failure(CDICOM_CORRUPT, "the pixel data is not encapsulated");
    }
    std::vector<std::uint8_t> bytes;
    for (unsigned long index = 1; index < sequence->card(); ++index) {
        DcmPixelItem *item = nullptr;
        Uint8 *data = nullptr;
        if (sequence->getItem(item, index).bad() || item == nullptr) { break; }
        const Uint32 length = item->getLength();
        if (length == 0) { continue; }
        if (item->getUint8Array(data).bad() || data == nullptr) {
            throw Failure(CDICOM_TRUNCATED, "the file ends inside the pixel data");
        }
        bytes.insert(bytes.end(), data, data + length);
    }
    if (bytes.empty()) { throw Failure(CDICOM_NO_PIXELS, "the pixel data is empty"); }
    return bytes;
}

/// Cuts the unused bits off and extends the sign; `bytes` are little endian.
void unpack(const Uint8 *bytes, const cdicom_layout &layout, std::size_t count, std::int32_t *values) {
    const int width = layout.bits_allocated / 8;
    const int low = layout.high_bit + 1 - layout.bits_stored;
    const std::uint32_t mask = layout.bits_stored == 32 ? ~0u : (1u << layout.bits_stored) - 1;
    const std::uint32_t sign = layout.is_signed ? 1u << (layout.bits_stored - 1) : 0;
    for (std::size_t index = 0; index < count; ++index) {
        std::uint32_t raw = 0;
        for (int byte = 0; byte < width; ++byte) { raw |= std::uint32_t(bytes[index * width + byte]) << (8 * byte); }
        raw = (raw >> low) & mask;
        values[index] = static_cast<std::int32_t>((raw ^ sign) - sign);
    }
}

void decompress(cdicom_file &file) {
    DcmDataset *dataset = file.format.getDataset();
    if (!DcmCodecList::canChangeCoding(file.syntax, EXS_LittleEndianExplicit)) {
        throw Failure(CDICOM_UNSUPPORTED, std::string("transfer syntax ") + file.transferSyntax + " is not decoded");
    }
    const OFCondition condition = dataset->chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
    if (condition.bad()) { throw Failure(CDICOM_CORRUPT, condition.text()); }
}

void decodeNative(cdicom_file &file, std::size_t count, std::int32_t *values) {
    // The decoder may have changed the number of bits.
    const cdicom_layout layout = cdicom_pixel_layout(&file);
    check(layout, count);
    DcmPixelData &pixels = pixelData(file);
    const std::size_t expected = count * std::size_t(layout.bits_allocated / 8);
    const std::size_t length = pixels.getLength(EXS_LittleEndianExplicit);
    if (length == 0) { throw Failure(CDICOM_NO_PIXELS, "the pixel data is empty"); }
    if (length != expected && length != expected + expected % 2) {
        throw Failure(CDICOM_PIXEL_LENGTH,
                      "expected " + std::to_string(expected) + " bytes of pixel data, found " + std::to_string(length));
    }
    Uint8 *bytes = nullptr;
    if (pixels.getUint8Array(bytes).bad() || bytes == nullptr) {
        throw Failure(CDICOM_TRUNCATED, "the file ends inside the pixel data");
    }
    unpack(bytes, layout, count, values);
}

bool isJPEG2000(E_TransferSyntax syntax) { return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000; }

void decode(cdicom_file &file, std::int32_t *values, std::size_t count) {
    const cdicom_layout layout = cdicom_pixel_layout(&file);
    DcmPixelData &pixels = pixelData(file);
    check(layout, count);
    if (isJPEG2000(file.syntax)) { return cdicom::decodeJPEG2000(fragments(pixels, file.syntax), layout, values); }
    if (DcmXfer(file.syntax).isEncapsulated()) {
        fragments(pixels, file.syntax);
        decompress(file);
    }
    decodeNative(file, count, values);
}

}  // namespace

int cdicom_decode(cdicom_file *file, std::int32_t *values, std::size_t count, cdicom_failure *failure) {
    return cdicom::guarded(failure, [&] { cdicom::onStack(file->levels, [&] { decode(*file, values, count); }); });
}
