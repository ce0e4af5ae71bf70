// What the translation units of the shim share; nothing here is visible to Swift.
#ifndef COLUMNA_CDICOMOBJECTS_INTERNAL_H
#define COLUMNA_CDICOMOBJECTS_INTERNAL_H

#include "CDICOMObjects.h"

#include "CDCMTK/Failure.h"
#include "CDCMTK/NormalisedStream.h"
#include "CDCMTK/ObjectFile.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct cdicomobjects_file {
    DcmDataset dataset;
    DcmItem meta;
    /// How DCMTK has the pixels, and what it is to write the dataset in.
    E_TransferSyntax held = EXS_LittleEndianExplicit, written = EXS_LittleEndianExplicit;
    /// What the file is called: DCMTK does not know all of them. Empty for a new object.
    std::string syntaxName;
};

namespace cdicomobjects {

/// Reads a dataset that was written anew into DCMTK's; values longer than 4 KiB stay on disk until asked for.
void load(DcmDataset &dataset, E_TransferSyntax syntax, std::shared_ptr<const cdcmtk::ByteSource> source, cdcmtk::NormalisedStream stream);

inline DcmItem *unwrap(cdicomobjects_item *item) { return reinterpret_cast<DcmItem *>(item); }
inline cdicomobjects_item *wrap(DcmItem *item) { return reinterpret_cast<cdicomobjects_item *>(item); }

}  // namespace cdicomobjects

#endif
