// What is kept of an object: the few attributes that are asked for, and where its pixels lie. All others, private ones among them,
// are walked over.
#include "CDICOMInternal.h"

#include <algorithm>
#include <cstring>
#include <iterator>

using cdicom::Extent;
using cdicom::Structure;
using cdcmtk::Element;
using cdcmtk::Failure;
using cdcmtk::Fragments;
using cdcmtk::Tag;
using cdcmtk::tag;

namespace {

/// Values that are asked for are short.
constexpr std::uint32_t longestValue = 4096;

/// In ascending order.
constexpr Tag wanted[] = {
    tag(0x0008, 0x0005), tag(0x0008, 0x0008), tag(0x0008, 0x0016), tag(0x0008, 0x0018), tag(0x0008, 0x0060), tag(0x0008, 0x0070),
    tag(0x0008, 0x1090), tag(0x0010, 0x0010), tag(0x0010, 0x0020), tag(0x0018, 0x0050), tag(0x0018, 0x0060), tag(0x0018, 0x0088),
    tag(0x0018, 0x1120), tag(0x0018, 0x1210), tag(0x0018, 0x5100), tag(0x0020, 0x000d), tag(0x0020, 0x000e), tag(0x0020, 0x0012),
    tag(0x0020, 0x0013), tag(0x0020, 0x0032), tag(0x0020, 0x0037), tag(0x0020, 0x0052), tag(0x0028, 0x0002), tag(0x0028, 0x0004),
    tag(0x0028, 0x0008), tag(0x0028, 0x0010), tag(0x0028, 0x0011), tag(0x0028, 0x0030), tag(0x0028, 0x0100), tag(0x0028, 0x0101),
    tag(0x0028, 0x0102), tag(0x0028, 0x0103), tag(0x0028, 0x0120), tag(0x0028, 0x0121), tag(0x0028, 0x0301), tag(0x0028, 0x1050),
    tag(0x0028, 0x1051), tag(0x0028, 0x1052), tag(0x0028, 0x1053), tag(0x0028, 0x1054),
    // Directory records, shared and per-frame functional groups.
    tag(0x0004, 0x1220), tag(0x5200, 0x9229), tag(0x5200, 0x9230),
};

bool isWanted(Tag tag) { return std::find(std::begin(wanted), std::end(wanted), tag) != std::end(wanted); }

/// Keeps the wanted attributes of the dataset itself, with all that lies in them.
class Keeper : public cdcmtk::Visitor {
  public:
    Keeper(const cdcmtk::ByteSource &source, bool isBigEndian) : writer(source, isBigEndian, UINT32_MAX) {}

    void element(const Element &element) override {
        if (depth == 0) {
            note(element);
            if (!isWanted(element.tag)) { return; }
            if (element.length > longestValue) { throw Failure(CDCMTK_CORRUPT, "an attribute of a few bytes has more than 4096"); }
        }
        if (depth == 0 || isKept) { writer.element(element); }
        if (depth == 0) { whole = writer.stream.made().size(); }
    }

    void fragments(const Element &element, const Fragments &) override {
        if (depth > 0 || element.tag != cdcmtk::pixelData) { return; }
        note(element);
        place.is_encapsulated = 1;
    }

    void beginSequence(const Element &element) override {
        if (depth++ == 0) {
            note(element);
            isKept = isWanted(element.tag);
        }
        if (isKept) { writer.beginSequence(element); }
    }

    void endSequence() override {
        --depth;
        if (isKept) { writer.endSequence(); }
        if (depth > 0) { return; }
        isKept = false;
        whole = writer.stream.made().size();
    }

    void beginItem() override {
        if (isKept) { writer.beginItem(); }
    }

    void endItem() override {
        if (isKept) { writer.endItem(); }
    }

    /// Leaves what was whole before a walk ended early.
    void forgetDamage() { writer.stream.made().resize(whole); }

    cdcmtk::Normaliser writer;
    cdicom_layout place = {};

  private:
    std::size_t depth = 0, whole = 0;
    bool isKept = false;

    void note(const Element &element) {
        if (element.tag == tag(0x0028, 0x3000)) { place.has_modality_table = 1; }
        if (element.tag == tag(0x7fe0, 0x0001)) {
            place.table_offset = element.value;
            place.table_length = element.length;
        }
        if (element.tag != cdcmtk::pixelData) { return; }
        place.has_pixel_data = 1;
        // Without a representation it is OW (PS3.5, A.1).
        place.is_word = element.stored[0] == 0 || element.has("OW");
        place.pixel_offset = element.value;
        place.pixel_length = element.length;
    }
};

}  // namespace

Structure cdicom::walk(const char *path, Extent extent) {
    const cdcmtk::ObjectFile file(path, cdcmtk::inflatedImage);
    Keeper keeper(*file.bytes(), file.encoding.isBigEndian);
    try {
        file.walk(keeper);
    } catch (const Failure &) {
        if (extent == Extent::whole) { throw; }
        keeper.forgetDamage();
    }
    Structure result;
    result.mediaClass = file.mediaClass;
    result.mediaInstance = file.mediaInstance;
    result.transferSyntax = file.syntax.identifier;
    result.encoding = file.encoding.isBigEndian ? EXS_BigEndianExplicit : EXS_LittleEndianExplicit;
    result.elements = std::move(keeper.writer.stream.made());
    result.place = keeper.place;
    result.place.deflated_from = file.deflatedFrom;
    const cdcmtk::FileIdentity &identity = file.bytes()->file();
    result.place.device = identity.device;
    result.place.inode = identity.inode;
    result.place.size = identity.size;
    result.place.modified = identity.modified;
    std::strncpy(result.place.transfer_syntax, result.transferSyntax.c_str(), sizeof result.place.transfer_syntax - 1);
    return result;
}
