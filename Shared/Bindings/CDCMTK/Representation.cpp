// What the value of an element is, where its own word does not say it.
#include "CDCMTK/Walk.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

namespace cdcmtk {

namespace {

/// The dictionary's word; null where it has none, "" where it leaves a choice.
const char *dictionary(Tag tag) {
    const DcmEVR found = DcmTag(DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xffff))).getEVR();
    switch (found) {
        case EVR_ox:
        case EVR_px:
        case EVR_xs:
        case EVR_lt:
        case EVR_up: return "";
        case EVR_UN:
        case EVR_UNKNOWN:
        case EVR_UNKNOWN2B: return nullptr;
        default: return DcmVR(found).getVRName();
    }
}

const char *choice(Tag tag, bool isSigned) {
    switch (DcmTag(DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xffff))).getEVR()) {
        case EVR_xs: return isSigned ? "SS" : "US";
        case EVR_up: return "UL";
        default: return "OW";
    }
}

/// Bytes or words without a meaning of their own.
bool isBulk(const char *representation) { return representation[0] == 'O'; }

}  // namespace

const char *representation(const Element &element, bool isSigned) {
    const bool saysSomething = element.stored[0] != 0 && !element.has("UN");
    if (saysSomething && !isBulk(element.stored)) { return element.stored; }
    const char *known = dictionary(element.tag);
    // Bytes stay bytes where the dictionary has bytes too, or leaves a choice that includes them.
    if (saysSomething && (known == nullptr || *known == 0 || isBulk(known))) { return element.stored; }
    if (known == nullptr) { return "UN"; }
    return *known == 0 ? choice(element.tag, isSigned) : known;
}

}  // namespace cdcmtk
