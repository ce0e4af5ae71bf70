// Opening files and reading their attributes.
#include "CDICOMInternal.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/stat.h>

using cdicom::Failure;

namespace {

/// Elements longer than this stay on disk until somebody asks for them.
constexpr Uint32 largestEagerElement = 4096;

void requireRegularFile(const char *path) {
    struct stat facts {};
    if (stat(path, &facts) != 0) { throw Failure(CDICOM_UNREADABLE, std::strerror(errno)); }
    // A pipe or a device would block the parser for ever.
    if (!S_ISREG(facts.st_mode)) { throw Failure(CDICOM_UNREADABLE, "not a regular file"); }
}

/// Whether the first bytes are those of a file with the prefix (PS3.10, 7.1), or may be those of a bare dataset:
/// group 0002 or 0008 in little endian comes first in every old ACR-NEMA-like file. Big endian has always a prefix.
enum class Opening { prefix, bareDataset, other };

Opening opening(const char *path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE *)> stream(std::fopen(path, "rb"), std::fclose);
    if (!stream) { throw Failure(CDICOM_UNREADABLE, std::strerror(errno)); }
    unsigned char head[132] = {};
    const std::size_t count = std::fread(head, 1, sizeof head, stream.get());
    if (count == sizeof head && std::memcmp(head + 128, "DICM", 4) == 0) { return Opening::prefix; }
    const bool groupFits = count >= 8 && (head[0] == 2 || head[0] == 8) && head[1] == 0 && head[3] == 0;
    return groupFits ? Opening::bareDataset : Opening::other;
}

cdicom_status statusOf(const OFCondition &condition) {
    if (condition == EC_EndOfStream || condition == EC_InvalidStream || condition == EC_StreamNotifyClient ||
        condition == EC_SequDelimitationItemMissing || condition == EC_ItemDelimitationItemMissing) {
        return CDICOM_TRUNCATED;
    }
    if (condition == EC_MemoryExhausted) { return CDICOM_MEMORY; }
    if (condition == EC_UnsupportedEncoding || condition == EC_UnknownTransferSyntax) { return CDICOM_UNSUPPORTED; }
    return CDICOM_CORRUPT;
}

/// Where the dataset of a file begins whose meta header says it is deflated; 0 where it is not.
std::size_t deflatedDataset(const char *path) {
    DcmMetaInfo meta;
    OFString syntax;
    Uint32 length = 0;
    if (meta.loadFile(path).bad() || meta.findAndGetOFString(DCM_TransferSyntaxUID, syntax).bad()) { return 0; }
    if (syntax != UID_DeflatedExplicitVRLittleEndianTransferSyntax) { return 0; }
    if (meta.findAndGetUint32(DCM_FileMetaInformationGroupLength, length).bad()) {
        throw Failure(CDICOM_CORRUPT, "a deflated file without the length of its meta header");
    }
    // Preamble, prefix, and the element that holds the length.
    return 128 + 4 + 12 + std::size_t(length);
}

void parse(const char *path, Opening kind, cdicom_file &file) {
    const OFCondition condition = file.format.loadFile(path, EXS_Unknown, EGL_noChange, largestEagerElement, ERM_autoDetect);
    DcmDataset &dataset = *file.format.getDataset();
    OFString sopClass;
    dataset.findAndGetOFString(DCM_SOPClassUID, sopClass);
    if (kind == Opening::bareDataset && sopClass.compare(0, 14, "1.2.840.10008.") != 0) {
        throw Failure(CDICOM_NOT_DICOM, "no DICOM prefix, and no dataset either");
    }
    if (condition.bad()) { throw Failure(statusOf(condition), condition.text()); }
    OFString mediaClass;
    file.format.getMetaInfo()->findAndGetOFString(DCM_MediaStorageSOPClassUID, mediaClass);
    // De-identification may have emptied the element (the meta header still names the class), but it must be there.
    if (!dataset.tagExists(DCM_SOPClassUID) && mediaClass != UID_MediaStorageDirectoryStorage) {
        throw Failure(CDICOM_TRUNCATED, "the dataset ends before its SOP class");
    }
    file.syntax = file.format.getDataset()->getOriginalXfer();
    file.transferSyntax = DcmXfer(file.syntax).getXferID();
}

using Owner = std::unique_ptr<cdicom_file, void (*)(cdicom_file *)>;

Owner load(const char *path) {
    requireRegularFile(path);
    const Opening kind = opening(path);
    if (kind == Opening::other) { throw Failure(CDICOM_NOT_DICOM, "no DICOM prefix"); }
    std::size_t levels = cdicom::countItems(path);
    std::size_t deflated = 0;
    cdicom::onStack(levels, [&] { deflated = kind == Opening::prefix ? deflatedDataset(path) : 0; });
    if (deflated > 0) { levels = std::max(levels, cdicom::countDeflatedItems(path, deflated)); }
    Owner file(new cdicom_file, cdicom_close);
    file->levels = levels;
    cdicom::onStack(levels, [&] { parse(path, kind, *file); });
    return file;
}

