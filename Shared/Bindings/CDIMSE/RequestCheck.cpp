// Whether an A-ASSOCIATE-RQ (PS3.8 9.3.2, PS3.7 annex D.3) is what it says it is.
#include "Session.h"

namespace cdimse {

namespace {

/// The bytes of an item, or what is left of a list of items.
struct Span {
    const std::uint8_t *bytes;
    std::size_t count;

    std::size_t number(std::size_t at) const { return std::size_t(bytes[at]) << 8 | bytes[at + 1]; }
    Span from(std::size_t position) const { return {bytes + position, count - position}; }
};

/// Calls `check` with type and content of every item; false where they do not fill the list exactly or `check` says so.
template <typename Check> bool everyItem(Span list, Check check) {
    while (list.count > 0) {
        if (list.count < 4) { return false; }
        const std::size_t length = list.number(2);
        if (length > list.count - 4) { return false; }
        if (!check(list.bytes[0], Span{list.bytes + 4, length})) { return false; }
        list = list.from(4 + length);
    }
    return true;
}

bool isName(Span content) { return content.count >= 1 && content.count < CDIMSE_UID_SIZE; }

bool isContext(Span content) {
    if (content.count < 4) { return false; }
    std::size_t abstracts = 0, transfers = 0;
    const bool isWhole = everyItem(content.from(4), [&](std::uint8_t type, Span item) {
        abstracts += type == 0x30;
        transfers += type == 0x40;
        return (type == 0x30 || type == 0x40) && isName(item);
    });
    return isWhole && abstracts == 1 && transfers >= 1;
}

bool isUserInformation(Span content) {
    return everyItem(content, [](std::uint8_t type, Span item) {
        switch (type) {
            case 0x51: case 0x53: return item.count == 4;
            case 0x52: return isName(item);
            case 0x55: return item.count <= 16;
            // A length and so many bytes: of the class whose role is selected, of the class that is negotiated further.
            case 0x54: return item.count >= 4 && item.number(0) == item.count - 4;
            case 0x56: return item.count >= 2 && item.number(0) <= item.count - 2;
            // Two fields, each after its length.
            case 0x58: return item.count >= 6 && item.number(2) <= item.count - 6 && item.number(2) + item.number(4 + item.number(2)) == item.count - 6;
            default: return true;
        }
    });
}

}  // namespace

bool isAssociateRequest(const Bytes &request) {
    constexpr std::size_t fixed = 74;
    if (request.size() < fixed) { return false; }
    std::size_t names = 0, contexts = 0, users = 0;
    const bool isWhole = everyItem(Span{request.data(), request.size()}.from(fixed), [&](std::uint8_t type, Span item) {
        names += type == 0x10;
        contexts += type == 0x20;
        users += type == 0x50;
        switch (type) {
            case 0x10: return isName(item);
            case 0x20: return isContext(item);
            case 0x50: return isUserInformation(item);
            default: return true;
        }
    });
    return isWhole && names == 1 && contexts >= 1 && users == 1;
}

}  // namespace cdimse
