// Opens DICOM objects: the meta header, and how the dataset behind it is written.
#include "CDCMTK/ObjectFile.h"

#include <algorithm>
#include <cstring>

namespace cdcmtk {

namespace {

const char *letters(const std::uint8_t *head) { return reinterpret_cast<const char *>(head + 4); }

/// The elements of group 2, wherever they end.
struct MetaElement {
    std::uint16_t element = 0;
    std::uint64_t value = 0;
    std::uint32_t length = 0;
};

/// Explicit little endian, or implicit as sloppy writers have it.
MetaElement metaElement(Window &window, std::uint64_t offset) {
    const std::uint8_t *bytes = window.at(offset, 8);
    MetaElement found;
    found.element = word(bytes + 2);
    found.value = offset + 8;
    const bool isExplicit = areLetters(letters(bytes));
    found.length = isExplicit ? word(bytes + 6) : doubleWord(bytes + 4);
    if (isExplicit && !hasShortLength(letters(bytes))) {
        found.length = doubleWord(window.at(offset, 12) + 8);
        found.value = offset + 12;
    }
    if (found.length > window.size() - std::min(found.value, window.size())) { throw Failure(CDCMTK_TRUNCATED, "the file ends inside an element"); }
    return found;
}

/// Without what pads it.
std::string identifier(Window &window, const MetaElement &element) {
    const std::size_t length = std::min<std::size_t>(element.length, 64);
    std::string text(reinterpret_cast<const char *>(window.at(element.value, length)), length);
    const std::string padding(" \0", 2);
    const std::size_t first = text.find_first_not_of(padding);
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(padding) - first + 1);
}

void appendText(std::vector<std::uint8_t> &bytes, std::uint16_t element, const char *representation, const std::string &value, char padding) {
    appendLittleEndian(bytes, 0x0002, 2);
    appendLittleEndian(bytes, element, 2);
    bytes.insert(bytes.end(), representation, representation + 2);
    const bool isOdd = value.size() % 2 != 0;
    appendLittleEndian(bytes, static_cast<std::uint32_t>(value.size() + isOdd), 2);
    bytes.insert(bytes.end(), value.begin(), value.end());
    if (isOdd) { bytes.push_back(static_cast<std::uint8_t>(padding)); }
}

/// Enough for the elements up to SOP Instance UID.
constexpr std::uint64_t beginningLength = 1 << 16;

/// Done behind SOP Instance UID.
class Reader : public Visitor {
  public:
    explicit Reader(Window &window) : window(window) {}
    Identity identity;

    void element(const Element &element) override {
        if (depth > 0) { return; }
        const MetaElement value{0, element.value, element.length};
        if (element.tag == tag(0x0008, 0x0016)) { identity.sopClass = identifier(window, value); }
        if (element.tag == tag(0x0008, 0x0018)) { identity.sopInstance = identifier(window, value); }
        isBehind = element.tag >= tag(0x0008, 0x0018);
    }
    void fragments(const Element &, const Fragments &) override { isBehind = isBehind || depth == 0; }
    void beginSequence(const Element &element) override { isBehind = isBehind || (depth++ == 0 && element.tag > tag(0x0008, 0x0018)); }
    void endSequence() override { --depth; }
    bool isDone() const override { return isBehind; }

  private:
    Window &window;
    std::size_t depth = 0;
    bool isBehind = false;
};

}  // namespace

ObjectFile::ObjectFile(const char *path, std::uint64_t smallestInflated) : ObjectFile(path, Extent::whole, smallestInflated) {}

Identity ObjectFile::identity(const char *path) { return ObjectFile(path, Extent::beginning, inflatedObject).identity(); }

Identity ObjectFile::identity() const {
    Reader reader(window);
    walk(reader);
    if (reader.identity.sopClass.empty()) { reader.identity.sopClass = mediaClass; }
    if (reader.identity.sopInstance.empty()) { reader.identity.sopInstance = mediaInstance; }
    return reader.identity;
}

ObjectFile::ObjectFile(const char *path, Extent extent, std::uint64_t smallestInflated)
    : file(std::make_shared<ByteSource>(path)), window(*file) {
    findDataset();
    if (syntax.isDeflated) {
        deflatedFrom = begin;
        extent == Extent::whole ? file->inflate(begin, smallestInflated) : file->inflateBeginning(begin, beginningLength);
        window.forget();
        begin = 0;
    }
    chooseEncoding(!syntax.identifier.empty());
}

