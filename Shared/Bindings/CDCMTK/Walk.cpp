// Walks through a dataset without recursion and without believing a length.
#include "CDCMTK/Walk.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace cdcmtk {

namespace {

constexpr Tag trailingPadding = tag(0xfffc, 0xfffc);

/// What is left behind the last element: zeros that fill a block, the line break and boundary of a multipart message, and, where the
/// pixels have been read, a boundary behind no or half a line break, and spaces.
bool isRemains(Window &window, std::uint64_t offset, std::uint64_t end, bool hasPixels) {
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(end - offset, 8));
    const std::uint8_t *bytes = window.at(offset, count);
    const auto areAll = [&](std::initializer_list<int> allowed) {
        return std::all_of(bytes, bytes + count, [&](int byte) { return std::find(allowed.begin(), allowed.end(), byte) != allowed.end(); });
    };
    const auto begins = [&](const char *text) { return count >= std::strlen(text) && std::memcmp(bytes, text, std::strlen(text)) == 0; };
    const bool isBreak = (begins("\r") || begins("\n")) && areAll({0, '\r', '\n'});
    if (areAll({0}) || isBreak || begins("\r\n--")) { return true; }
    return hasPixels && (begins("\n--") || begins("--") || areAll({0, ' ', '\r', '\n'}));
}

bool isDelimiter(Tag tag) { return tag >> 16 == 0xfffe; }

bool isKnown(const char *letters) { return hasShortLength(letters) || hasLongLength(letters); }

struct Head {
    Tag tag = 0;
    char stored[3] = {0, 0, 0};
    std::uint32_t length = 0;
    std::uint64_t value = 0;

    bool has(const char *representation) const { return std::strcmp(stored, representation) == 0; }
    /// The words that say nothing of what the value is.
    bool isSilent() const { return stored[0] == 0 || has("UN"); }
};

struct Level {
    bool isItem;
    /// Ended by a delimiter, and not later than `end`.
    bool isUndefined;
    /// Within something of known length: what goes beyond contradicts it, and is not cut off.
    bool isBounded;
    std::uint64_t end;
    Encoding encoding;
};

class Walker {
  public:
    Walker(Window &window, Visitor &visitor, std::size_t outerLevels = 0) : window(window), visitor(visitor), outerLevels(outerLevels) {}

    Findings run(std::uint64_t offset, Encoding encoding) {
        at = offset;
        levels = {{true, false, false, window.size(), encoding}};
        go();
        findings.end = at;
        return findings;
    }

    /// Goes through the items of a sequence of known length; throws where they are none.
    void runSequence(std::uint64_t offset, std::uint64_t end, Encoding encoding) {
        at = offset;
        verifiedEnd = end;
        levels = {{false, false, true, end, encoding}};
        go();
    }

  private:
    Window &window;
    Visitor &visitor;
    /// In which this walk takes place.
    std::size_t outerLevels;
    std::vector<Level> levels;
    std::uint64_t at = 0;
    Findings findings;
    /// Up to here sequences of known length have been gone through before.
    std::uint64_t verifiedEnd = 0;

    bool isTop() const { return levels.size() == 1 && levels.back().isItem; }

    void go() {
        while (!levels.empty() && !visitor.isDone()) {
            const Level &level = levels.back();
            if (at >= level.end || (isTop() && isRemains())) {
                finish();
            } else if (level.isItem) {
                readInItem();
            } else {
                readInSequence();
            }
        }
    }

    // MARK: Ends

    void finish() {
        const Level level = levels.back();
        if (level.isUndefined) {
            if (!level.isBounded) { throw Failure(CDCMTK_TRUNCATED, "the file ends inside a sequence"); }
            findings.isSound = false;
        }
        close();
    }

    void close() {
        const Level level = levels.back();
        levels.pop_back();
        if (levels.empty()) {
            // The top: nobody was told of its beginning, unless it is a sequence.
            return;
        }
        level.isItem ? visitor.endItem() : visitor.endSequence();
    }

    bool isRemains() {
        const bool found = cdcmtk::isRemains(window, at, levels[0].end, findings.hasPixels);
        if (found) { findings.isSound = false; }
        return found;
    }

    [[noreturn]] void overrun(const Level &level) {
        if (level.isBounded) { throw Failure(CDCMTK_CORRUPT, "an element is longer than the item that holds it"); }
        throw Failure(CDCMTK_TRUNCATED, "the file ends inside an element");
    }