DcmElement *find(cdicom_file *file, std::uint16_t group, std::uint16_t element) {
    DcmElement *found = nullptr;
    DcmItem *item = group == 2 ? static_cast<DcmItem *>(file->format.getMetaInfo()) : file->format.getDataset();
    return item->findAndGetElement(DcmTagKey(group, element), found).good() ? found : nullptr;
}

bool number(DcmElement &element, unsigned long index, double &value) {
    Uint16 u16 = 0;
    Sint16 s16 = 0;
    Uint32 u32 = 0;
    Sint32 s32 = 0;
    Float32 f32 = 0;
    Float64 f64 = 0;
    bool good = false;
    switch (element.getVR()) {
        case EVR_US: good = element.getUint16(u16, index).good(), value = u16; break;
        case EVR_SS: good = element.getSint16(s16, index).good(), value = s16; break;
        case EVR_UL: good = element.getUint32(u32, index).good(), value = u32; break;
        case EVR_SL:
        case EVR_IS: good = element.getSint32(s32, index).good(), value = s32; break;
        case EVR_FL: good = element.getFloat32(f32, index).good(), value = f32; break;
        case EVR_FD:
        case EVR_DS: good = element.getFloat64(f64, index).good(), value = f64; break;
        default: break;
    }
    return good;
}

std::int32_t integer(cdicom_file *file, const DcmTagKey &key, std::int32_t fallback) {
    double value = 0;
    DcmElement *element = find(file, key.getGroup(), key.getElement());
    const bool usable = element != nullptr && element->getVM() > 0 && number(*element, 0, value);
    return usable && value >= -2147483648.0 && value <= 2147483647.0 ? static_cast<std::int32_t>(value) : fallback;
}

}  // namespace

cdicom_file *cdicom_open(const char *path, cdicom_failure *failure) {
    cdicom_file *file = nullptr;
    cdicom::guarded(failure, [&] {
        cdicom::initialize();
        file = load(path).release();
    });
    return file;
}

void cdicom_close(cdicom_file *file) {
    // Freeing nested sequences recurses like parsing them.
    cdicom::guarded(nullptr, [&] { cdicom::onStack(file->levels, [&] { delete file; }); });
}

const char *cdicom_transfer_syntax(const cdicom_file *file) { return file->transferSyntax.c_str(); }

std::int64_t cdicom_text(cdicom_file *file, std::uint16_t group, std::uint16_t element, char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdicom::guarded(nullptr, [&] {
        DcmElement *found = find(file, group, element);
        OFString text;
        if (found == nullptr || found->getOFStringArray(text).bad()) { return; }
        length = static_cast<std::int64_t>(text.size());
        if (capacity == 0) { return; }
        const std::size_t copied = text.size() < capacity ? text.size() : capacity - 1;
        std::memcpy(buffer, text.data(), copied);
        buffer[copied] = '\0';
    });
    return length;
}

std::int32_t cdicom_numbers(cdicom_file *file, std::uint16_t group, std::uint16_t element, double *values, std::size_t capacity) {
    std::int32_t count = -1;
    cdicom::guarded(nullptr, [&] {
        DcmElement *found = find(file, group, element);
        const unsigned long multiplicity = found == nullptr ? 0 : found->getVM();
        if (multiplicity == 0) { return; }
        for (unsigned long index = 0; index < multiplicity && index < capacity; ++index) {
            if (!number(*found, index, values[index])) { return; }
        }
        count = static_cast<std::int32_t>(multiplicity);
    });
    return count;
}

cdicom_layout cdicom_pixel_layout(cdicom_file *file) {
    cdicom_layout layout = {};
    cdicom::guarded(nullptr, [&] {
        layout.rows = integer(file, DCM_Rows, 0);
        layout.columns = integer(file, DCM_Columns, 0);
        layout.frames = integer(file, DCM_NumberOfFrames, 1);
        layout.samples_per_pixel = integer(file, DCM_SamplesPerPixel, 1);
        layout.bits_allocated = integer(file, DCM_BitsAllocated, 0);
        layout.bits_stored = integer(file, DCM_BitsStored, layout.bits_allocated);
        layout.high_bit = integer(file, DCM_HighBit, layout.bits_stored - 1);
        layout.is_signed = integer(file, DCM_PixelRepresentation, 0) == 1;
        layout.has_pixel_data = find(file, 0x7fe0, 0x0010) != nullptr;
    });
    return layout;
}
