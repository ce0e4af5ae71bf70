// RLE, JPEG and JPEG-LS through DCMTK's codecs, frame by frame.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcpixel.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

#include <memory>

using cdcmtk::Failure;

namespace {

void put(DcmDataset &dataset, const DcmTagKey &key, std::int32_t value) {
    if (dataset.putAndInsertUint16(key, static_cast<Uint16>(value)).bad()) { throw std::bad_alloc(); }
}

/// What a codec asks for. An object of one frame, so that no codec decodes more than is wanted.
void describe(DcmDataset &dataset, const cdicom_layout &layout) {
    put(dataset, DCM_SamplesPerPixel, 1);
    dataset.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    put(dataset, DCM_Rows, layout.rows);
    put(dataset, DCM_Columns, layout.columns);
    put(dataset, DCM_BitsAllocated, layout.bits_allocated);
    put(dataset, DCM_BitsStored, layout.bits_stored);
    put(dataset, DCM_HighBit, layout.high_bit);
    put(dataset, DCM_PixelRepresentation, layout.is_signed);
}

void insertStream(DcmDataset &dataset, const std::vector<std::uint8_t> &stream, E_TransferSyntax syntax) {
    auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
    auto table = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    const std::size_t even = stream.size() + stream.size() % 2;
    Uint8 *bytes = nullptr;
    if (item->createUint8Array(static_cast<Uint32>(even), bytes).bad()) { throw std::bad_alloc(); }
    std::copy(stream.begin(), stream.end(), bytes);
    if (sequence->insert(table.get()).good()) { table.release(); }
    if (sequence->insert(item.get()).good()) { item.release(); }
    auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
    pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
    if (dataset.insert(pixels.get()).bad()) { throw std::bad_alloc(); }
    pixels.release();
}

std::int32_t integer(DcmDataset &dataset, const DcmTagKey &key) {
    Uint16 value = 0;
    return dataset.findAndGetUint16(key, value).good() ? value : 0;
}

}  // namespace

void cdicom::decodeThroughDCMTK(const std::vector<std::uint8_t> &stream, const cdicom_layout &layout, E_TransferSyntax syntax,
                                std::int32_t *values) {
    if (!DcmCodecList::canChangeCoding(syntax, EXS_LittleEndianExplicit)) {
        throw Failure(CDCMTK_UNSUPPORTED, named(layout) + " is not decoded");
    }
    DcmDataset dataset;
    describe(dataset, layout);
    insertStream(dataset, stream, syntax);
    const OFCondition condition = dataset.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
    if (condition.bad()) { throw Failure(CDCMTK_CORRUPT, condition.text()); }
    // The decoder may have changed the number of bits to that of the codestream.
    cdicom_layout decoded = layout;
    decoded.bits_allocated = integer(dataset, DCM_BitsAllocated);
    decoded.bits_stored = integer(dataset, DCM_BitsStored);
    decoded.high_bit = integer(dataset, DCM_HighBit);
    check(decoded);
    DcmElement *element = nullptr;
    Uint8 *bytes = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, element).bad() || element->getUint8Array(bytes).bad() || bytes == nullptr) {
        throw Failure(CDCMTK_CORRUPT, "the codestream became no pixels");
    }
    const std::size_t expected = pixelCount(decoded) * std::size_t(decoded.bits_allocated / 8);
    const std::size_t length = element->getLength(EXS_LittleEndianExplicit);
    if (length != expected && length != expected + expected % 2) {
        throw Failure(CDCMTK_PIXEL_LENGTH, "the codestream is not rows x columns pixels large");
    }
    unpack(bytes, decoded, values);
}
