// Opening files and reading their attributes.
#include "CDICOMInternal.h"

#include "dcmtk/dcmdata/dcistrmb.h"
#include "dcmtk/dcmdata/dcspchrs.h"

#include "CDCMTK/Numbers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

using cdcmtk::Failure;
using cdcmtk::Numbers;

namespace {

cdcmtk_status statusOf(const OFCondition &condition) {
    if (condition == EC_EndOfStream || condition == EC_InvalidStream || condition == EC_StreamNotifyClient ||
        condition == EC_SequDelimitationItemMissing || condition == EC_ItemDelimitationItemMissing) {
        return CDCMTK_TRUNCATED;
    }
    return condition == EC_MemoryExhausted ? CDCMTK_MEMORY : CDCMTK_CORRUPT;
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

using Owner = std::unique_ptr<cdicom_file, void (*)(cdicom_file *)>;

Owner load(const char *path, cdicom::Extent extent) {
    Owner file(new cdicom_file, cdicom_close);
    file->structure = cdicom::walk(path, extent);
    parse(*file);
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

std::int32_t numbers(DcmElement *found, double *values, std::size_t capacity) {
    const Numbers read = cdcmtk::numbers(found);
    switch (read.state) {
        case Numbers::State::absent: return CDICOM_ABSENT;
        case Numbers::State::empty: return CDICOM_EMPTY;
        case Numbers::State::unreadable: return CDICOM_NO_NUMBERS;
        case Numbers::State::read: break;
    }
    std::copy_n(read.values.begin(), std::min(capacity, read.values.size()), values);
    return static_cast<std::int32_t>(std::min(read.values.size(), std::size_t(INT32_MAX)));
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

/// The number of an attribute of the pixels; `fallback` where it is absent. Anything else than one whole number is noted.
std::int32_t integer(cdicom_file *file, cdicom_layout &layout, const DcmTagKey &key, std::int32_t fallback) {
    const Numbers read = cdcmtk::numbers(find(&file->dataset, key.getGroup(), key.getElement()));
    if (read.state == Numbers::State::absent) { return fallback; }
    const double value = read.values.size() == 1 ? read.values[0] : 0.5;
    if (value == std::floor(value) && std::fabs(value) < 2147483648.0) { return static_cast<std::int32_t>(value); }
    if (layout.unreadable == 0) { layout.unreadable = std::uint32_t(key.getGroup()) << 16 | key.getElement(); }
    return fallback;
}

/// Without a value, or with that of images of one frame by some writers, there is one.
std::int32_t frameCount(cdicom_file *file, cdicom_layout &layout) {
    const Numbers read = cdcmtk::numbers(find(&file->dataset, 0x0028, 0x0008));
    const bool isStated = read.state != Numbers::State::absent && read.state != Numbers::State::empty;
    const std::int32_t stated = isStated ? integer(file, layout, DCM_NumberOfFrames, 1) : 1;
    return stated == 0 ? 1 : stated;
}

/// Pixels of an unknown sign may be off by 65536, so absent is as bad as unreadable.
std::int32_t sign(cdicom_file *file, cdicom_layout &layout) {
    const std::int32_t representation = integer(file, layout, DCM_PixelRepresentation, -1);
    if (representation != 0 && representation != 1 && layout.unreadable == 0) { layout.unreadable = 0x00280103; }
    return representation == 1;
}

}  // namespace

cdicom_file *cdicom_open(const char *path, cdcmtk_failure *failure) {
    cdicom_file *file = nullptr;
    cdcmtk::guarded(failure, [&] {
        file = load(path, cdicom::Extent::whole).release();
    });
    return file;
}

cdicom_file *cdicom_open_damaged(const char *path) {
    cdicom_file *file = nullptr;
    cdcmtk::guarded(nullptr, [&] {
        file = load(path, cdicom::Extent::untilDamage).release();
    });
    return file;
}

void cdicom_close(cdicom_file *file) {
    cdcmtk::guarded(nullptr, [&] { delete file; });
}

std::int64_t cdicom_text(cdicom_file *file, std::uint16_t group, std::uint16_t element, char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdcmtk::guarded(nullptr, [&] {
        if (group == 2) {
            const std::string *known = nullptr;
            if (element == 0x0002) { known = &file->structure.mediaClass; }
            if (element == 0x0003) { known = &file->structure.mediaInstance; }
            if (element == 0x0010) { known = &file->structure.transferSyntax; }
            length = known == nullptr ? -1 : copy(known->c_str(), buffer, capacity);
        } else {
            length = text(file, find(&file->dataset, group, element), buffer, capacity);
        }
    });
    return length;
}

std::int32_t cdicom_numbers(cdicom_file *file, std::uint16_t group, std::uint16_t element, double *values, std::size_t capacity) {
    std::int32_t count = CDICOM_NO_NUMBERS;
    cdcmtk::guarded(nullptr, [&] { count = numbers(find(&file->dataset, group, element), values, capacity); });
    return count;
}

std::int64_t cdicom_frame_text(cdicom_file *file, std::int32_t frame, std::uint32_t macro, std::uint16_t group, std::uint16_t element,
                               char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdcmtk::guarded(nullptr, [&] { length = text(file, findOfFrame(file, frame, macro, group, element), buffer, capacity); });
    return length;
}

std::int32_t cdicom_frame_numbers(cdicom_file *file, std::int32_t frame, std::uint32_t macro, std::uint16_t group,
                                  std::uint16_t element, double *values, std::size_t capacity) {
    std::int32_t count = CDICOM_NO_NUMBERS;
    cdcmtk::guarded(nullptr, [&] { count = numbers(findOfFrame(file, frame, macro, group, element), values, capacity); });
    return count;
}

std::int32_t cdicom_reference_count(cdicom_file *file) { return static_cast<std::int32_t>(file->references.size()); }

std::int64_t cdicom_reference(cdicom_file *file, std::int32_t index, char *buffer, std::size_t capacity) {
    std::int64_t length = -1;
    cdcmtk::guarded(nullptr, [&] { length = copy(file->references.at(std::size_t(index)).c_str(), buffer, capacity); });
    return length;
}

cdicom_layout cdicom_pixel_layout(cdicom_file *file) {
    cdicom_layout layout = file->structure.place;
    cdcmtk::guarded(nullptr, [&] {
        const auto number = [&](const DcmTagKey &key, std::int32_t fallback) { return integer(file, layout, key, fallback); };
        layout.rows = number(DCM_Rows, 0);
        layout.columns = number(DCM_Columns, 0);
        layout.frames = frameCount(file, layout);
        layout.samples_per_pixel = number(DCM_SamplesPerPixel, 1);
        layout.bits_allocated = number(DCM_BitsAllocated, 0);
        layout.bits_stored = number(DCM_BitsStored, 0);
        layout.high_bit = number(DCM_HighBit, layout.bits_stored - 1);
        layout.is_signed = sign(file, layout);
    });
    return layout;
}
