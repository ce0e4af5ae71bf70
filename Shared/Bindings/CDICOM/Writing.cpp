// Objects of one frame, for phantoms and tests.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dcrlerp.h"
#include "dcmtk/dcmjpeg/djrplol.h"

using cdcmtk::Failure;

namespace {

void require(const OFCondition &condition, const char *action) {
    if (condition.bad()) { throw Failure(CDCMTK_UNWRITABLE, std::string(action) + ": " + condition.text()); }
}

E_TransferSyntax syntax(cdicom_encoding encoding) {
    switch (encoding) {
        case CDICOM_IMPLICIT: return EXS_LittleEndianImplicit;
        case CDICOM_RLE: return EXS_RLELossless;
        case CDICOM_JPEG_LOSSLESS: return EXS_JPEGProcess14SV1;
        default: return EXS_LittleEndianExplicit;
    }
}

void encode(DcmDataset &dataset, cdicom_encoding encoding) {
    const DcmRLERepresentationParameter rle;
    const DJ_RPLossless lossless;
    const DcmRepresentationParameter *parameter = nullptr;
    if (encoding == CDICOM_RLE) { parameter = &rle; }
    if (encoding == CDICOM_JPEG_LOSSLESS) { parameter = &lossless; }
    require(dataset.chooseRepresentation(syntax(encoding), parameter), "the pixels cannot be encoded");
    if (!dataset.canWriteXfer(syntax(encoding))) { throw Failure(CDCMTK_UNWRITABLE, "the transfer syntax cannot be written"); }
}

}  // namespace

int cdicom_write(const char *path, const cdicom_attribute *attributes, std::size_t attribute_count, const std::uint16_t *pixels,
                 std::size_t pixel_count, cdicom_encoding encoding, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        cdicom::registerCodecs();
        if (pixel_count > cdicom::maximumPixelCount) { throw Failure(CDCMTK_TOO_LARGE, "more than 8192 x 8192 pixels"); }
        DcmFileFormat format;
        DcmDataset &dataset = *format.getDataset();
        for (std::size_t index = 0; index < attribute_count; ++index) {
            const cdicom_attribute &attribute = attributes[index];
            const DcmTag tag(attribute.group, attribute.element);
            require(dataset.putAndInsertString(tag, attribute.text), "an attribute has no valid value");
        }
        require(dataset.putAndInsertUint16Array(DCM_PixelData, pixels, pixel_count), "the pixels cannot be stored");
        encode(dataset, encoding);
        require(format.saveFile(path, syntax(encoding)), "the file cannot be written");
    });
}
