// Reading and changing the attributes of an item.
#include "Internal.h"

#include "CDCMTK/Numbers.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

using cdcmtk::Failure;
using cdicomobjects::unwrap;
using cdicomobjects::wrap;
using cdcmtk::Numbers;

namespace {

void copyName(DcmEVR vr, char *name) {
    const char *text = DcmVR(vr).getVRName();
    const bool isStandard = std::strlen(text) == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
    std::memcpy(name, isStandard ? text : "??", 2);
    name[2] = '\0';
}

/// DCMTK's internal representations stand for the choices that the dictionary leaves.
DcmEVR concrete(DcmEVR vr) {
    switch (vr) {
        case EVR_ox:
        case EVR_px: return EVR_OW;
        case EVR_xs:
        case EVR_lt: return EVR_US;
        case EVR_up: return EVR_UL;
        default: return vr;
    }
}

DcmElement *find(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element) {
    DcmElement *found = nullptr;
    return unwrap(item)->findAndGetElement(DcmTagKey(group, element), found).good() ? found : nullptr;
}

DcmSequenceOfItems *sequence(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element) {
    DcmElement *found = find(item, group, element);
    return found != nullptr && found->ident() == EVR_SQ ? static_cast<DcmSequenceOfItems *>(found) : nullptr;
}

DcmTag tag(std::uint16_t group, std::uint16_t element, const char *vr) {
    const DcmTagKey key(group, element);
    return vr != nullptr ? DcmTag(key, DcmVR(vr)) : DcmTag(key, DcmVR(concrete(DcmTag(key).getEVR())));
}

void require(const OFCondition &condition, const char *action) {
    if (condition.bad()) { throw Failure(CDCMTK_INVALID, std::string(action) + ": " + condition.text()); }
}

/// Makes an element of this tag and inserts it, once `fill` has given it its value.
template <typename Fill> void replace(cdicomobjects_item *item, const DcmTag &tag, Fill fill) {
    DcmElement *made = nullptr;
    require(DcmItem::newDicomElementWithVR(made, tag), "no element can be made");
    std::unique_ptr<DcmElement> owner(made);
    fill(*made);
    require(unwrap(item)->insert(made, OFTrue), "an element cannot be inserted");
    owner.release();
}

template <typename Value> std::vector<Value> converted(const double *values, std::size_t count) {
    return std::vector<Value>(values, values + count);
}

OFCondition put(DcmElement &element, DcmEVR vr, const double *values, std::size_t count) {
    const auto size = static_cast<unsigned long>(count);
    switch (vr) {
        case EVR_US: return element.putUint16Array(converted<Uint16>(values, count).data(), size);
        case EVR_SS: return element.putSint16Array(converted<Sint16>(values, count).data(), size);
        case EVR_UL: return element.putUint32Array(converted<Uint32>(values, count).data(), size);
        case EVR_SL: return element.putSint32Array(converted<Sint32>(values, count).data(), size);
        case EVR_FL: return element.putFloat32Array(converted<Float32>(values, count).data(), size);
        case EVR_FD: return element.putFloat64Array(values, size);
        default: return EC_InvalidVR;
    }
}

/// The value where it lies in memory, and its length; null where it has none.
std::pair<const void *, std::size_t> value(DcmElement &element) {
    const std::size_t length = element.getLength();
    Uint8 *bytes = nullptr;
    Uint16 *words = nullptr;
    char *text = nullptr;
    Uint32 textLength = 0;
    switch (element.getVR()) {
        case EVR_OB:
        case EVR_UN:
        case EVR_UNKNOWN:
        case EVR_UNKNOWN2B:
            if (element.getUint8Array(bytes).good()) { return {bytes, bytes == nullptr ? 0 : length}; }
            break;
        case EVR_OW:
        case EVR_ox:
        case EVR_PixelData:
            if (element.getUint16Array(words).good()) { return {words, words == nullptr ? 0 : length}; }
            if (element.getUint8Array(bytes).good()) { return {bytes, bytes == nullptr ? 0 : length}; }
            break;
        default:
            if (element.isaString() && element.getString(text, textLength).good()) { return {text == nullptr ? "" : text, textLength}; }
    }
    return {nullptr, 0};
}

}  // namespace

std::size_t cdicomobjects_entries(cdicomobjects_item *item, cdicomobjects_entry *entries, std::size_t capacity) {
    std::size_t count = 0;
    cdcmtk::guarded(nullptr, [&] {
        for (DcmObject *object = unwrap(item)->nextInContainer(nullptr); object != nullptr; object = unwrap(item)->nextInContainer(object)) {
            if (count++ >= capacity) { continue; }
            cdicomobjects_entry &entry = entries[count - 1];
            const DcmTagKey key = object->getTag().getXTag();
            entry.group = key.getGroup();
            entry.element = key.getElement();
            copyName(object->ident() == EVR_SQ ? EVR_SQ : object->getTag().getEVR(), entry.vr);
            const DcmEVR dictionary = DcmTag(key).getEVR();
            copyName(dictionary == EVR_UNKNOWN || dictionary == EVR_UNKNOWN2B ? EVR_UNKNOWN : concrete(dictionary), entry.dictionary_vr);
            const bool isSequence = object->ident() == EVR_SQ;
            entry.length = isSequence ? 0 : object->getLength();
            entry.items = isSequence ? static_cast<std::int32_t>(static_cast<DcmSequenceOfItems *>(object)->card()) : -1;
        }
    });
    return count;
}

