// Opening files and reading their attributes.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dcistrmb.h"
#include "dcmtk/dcmdata/dcspchrs.h"

#include <algorithm>
#include <cstring>
#include <memory>

using cdicom::Failure;

namespace {

cdicom_status statusOf(const OFCondition &condition) {
    if (condition == EC_EndOfStream || condition == EC_InvalidStream || condition == EC_StreamNotifyClient ||
        condition == EC_SequDelimitationItemMissing || condition == EC_ItemDelimitationItemMissing) {
        return CDICOM_TRUNCATED;
    }
    return condition == EC_MemoryExhausted ? CDICOM_MEMORY : CDICOM_CORRUPT;
}

void parse(cdicom_file &file) {
    auto &elements = file.structure.elements;
    if (elements.empty()) { return; }
    DcmInputBufferStream stream;
    stream.setBuffer(elements.data(), static_cast<offile_off_t>(elements.size()));
    stream.setEos();
    file.dataset.transferInit();
    const OFCondition condition = file.dataset.read(stream, file.structure.encoding, EGL_noChange);
    file.dataset.transferEnd();
    if (condition.bad() && condition != EC_EndOfStream) { throw Failure(statusOf(condition), condition.text()); }
    // Everything is copied.
    std::vector<std::uint8_t>().swap(elements);
}

void findFunctionalGroups(cdicom_file &file) {
    DcmSequenceOfItems *sequence = nullptr;
    if (file.dataset.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, sequence).good() && sequence != nullptr) {
        for (DcmObject *item = sequence->nextInContainer(nullptr); item != nullptr; item = sequence->nextInContainer(item)) {
            file.frameGroups.push_back(static_cast<DcmItem *>(item));
        }
    }
    if (file.dataset.findAndGetSequence(DCM_SharedFunctionalGroupsSequence, sequence).good() && sequence != nullptr) {
        file.sharedGroups = sequence->getItem(0);
    }
}

void findReferences(cdicom_file &file) {
    DcmSequenceOfItems *sequence = nullptr;
    if (file.dataset.findAndGetSequence(DCM_DirectoryRecordSequence, sequence).bad() || sequence == nullptr) { return; }
    for (DcmObject *item = sequence->nextInContainer(nullptr); item != nullptr; item = sequence->nextInContainer(item)) {
        OFString name;
        if (static_cast<DcmItem *>(item)->findAndGetOFStringArray(DCM_ReferencedFileID, name).good() && !name.empty()) {
            file.references.emplace_back(name.c_str());
        }
    }
}

/// De-identification may have emptied the SOP class (the meta header still names it), but it must be there.
void requireObject(const cdicom_file &file) {
    const bool isDirectory = file.structure.mediaClass == UID_MediaStorageDirectoryStorage;
    if (!file.structure.hasSOPClass && !isDirectory) { throw Failure(CDICOM_TRUNCATED, "the dataset ends before its SOP class"); }
}

using Owner = std::unique_ptr<cdicom_file, void (*)(cdicom_file *)>;

Owner load(const char *path, cdicom::Extent extent) {
    Owner file(new cdicom_file, cdicom_close);
    file->structure = cdicom::walk(path, extent);
    if (extent == cdicom::Extent::whole) { requireObject(*file); }
    file->levels = cdicom::countItems(file->structure.elements);
    cdicom::onStack(file->levels, [&] { parse(*file); });
    findFunctionalGroups(*file);
    findReferences(*file);
    return file;
}

DcmElement *find(DcmItem *item, std::uint16_t group, std::uint16_t element) {
    DcmElement *found = nullptr;
    return item != nullptr && item->findAndGetElement(DcmTagKey(group, element), found).good() ? found : nullptr;
}

/// The element in the first item of a functional group's sequence.
DcmElement *findInMacro(DcmItem *groups, std::uint32_t macro, std::uint16_t group, std::uint16_t element) {
    DcmSequenceOfItems *sequence = nullptr;
    const DcmTagKey key(static_cast<Uint16>(macro >> 16), static_cast<Uint16>(macro & 0xffff));
    if (groups == nullptr || groups->findAndGetSequence(key, sequence).bad() || sequence == nullptr) { return nullptr; }
    return find(sequence->getItem(0), group, element);
}

