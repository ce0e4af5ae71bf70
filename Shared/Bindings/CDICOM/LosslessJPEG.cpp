// JPEG lossless (ITU-T T.81, process 14, all seven predictors) of one component, four times as fast as through DCMTK: most
// compressed CT is stored like this. What is unusual (several components, odd restart intervals) is left to DCMTK.
#include "CDICOMInternal.h"

#include <algorithm>
#include <cstring>

using cdcmtk::Failure;

namespace {

[[noreturn]] void damaged() { throw Failure(CDCMTK_CORRUPT, "the lossless JPEG codestream is damaged or ends early"); }

std::size_t word(const std::uint8_t *bytes) { return std::size_t(bytes[0]) << 8 | bytes[1]; }

/// Symbols by the next bits: at once for codes up to 12 bits, by length for longer ones (T.81, F.2.2.3).
struct HuffmanTable {
    static constexpr int quickBits = 12;
    std::uint16_t quick[1 << quickBits] = {};
    std::int32_t largest[18] = {}, offset[17] = {};
    std::uint8_t symbols[256] = {};
    bool isDefined = false;

    void define(const std::uint8_t *counts, const std::uint8_t *values) {
        std::int32_t code = 0, index = 0;
        std::fill(std::begin(quick), std::end(quick), std::uint16_t(0));
        for (int length = 1; length <= 16; ++length) {
            offset[length] = index - code;
            for (int number = 0; number < counts[length - 1]; ++number, ++code, ++index) {
                if (code >> length != 0 || values[index] > 16) { damaged(); }
                symbols[index] = values[index];
                if (length > quickBits) { continue; }
                const auto entry = static_cast<std::uint16_t>(length << 8 | values[index]);
                std::fill_n(quick + (code << (quickBits - length)), 1 << (quickBits - length), entry);
            }
            largest[length] = counts[length - 1] > 0 ? code - 1 : -1;
            code <<= 1;
        }
        isDefined = true;
    }
};

/// Bits of entropy-coded data without the stuffed zeros; zeros beyond its end, which are counted.
class BitReader {
  public:
    BitReader(const std::uint8_t *bytes, const std::uint8_t *end) : next(bytes), end(end) {}

    /// At least 48 bits are there afterwards.
    void refill() {
        while (count <= 56) {
            std::uint8_t byte = 0;
            if (next == end || (next[0] == 0xff && (next + 1 == end || next[1] != 0))) {
                beyond += 8;
            } else {
                byte = *next;
                next += byte == 0xff ? 2 : 1;
            }
            bits = bits << 8 | byte;
            count += 8;
        }
    }
    std::uint32_t peek(int width) const { return static_cast<std::uint32_t>(bits >> (count - width)) & ((1u << width) - 1); }
    void skip(int width) { count -= width; }
    bool hasOverrun() const { return beyond > std::size_t(count); }

    /// To the marker that ends the interval; false where it is not the expected one.
    bool restart(std::uint8_t marker) {
        if (hasOverrun() || end - next < 2 || next[0] != 0xff || next[1] != marker) { return false; }
        next += 2;
        bits = 0;
        count = 0;
        beyond = 0;
        return true;
    }

  private:
    const std::uint8_t *next, *end;
    std::uint64_t bits = 0;
    int count = 0;
    std::size_t beyond = 0;
};

inline std::int32_t difference(BitReader &reader, const HuffmanTable &table) {
    reader.refill();
    int length = 0, symbol = 0;
    if (const std::uint16_t entry = table.quick[reader.peek(HuffmanTable::quickBits)]) {
        length = entry >> 8;
        symbol = entry & 0xff;
    } else {
        for (length = HuffmanTable::quickBits + 1;; ++length) {
            if (length > 16) { damaged(); }
            const auto code = static_cast<std::int32_t>(reader.peek(length));
            if (code > table.largest[length]) { continue; }
            symbol = table.symbols[(code + table.offset[length]) & 0xff];
            break;
        }
    }
    reader.skip(length);
    if (symbol == 0) { return 0; }
    if (symbol == 16) { return 32768; }
    const auto value = static_cast<std::int32_t>(reader.peek(symbol));
    reader.skip(symbol);
    return value < 1 << (symbol - 1) ? value - (1 << symbol) + 1 : value;
}

struct Scan {
    std::size_t rows = 0, columns = 0, interval = 0;
    int precision = 0, selection = 0, transform = 0, table = 0;
};

/// Of the sample left, above, and left above (T.81, table H.1).
template <int selection> inline std::int32_t predict(std::int32_t left, std::int32_t above, std::int32_t corner) {
    switch (selection) {
        case 1: return left;
        case 2: return above;
        case 3: return corner;
        case 4: return left + above - corner;
        case 5: return left + ((above - corner) >> 1);
        case 6: return above + ((left - corner) >> 1);
        default: return (left + above) >> 1;
    }
}

template <int selection>
void decodeRow(BitReader &reader, const HuffmanTable &table, const std::uint16_t *above, std::uint16_t *row, std::size_t columns) {
    row[0] = static_cast<std::uint16_t>(above[0] + difference(reader, table));
    for (std::size_t column = 1; column < columns; ++column) {
        row[column] = static_cast<std::uint16_t>(predict<selection>(row[column - 1], above[column], above[column - 1]) + difference(reader, table));
    }
}

void decodeFirstRow(BitReader &reader, const HuffmanTable &table, const Scan &scan, std::uint16_t *row) {
    std::int32_t last = 1 << (scan.precision - scan.transform - 1);
    for (std::size_t column = 0; column < scan.columns; ++column) {
        row[column] = static_cast<std::uint16_t>(last + difference(reader, table));
        last = row[column];
    }
}

using RowDecoder = void (*)(BitReader &, const HuffmanTable &, const std::uint16_t *, std::uint16_t *, std::size_t);

void decodeScan(BitReader &reader, const HuffmanTable &table, const Scan &scan, std::vector<std::uint16_t> &samples) {
    static constexpr RowDecoder decoders[] = {decodeRow<1>, decodeRow<2>, decodeRow<3>, decodeRow<4>, decodeRow<5>, decodeRow<6>, decodeRow<7>};
    const RowDecoder decode = decoders[scan.selection - 1];
    const std::size_t rowsPerInterval = scan.interval / scan.columns;
    int marker = 0;
    for (std::size_t index = 0; index < scan.rows; ++index) {
        std::uint16_t *row = samples.data() + index * scan.columns;
        const bool isRestart = rowsPerInterval > 0 && index > 0 && index % rowsPerInterval == 0;
        if (isRestart && !reader.restart(static_cast<std::uint8_t>(0xd0 + marker++ % 8))) { damaged(); }
        if (index == 0 || isRestart) {
            decodeFirstRow(reader, table, scan, row);
        } else {
            decode(reader, table, row - scan.columns, row, scan.columns);
        }
        if (reader.hasOverrun()) { damaged(); }
    }
}

/// Headers up to the scan; false for what is left to DCMTK.
class Header {
  public:
    Scan scan;
    HuffmanTable tables[4];
    std::size_t dataOffset = 0;

