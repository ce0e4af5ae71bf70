// One made-up CT slice of 8 x 6 pixels, encoded in all ways that DCMTK and OpenJPEG can write.
#include "DICOMSeeds.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmdata/dcrlerp.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpeg/djrplol.h"
#include "dcmtk/dcmjpeg/djrploss.h"
#include "dcmtk/dcmjpls/djencode.h"
#include "dcmtk/dcmjpls/djrparam.h"

#include <openjpeg.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr int rows = 6, columns = 8;

void put(DcmItem &item, const DcmTagKey &key, const char *text) { item.putAndInsertString(DcmTag(key), text); }

/// What every object has; `bits` stored of `allocated`.
void describe(DcmItem &object, int bits, int allocated, int frames) {
    put(object, DCM_SpecificCharacterSet, "ISO_IR 192");
    put(object, DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
    put(object, DCM_SOPClassUID, frames > 1 ? UID_EnhancedCTImageStorage : UID_CTImageStorage);
    put(object, DCM_SOPInstanceUID, "1.2.3.4");
    put(object, DCM_Modality, "CT");
    put(object, DCM_PatientName, "Seed");
    put(object, DCM_StudyInstanceUID, "1.2.3.1");
    put(object, DCM_SeriesInstanceUID, "1.2.3.2");
    put(object, DCM_InstanceNumber, "1");
    put(object, DCM_ImagePositionPatient, "-10\\-12.5\\3");
    put(object, DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    put(object, DCM_PixelSpacing, "0.75\\0.5");
    put(object, DCM_SliceThickness, "2");
    put(object, DCM_RescaleSlope, "1");
    put(object, DCM_RescaleIntercept, "-1024");
    put(object, DCM_PhotometricInterpretation, "MONOCHROME2");
    object.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    object.putAndInsertUint16(DCM_Rows, rows);
    object.putAndInsertUint16(DCM_Columns, columns);
    object.putAndInsertUint16(DCM_BitsAllocated, Uint16(allocated));
    object.putAndInsertUint16(DCM_BitsStored, Uint16(bits));
    object.putAndInsertUint16(DCM_HighBit, Uint16(bits - 1));
    object.putAndInsertUint16(DCM_PixelRepresentation, 0);
    if (frames > 1) { put(object, DCM_NumberOfFrames, std::to_string(frames).c_str()); }
}

/// The functional groups of an enhanced object.
void place(DcmItem &object, int frames) {
    DcmItem *shared = nullptr, *item = nullptr;
    object.findOrCreateSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, -2);
    shared->findOrCreateSequenceItem(DCM_PixelMeasuresSequence, item, -2);
    put(*item, DCM_PixelSpacing, "0.75\\0.5");
    put(*item, DCM_SliceThickness, "2");
    shared->findOrCreateSequenceItem(DCM_PlaneOrientationSequence, item, -2);
    put(*item, DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    shared->findOrCreateSequenceItem(DCM_PixelValueTransformationSequence, item, -2);
    put(*item, DCM_RescaleSlope, "1");
    put(*item, DCM_RescaleIntercept, "-1024");
    for (int frame = 0; frame < frames; ++frame) {
        DcmItem *own = nullptr;
        object.findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, own, -2);
        own->findOrCreateSequenceItem(DCM_PlanePositionSequence, item, -2);
        put(*item, DCM_ImagePositionPatient, ("0\\0\\" + std::to_string(2 * frame)).c_str());
    }
}

void fill(DcmItem &object, int bits, int allocated, int frames) {
    describe(object, bits, allocated, frames);
    if (frames > 1) { place(object, frames); }
    const int count = rows * columns * frames;
    std::vector<Uint16> words(count);
    std::vector<Uint8> bytes(count);
    for (int index = 0; index < count; ++index) {
        words[index] = Uint16((index * 37) & ((1 << bits) - 1));
        bytes[index] = Uint8(words[index]);
    }
    if (allocated == 8) {
        object.putAndInsertUint8Array(DCM_PixelData, bytes.data(), count);
    } else {
        object.putAndInsertUint16Array(DCM_PixelData, words.data(), count);
    }
}

bool save(DcmFileFormat &format, const std::string &path, E_TransferSyntax syntax, E_EncodingType lengths = EET_ExplicitLength) {
    return format.saveFile(path.c_str(), syntax, lengths).good();
}

bool native(const std::string &path, E_TransferSyntax syntax, int bits, int allocated, int frames, E_EncodingType lengths) {
    DcmFileFormat format;
    fill(*format.getDataset(), bits, allocated, frames);
    return save(format, path, syntax, lengths);
}

bool encoded(const std::string &path, E_TransferSyntax syntax, const DcmRepresentationParameter &parameter, int bits, int allocated, int frames = 1) {
    DcmFileFormat format;
    fill(*format.getDataset(), bits, allocated, frames);
    return format.getDataset()->chooseRepresentation(syntax, &parameter).good() && save(format, path, syntax);
}

struct Sink {
    std::vector<std::uint8_t> bytes;
    std::size_t position = 0;
};

OPJ_SIZE_T writeBytes(void *source, OPJ_SIZE_T count, void *user) {
    auto &sink = *static_cast<Sink *>(user);
    if (sink.bytes.size() < sink.position + count) { sink.bytes.resize(sink.position + count); }
    std::memcpy(sink.bytes.data() + sink.position, source, count);
    sink.position += count;
    return count;
}

OPJ_OFF_T skipBytes(OPJ_OFF_T count, void *user) {
    static_cast<Sink *>(user)->position += static_cast<std::size_t>(count);
    return count;
}

OPJ_BOOL seekBytes(OPJ_OFF_T position, void *user) {
    static_cast<Sink *>(user)->position = static_cast<std::size_t>(position);
    return OPJ_TRUE;
}

std::vector<std::uint8_t> codestream(bool lossy) {
    opj_image_cmptparm_t component = {};
    component.dx = component.dy = 1;
    component.w = columns;
    component.h = rows;
    component.prec = 12;
    opj_image_t *image = opj_image_create(1, &component, OPJ_CLRSPC_GRAY);
    image->x1 = columns;
    image->y1 = rows;
    for (int index = 0; index < rows * columns; ++index) { image->comps[0].data[index] = index * 37 & 4095; }
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.numresolution = 2;
    parameters.irreversible = lossy;
    opj_codec_t *codec = opj_create_compress(OPJ_CODEC_J2K);
    opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_FALSE);
    Sink sink;
    opj_stream_set_user_data(stream, &sink, nullptr);
    opj_stream_set_write_function(stream, writeBytes);
    opj_stream_set_skip_function(stream, skipBytes);
    opj_stream_set_seek_function(stream, seekBytes);
    const bool good = opj_setup_encoder(codec, &parameters, image) && opj_start_compress(codec, image, stream) &&
                      opj_encode(codec, stream) && opj_end_compress(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    if (!good) { sink.bytes.clear(); }
    return sink.bytes;
}

/// DCMTK of Debian has no encoder for JPEG 2000, but stores what is already encoded.
bool wavelets(const std::string &path, E_TransferSyntax syntax, bool lossy) {
    std::vector<std::uint8_t> bytes = codestream(lossy);
    if (bytes.empty()) { return false; }
    if (bytes.size() % 2 != 0) { bytes.push_back(0); }
    DcmFileFormat format;
    describe(*format.getDataset(), 12, 16, 1);
    auto *sequence = new DcmPixelSequence(DCM_PixelSequenceTag);
    sequence->insert(new DcmPixelItem(DCM_PixelItemTag));
    DcmOffsetList offsets;
    if (sequence->storeCompressedFrame(offsets, bytes.data(), Uint32(bytes.size()), 0).bad()) { return false; }
    auto *pixels = new DcmPixelData(DCM_PixelData);
    pixels->putOriginalRepresentation(syntax, nullptr, sequence);
    return format.getDataset()->insert(pixels, OFTrue).good() && save(format, path, syntax);
}

/// Sequences in sequences, with private elements in them.
bool nested(const std::string &path, E_EncodingType lengths) {
    DcmFileFormat format;
    fill(*format.getDataset(), 12, 16, 1);
    DcmItem *item = format.getDataset();
    for (int level = 0; level < 12; ++level) {
        DcmItem *inner = nullptr;
        if (item->findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, inner, -2).bad()) { return false; }
        put(*inner, DCM_SeriesInstanceUID, "1.2.3.9");
        item = inner;
    }
    return save(format, path, EXS_LittleEndianExplicit, lengths);
}