    void require(std::uint64_t count) {
        if (levels.back().end - at < count) { overrun(levels.back()); }
    }

    // MARK: Heads

    using Letters = std::array<char, 2>;

    /// Where a head has its representation, if it has one.
    Letters lettersAt(std::uint64_t offset) {
        Letters letters;
        std::memcpy(letters.data(), window.at(offset, 8) + 4, letters.size());
        return letters;
    }

    Head bareHead(std::uint64_t offset, bool isBigEndian) {
        const std::uint8_t *bytes = window.at(offset, 8);
        Head head;
        head.tag = tag(word(bytes, isBigEndian), word(bytes + 2, isBigEndian));
        head.length = doubleWord(bytes + 4, isBigEndian);
        head.value = offset + 8;
        return head;
    }

    /// With 16 bits of length, whatever the two bytes before it are.
    Head shortHead(std::uint64_t offset, bool isBigEndian) {
        Head head = bareHead(offset, isBigEndian);
        head.length = word(window.at(offset, 8) + 6, isBigEndian);
        return head;
    }

    Head explicitHead(std::uint64_t offset, std::uint64_t end, bool isBigEndian) {
        const Letters letters = lettersAt(offset);
        Head head = shortHead(offset, isBigEndian);
        if (!hasShortLength(letters.data())) {
            if (end - offset < 12) { overrun(levels.back()); }
            head.length = doubleWord(window.at(offset, 12) + 8, isBigEndian);
            head.value = offset + 12;
        }
        std::memcpy(head.stored, letters.data(), 2);
        return head;
    }

    bool fits(const Head &head, const Level &level) const {
        return head.length == undefinedLength || (head.value <= level.end && head.length <= level.end - head.value);
    }

    /// How well what follows an element speaks for its head having been understood: 0 to 2.
    int plausibility(const Head &head, const Level &level) {
        if (!fits(head, level)) { return 0; }
        const std::uint64_t next = head.length == undefinedLength ? head.value : head.value + head.length;
        if (next == level.end) { return head.length == undefinedLength ? 0 : 2; }
        if (level.end - next < 8) { return isTop() ? 1 : 0; }
        const Head following = bareHead(next, level.encoding.isBigEndian);
        if (head.length == undefinedLength) { return following.tag == itemStart || following.tag == sequenceEnd ? 2 : 0; }
        if (isDelimiter(following.tag)) { return isTop() ? 0 : 2; }
        if (following.tag <= head.tag) { return 0; }
        const bool isNamed = isKnown(lettersAt(next).data());
        const bool isShortEnough = fits(following, level);
        if (level.encoding.isExplicit) { return isNamed ? 2 : isShortEnough ? 1 : 0; }
        return isShortEnough ? 2 : isNamed ? 1 : 0;
    }

    /// The head of an element, as its level is encoded, or in the other way where only that one makes sense.
    Head readHead(const Level &level) {
        const bool isBigEndian = level.encoding.isBigEndian;
        const Letters letters = lettersAt(at);
        const Head bare = bareHead(at, isBigEndian);
        if (!level.encoding.isExplicit) {
            if (!isKnown(letters.data()) || plausibility(bare, level) > 0) { return bare; }
            const Head named = explicitHead(at, level.end, isBigEndian);
            if (plausibility(named, level) == 0) { return bare; }
            findings.isSound = false;
            return named;
        }
        if (areLetters(letters.data())) {
            const Head named = explicitHead(at, level.end, isBigEndian);
            if (fits(named, level)) { return named; }
            if (plausibility(bare, level) == 2) {
                findings.isSound = false;
                return bare;
            }
            // Old writers gave UN and OB lengths of 16 bits.
            Head brief = shortHead(at, isBigEndian);
            if (!hasLongLength(letters.data()) || plausibility(brief, level) < 2) { return named; }
            findings.isSound = false;
            std::memcpy(brief.stored, letters.data(), 2);
            return brief;
        }
        const Head brief = shortHead(at, isBigEndian);
        const int forBrief = plausibility(brief, level), forBare = plausibility(bare, level);
        if (forBrief == 0 && forBare == 0) { throw Failure(CDCMTK_CORRUPT, "an element without a value representation"); }
        findings.isSound = false;
        return forBare >= forBrief ? bare : brief;
    }

