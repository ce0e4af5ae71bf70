// Numbers of attributes, as text or in binary.
#include "CDCMTK/Numbers.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <charconv>
#include <cmath>
#include <string>

namespace cdcmtk {

namespace {

/// Longer text is no number: DS has 16 characters, writers of doubles need 24.
constexpr std::size_t longestDecimal = 64;

bool isDigit(char character) { return character >= '0' && character <= '9'; }

/// Spaces as the standard has them, and zeros and line breaks as writers have them.
std::string_view trimmed(std::string_view text) {
    constexpr std::string_view padding(" \0\t\r\n", 5);
    const std::size_t first = text.find_first_not_of(padding);
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(padding) - first + 1);
}

std::size_t countDigits(std::string_view text, std::size_t from) {
    std::size_t at = from;
    while (at < text.size() && isDigit(text[at])) { ++at; }
    return at - from;
}

/// "1,024" may be a thousand and more, "0,024" and "1,5" may not.
bool mayGroupThousands(std::string_view whole, std::size_t fractionDigits) {
    return fractionDigits == 3 && !whole.empty() && whole.size() <= 3 && whole[0] != '0';
}

/// As `std::from_chars` wants it: no plus, a point, an E.
std::optional<std::string> normalised(std::string_view text) {
    std::string result;
    std::size_t at = 0;
    if (text[at] == '+' || text[at] == '-') {
        if (text[at] == '-') { result += '-'; }
        ++at;
    }
    const std::size_t whole = countDigits(text, at);
    const std::string_view integer = text.substr(at, whole);
    result += whole > 0 ? integer : "0";
    at += whole;
    std::size_t fraction = 0;
    if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
        fraction = countDigits(text, at + 1);
        if (text[at] == ',' && (fraction == 0 || mayGroupThousands(integer, fraction))) { return std::nullopt; }
        if (fraction > 0) { result += '.'; }
        result += text.substr(at + 1, fraction);
        at += 1 + fraction;
    }
    if (whole + fraction == 0) { return std::nullopt; }
    if (at == text.size()) { return result; }
    if (std::string_view("eEdD").find(text[at]) == std::string_view::npos) { return std::nullopt; }
    result += 'e';
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) { result += text[at++] == '-' ? "-" : ""; }
    const std::size_t exponent = countDigits(text, at);
    if (exponent == 0 || at + exponent != text.size()) { return std::nullopt; }
    result += text.substr(at);
    return result;
}

/// Fills `values` with what lies between backslashes.
Numbers::State readText(std::string_view text, std::vector<double> &values) {
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\\', start), text.size());
        const std::string_view value = trimmed(text.substr(start, end - start));
        start = end + 1;
        if (value.empty()) { continue; }
        const std::optional<double> number = decimal(value);
        if (!number) { return Numbers::State::unreadable; }
        values.push_back(*number);
    }
    return values.empty() ? Numbers::State::empty : Numbers::State::read;
}

bool binary(DcmElement &element, unsigned long index, double &value) {
    Uint16 u16 = 0;
    Sint16 s16 = 0;
    Uint32 u32 = 0;
    Sint32 s32 = 0;
    Uint64 u64 = 0;
    Sint64 s64 = 0;
    Float32 f32 = 0;
    bool isGood = false;
    switch (element.getVR()) {
        case EVR_US:
        case EVR_xs: isGood = element.getUint16(u16, index).good(), value = u16; break;
        case EVR_SS: isGood = element.getSint16(s16, index).good(), value = s16; break;
        case EVR_UL:
        case EVR_up: isGood = element.getUint32(u32, index).good(), value = u32; break;
        case EVR_SL: isGood = element.getSint32(s32, index).good(), value = s32; break;
        case EVR_UV: isGood = element.getUint64(u64, index).good(), value = static_cast<double>(u64); break;
        case EVR_SV: isGood = element.getSint64(s64, index).good(), value = static_cast<double>(s64); break;
        case EVR_FL: isGood = element.getFloat32(f32, index).good(), value = f32; break;
        case EVR_FD: isGood = element.getFloat64(value, index).good(); break;
        default: break;
    }
    return isGood && std::isfinite(value);
}

}  // namespace

std::optional<double> decimal(std::string_view text) {
    text = trimmed(text);
    if (text.empty() || text.size() > longestDecimal) { return std::nullopt; }
    const std::optional<std::string> plain = normalised(text);
    double value = 0;
    if (!plain) { return std::nullopt; }
    const auto [end, error] = std::from_chars(plain->data(), plain->data() + plain->size(), value);
    // Too small for a double is as good as zero; too large is not.
    if (error == std::errc::result_out_of_range && plain->find("e-") != std::string::npos) { return 0.0; }
    if (error != std::errc() || end != plain->data() + plain->size() || !std::isfinite(value)) { return std::nullopt; }
    return value;
}

Numbers numbers(std::string_view text) {
    Numbers result;
    result.state = readText(text, result.values);
    if (result.state != Numbers::State::read) { result.values.clear(); }
    return result;
}

Numbers numbers(DcmElement *element) {
    Numbers result;
    if (element == nullptr) { return result; }
    result.state = Numbers::State::empty;
    if (element->getLength() == 0) { return result; }
    if (element->isaString()) {
        OFString text;
        result.state = Numbers::State::unreadable;
        return element->getOFStringArray(text, OFFalse).good() ? numbers(std::string_view(text.c_str(), text.size())) : result;
    }
    result.values.resize(element->getVM());
    result.state = result.values.empty() ? Numbers::State::unreadable : Numbers::State::read;
    for (std::size_t index = 0; index < result.values.size(); ++index) {
        if (!binary(*element, static_cast<unsigned long>(index), result.values[index])) { result.state = Numbers::State::unreadable; }
    }
    if (result.state != Numbers::State::read) { result.values.clear(); }
    return result;
}

}  // namespace cdcmtk