/// Files without the prefix begin with group 0002 or 0008, as old ACR-NEMA files do.
void ObjectFile::findDataset() {
    const bool hasPrefix = window.size() >= 132 && std::memcmp(window.at(128, 4), "DICM", 4) == 0;
    begin = hasPrefix ? 132 : 0;
    if (window.size() < begin + 8) { throw Failure(hasPrefix ? CDCMTK_TRUNCATED : CDCMTK_NOT_DICOM, "no DICOM prefix"); }
    const std::uint8_t *head = window.at(begin, 4);
    const bool isGroup = (head[0] == 2 || head[0] == 8) && head[1] == 0 && head[3] == 0;
    if (!hasPrefix && !isGroup) { throw Failure(CDCMTK_NOT_DICOM, "no DICOM prefix"); }
    isBare = !hasPrefix;
    if (head[0] == 2 && head[1] == 0) { begin = readMetaHeader(begin); }
}

std::uint64_t ObjectFile::readMetaHeader(std::uint64_t offset) {
    std::uint64_t stated = 0;
    while (window.size() - offset >= 8) {
        if (word(window.at(offset, 2)) != 2) { break; }
        // Deflated bytes may look like one more element; elsewhere the stated length is often wrong.
        if (offset == stated && syntax.isDeflated) { break; }
        const MetaElement found = metaElement(window, offset);
        offset = found.value + found.length;
        if (found.element == 0x0000 && found.length == 4) { stated = offset + doubleWord(window.at(found.value, 4)); }
        if (found.element == 0x0002) { mediaClass = identifier(window, found); }
        if (found.element == 0x0003) { mediaInstance = identifier(window, found); }
        if (found.element == 0x0010) { syntax = TransferSyntax(identifier(window, found)); }
    }
    return offset;
}

/// As the transfer syntax says, or as the first element looks.
void ObjectFile::chooseEncoding(bool isStated) {
    const bool hasElement = window.size() - std::min(begin, window.size()) >= 8;
    const bool looksExplicit = hasElement && areLetters(letters(window.at(begin, 8)));
    if (!isStated) { syntax = TransferSyntax(looksExplicit ? explicitLittleEndian : implicitLittleEndian); }
    encoding = syntax.encoding;
    if (encoding.isBigEndian || !hasElement) { return; }
    // A length of two letters' bytes would be 16 KB to 1.5 GB: no first element of an implicit dataset is so long.
    const bool isTooLong = doubleWord(window.at(begin, 8) + 4) > window.size();
    encoding.isExplicit = looksExplicit && (encoding.isExplicit || isTooLong);
}

Findings ObjectFile::walk(Visitor &visitor) const {
    if (isBare && window.size() >= 8 && window.at(0, 2)[0] == 8) {
        const std::uint8_t *head = window.at(0, 8);
        const std::uint32_t length = encoding.isExplicit ? word(head + 6) : doubleWord(head + 4);
        if (length > 1024) { throw Failure(CDCMTK_NOT_DICOM, "no DICOM prefix, and no dataset either"); }
    }
    const Findings found = cdcmtk::walk(window, begin, encoding, visitor);
    const bool saysWhatItIs = found.hasSOPClass || found.hasSOPInstance || found.hasPixels || !mediaClass.empty();
    if (!saysWhatItIs && !visitor.isDone()) { throw Failure(CDCMTK_TRUNCATED, "the dataset ends before its SOP class"); }
    return found;
}

std::vector<std::uint8_t> fileHeader(const std::string &sopClass, const std::string &sopInstance, const std::string &transferSyntax) {
    const std::uint8_t version[] = {0x02, 0x00, 0x01, 0x00, 'O', 'B', 0, 0, 2, 0, 0, 0, 0x00, 0x01};
    std::vector<std::uint8_t> group(version, version + sizeof version);
    appendText(group, 0x0002, "UI", sopClass, '\0');
    appendText(group, 0x0003, "UI", sopInstance, '\0');
    appendText(group, 0x0010, "UI", transferSyntax, '\0');
    appendText(group, 0x0012, "UI", implementationClass, '\0');
    appendText(group, 0x0013, "SH", implementationVersion, ' ');
    std::vector<std::uint8_t> bytes(128, 0);
    const std::uint8_t start[] = {'D', 'I', 'C', 'M', 0x02, 0x00, 0x00, 0x00, 'U', 'L', 4, 0};
    bytes.insert(bytes.end(), start, start + sizeof start);
    appendLittleEndian(bytes, static_cast<std::uint32_t>(group.size()), 4);
    bytes.insert(bytes.end(), group.begin(), group.end());
    return bytes;
}

}  // namespace cdcmtk