DcmElement *findOfFrame(cdicom_file *file, std::int32_t frame, std::uint32_t macro, std::uint16_t group, std::uint16_t element) {
    const bool isListed = frame >= 0 && std::size_t(frame) < file->frameGroups.size();
    DcmElement *found = isListed ? findInMacro(file->frameGroups[std::size_t(frame)], macro, group, element) : nullptr;
    return found != nullptr ? found : findInMacro(file->sharedGroups, macro, group, element);
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
        case EVR_US:
        case EVR_xs: good = element.getUint16(u16, index).good(), value = u16; break;
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

std::int32_t numbers(DcmElement *found, double *values, std::size_t capacity) {
    const unsigned long multiplicity = found == nullptr ? 0 : found->getVM();
    if (multiplicity == 0) { return -1; }
    for (unsigned long index = 0; index < multiplicity && index < capacity; ++index) {
        if (!number(*found, index, values[index])) { return -1; }
    }
    return static_cast<std::int32_t>(multiplicity);
}

std::int64_t copy(const OFString &text, char *buffer, std::size_t capacity) {
    if (capacity > 0) {
        const std::size_t copied = text.size() < capacity ? text.size() : capacity - 1;
        std::memcpy(buffer, text.data(), copied);
        buffer[copied] = '\0';
    }
    return static_cast<std::int64_t>(text.size());
}

/// The text in UTF-8. What the stated character set does not explain is taken for Latin-1, byte by byte: a wrong letter is better
/// than a study that cannot be read.
OFString decoded(cdicom_file *file, const OFString &text) {
    const auto isPlain = [](char byte) { return static_cast<unsigned char>(byte) < 0x80 && byte != 0x1b; };
    if (std::all_of(text.begin(), text.end(), isPlain)) { return text; }
    OFString result;
    DcmSpecificCharacterSet converter;
    if (converter.selectCharacterSet(file->dataset).good() && converter.convertString(text, result, "\\^=").good()) { return result; }
    result.clear();
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x80) {
            result += byte;
        } else {
            result += static_cast<char>(0xc0 | code >> 6);
            result += static_cast<char>(0x80 | (code & 0x3f));
        }
    }
    return result;
}

std::int64_t text(cdicom_file *file, DcmElement *found, char *buffer, std::size_t capacity) {
    OFString raw;
    if (found == nullptr || found->getOFStringArray(raw).bad()) { return -1; }
    return copy(decoded(file, raw), buffer, capacity);
}

std::int32_t integer(cdicom_file *file, const DcmTagKey &key, std::int32_t fallback) {
    double value = 0;
    const bool usable = numbers(find(&file->dataset, key.getGroup(), key.getElement()), &value, 1) > 0;
    return usable && value >= -2147483648.0 && value <= 2147483647.0 ? static_cast<std::int32_t>(value) : fallback;
}

}  // namespace

cdicom_file *cdicom_open(const char *path, cdicom_failure *failure) {
    cdicom_file *file = nullptr;
    cdicom::guarded(failure, [&] {
        cdicom::initialize();
        file = load(path, cdicom::Extent::whole).release();
    });
    return file;
}

cdicom_file *cdicom_open_damaged(const char *path) {
    cdicom_file *file = nullptr;
    cdicom::guarded(nullptr, [&] {
        cdicom::initialize();
        file = load(path, cdicom::Extent::untilDamage).release();
    });
    return file;
}

void cdicom_close(cdicom_file *file) {
    // Freeing nested sequences recurses like parsing them.
    cdicom::guarded(nullptr, [&] { cdicom::onStack(file->levels, [&] { delete file; }); });
}

std::int64_t cdicom_text(cdicom_file *file, std::uint16_t group, std::uint16_t element, char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdicom::guarded(nullptr, [&] {
        if (group == 2) {
            const std::string &known = element == 0x0002 ? file->structure.mediaClass : file->structure.transferSyntax;
            length = element == 0x0002 || element == 0x0010 ? copy(known.c_str(), buffer, capacity) : -1;
        } else {
            length = text(file, find(&file->dataset, group, element), buffer, capacity);
        }
    });
    return length;
}

std::int32_t cdicom_numbers(cdicom_file *file, std::uint16_t group, std::uint16_t element, double *values, std::size_t capacity) {
    std::int32_t count = -1;
    cdicom::guarded(nullptr, [&] { count = numbers(find(&file->dataset, group, element), values, capacity); });
    return count;
}

std::int64_t cdicom_frame_text(cdicom_file *file, std::int32_t frame, std::uint32_t macro, std::uint16_t group, std::uint16_t element,
                               char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdicom::guarded(nullptr, [&] { length = text(file, findOfFrame(file, frame, macro, group, element), buffer, capacity); });
    return length;
}

std::int32_t cdicom_frame_numbers(cdicom_file *file, std::int32_t frame, std::uint32_t macro, std::uint16_t group,
                                  std::uint16_t element, double *values, std::size_t capacity) {
    std::int32_t count = -1;
    cdicom::guarded(nullptr, [&] { count = numbers(findOfFrame(file, frame, macro, group, element), values, capacity); });
    return count;
}

std::int32_t cdicom_reference_count(cdicom_file *file) { return static_cast<std::int32_t>(file->references.size()); }

std::int64_t cdicom_reference(cdicom_file *file, std::int32_t index, char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdicom::guarded(nullptr, [&] { length = copy(file->references.at(std::size_t(index)).c_str(), buffer, capacity); });
    return length;
}

cdicom_layout cdicom_pixel_layout(cdicom_file *file) {
    cdicom_layout layout = file->structure.place;
    cdicom::guarded(nullptr, [&] {
        layout.rows = integer(file, DCM_Rows, 0);
        layout.columns = integer(file, DCM_Columns, 0);
        layout.frames = integer(file, DCM_NumberOfFrames, 1);
        layout.samples_per_pixel = integer(file, DCM_SamplesPerPixel, 1);
        layout.bits_allocated = integer(file, DCM_BitsAllocated, 0);
        layout.bits_stored = integer(file, DCM_BitsStored, layout.bits_allocated);
        layout.high_bit = integer(file, DCM_HighBit, layout.bits_stored - 1);
        layout.is_signed = integer(file, DCM_PixelRepresentation, 0) == 1;
    });
    return layout;
}