std::size_t cdicomobjects_items(
    cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, cdicomobjects_item **items, std::size_t capacity) {
    std::size_t count = 0;
    cdcmtk::guarded(nullptr, [&] {
        DcmSequenceOfItems *found = sequence(item, group, element);
        if (found == nullptr) { return; }
        for (DcmObject *inner = found->nextInContainer(nullptr); inner != nullptr; inner = found->nextInContainer(inner)) {
            if (count++ < capacity) { items[count - 1] = wrap(static_cast<DcmItem *>(inner)); }
        }
    });
    return count;
}

int cdicomobjects_contains(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element) {
    bool isThere = false;
    cdcmtk::guarded(nullptr, [&] { isThere = find(item, group, element) != nullptr; });
    return isThere;
}

std::int64_t cdicomobjects_bytes(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, void *buffer, std::size_t capacity) {
    std::int64_t count = -1;
    cdcmtk::guarded(nullptr, [&] {
        DcmElement *found = find(item, group, element);
        if (found == nullptr || found->ident() == EVR_SQ) { return; }
        const auto [bytes, length] = value(*found);
        if (bytes == nullptr && found->getLength() > 0) { return; }
        count = static_cast<std::int64_t>(length);
        if (length > 0 && capacity > 0) { std::memcpy(buffer, bytes, std::min(length, capacity)); }
    });
    return count;
}

std::int64_t cdicomobjects_numbers(
    cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, double *values, std::size_t capacity) {
    std::int64_t count = CDICOMOBJECTS_NO_NUMBERS;
    cdcmtk::guarded(nullptr, [&] {
        const Numbers read = cdcmtk::numbers(find(item, group, element));
        if (read.state == Numbers::State::unreadable) { return; }
        std::copy_n(read.values.begin(), std::min(capacity, read.values.size()), values);
        count = static_cast<std::int64_t>(read.values.size());
    });
    return count;
}

int cdicomobjects_set_text(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, const char *vr, const char *text,
                           cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        replace(item, tag(group, element, vr), [&](DcmElement &made) { require(made.putString(text), "a text does not fit its element"); });
    });
}

int cdicomobjects_set_numbers(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, const char *vr, const double *values,
                              std::size_t count, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        const DcmTag made = tag(group, element, vr);
        replace(item, made, [&](DcmElement &target) { require(put(target, made.getEVR(), values, count), "numbers do not fit their element"); });
    });
}

int cdicomobjects_set_bytes(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, const char *vr, const std::uint8_t *bytes,
                            std::size_t count, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        const DcmTag made = tag(group, element, vr);
        const bool isWords = made.getEVR() == EVR_OW;
        if (isWords && count % 2 != 0) { throw Failure(CDCMTK_INVALID, "words need an even number of bytes"); }
        replace(item, made, [&](DcmElement &target) {
            require(isWords ? target.putUint16Array(reinterpret_cast<const Uint16 *>(bytes), static_cast<unsigned long>(count / 2))
                            : target.putUint8Array(bytes, static_cast<unsigned long>(count)),
                    "bytes do not fit their element");
        });
    });
}

void cdicomobjects_remove(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element) {
    cdcmtk::guarded(nullptr, [&] { unwrap(item)->findAndDeleteElement(DcmTagKey(group, element)); });
}

int cdicomobjects_set_sequence(cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        std::unique_ptr<DcmSequenceOfItems> made(new DcmSequenceOfItems(DcmTag(DcmTagKey(group, element), DcmVR(EVR_SQ))));
        require(unwrap(item)->insert(made.get(), OFTrue), "a sequence cannot be inserted");
        made.release();
    });
}

cdicomobjects_item *cdicomobjects_append_item(
    cdicomobjects_item *item, std::uint16_t group, std::uint16_t element, cdcmtk_failure *failure) {
    cdicomobjects_item *result = nullptr;
    cdcmtk::guarded(failure, [&] {
        if (sequence(item, group, element) == nullptr) {
            cdcmtk_failure inner;
            if (cdicomobjects_set_sequence(item, group, element, &inner) == 0) { throw Failure(inner.status, inner.text); }
        }
        std::unique_ptr<DcmItem> made(new DcmItem(DcmTag(DCM_Item)));
        require(sequence(item, group, element)->append(made.get()), "an item cannot be appended");
        result = wrap(made.release());
    });
    return result;
}