    static Element element(const Head &head, const Encoding &encoding) {
        Element made;
        made.tag = head.tag;
        made.value = head.value;
        made.length = head.length == undefinedLength ? 0 : head.length;
        // Values of unknown representation are little endian in any encoding (PS3.5, 6.2.2).
        made.isBigEndian = encoding.isBigEndian && !head.has("UN");
        if (isKnown(head.stored)) { std::memcpy(made.stored, head.stored, 2); }
        return made;
    }

    // MARK: Elements

    void readInItem() {
        const Level level = levels.back();
        require(8);
        if (isDelimiter(bareHead(at, level.encoding.isBigEndian).tag)) { return readDelimiter(level); }
        const Head head = readHead(level);
        if (!fits(head, level)) {
            // Of the padding behind the pixels (PS3.10, 7.2) nothing is lost.
            if (isTop() && findings.hasPixels && head.tag == trailingPadding) { return finishPadding(); }
            overrun(level);
        }
        note(head);
        const Element made = element(head, level.encoding);
        if (head.length == undefinedLength) { return openUndefined(head, made, level); }
        if (isSequence(head, level)) { return openDefined(head, made, level); }
        if (head.length % 2 != 0) { findings.isSound = false; }
        visitor.element(made);
        at = head.value + head.length;
    }

    void finishPadding() {
        findings.isSound = false;
        close();
    }

    void note(const Head &head) {
        if (!isTop()) { return; }
        if (head.tag == tag(0x0008, 0x0016)) { findings.hasSOPClass = true; }
        if (head.tag == tag(0x0008, 0x0018)) { findings.hasSOPInstance = true; }
        if (head.tag != pixelData) { return; }
        if (findings.hasPixels) { throw Failure(CDCMTK_CORRUPT, "there is pixel data twice"); }
        findings.hasPixels = true;
    }

    /// A delimiter where an element is expected: the item's own, or one that ends more than the item, or one too many.
    void readDelimiter(const Level &level) {
        const Head head = bareHead(at, level.encoding.isBigEndian);
        if (head.tag == itemEnd && level.isUndefined) {
            at = head.value;
            return close();
        }
        findings.isSound = false;
        // The item ends with its sequence, or where the next one begins.
        if ((head.tag == sequenceEnd || head.tag == itemStart) && level.isUndefined) { return close(); }
        if ((head.tag != sequenceEnd && head.tag != itemEnd) || head.length != 0) { throw Failure(CDCMTK_CORRUPT, "an item outside of a sequence"); }
        at = head.value;
    }

    void readInSequence() {
        const Level level = levels.back();
        require(8);
        const Head head = bareHead(at, level.encoding.isBigEndian);
        if (head.tag == itemStart) {
            if (!fits(head, level)) { overrun(level); }
            const bool isUndefined = head.length == undefinedLength;
            at = head.value;
            visitor.beginItem();
            push({true, isUndefined, level.isBounded || !isUndefined, isUndefined ? level.end : head.value + head.length, level.encoding});
        } else if (head.tag == sequenceEnd && level.isUndefined) {
            at = head.value;
            close();
        } else if (head.tag == sequenceEnd || head.tag == itemEnd) {
            findings.isSound = false;
            at = head.value;
        } else {
            throw Failure(CDCMTK_CORRUPT, "a sequence holds something that is no item");
        }
    }

    void push(const Level &level) {
        levels.push_back(level);
        if (outerLevels + levels.size() > 2 * deepestNesting + 1) { throw Failure(CDCMTK_TOO_LARGE, "sequences are nested more than 64 levels deep"); }
    }

    // MARK: Sequences

    /// Items of unknown elements are implicit (PS3.5, 6.2.2).
    static Encoding inner(const Head &head, const Level &level) { return head.has("UN") ? Encoding{false, false} : level.encoding; }

    void openUndefined(const Head &head, const Element &made, const Level &level) {
        const bool isBulk = head.stored[0] == 'O';
        if (head.tag == pixelData || isBulk) {
            const Fragments found = readFragments(window, head.value, level.end);
            if (!found.isDelimited || !found.areEven()) { findings.isSound = false; }
            visitor.fragments(made, found);
            at = found.end;
            return;
        }
        at = head.value;
        visitor.beginSequence(made);
        push({false, true, level.isBounded, level.end, inner(head, level)});
    }

