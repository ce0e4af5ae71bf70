// Random access to a file's bytes, or to those its deflated dataset becomes.
#include "CDCMTK/ByteSource.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

using cdcmtk::ByteSource;
using cdcmtk::Failure;
using cdcmtk::Window;

namespace {

/// A window's size: the attributes before the pixels of a usual slice are 2 to 10 KB.
constexpr std::size_t windowSize = 16384;
constexpr std::size_t chunkSize = 1 << 18;
/// CT deflates three to one.
constexpr std::uint64_t largestRatio = 64;
/// An enhanced multi-frame CT of a thousand slices is about half of this.
constexpr std::uint64_t largestDataset = std::uint64_t(1) << 30;

[[noreturn]] void unreadable(int number) { throw Failure(CDCMTK_UNREADABLE, std::strerror(number), static_cast<std::uint16_t>(number)); }

[[noreturn]] void endsEarly() { throw Failure(CDCMTK_TRUNCATED, "the file ends inside an element"); }

struct Inflater {
    z_stream stream = {};
    Inflater() {
        // DICOM's deflated syntax has neither zlib nor gzip framing (PS3.5, A.5).
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) { throw std::bad_alloc(); }
    }
    ~Inflater() { inflateEnd(&stream); }
};

}  // namespace

ByteSource::ByteSource(const char *path) {
    // A pipe without a writer would block the opening for ever.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) { unreadable(errno); }
    struct stat facts {};
    if (fstat(descriptor, &facts) != 0) {
        const int number = errno;
        close(descriptor);
        unreadable(number);
    }
    if (!S_ISREG(facts.st_mode)) {
        close(descriptor);
        throw Failure(CDCMTK_UNREADABLE, "not a regular file");
    }
    identity.size = static_cast<std::uint64_t>(facts.st_size);
    identity.device = facts.st_dev;
    identity.inode = facts.st_ino;
    identity.modified = static_cast<std::uint64_t>(facts.st_mtim.tv_sec) * 1000000000u + static_cast<std::uint64_t>(facts.st_mtim.tv_nsec);
}

ByteSource::~ByteSource() { close(descriptor); }

void ByteSource::read(std::uint64_t offset, void *target, std::size_t count) const {
    if (offset > size() || count > size() - offset) { endsEarly(); }
    if (isInflated) {
        if (count > 0) { std::memcpy(target, inflated.data() + offset, count); }
        return;
    }
    auto *bytes = static_cast<std::uint8_t *>(target);
    while (count > 0) {
        const ssize_t got = pread(descriptor, bytes, count, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) { continue; }
        if (got < 0) { unreadable(errno); }
        if (got == 0) { throw Failure(CDCMTK_CHANGED, "it became shorter while it was read"); }
        bytes += got;
        offset += static_cast<std::uint64_t>(got);
        count -= static_cast<std::size_t>(got);
    }
}

void ByteSource::inflate(std::uint64_t offset, std::uint64_t smallest) {
    if (offset >= identity.size) { endsEarly(); }
    inflate(offset, std::min(largestDataset, std::max(smallest, (identity.size - offset) * largestRatio)), false);
}

void ByteSource::inflateBeginning(std::uint64_t offset, std::uint64_t count) {
    if (offset >= identity.size) { endsEarly(); }
    inflate(offset, count, true);
}

void ByteSource::inflate(std::uint64_t offset, std::uint64_t limit, bool isCut) {
    const std::uint64_t fileSize = identity.size;
    std::vector<std::uint8_t> result, input(chunkSize);
    Inflater inflater;
    z_stream &state = inflater.stream;
    int status = Z_OK;
    while (status == Z_OK) {
        if (state.avail_in == 0) {
            const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), fileSize - offset));
            if (count == 0) { endsEarly(); }
            read(offset, input.data(), count);
            offset += count;
            state.next_in = input.data();
            state.avail_in = static_cast<uInt>(count);
        }
        const std::size_t filled = result.size();
        if (filled > limit && isCut) { break; }
        if (filled > limit) { throw Failure(CDCMTK_TOO_LARGE, "its deflated dataset becomes more than 64 times as large, or a gigabyte"); }
        result.resize(filled + chunkSize);
        state.next_out = result.data() + filled;
        state.avail_out = static_cast<uInt>(chunkSize);
        status = ::inflate(&state, Z_NO_FLUSH);
        result.resize(result.size() - state.avail_out);
    }
    if (status != Z_STREAM_END && !(isCut && status == Z_OK)) { throw Failure(CDCMTK_CORRUPT, "the deflated dataset is damaged"); }
    inflated = std::move(result);
    isInflated = true;
}

const std::uint8_t *Window::at(std::uint64_t offset, std::size_t count) {
    if (offset < start || offset + count > start + bytes.size()) {
        if (offset > source.size() || count > source.size() - offset) { endsEarly(); }
        bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(windowSize, source.size() - offset)));
        // Where reading fails nothing of the old window may be taken for the new one.
        start = offset;
        source.read(offset, bytes.data(), bytes.size());
    }
    return bytes.data() + (offset - start);
}
