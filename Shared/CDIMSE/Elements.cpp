// Data elements as bytes (PS3.5 7.1): written in implicit VR little endian, read in any encoding, without recursion.
#include "CDIMSEInternal.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace cdimse {

namespace {

constexpr std::size_t undefinedLength = 0xFFFFFFFF;
constexpr Tag item = tag(0xFFFE, 0xE000), itemEnd = tag(0xFFFE, 0xE00D), sequenceEnd = tag(0xFFFE, 0xE0DD);

void append(Bytes &bytes, std::uint32_t value, std::size_t size) {
    for (std::size_t index = 0; index < size; ++index) { bytes.push_back(std::uint8_t(value >> (8 * index))); }
}

/// Value representations whose length has four bytes after two reserved ones, PS3.5 7.1.2.
bool hasLongLength(const std::uint8_t *representation) {
    static const char names[] = "OBODOFOLOVOWSQSVUCUNURUTUV";
    for (std::size_t index = 0; index + 1 < sizeof names; index += 2) {
        if (std::memcmp(representation, names + index, 2) == 0) { return true; }
    }
    return false;
}

}  // namespace

// MARK: - Writing

void ElementWriter::header(Tag tag, std::size_t length) {
    append(content, tag >> 16, 2);
    append(content, tag & 0xFFFF, 2);
    append(content, std::uint32_t(length), 4);
}

void ElementWriter::text(Tag tag, const std::string &value, char padding) {
    const bool isOdd = value.size() % 2 != 0;
    header(tag, value.size() + isOdd);
    content.insert(content.end(), value.begin(), value.end());
    if (isOdd) { content.push_back(std::uint8_t(padding)); }
}

void ElementWriter::number(Tag tag, std::uint16_t value) {
    header(tag, 2);
    append(content, value, 2);
}

Bytes ElementWriter::command() const {
    Bytes bytes;
    append(bytes, 0, 4);
    append(bytes, 4, 4);
    append(bytes, std::uint32_t(content.size()), 4);
    bytes.insert(bytes.end(), content.begin(), content.end());
    return bytes;
}

// MARK: - Reading

std::uint32_t ElementReader::integer(std::size_t at, std::size_t size) const {
    std::uint32_t result = 0;
    for (std::size_t index = 0; index < size; ++index) {
        const std::size_t place = isBigEndian ? size - 1 - index : index;
        result |= std::uint32_t(bytes[at + index]) << (8 * place);
    }
    return result;
}

/// Reads tag and length at `position`; false when the bytes end before the value.
bool ElementReader::header(std::size_t &length, bool &isUndefined) {
    if (count - position < 8) { return false; }
    tag = integer(position, 2) << 16 | integer(position + 2, 2);
    const bool hasRepresentation = isExplicit && tag >> 16 != 0xFFFE;
    std::size_t size = 8;
    if (!hasRepresentation) {
        length = integer(position + 4, 4);
    } else if (hasLongLength(bytes + position + 4)) {
        if (count - position < 12) { return false; }
        size = 12;
        length = integer(position + 8, 4);
    } else {
        length = integer(position + 6, 2);
    }
    isUndefined = length == undefinedLength;
    position += size;
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
    if (current < previous || current >> 16 == 0xFFFE) { throw Failure(CDIMSE_PROTOCOL, "elements are not in ascending order"); }
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
    if (length != 2) { throw Failure(CDIMSE_PROTOCOL, "a number of a command does not have two bytes"); }
    return std::uint16_t(value[0] | value[1] << 8);
}

// MARK: - Identity

namespace {

/// The beginning of a deflated dataset (PS3.5 A.5): at most 64 KiB of it.
Bytes inflated(const Bytes &prefix) {
    Bytes output(1 << 16);
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) { throw std::bad_alloc(); }
    const std::unique_ptr<z_stream, int (*)(z_stream *)> end(&stream, inflateEnd);
    stream.next_in = const_cast<Bytef *>(prefix.data());
    stream.avail_in = uInt(prefix.size());
    stream.next_out = output.data();
    stream.avail_out = uInt(output.size());
    const int status = inflate(&stream, Z_SYNC_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) { return {}; }
    output.resize(output.size() - stream.avail_out);
    return output;
}

Identity identity(ElementReader reader) {
    Identity result;
    while (reader.next()) {
        if (reader.tag == tag(0x0008, 0x0016)) { result.sopClass = reader.text(); }
        if (reader.tag == tag(0x0008, 0x0018)) { result.sopInstance = reader.text(); }
        if (reader.tag >= tag(0x0008, 0x0018)) { break; }
    }
    return result;
}

}  // namespace

Identity identity(const Bytes &prefix, const std::string &transferSyntax) {
    try {
        if (transferSyntax == "1.2.840.10008.1.2") { return identity(ElementReader(prefix.data(), prefix.size(), false, false)); }
        if (transferSyntax == "1.2.840.10008.1.2.2") { return identity(ElementReader(prefix.data(), prefix.size(), true, true)); }
        if (transferSyntax == "1.2.840.10008.1.2.1.99") {
            const Bytes dataset = inflated(prefix);
            return identity(ElementReader(dataset.data(), dataset.size(), true, false));
        }
        return identity(ElementReader(prefix.data(), prefix.size(), true, false));
    } catch (const Failure &) {
        return {};
    }
}

}  // namespace cdimse