    bool read(const std::vector<std::uint8_t> &stream) {
        if (stream.size() < 4 || word(stream.data()) != 0xffd8) { damaged(); }
        std::size_t offset = 2;
        while (stream.size() - offset >= 4) {
            if (stream[offset] != 0xff) { damaged(); }
            const std::uint8_t marker = stream[offset + 1];
            if (marker == 0xff) {
                ++offset;
                continue;
            }
            const std::size_t length = word(stream.data() + offset + 2);
            if (length < 2 || length > stream.size() - offset - 2) { damaged(); }
            const std::uint8_t *body = stream.data() + offset + 4;
            offset += 2 + length;
            switch (marker) {
                case 0xc3:
                    if (!readFrame(body, length - 2)) { return false; }
                    break;
                case 0xc4: readTables(body, length - 2); break;
                case 0xdd:
                    if (length == 4) { scan.interval = word(body); }
                    break;
                case 0xda: dataOffset = offset; return readScan(body, length - 2);
                // Another process than lossless Huffman.
                case 0xc0: case 0xc1: case 0xc2: case 0xc5: case 0xc6: case 0xc7: case 0xc9: case 0xca: case 0xcb: case 0xcd:
                case 0xce: case 0xcf: return false;
                default: break;
            }
        }
        damaged();
    }

  private:
    bool readFrame(const std::uint8_t *body, std::size_t length) {
        if (length < 9) { damaged(); }
        scan.precision = body[0];
        scan.rows = word(body + 1);
        scan.columns = word(body + 3);
        return body[5] == 1 && scan.precision >= 2 && scan.precision <= 16 && body[7] == 0x11;
    }

    void readTables(const std::uint8_t *body, std::size_t length) {
        while (length >= 17) {
            std::size_t count = 0;
            for (int index = 1; index <= 16; ++index) { count += body[index]; }
            if (count > 256 || count > length - 17 || (body[0] & 0x0f) > 3) { damaged(); }
            tables[body[0] & 0x0f].define(body + 1, body + 17);
            body += 17 + count;
            length -= 17 + count;
        }
    }

    bool readScan(const std::uint8_t *body, std::size_t length) {
        if (length < 6 || body[0] != 1) { return false; }
        scan.table = body[2] >> 4;
        scan.selection = body[3];
        scan.transform = body[5] & 0x0f;
        const bool isUsual = scan.precision > 0 && scan.selection >= 1 && scan.selection <= 7 && scan.transform < scan.precision;
        return isUsual && scan.table <= 3 && scan.columns > 0 && scan.interval % scan.columns == 0;
    }
};

}  // namespace

bool cdicom::decodeLosslessJPEG(const std::vector<std::uint8_t> &stream, const cdicom_layout &layout, std::int32_t *values) {
    if (layout.high_bit != layout.bits_stored - 1 || layout.bits_stored > 16) { return false; }
    Header header;
    if (!header.read(stream)) { return false; }
    const Scan &scan = header.scan;
    if (scan.rows != std::size_t(layout.rows) || scan.columns != std::size_t(layout.columns)) {
        throw Failure(CDCMTK_PIXEL_LENGTH, "the codestream is not rows x columns pixels large");
    }
    if (!header.tables[scan.table].isDefined) { damaged(); }
    std::vector<std::uint16_t> samples(scan.rows * scan.columns);
    BitReader reader(stream.data() + header.dataOffset, stream.data() + stream.size());
    decodeScan(reader, header.tables[scan.table], scan, samples);
    for (std::uint16_t &sample : samples) { sample = static_cast<std::uint16_t>(sample << scan.transform); }
    cdicom_layout decoded = layout;
    decoded.bits_allocated = 16;
    unpack(reinterpret_cast<const std::uint8_t *>(samples.data()), decoded, values);
    return true;
}
