// A file with a DICOM object (PS3.10, 7.1), or with a dataset alone.
#ifndef COLUMNA_CDCMTK_OBJECTFILE_H
#define COLUMNA_CDCMTK_OBJECTFILE_H

#include "CDCMTK/Walk.h"

#include <memory>
#include <string>
#include <vector>

namespace cdcmtk {

/// What an object says it is; empty where it does not.
struct Identity {
    std::string sopClass, sopInstance;
};

/// Belongs to one thread at a time; its bytes do not.
class ObjectFile {
  public:
    /// Reads the meta header, and inflates a deflated dataset (see `inflatedImage`).
    explicit ObjectFile(const char *path, std::uint64_t smallestInflated = inflatedObject);

    /// What the beginning of the dataset says, or where it says nothing the meta header. Reads no further than that.
    static Identity identity(const char *path);
    Identity identity() const;

    /// Throws where the dataset is cut off, contradicts its encoding, or says not even what it is.
    Findings walk(Visitor &visitor) const;

    /// What `begin` and all offsets count in.
    std::shared_ptr<const ByteSource> bytes() const { return file; }

    /// Of the meta header, empty where it is missing: sloppy writers leave there what the object was before.
    std::string mediaClass, mediaInstance;
    /// As stated, or as it looks where nothing is stated.
    TransferSyntax syntax;
    /// As the elements look: some writers state one and write the other.
    Encoding encoding;
    /// Of the dataset.
    std::uint64_t begin = 0;
    /// Where the deflated bytes begin in the file; 0 where none are.
    std::uint64_t deflatedFrom = 0;

  private:
    enum class Extent { whole, beginning };
    ObjectFile(const char *path, Extent extent, std::uint64_t smallestInflated);
    void findDataset();
    std::uint64_t readMetaHeader(std::uint64_t offset);
    void chooseEncoding(bool isStated);

    std::shared_ptr<ByteSource> file;
    /// Over all of it: files are read in few pieces.
    mutable Window window;
    bool isBare = false;
};

/// Preamble and meta header of an object, explicit little endian. Without the source's title (0002,0016): the same object from two
/// callers is the same bytes.
std::vector<std::uint8_t> fileHeader(const std::string &sopClass, const std::string &sopInstance, const std::string &transferSyntax);

/// Ours, in meta headers and associations.
constexpr const char *implementationClass = "2.25.111287878585273210175815291527437318660";
constexpr const char *implementationVersion = "COLUMNA_4";

}  // namespace cdcmtk

#endif
