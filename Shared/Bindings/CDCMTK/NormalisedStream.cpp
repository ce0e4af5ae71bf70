// Writes a dataset anew as the standard wants it.
#include "CDCMTK/NormalisedStream.h"

#include "CDCMTK/FrameTable.h"
#include "CDCMTK/Numbers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

namespace cdcmtk {

namespace {

/// Functional groups of ten thousand frames have some 400 000 elements and 20 MB.
constexpr std::size_t mostElements = 4000000;
constexpr Tag extendedOffsets = tag(0x7fe0, 0x0001), totalLength = tag(0x7fe0, 0x0003);
/// What a window holds.
constexpr std::uint32_t shortValue = 4096;
constexpr std::size_t mostMade = std::size_t(256) << 20;

/// Bytes of a number.
std::size_t unit(const char *representation) {
    static const char *const two[] = {"US", "SS", "AT", "OW"}, *const four[] = {"UL", "SL", "FL", "OL", "OF"}, *const eight[] = {"FD", "OD", "SV", "UV", "OV"};
    const auto isIn = [&](const char *const *first, const char *const *last) {
        return std::any_of(first, last, [&](const char *one) { return std::strcmp(one, representation) == 0; });
    };
    return isIn(std::begin(two), std::end(two)) ? 2 : isIn(std::begin(four), std::end(four)) ? 4 : isIn(std::begin(eight), std::end(eight)) ? 8 : 1;
}

/// Text is padded by a space, everything else by a zero (PS3.5, 6.2).
char padding(const char *representation) {
    const bool isBinary = unit(representation) > 1 || representation[0] == 'O' || std::strcmp(representation, "UN") == 0 || std::strcmp(representation, "UI") == 0;
    return isBinary ? '\0' : ' ';
}

}  // namespace

// MARK: - Stream

NormalisedStream::Piece &NormalisedStream::piece(bool isMade, std::uint64_t place) {
    if (pieces.empty() || !pieces.back().isMade || !isMade) { pieces.push_back({total, place, isMade}); }
    return pieces.back();
}

void NormalisedStream::append(const void *bytes, std::size_t count) {
    if (count == 0) { return; }
    if (literals.size() + count > mostMade) { throw Failure(CDCMTK_TOO_LARGE, "attributes of more than 256 MB"); }
    piece(true, literals.size());
    const auto *first = static_cast<const std::uint8_t *>(bytes);
    literals.insert(literals.end(), first, first + count);
    total += count;
}

void NormalisedStream::appendRange(std::uint64_t offset, std::uint64_t count) {
    if (count == 0) { return; }
    piece(false, offset);
    total += count;
}

std::size_t NormalisedStream::read(const ByteSource &source, std::uint64_t offset, void *target, std::size_t count) const {
    auto *bytes = static_cast<std::uint8_t *>(target);
    std::size_t done = 0;
    const auto after = std::upper_bound(pieces.begin(), pieces.end(), offset, [](std::uint64_t at, const Piece &one) { return at < one.start; });
    for (auto piece = after == pieces.begin() ? after : after - 1; piece != pieces.end() && done < count && offset < total; ++piece) {
        const std::uint64_t end = piece + 1 == pieces.end() ? total : (piece + 1)->start;
        const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(count - done, end - offset));
        const std::uint64_t place = piece->place + (offset - piece->start);
        if (piece->isMade) {
            std::memcpy(bytes + done, literals.data() + place, part);
        } else {
            source.read(place, bytes + done, part);
        }
        done += part;
        offset += part;
    }
    return done;
}

// MARK: - Writing

void Normaliser::count() {
    if (++elements > mostElements) { throw Failure(CDCMTK_TOO_LARGE, "more than four million elements"); }
}

void Normaliser::number(std::uint32_t value, std::size_t size) {
    std::uint8_t bytes[4];
    for (std::size_t index = 0; index < size; ++index) { bytes[isBigEndian ? size - 1 - index : index] = static_cast<std::uint8_t>(value >> (8 * index)); }
    stream.append(bytes, size);
}

void Normaliser::head(Tag tag, const char *representation, std::uint32_t length) {
    count();
    number(tag >> 16, 2);
    number(tag & 0xffff, 2);
    stream.append(representation, 2);
    if (hasLongLength(representation)) { number(0, 2); }
    number(length, hasLongLength(representation) ? 4 : 2);
}

void Normaliser::delimiter(Tag tag, std::uint32_t length) {
    number(tag >> 16, 2);
    number(tag & 0xffff, 2);
    number(length, 4);
}

void Normaliser::value(const Element &element, const char *representation) {
    const std::size_t size = unit(representation);
    const bool isSwapped = element.isBigEndian != isBigEndian && size > 1;
    if (element.length > longestCopy && !isSwapped) { return stream.appendRange(element.value, element.length); }
    if (depth == 0 && element.tag == tag(0x0028, 0x0103) && element.length == 2) {
        const std::uint8_t *sign = window.at(element.value, 2);
        isSigned = sign[0] + sign[1] == 1;
    }
    if (depth == 0 && element.tag == tag(0x0028, 0x0008)) { frames = frameCount(element, representation); }
    if (element.length <= shortValue && !isSwapped) { return stream.append(window.at(element.value, element.length), element.length); }
    std::vector<std::uint8_t> bytes(element.length);
    source.read(element.value, bytes.data(), bytes.size());
    for (std::size_t at = 0; isSwapped && at + size <= bytes.size(); at += size) { std::reverse(bytes.begin() + long(at), bytes.begin() + long(at + size)); }
    stream.append(bytes.data(), bytes.size());
}

