// Data elements of commands and queries as bytes (PS3.5 7.1), in implicit VR little endian, without recursion.
#include "CDIMSEInternal.h"

#include <algorithm>
#include <cstring>

namespace cdimse {

using cdcmtk::appendLittleEndian;
using cdcmtk::doubleWord;
using cdcmtk::itemEnd;
using cdcmtk::sequenceEnd;
using cdcmtk::word;

// MARK: - Writing

void ElementWriter::header(Tag tag, std::size_t length) {
    appendLittleEndian(content, tag >> 16, 2);
    appendLittleEndian(content, tag & 0xFFFF, 2);
    appendLittleEndian(content, std::uint32_t(length), 4);
}

void ElementWriter::text(Tag tag, const std::string &value, char padding) {
    const bool isOdd = value.size() % 2 != 0;
    header(tag, value.size() + isOdd);
    content.insert(content.end(), value.begin(), value.end());
    if (isOdd) { content.push_back(std::uint8_t(padding)); }
}

void ElementWriter::number(Tag tag, std::uint16_t value) {
    header(tag, 2);
    appendLittleEndian(content, value, 2);
}

Bytes ElementWriter::command() const {
    Bytes bytes;
    appendLittleEndian(bytes, 0, 4);
    appendLittleEndian(bytes, 4, 4);
    appendLittleEndian(bytes, std::uint32_t(content.size()), 4);
    bytes.insert(bytes.end(), content.begin(), content.end());
    return bytes;
}

// MARK: - Reading

/// Reads tag and length at `position`; false when the bytes end before the value.
bool ElementReader::header(std::size_t &length, bool &isUndefined) {
    if (count - position < 8) { return false; }
    tag = cdcmtk::tag(word(bytes + position), word(bytes + position + 2));
    length = doubleWord(bytes + position + 4);
    isUndefined = length == cdcmtk::undefinedLength;
    position += 8;
    return true;
}

/// Skips a value of undefined length. Items of defined length and elements are skipped whole; only the ends are counted.
void ElementReader::skipNested() {
    std::size_t depth = 1;
    while (depth > 0) {
        std::size_t size;
        bool isUndefined;
        if (!header(size, isUndefined)) { isCut = true; position = count; return; }
        if (tag == sequenceEnd || tag == itemEnd) {
            --depth;
        } else if (isUndefined) {
            ++depth;
        } else if (size > count - position) {
            isCut = true;
            position = count;
            return;
        } else {
            position += size;
        }
    }
}

bool ElementReader::next() {
    if (isCut || position >= count) { return false; }
    const Tag previous = tag;
    bool isUndefined;
    if (!header(length, isUndefined)) { isCut = true; return false; }
    const Tag current = tag;
    if (current < previous || current >> 16 == 0xFFFE) { throw Failure(CDCMTK_PROTOCOL, "elements are not in ascending order"); }
    if (isUndefined) {
        value = bytes + position;
        length = 0;
        skipNested();
        tag = current;
        return true;
    }
    if (length > count - position) { isCut = true; return false; }
    value = bytes + position;
    position += length;
    return true;
}

std::string ElementReader::text() const {
    std::size_t first = 0, end = length;
    while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\0')) { --end; }
    while (first < end && value[first] == ' ') { ++first; }
    return std::string(reinterpret_cast<const char *>(value) + first, end - first);
}

std::uint16_t ElementReader::number() const {
    if (length != 2) { throw Failure(CDCMTK_PROTOCOL, "a number of a command does not have two bytes"); }
    return word(value);
}

}  // namespace cdimse
