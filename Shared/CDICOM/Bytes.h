// Random access to a file's bytes, or to those its deflated dataset becomes.
#ifndef COLUMNA_CDICOM_BYTES_H
#define COLUMNA_CDICOM_BYTES_H

#include "CDICOM.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace cdicom {

/// Carries a status and a phrase to the C boundary, where it becomes a `cdicom_failure`.
struct Failure : std::runtime_error {
    cdicom_status status;
    Failure(cdicom_status status, const std::string &text) : std::runtime_error(text), status(status) {}
};

/// Reading is by position and not by memory map: a file that is cut while it is read must be an error and not a signal.
/// May be used by several threads at once.
class ByteSource {
  public:
    /// Throws `CDICOM_UNREADABLE` also for pipes, devices and folders.
    explicit ByteSource(const char *path);
    ~ByteSource();
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;

    std::uint64_t size() const { return isInflated ? inflated.size() : fileSize; }
    /// Fills `target`; throws `CDICOM_TRUNCATED` where the file does not reach so far.
    void read(std::uint64_t offset, void *target, std::size_t count) const;
    /// From here on the source is what the file's bytes from `offset` on become. Throws `CDICOM_TOO_LARGE` for a bomb.
    void inflate(std::uint64_t offset);

    /// Notes in a layout which file this is, or compares.
    void identify(cdicom_layout &layout) const;
    bool isIdentified(const cdicom_layout &layout) const;

  private:
    int descriptor = -1;
    std::uint64_t fileSize = 0, device = 0, inode = 0, modified = 0;
    bool isInflated = false;
    std::vector<std::uint8_t> inflated;
};

/// A window that moves over a source, for reading many small pieces.
class Window {
  public:
    explicit Window(const ByteSource &source) : source(source) {}
    /// `count` bytes at `offset`, at most 4096; valid until the next call. Throws `CDICOM_TRUNCATED`.
    const std::uint8_t *at(std::uint64_t offset, std::size_t count);
    std::uint64_t size() const { return source.size(); }
    /// The source became another one.
    void forget() { bytes.clear(); }

  private:
    const ByteSource &source;
    std::vector<std::uint8_t> bytes;
    std::uint64_t start = 0;
};

}  // namespace cdicom

#endif