/// As who reads the frames counts them; nothing where they cannot be counted.
std::optional<std::size_t> Normaliser::frameCount(const Element &element, const char *representation) {
    if (element.length > shortValue) { return std::nullopt; }
    const std::uint8_t *bytes = window.at(element.value, element.length);
    double count = 1;
    if (const std::size_t size = unit(representation); size > 1) {
        if (size > 4 || element.length != size) { return std::nullopt; }
        count = size == 2 ? word(bytes, element.isBigEndian) : doubleWord(bytes, element.isBigEndian);
    } else {
        const Numbers read = numbers(std::string_view(reinterpret_cast<const char *>(bytes), element.length));
        if (read.state == Numbers::State::unreadable || read.values.size() > 1) { return std::nullopt; }
        if (!read.values.empty()) { count = read.values[0]; }
    }
    if (count != std::floor(count) || count < 0 || count > double(mostFrames)) { return std::nullopt; }
    // None stated is one.
    return std::max<std::size_t>(1, std::size_t(count));
}

void Normaliser::element(const Element &element) {
    if ((element.tag & 0xffff) == 0) { return; }
    if (depth == 0 && element.tag >= extendedOffsets && element.tag <= totalLength) { return aboutFragments.push_back(element); }
    writeAboutFragments();
    write(element);
}

void Normaliser::writeAboutFragments() {
    for (const Element &one : aboutFragments) { write(one); }
    aboutFragments.clear();
}

void Normaliser::write(const Element &element) {
    const char *name = representation(element, isSigned);
    // A sequence that could not be read as one, and a value too long for its representation.
    if (std::strcmp(name, "SQ") == 0 && element.length > 0) { name = "UN"; }
    if (!hasLongLength(name) && element.length > 0xfffe) { name = "UN"; }
    const std::uint32_t odd = element.length % 2;
    head(element.tag, name, element.length + odd);
    value(element, name);
    const char pad = padding(name);
    stream.append(&pad, odd);
}

void Normaliser::fragments(const Element &element, const Fragments &found) {
    if (depth == 0 && element.tag == pixelData) { hasFragments = true; }
    const auto first = found.items.begin();
    const bool isAnew = element.tag == pixelData && !found.areEven();
    const std::vector<std::size_t> starts = isAnew ? startsOfFrames(found) : std::vector<std::size_t>();
    if (!starts.empty()) { aboutFragments.clear(); }
    writeAboutFragments();
    head(element.tag, "OB", undefinedLength);
    if (!starts.empty()) {
        fragment(first, first, true);
        for (std::size_t frame = 0; frame + 1 < starts.size(); ++frame) { fragment(first + long(starts[frame]), first + long(starts[frame + 1]), true); }
    } else {
        for (auto one = first; one != found.items.end(); ++one) { fragment(one, one + 1, !isAnew); }
    }
    delimiter(sequenceEnd, 0);
}

/// Empty where nobody can tell. Icons, which lie deeper, are one frame; video is one stream of fewer fragments than frames (PS3.5, 8.2.5).
std::vector<std::size_t> Normaliser::startsOfFrames(const Fragments &found) const {
    if (depth == 0 && !frames) { return {}; }
    const bool isOne = depth > 0 || found.items.size() <= *frames;
    const auto table = std::find_if(aboutFragments.begin(), aboutFragments.end(), [](const Element &one) { return one.tag == extendedOffsets; });
    const bool hasTable = depth == 0 && table != aboutFragments.end();
    try {
        return frameStarts(source, found, isOne ? 1 : *frames, hasTable ? Fragment{table->value, table->length} : Fragment{0, 0});
    } catch (const Failure &failure) {
        if (failure.status != CDCMTK_CORRUPT && failure.status != CDCMTK_TOO_LARGE) { throw; }
        return {};
    }
}

/// One item with what several hold.
void Normaliser::fragment(std::vector<Fragment>::const_iterator first, std::vector<Fragment>::const_iterator last, bool isPadded) {
    std::uint64_t length = 0;
    for (auto one = first; one != last; ++one) { length += one->length; }
    if (length >= undefinedLength - 1) { throw Failure(CDCMTK_TOO_LARGE, "a frame of more than 4 GB"); }
    const std::uint32_t odd = isPadded ? length % 2 : 0;
    count();
    delimiter(itemStart, static_cast<std::uint32_t>(length) + odd);
    for (auto one = first; one != last; ++one) {
        count();
        stream.appendRange(one->offset, one->length);
    }
    stream.append("", odd);
}

void Normaliser::beginSequence(const Element &element) {
    writeAboutFragments();
    head(element.tag, "SQ", undefinedLength);
    ++depth;
}

void Normaliser::endSequence() {
    --depth;
    delimiter(sequenceEnd, 0);
}

void Normaliser::beginItem() {
    count();
    delimiter(itemStart, undefinedLength);
}

void Normaliser::endItem() { delimiter(itemEnd, 0); }

}  // namespace cdcmtk