bool writeAll(const std::string &folder) {
    const auto path = [&](const char *name) { return folder + "/" + name + ".dcm"; };
    const DcmRLERepresentationParameter rle;
    const DJ_RPLossless lossless;
    const DJ_RPLossy lossy(90);
    const DJLSRepresentationParameter loco(0, true), near(2, false);
    bool good = native(path("implicit"), EXS_LittleEndianImplicit, 12, 16, 1, EET_ExplicitLength);
    good &= native(path("explicit"), EXS_LittleEndianExplicit, 12, 16, 1, EET_UndefinedLength);
    good &= native(path("bytes"), EXS_LittleEndianExplicit, 8, 8, 1, EET_ExplicitLength);
    good &= native(path("big"), EXS_BigEndianExplicit, 12, 16, 1, EET_ExplicitLength);
    good &= native(path("deflated"), EXS_DeflatedLittleEndianExplicit, 12, 16, 1, EET_ExplicitLength);
    good &= native(path("enhanced"), EXS_LittleEndianExplicit, 12, 16, 3, EET_UndefinedLength);
    good &= nested(path("nested"), EET_UndefinedLength) && nested(path("nested-explicit"), EET_ExplicitLength);
    good &= encoded(path("rle"), EXS_RLELossless, rle, 12, 16);
    good &= encoded(path("rle-frames"), EXS_RLELossless, rle, 12, 16, 3);
    good &= encoded(path("jpeg-sv1"), EXS_JPEGProcess14SV1, lossless, 12, 16);
    good &= encoded(path("jpeg-14"), EXS_JPEGProcess14, lossless, 12, 16);
    good &= encoded(path("jpeg-baseline"), EXS_JPEGProcess1, lossy, 8, 8);
    good &= encoded(path("jpeg-extended"), EXS_JPEGProcess2_4, lossy, 12, 16);
    good &= encoded(path("jpeg-ls"), EXS_JPEGLSLossless, loco, 12, 16);
    good &= encoded(path("jpeg-ls-near"), EXS_JPEGLSLossy, near, 12, 16);
    good &= wavelets(path("jpeg2000"), EXS_JPEG2000LosslessOnly, false) && wavelets(path("jpeg2000-lossy"), EXS_JPEG2000, true);
    return good;
}

}  // namespace

int dicom_seeds(const char *folder) {
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
    return writeAll(folder);
}
