// Which fragments of encapsulated pixels are a frame's.
#include "CDCMTK/FrameTable.h"

namespace cdcmtk {

namespace {

/// Numbers of an offset table; 4 or 8 bytes each.
std::vector<std::uint64_t> table(const ByteSource &source, const Fragment &value, std::size_t width) {
    if (value.length > mostFrames * 8) { throw Failure(CDCMTK_TOO_LARGE, "an offset table of more than 100000 frames"); }
    std::vector<std::uint8_t> bytes(value.length);
    source.read(value.offset, bytes.data(), bytes.size());
    std::vector<std::uint64_t> result;
    for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
        const std::uint64_t high = width == 8 ? doubleWord(bytes.data() + at + 4) : 0;
        result.push_back(high << 32 | doubleWord(bytes.data() + at));
    }
    return result;
}

/// Whether a fragment begins a codestream of JPEG, JPEG-LS or JPEG 2000 (bare or boxed).
bool beginsCodestream(const ByteSource &source, const Fragment &fragment) {
    std::uint8_t head[4] = {};
    if (fragment.length < sizeof head) { return false; }
    source.read(fragment.offset, head, sizeof head);
    return (head[0] == 0xff && (head[1] == 0xd8 || head[1] == 0x4f) && head[2] == 0xff) || doubleWord(head) == 0x0c000000;
}

}  // namespace

std::vector<std::size_t> frameStarts(const ByteSource &source, const Fragments &found, std::size_t frames, Fragment extended) {
    // The first item is the basic table.
    const std::vector<Fragment> &items = found.items;
    if (items.size() < frames + 1) { throw Failure(CDCMTK_CORRUPT, "there are fewer fragments than frames"); }
    std::vector<std::uint64_t> offsets = table(source, extended, 8);
    if (offsets.empty()) { offsets = table(source, items[0], 4); }
    std::vector<std::size_t> starts;
    if (frames == 1) {
        starts = {1};
    } else if (!offsets.empty()) {
        // Counted from the first byte of the first fragment's item tag.
        for (std::size_t index = 1; index < items.size() && starts.size() < offsets.size(); ++index) {
            if (items[index].offset - items[1].offset == offsets[starts.size()]) { starts.push_back(index); }
        }
        if (offsets.size() != frames || starts.size() != frames || starts[0] != 1) { throw Failure(CDCMTK_CORRUPT, "the offset table contradicts the frames"); }
    } else if (items.size() == frames + 1) {
        for (std::size_t index = 1; index < items.size(); ++index) { starts.push_back(index); }
    } else {
        for (std::size_t index = 1; index < items.size(); ++index) {
            if (beginsCodestream(source, items[index])) { starts.push_back(index); }
        }
        if (starts.size() != frames || starts[0] != 1) { throw Failure(CDCMTK_CORRUPT, "the frames cannot be told apart: there is no offset table"); }
    }
    starts.push_back(items.size());
    return starts;
}

}  // namespace cdcmtk