    /// Of known length: what says so, and what says nothing and begins with an item, unless the dictionary has it for something else.
    bool isSequence(const Head &head, const Level &level) {
        if (head.has("SQ")) { return true; }
        if (!head.isSilent() || head.length < 8 || head.tag == pixelData) { return false; }
        if (bareHead(head.value, inner(head, level).isBigEndian).tag != itemStart) { return false; }
        Element made = element(head, level.encoding);
        made.stored[0] = 0;
        const char *known = representation(made, false);
        return std::strcmp(known, "SQ") == 0 || std::strcmp(known, "UN") == 0;
    }

    void openDefined(const Head &head, const Element &made, const Level &level) {
        const std::uint64_t end = head.value + head.length;
        const Encoding encoding = inner(head, level);
        if (end > verifiedEnd && !holdsItems(head, end, encoding)) {
            // What lies within cannot be told; that it ends where it says, the elements behind it show.
            Element opaque = made;
            std::memcpy(opaque.stored, "UN", 2);
            visitor.element(opaque);
            at = end;
            return;
        }
        at = head.value;
        verifiedEnd = std::max(verifiedEnd, end);
        visitor.beginSequence(made);
        push({false, false, true, end, encoding});
    }

    /// Directory records and functional groups must be readable: without them the object says nothing.
    static bool isEssential(Tag tag) {
        return tag == cdcmtk::tag(0x0004, 0x1220) || tag == cdcmtk::tag(0x5200, 0x9229) || tag == cdcmtk::tag(0x5200, 0x9230);
    }

    bool holdsItems(const Head &head, std::uint64_t end, Encoding encoding) {
        Visitor nobody;
        try {
            Walker(window, nobody, outerLevels + levels.size()).runSequence(head.value, end, encoding);
            return true;
        } catch (const Failure &failure) {
            // What ends too early ends within the length that the sequence states.
            const bool isOfContent = failure.status == CDCMTK_CORRUPT || failure.status == CDCMTK_TRUNCATED;
            if (!isOfContent || isEssential(head.tag)) { throw; }
            return false;
        }
    }
};

}  // namespace

/// Each takes memory, even one without a byte.
static constexpr std::size_t mostFragments = 4000000;

bool Fragments::areEven() const {
    return std::all_of(items.begin(), items.end(), [](const Fragment &one) { return one.length % 2 == 0; });
}

Fragments readFragments(Window &window, std::uint64_t offset, std::uint64_t end) {
    Fragments result;
    while (true) {
        const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(end - offset, 8));
        const std::uint8_t *bytes = window.at(offset, count);
        // Behind the table and a fragment the end of the file, zeros in the place of the delimiter, its tag alone, and remains are ends too.
        const bool mayEnd = result.items.size() > 1;
        const bool isZero = std::all_of(bytes, bytes + count, [](std::uint8_t byte) { return byte == 0; });
        const bool isCut = count >= 4 && count < 8 && end == window.size() && tag(word(bytes), word(bytes + 2)) == sequenceEnd;
        if (mayEnd && (isZero || isCut || isRemains(window, offset, end, true))) {
            result.isDelimited = false;
            result.end = isZero || isCut ? offset + count : offset;
            return result;
        }
        if (count < 8) { throw Failure(CDCMTK_TRUNCATED, "the file ends inside an element"); }
        const Tag found = tag(word(bytes), word(bytes + 2));
        const std::uint32_t length = doubleWord(bytes + 4);
        offset += 8;
        if (found == sequenceEnd) {
            result.end = offset;
            return result;
        }
        // Trailing padding (FFFC,FFFC), where the delimiter should be.
        if (mayEnd && found == trailingPadding) {
            result.isDelimited = false;
            result.end = offset - 8;
            return result;
        }
        if (found != itemStart || length == undefinedLength) {
            throw Failure(CDCMTK_CORRUPT, "encapsulated pixel data holds something that is no fragment");
        }
        if (length > end - offset) { throw Failure(CDCMTK_TRUNCATED, "the file ends inside an element"); }
        if (result.items.size() == mostFragments) { throw Failure(CDCMTK_TOO_LARGE, "more than four million fragments"); }
        result.items.push_back({offset, length});
        offset += length;
    }
}

Findings walk(Window &window, std::uint64_t offset, Encoding encoding, Visitor &visitor) { return Walker(window, visitor).run(offset, encoding); }

}  // namespace cdcmtk
