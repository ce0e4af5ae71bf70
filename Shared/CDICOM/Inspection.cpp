// What a file may cost, found out before DCMTK parses it.
//
// DCMTK descends into nested sequences by recursion (about 1.5 KB of stack per level) and inflates without a limit, so a file of
// a few KB could overflow the stack or fill the memory of a worker. The depth of nesting is at most the number of item tags, and
// those can be counted without parsing.
#include "CDICOMInternal.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <zlib.h>

using cdicom::Failure;

namespace {

constexpr std::size_t chunkSize = 1 << 18;
/// A whole enhanced multi-frame object inflated; single slices are a hundred times smaller.
constexpr std::size_t maximumInflatedSize = std::size_t(1) << 30;

using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

File open(const char *path) {
    File stream(std::fopen(path, "rb"), std::fclose);
    if (!stream) { throw Failure(CDICOM_UNREADABLE, std::strerror(errno)); }
    return stream;
}

/// Counts item tags (FFFE,E000) of either byte order in bytes that come in pieces.
class ItemCounter {
  public:
    void add(const std::uint8_t *bytes, std::size_t count) {
        for (std::size_t index = 0; index < count; ++index) {
            window = window << 8 | bytes[index];
            found += window == 0xfeff00e0u || window == 0xfffee000u;
        }
    }
    std::size_t found = 0;

  private:
    std::uint32_t window = 0;
};

struct Inflater {
    z_stream stream = {};
    Inflater() {
        // DICOM's deflated syntax has neither zlib nor gzip framing (PS3.5, A.5).
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) { throw std::bad_alloc(); }
    }
    ~Inflater() { inflateEnd(&stream); }
};

}  // namespace

std::size_t cdicom::countItems(const char *path) {
    const File stream = open(path);
    std::vector<std::uint8_t> chunk(chunkSize);
    ItemCounter items;
    std::size_t count = 0;
    while ((count = std::fread(chunk.data(), 1, chunk.size(), stream.get())) > 0) { items.add(chunk.data(), count); }
    return items.found;
}

std::size_t cdicom::countDeflatedItems(const char *path, std::size_t offset) {
    const File stream = open(path);
    if (std::fseek(stream.get(), static_cast<long>(offset), SEEK_SET) != 0) { throw Failure(CDICOM_TRUNCATED, "no dataset"); }
    std::vector<std::uint8_t> input(chunkSize), output(chunkSize);
    ItemCounter items;
    Inflater inflater;
    z_stream &state = inflater.stream;
    int status = Z_OK;
    while (status == Z_OK) {
        if (state.avail_in == 0) {
            state.next_in = input.data();
            state.avail_in = static_cast<uInt>(std::fread(input.data(), 1, input.size(), stream.get()));
            if (state.avail_in == 0) { break; }
        }
        state.next_out = output.data();
        state.avail_out = static_cast<uInt>(output.size());
        status = inflate(&state, Z_NO_FLUSH);
        items.add(output.data(), output.size() - state.avail_out);
        if (state.total_out > maximumInflatedSize) { throw Failure(CDICOM_TOO_LARGE, "it inflates to more than 1 GB"); }
    }
    return items.found;
}
