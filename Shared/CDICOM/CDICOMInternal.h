// What the translation units of the shim share; nothing here is visible to Swift.
#ifndef COLUMNA_CDICOM_INTERNAL_H
#define COLUMNA_CDICOM_INTERNAL_H

#include "Bytes.h"
#include "CDICOM.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cdicom {

/// Largest number of pixels of a frame: 8192 x 8192. CT matrices end at 2048 x 2048.
constexpr std::size_t maximumPixelCount = std::size_t(8192) * 8192;

/// Silences DCMTK and registers its codecs, once per process.
void initialize();

/// Runs `body`, turning every exception into `failure`; true when there was none.
template <typename Body> bool guarded(cdicom_failure *failure, Body body) noexcept;

void report(cdicom_failure *failure, cdicom_status status, const char *text) noexcept;

/// Number of sequence items in encoded elements, of either byte order; random values may add a few.
std::size_t countItems(const std::vector<std::uint8_t> &bytes);

/// Runs `body` on a stack for so many nested sequences, in the caller's time; passes on what it throws.
void onStack(std::size_t levels, const std::function<void()> &body);

/// What was found in a file without parsing its values.
struct Structure {
    std::string transferSyntax;
    std::string mediaClass;
    /// How the elements are encoded; pixels may be encapsulated all the same.
    E_TransferSyntax encoding = EXS_Unknown;
    /// The elements that are asked for, as they are in the file, for DCMTK to parse.
    std::vector<std::uint8_t> elements;
    bool hasSOPClass = false;
    /// Where pixels and tables lie; sizes and bits are not filled in.
    cdicom_layout place = {};
};

/// Walks through a whole file, or as far as it goes. Throws `Failure`.
enum class Extent { whole, untilDamage };
Structure walk(const char *path, Extent extent = Extent::whole);

/// A fragment of encapsulated pixel data, or of anything else that is a list of items.
struct Fragment {
    std::uint64_t offset;
    std::uint32_t length;
};

/// The items of encapsulated pixel data from `offset` on; the first one is the offset table.
std::vector<Fragment> fragments(const ByteSource &source, std::uint64_t offset);

/// Which attributes are kept by `walk`.
bool isWanted(std::uint16_t group, std::uint16_t element);
bool isWantedSequence(std::uint16_t group, std::uint16_t element);

/// Decodes one frame's fragments, joined, through DCMTK's RLE, JPEG and JPEG-LS codecs into stored values.
void decodeThroughDCMTK(const std::vector<std::uint8_t> &stream, const cdicom_layout &layout, E_TransferSyntax syntax,
                        std::int32_t *values);

/// Decodes one frame of lossless JPEG into stored values; false, with nothing done, for what is left to DCMTK.
bool decodeLosslessJPEG(const std::vector<std::uint8_t> &stream, const cdicom_layout &layout, std::int32_t *values);

/// Decodes a JPEG 2000 codestream or JP2 file of one component into stored values.
void decodeJPEG2000(const std::vector<std::uint8_t> &stream, const cdicom_layout &layout, std::int32_t *values);

/// Refuses what no image of one sample per pixel can be.
void check(const cdicom_layout &layout);

/// Cuts the unused bits off and extends the sign. `bytes` are little endian.
void unpack(const std::uint8_t *bytes, const cdicom_layout &layout, std::int32_t *values);

inline std::size_t pixelCount(const cdicom_layout &layout) { return std::size_t(layout.rows) * std::size_t(layout.columns); }

template <typename Body> bool guarded(cdicom_failure *failure, Body body) noexcept {
    try {
        report(failure, CDICOM_OK, "");
        body();
        return true;
    } catch (const Failure &error) {
        report(failure, error.status, error.what());
    } catch (const std::bad_alloc &) {
        report(failure, CDICOM_MEMORY, "memory exhausted");
    } catch (const std::length_error &) {
        report(failure, CDICOM_MEMORY, "memory exhausted");
    } catch (...) {
        report(failure, CDICOM_INTERNAL, "unexpected exception in the DICOM library");
    }
    return false;
}

}  // namespace cdicom

struct cdicom_file {
    cdicom::Structure structure;
    DcmDataset dataset;
    /// At most so many sequences are nested.
    std::size_t levels = 0;
    /// Functional groups of the frames and of all frames; owned by the dataset.
    std::vector<DcmItem *> frameGroups;
    DcmItem *sharedGroups = nullptr;
    /// Names of a directory's records.
    std::vector<std::string> references;
};

#endif
