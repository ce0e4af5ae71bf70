// What parsing a file may cost, found out before DCMTK does it.
//
// DCMTK descends into nested sequences by recursion and inflates without a limit, so a file of a few KB could overflow a stack or fill
// the memory of a worker. No file has more levels than item tags, and those are counted without parsing.
#include "Internal.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <pthread.h>
#include <sys/stat.h>
#include <vector>
#include <zlib.h>

using cdicomobjects::Failure;

namespace {

constexpr std::size_t pieceSize = std::size_t(1) << 18;
/// An enhanced multi-frame CT of a thousand slices, inflated, is about half of this.
constexpr std::size_t largestDataset = std::size_t(1) << 30;
/// What becomes more than 64 times its size must not be larger than a mostly empty segmentation of a whole CT.
constexpr std::size_t largestRatio = 64;
constexpr std::size_t smallestLimit = std::size_t(64) << 20;
/// Each of a segmentation's frames has about ten items.
constexpr std::size_t mostItems = 400000;
/// DCMTK was seen to use 1.5 KB; the rest is slack for its other versions.
constexpr std::size_t stackPerLevel = 4096;
/// So deep any thread can go: those of Dispatch have 512 KB.
constexpr std::size_t shallow = CDICOMOBJECTS_MAXIMUM_DEPTH;

using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

/// Counts item tags (FFFE,E000) of both byte orders in a stream of bytes.
struct ItemTags {
    std::size_t count = 0;
    std::uint32_t lastFour = 0;

    void read(const std::uint8_t *bytes, std::size_t size) {
        for (const std::uint8_t *byte = bytes; byte != bytes + size; ++byte) {
            lastFour = lastFour << 8 | *byte;
            if (lastFour == 0xfeff00e0u || lastFour == 0xfffee000u) { ++count; }
        }
    }
};

/// Where the deflated bytes of a file begin, 0 if none are deflated.
std::size_t deflatedOffset(const char *path) {
    DcmMetaInfo meta;
    OFString syntax;
    Uint32 length = 0;
    if (meta.loadFile(path).bad() || meta.findAndGetOFString(DCM_TransferSyntaxUID, syntax).bad()) { return 0; }
    if (syntax != UID_DeflatedExplicitVRLittleEndianTransferSyntax) { return 0; }
    if (meta.findAndGetUint32(DCM_FileMetaInformationGroupLength, length).bad()) {
        throw Failure(CDICOMOBJECTS_CORRUPT, "a deflated file without the length of its meta header");
    }
    // 128 bytes of preamble, 4 of prefix, 12 of the element that holds the length.
    return 144 + std::size_t(length);
}

std::size_t countInflated(std::FILE *stream, std::size_t offset, std::size_t fileSize) {
    const std::size_t limit = std::min(largestDataset, std::max(smallestLimit, fileSize * largestRatio));
    if (std::fseek(stream, static_cast<long>(offset), SEEK_SET) != 0) { throw Failure(CDICOMOBJECTS_CORRUPT, "no dataset"); }
    std::vector<std::uint8_t> input(pieceSize), output(pieceSize);
    z_stream state = {};
    // Raw deflate, without the framing of zlib or gzip (PS3.5, A.5).
    if (inflateInit2(&state, -MAX_WBITS) != Z_OK) { throw std::bad_alloc(); }
    const std::unique_ptr<z_stream, int (*)(z_stream *)> owner(&state, inflateEnd);
    ItemTags tags;
    for (int status = Z_OK; status == Z_OK;) {
        if (state.avail_in == 0) {
            state.next_in = input.data();
            state.avail_in = static_cast<uInt>(std::fread(input.data(), 1, input.size(), stream));
            if (state.avail_in == 0) { break; }
        }
        state.next_out = output.data();
        state.avail_out = static_cast<uInt>(output.size());
        status = inflate(&state, Z_NO_FLUSH);
        tags.read(output.data(), output.size() - state.avail_out);
        if (state.total_out > limit) { throw Failure(CDICOMOBJECTS_TOO_LARGE, "it inflates to more than 64 times its size or 1 GiB"); }
    }
    return tags.count;
}

struct Work {
    const std::function<void()> &body;
    std::exception_ptr failure;
};

void *perform(void *argument) {
    auto *work = static_cast<Work *>(argument);
    try {
        work->body();
    } catch (...) {
        work->failure = std::current_exception();
    }
    return nullptr;
}

}  // namespace

std::size_t cdicomobjects::possibleDepth(const char *path) {
    struct stat facts {};
    if (stat(path, &facts) != 0) { throw Failure(CDICOMOBJECTS_UNREADABLE, std::strerror(errno)); }
    // A pipe or a device would block for ever.
    if (!S_ISREG(facts.st_mode)) { throw Failure(CDICOMOBJECTS_UNREADABLE, "not a regular file"); }
    const File stream(std::fopen(path, "rb"), std::fclose);
    if (!stream) { throw Failure(CDICOMOBJECTS_UNREADABLE, std::strerror(errno)); }
    std::vector<std::uint8_t> piece(pieceSize);
    ItemTags tags;
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), stream.get())) { tags.read(piece.data(), size); }
    std::size_t deflated = 0;
    onDeepStack(tags.count, [&] { deflated = deflatedOffset(path); });
    return deflated == 0 ? tags.count : std::max(tags.count, countInflated(stream.get(), deflated, static_cast<std::size_t>(facts.st_size)));
}

void cdicomobjects::onDeepStack(std::size_t depth, const std::function<void()> &body) {
    if (depth <= shallow) { return body(); }
    if (depth > mostItems) { throw Failure(CDICOMOBJECTS_TOO_LARGE, "more than 400000 items of sequences"); }
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) { throw std::bad_alloc(); }
    pthread_attr_setstacksize(&attributes, (std::size_t(1) << 20) + depth * stackPerLevel);
    Work work = {body, nullptr};
    pthread_t thread;
    const int status = pthread_create(&thread, &attributes, perform, &work);
    pthread_attr_destroy(&attributes);
    if (status != 0) { throw std::bad_alloc(); }
    pthread_join(thread, nullptr);
    if (work.failure) { std::rethrow_exception(work.failure); }
}
