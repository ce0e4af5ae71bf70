// Walks through a file: where its elements begin and end (PS3.5, 7), without recursion and without believing a length.
//
// DCMTK descends into nested sequences by recursion and reads private ones too, so a file of a few KB could overflow the stack of
// a worker. Here the whole file is only walked; DCMTK is given copies of the few elements that are asked for.
#include "CDICOMInternal.h"

#include <algorithm>
#include <cstring>

using cdicom::ByteSource;
using cdicom::Failure;
using cdicom::Fragment;
using cdicom::Structure;
using cdicom::Window;

namespace {

constexpr std::uint32_t undefined = 0xffffffffu;
/// Real objects nest five deep.
constexpr std::size_t deepestNesting = 128;
/// Values that are asked for are short; functional groups of ten thousand frames have some 20 MB.
constexpr std::uint64_t longestValue = 4096;
constexpr std::uint64_t longestSequence = std::uint64_t(256) << 20;

struct Encoding {
    bool isExplicit = true;
    bool isBigEndian = false;
};

/// Group, element, value representation and length of an element, and where its value begins.
struct Head {
    std::uint16_t group = 0, element = 0;
    char representation[3] = {0, 0, 0};
    std::uint32_t length = 0;
    std::uint64_t value = 0;

    bool is(std::uint16_t wantedGroup, std::uint16_t wantedElement) const { return group == wantedGroup && element == wantedElement; }
    bool has(const char *wanted) const { return std::strcmp(representation, wanted) == 0; }
};

std::uint16_t word(const std::uint8_t *bytes, bool isBigEndian) {
    return static_cast<std::uint16_t>(isBigEndian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

std::uint32_t doubleWord(const std::uint8_t *bytes, bool isBigEndian) {
    const std::uint32_t first = word(bytes, isBigEndian), second = word(bytes + 2, isBigEndian);
    return isBigEndian ? first << 16 | second : second << 16 | first;
}

bool isRepresentation(const std::uint8_t *bytes) {
    return bytes[0] >= 'A' && bytes[0] <= 'Z' && bytes[1] >= 'A' && bytes[1] <= 'Z';
}

/// Whether the length of this representation has 32 bits: all but these, representations of the future included (PS3.5, 7.1.2).
/// DCMTK takes unknown ones so too; where the two differed it would take the bytes of a value for a length.
bool isLong(const char *representation) {
    static const char *const all[] = {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO",
                                      "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"};
    return std::none_of(std::begin(all), std::end(all), [&](const char *one) { return std::strcmp(one, representation) == 0; });
}

Head readHead(Window &window, std::uint64_t offset, Encoding encoding) {
    const std::uint8_t *bytes = window.at(offset, 8);
    Head head;
    head.group = word(bytes, encoding.isBigEndian);
    head.element = word(bytes + 2, encoding.isBigEndian);
    // Items and delimiters have no representation in any encoding.
    if (!encoding.isExplicit || head.group == 0xfffe) {
        head.length = doubleWord(bytes + 4, encoding.isBigEndian);
        head.value = offset + 8;
        return head;
    }
    if (!isRepresentation(bytes + 4)) { throw Failure(CDICOM_CORRUPT, "an element without a value representation"); }
    std::memcpy(head.representation, bytes + 4, 2);
    if (isLong(head.representation)) {
        head.length = doubleWord(window.at(offset, 12) + 8, encoding.isBigEndian);
        head.value = offset + 12;
    } else {
        head.length = word(bytes + 6, encoding.isBigEndian);
        head.value = offset + 8;
    }
    return head;
}

std::uint64_t endOf(const Head &head, const Window &window) {
    if (head.length > window.size() - std::min(head.value, window.size())) {
        throw Failure(CDICOM_TRUNCATED, "the file ends inside an element");
    }
    return head.value + head.length;
}

/// The end of a sequence of undefined length whose first item begins at `offset`.
std::uint64_t skipSequence(Window &window, std::uint64_t offset, Encoding encoding) {
    struct Level {
        bool isItem;
        Encoding encoding;
    };
    std::vector<Level> levels = {{false, encoding}};
    while (true) {
        if (levels.size() > deepestNesting) { throw Failure(CDICOM_TOO_LARGE, "sequences are nested more than 128 levels deep"); }
        const Level level = levels.back();
        const Head head = readHead(window, offset, level.encoding);
        const bool isEnd = head.is(0xfffe, level.isItem ? 0xe00d : 0xe0dd);
        if (isEnd) {
            levels.pop_back();
            offset = head.value;
            if (levels.empty()) { return offset; }
        } else if (!level.isItem && !head.is(0xfffe, 0xe000)) {
            throw Failure(CDICOM_CORRUPT, "a sequence holds something that is no item");
        } else if (level.isItem && head.group == 0xfffe) {
            throw Failure(CDICOM_CORRUPT, "an item holds a delimiter that is not its own");
        } else if (head.length != undefined) {
            offset = endOf(head, window);
        } else {
            // Unknown elements of undefined length are implicit inside (PS3.5, 6.2.2).
            Encoding inner = level.encoding;
            if (head.has("UN")) { inner = {false, false}; }
            levels.push_back({!level.isItem, inner});
            offset = head.value;
        }
    }
}

/// Whether an element of implicit representation is a sequence to all appearance.
bool holdsItem(Window &window, const Head &head, std::uint64_t end, Encoding encoding) {
    return !encoding.isExplicit && end - head.value >= 8 && readHead(window, head.value, encoding).is(0xfffe, 0xe000);
}

/// Refuses an element that is longer than what holds it, at any depth. DCMTK believes the lengths inside items of undefined length and
/// asks for the memory they state, so what it is given must nest. `offset` to `end` is one element or several.
void checkNesting(Window &window, std::uint64_t offset, std::uint64_t end, Encoding encoding) {
    struct Level {
        bool isItem, isUndefined, holdsFragments;
        /// Where it ends, or may end at most.
        std::uint64_t end;
        Encoding encoding;
    };
    std::vector<Level> levels = {{true, false, false, end, encoding}};
    while (!levels.empty()) {
        if (levels.size() > deepestNesting) { throw Failure(CDICOM_TOO_LARGE, "sequences are nested more than 128 levels deep"); }
        const Level level = levels.back();
        if (!level.isUndefined && offset == level.end) {
            levels.pop_back();
            continue;
        }
        const Head head = readHead(window, offset, level.encoding);
        const bool isUndefined = head.length == undefined;
        const std::uint64_t after = isUndefined ? level.end : head.value + head.length;
        if (head.value > level.end || after > level.end) { throw Failure(CDICOM_CORRUPT, "an element is longer than the item that holds it"); }
        offset = head.value;
        if (head.is(0xfffe, level.isItem ? 0xe00d : 0xe0dd) && head.length == 0) {
            if (level.isUndefined) { levels.pop_back(); }
        } else if (level.isItem ? head.group == 0xfffe : !head.is(0xfffe, 0xe000)) {
            throw Failure(CDICOM_CORRUPT, "items and elements are mixed up");
        } else if (!level.isItem) {
            if (level.holdsFragments && !isUndefined) {
                offset = after;
            } else {
                levels.push_back({true, isUndefined, false, after, level.encoding});
            }
        } else if (isUndefined || head.has("SQ") || holdsItem(window, head, after, level.encoding)) {
            // Unknown elements of undefined length are implicit inside (PS3.5, 6.2.2).
            const bool isUnknown = head.has("UN");
            const bool holdsFragments = level.encoding.isExplicit && !head.has("SQ") && !isUnknown;
            levels.push_back({false, isUndefined, holdsFragments, after, isUnknown ? Encoding{false, false} : level.encoding});
        } else {
            offset = after;
        }
    }
}

/// Items up to the delimiter of their sequence; `offset` becomes the end of it.
std::vector<Fragment> readFragments(Window &window, std::uint64_t &offset) {
    std::vector<Fragment> result;
    while (true) {
        const Head head = readHead(window, offset, {false, false});
        if (head.is(0xfffe, 0xe0dd)) {
            offset = head.value;
            return result;
        }
        if (!head.is(0xfffe, 0xe000) || head.length == undefined) {
            throw Failure(CDICOM_CORRUPT, "encapsulated pixel data holds something that is no fragment");
        }
        offset = endOf(head, window);
        result.push_back({head.value, head.length});
    }
}

class Walk {
  public:
    explicit Walk(const char *path) : source(path), window(source) {}

    Structure run(cdicom::Extent extent) {
        const std::uint64_t offset = findDataset();
        if (extent == cdicom::Extent::whole) {
            readDataset(offset);
        } else {
            try {
                readDataset(offset);
            } catch (const Failure &) {
                // What was noted until here is whole.
            }
        }
        source.identify(place());
        std::strncpy(place().transfer_syntax, result.transferSyntax.c_str(), sizeof place().transfer_syntax - 1);
        return std::move(result);
    }

  private:
    ByteSource source;
    Window window;
    Structure result;
    Encoding encoding;

    cdicom_layout &place() { return result.place; }

    void readDataset(std::uint64_t offset) {
        place().deflated_from = 0;
        if (result.transferSyntax == UID_DeflatedExplicitVRLittleEndianTransferSyntax) {
            place().deflated_from = offset;
            source.inflate(offset);
            window.forget();
            offset = 0;
        }
        chooseEncoding(offset);
        readElements(offset);
    }

    /// Reads the meta header, if there is one, and returns where the dataset begins (PS3.10, 7.1). Files without the prefix
    /// begin with group 0002 or 0008, as old ACR-NEMA files do.
    std::uint64_t findDataset() {
        std::uint64_t offset = 0;
        const bool hasPrefix = source.size() >= 132 && std::memcmp(window.at(128, 4), "DICM", 4) == 0;
        if (hasPrefix) { offset = 132; }
        if (source.size() < offset + 8) { throw Failure(hasPrefix ? CDICOM_TRUNCATED : CDICOM_NOT_DICOM, "no DICOM prefix"); }
        const std::uint8_t *head = window.at(offset, 4);
        const bool fits = (head[0] == 2 || head[0] == 8) && head[1] == 0 && head[3] == 0;
        if (!hasPrefix && !fits) { throw Failure(CDICOM_NOT_DICOM, "no DICOM prefix"); }
        isBare = !hasPrefix;
        if (head[0] != 2 || head[1] != 0) {
            isGuessed = true;
            return offset;
        }
        return readMetaHeader(offset);
    }

    std::uint64_t readMetaHeader(std::uint64_t offset) {
        std::uint64_t stated = 0;
        while (source.size() - offset >= 8) {
            const std::uint8_t *bytes = window.at(offset, 8);
            if (word(bytes, false) != 2 || offset == stated) { break; }
            const Head head = readHead(window, offset, {isRepresentation(bytes + 4), false});
            const std::uint64_t end = endOf(head, window);
            if (head.element == 0x0000 && head.length == 4) { stated = end + doubleWord(window.at(head.value, 4), false); }
            if (head.element == 0x0002) { result.mediaClass = identifier(head); }
            if (head.element == 0x0010) { result.transferSyntax = identifier(head); }
            offset = end;
        }
        if (result.transferSyntax.empty()) { isGuessed = true; }
        return offset;
    }

    std::string identifier(const Head &head) {
        const std::size_t length = std::min<std::size_t>(head.length, 64);
        std::string text(reinterpret_cast<const char *>(window.at(head.value, length)), length);
        const std::size_t end = text.find_last_not_of(std::string(" \0", 2));
        return text.substr(0, end == std::string::npos ? 0 : end + 1);
    }

    /// As the transfer syntax says, or as the first element looks.
    void chooseEncoding(std::uint64_t offset) {
        const bool looksExplicit = window.size() - offset >= 8 && isRepresentation(window.at(offset, 8) + 4);
        if (isGuessed) {
            result.transferSyntax = looksExplicit ? UID_LittleEndianExplicitTransferSyntax : UID_LittleEndianImplicitTransferSyntax;
        }
        const bool isImplicit = result.transferSyntax == UID_LittleEndianImplicitTransferSyntax;
        encoding.isBigEndian = result.transferSyntax == UID_BigEndianExplicitTransferSyntax;
        // Some writers state one and write the other.
        encoding.isExplicit = encoding.isBigEndian || (looksExplicit && (!isImplicit || looksLikeRepresentation(offset)));
        result.encoding = encoding.isBigEndian  ? EXS_BigEndianExplicit
                          : encoding.isExplicit ? EXS_LittleEndianExplicit
                                                : EXS_LittleEndianImplicit;
    }

    /// A length of two letters' bytes would be 16 KB to 1.5 GB: no first element of an implicit dataset is so long.
    bool looksLikeRepresentation(std::uint64_t offset) {
        const std::uint32_t length = doubleWord(window.at(offset, 8) + 4, false);
        return length > window.size();
    }

    void readElements(std::uint64_t offset) {
        while (offset < window.size()) {
            if (isPadding(offset)) { break; }
            const std::uint64_t start = offset;
            const Head head = readHead(window, start, encoding);
            if (isBare && offset == 0 && head.group == 8 && head.length > 1024) {
                throw Failure(CDICOM_NOT_DICOM, "no DICOM prefix, and no dataset either");
            }
            if (head.is(0x7fe0, 0x0010)) {
                offset = readPixels(head);
            } else if (head.length == undefined) {
                if (head.group == 0xfffe) { throw Failure(CDICOM_CORRUPT, "an item outside of a sequence"); }
                offset = skipSequence(window, head.value, head.has("UN") ? Encoding{false, false} : encoding);
            } else {
                offset = endOf(head, window);
            }
            note(head, start, offset);
        }
    }

    /// Some writers fill the last block with zeros.
    bool isPadding(std::uint64_t offset) {
        const std::uint64_t left = window.size() - offset;
        const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left, 8));
        const std::uint8_t *bytes = window.at(offset, count);
        return std::all_of(bytes, bytes + count, [](std::uint8_t byte) { return byte == 0; });
    }

    std::uint64_t readPixels(const Head &head) {
        if (place().has_pixel_data) { throw Failure(CDICOM_CORRUPT, "there is pixel data twice"); }
        place().has_pixel_data = 1;
        place().is_word = !encoding.isExplicit || head.has("OW");
        place().pixel_offset = head.value;
        if (head.length != undefined) {
            place().pixel_length = head.length;
            return endOf(head, window);
        }
        place().is_encapsulated = 1;
        std::uint64_t offset = head.value;
        readFragments(window, offset);
        return offset;
    }

    void note(const Head &head, std::uint64_t start, std::uint64_t end) {
        if (head.is(0x0028, 0x3000)) { place().has_modality_table = 1; }
        if (head.is(0x7fe0, 0x0001)) {
            place().table_offset = head.value;
            place().table_length = head.length == undefined ? 0 : head.length;
        }
        const bool isSequence = head.has("SQ") || head.has("UN") || head.length == undefined;
        if (cdicom::isWantedSequence(head.group, head.element)) {
            if (end - start > longestSequence) { throw Failure(CDICOM_TOO_LARGE, "functional groups of more than 256 MB"); }
        } else if (!cdicom::isWanted(head.group, head.element) || isSequence || head.length > longestValue) {
            return;
        }
        if (head.is(0x0008, 0x0016)) { result.hasSOPClass = true; }
        checkNesting(window, start, end, encoding);
        append(start, static_cast<std::size_t>(end - start));
    }

    void append(std::uint64_t start, std::size_t count) {
        const std::size_t filled = result.elements.size();
        result.elements.resize(filled + count);
        if (count > longestValue + 12) { return source.read(start, result.elements.data() + filled, count); }
        std::memcpy(result.elements.data() + filled, window.at(start, count), count);
    }

    bool isBare = false;
    bool isGuessed = false;
};

}  // namespace

Structure cdicom::walk(const char *path, Extent extent) { return Walk(path).run(extent); }

std::vector<Fragment> cdicom::fragments(const ByteSource &source, std::uint64_t offset) {
    Window window(source);
    return readFragments(window, offset);
}

std::size_t cdicom::countItems(const std::vector<std::uint8_t> &bytes) {
    std::size_t found = 0;
    std::uint32_t last = 0;
    for (const std::uint8_t byte : bytes) {
        last = last << 8 | byte;
        found += last == 0xfeff00e0u || last == 0xfffee000u;
    }
    return found;
}
