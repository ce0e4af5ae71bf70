// What the translation units of the shim share; nothing here is visible to Swift.
#ifndef COLUMNA_CDICOM_INTERNAL_H
#define COLUMNA_CDICOM_INTERNAL_H

#include "CDICOM.h"

#include "CDCMTK/Failure.h"
#include "CDCMTK/NormalisedStream.h"
#include "CDCMTK/ObjectFile.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cdicom {

/// Largest number of pixels of a frame: 8192 x 8192. CT matrices end at 2048 x 2048.
constexpr std::size_t maximumPixelCount = std::size_t(8192) * 8192;

using cdcmtk::Failure;

/// Registers DCMTK's codecs, once per process.
void registerCodecs();

/// What was found in a file without parsing its values.
struct Structure {
    std::string transferSyntax;
    std::string mediaClass;
    std::string mediaInstance;
    /// How `elements` are encoded: explicit, in the order of the file.
    E_TransferSyntax encoding = EXS_Unknown;
    /// The elements that are asked for, written anew for DCMTK to parse.
    std::vector<std::uint8_t> elements;
    /// Where pixels and tables lie; sizes and bits are not filled in.
    cdicom_layout place = {};
};

/// Walks through a whole file, or as far as it goes. Throws what `ObjectFile` does.
enum class Extent { whole, untilDamage };
Structure walk(const char *path, Extent extent);

/// What is known of a frame's bytes besides themselves.
struct Expectation {
    /// Run lengths and frames that nobody compressed have no header that tells them from anything else.
    const std::string &transferSyntax;
    /// The transfer syntax names a codec that is decoded here.
    bool isPromised;
    /// A delimiter follows the fragments: nothing was cut off.
    bool isDelimited;
};

/// Decodes one frame's fragments, joined, into stored values, by what their own header says they are: writers label one process as
/// another, and decoders believe the label.
void decodeStream(const std::vector<std::uint8_t> &bytes, const cdicom_layout &layout, const Expectation &expected, std::int32_t *values);

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

/// For messages.
inline std::string named(const cdicom_layout &layout) { return std::string("transfer syntax ") + layout.transfer_syntax; }

inline std::size_t pixelCount(const cdicom_layout &layout) { return std::size_t(layout.rows) * std::size_t(layout.columns); }

}  // namespace cdicom

struct cdicom_file {
    cdicom::Structure structure;
    DcmDataset dataset;
    /// Functional groups of the frames and of all frames; owned by the dataset.
    std::vector<DcmItem *> frameGroups;
    DcmItem *sharedGroups = nullptr;
    /// Names of a directory's records.
    std::vector<std::string> references;
};

#endif
