// Random access to a file's bytes, or to those its deflated dataset becomes.
#ifndef COLUMNA_CDCMTK_BYTESOURCE_H
#define COLUMNA_CDCMTK_BYTESOURCE_H

#include "CDCMTK/Failure.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cdcmtk {

/// Which file it was, to find out that it was replaced.
struct FileIdentity {
    std::uint64_t device = 0, inode = 0, size = 0, modified = 0;
    bool operator==(const FileIdentity &other) const {
        return device == other.device && inode == other.inode && size == other.size && modified == other.modified;
    }
};

/// What a deflated dataset may become however small it is: a little more than an empty slice of 2048 x 2048 pixels, or than a mostly
/// empty segmentation of a whole CT. Beyond, it may become 64 times its size, and a gigabyte at most.
constexpr std::uint64_t inflatedImage = std::uint64_t(9) << 20;
constexpr std::uint64_t inflatedObject = std::uint64_t(64) << 20;

/// Reading is by position and not by memory map: a file that is cut while it is read must be an error and not a signal.
/// May be used by several threads at once.
class ByteSource {
  public:
    /// Throws `CDCMTK_UNREADABLE` also for pipes, devices and folders.
    explicit ByteSource(const char *path);
    ~ByteSource();
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;

    std::uint64_t size() const { return isInflated ? inflated.size() : identity.size; }
    /// Fills `target`; throws `CDCMTK_TRUNCATED` where the file does not reach so far.
    void read(std::uint64_t offset, void *target, std::size_t count) const;
    /// From here on the source is what the file's bytes from `offset` on become. Throws `CDCMTK_TOO_LARGE` for a bomb: more than
    /// `smallest` and more than 64 times its size.
    void inflate(std::uint64_t offset, std::uint64_t smallest);
    /// The same of the first bytes only: about so many.
    void inflateBeginning(std::uint64_t offset, std::uint64_t count);
    const FileIdentity &file() const { return identity; }

  private:
    void inflate(std::uint64_t offset, std::uint64_t limit, bool isCut);
    int descriptor = -1;
    FileIdentity identity;
    bool isInflated = false;
    std::vector<std::uint8_t> inflated;
};

/// A window that moves over a source, for reading many small pieces.
class Window {
  public:
    explicit Window(const ByteSource &source) : source(source) {}
    /// `count` bytes at `offset`, at most 4096; valid until the next call. Throws `CDCMTK_TRUNCATED`.
    const std::uint8_t *at(std::uint64_t offset, std::size_t count);
    std::uint64_t size() const { return source.size(); }
    /// The source became another one.
    void forget() { bytes.clear(); }

  private:
    const ByteSource &source;
    std::vector<std::uint8_t> bytes;
    std::uint64_t start = 0;
};

}  // namespace cdcmtk

#endif
