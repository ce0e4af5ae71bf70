// Opening, decoding and writing objects.
#include "Internal.h"

#include "dcmtk/dcmdata/dcostrmf.h"
#include "dcmtk/dcmdata/dcwcache.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

using cdcmtk::Failure;

namespace {

using Owner = std::unique_ptr<cdicomobjects_file>;

/// Values longer than this are not copied before DCMTK reads them.
constexpr std::uint32_t longestCopy = 1024;

/// What DCMTK may take fragments for. It does not look into them, and does not know every syntax.
E_TransferSyntax encapsulating(const std::string &identifier) {
    const DcmXfer known(identifier.c_str());
    return known.getXfer() != EXS_Unknown && known.isEncapsulated() ? known.getXfer() : EXS_JPEG2000;
}

/// In what DCMTK has to write the dataset so that it is what its syntax says.
E_TransferSyntax native(const cdcmtk::ObjectFile &file) {
    if (file.encoding.isBigEndian) { return EXS_BigEndianExplicit; }
    if (file.syntax.isDeflated) { return EXS_DeflatedLittleEndianExplicit; }
    return file.syntax.encoding.isExplicit ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit;
}

Owner load(const char *path) {
    const cdcmtk::ObjectFile object(path);
    cdcmtk::Normaliser writer(*object.bytes(), object.encoding.isBigEndian, longestCopy);
    object.walk(writer);
    auto file = std::make_unique<cdicomobjects_file>();
    const E_TransferSyntax plain = object.encoding.isBigEndian ? EXS_BigEndianExplicit : EXS_LittleEndianExplicit;
    file->syntaxName = object.syntax.identifier;
    file->held = writer.hasFragments ? encapsulating(file->syntaxName) : plain;
    file->written = writer.hasFragments ? file->held : native(object);
    const std::pair<Uint16, const std::string &> stated[] = {
        {0x0002, object.mediaClass}, {0x0003, object.mediaInstance}, {0x0010, object.syntax.identifier}};
    for (const auto &[element, text] : stated) {
        if (!text.empty()) { file->meta.putAndInsertString(DcmTag(0x0002, element), text.c_str()); }
    }
    cdicomobjects::load(file->dataset, file->held, object.bytes(), std::move(writer.stream));
    return file;
}

std::string text(DcmItem &item, const DcmTagKey &key) {
    OFString found;
    return item.findAndGetOFString(key, found).good() ? std::string(found.c_str()) : std::string();
}

/// The dataset's own identifiers; the meta header's where the dataset has lost them.
std::vector<std::uint8_t> headerOf(cdicomobjects_file &file) {
    const auto stated = [&](const DcmTagKey &own, const DcmTagKey &meta) {
        const std::string found = text(file.dataset, own);
        return found.empty() ? text(file.meta, meta) : found;
    };
    const std::string sopClass = stated(DCM_SOPClassUID, DCM_MediaStorageSOPClassUID), instance = stated(DCM_SOPInstanceUID, DCM_MediaStorageSOPInstanceUID);
    if (sopClass.empty() || instance.empty()) { throw Failure(CDCMTK_UNWRITABLE, "an object without SOP class or instance"); }
    return cdcmtk::fileHeader(sopClass, instance, file.syntaxName.empty() ? cdcmtk::explicitLittleEndian : file.syntaxName);
}

void write(cdicomobjects_file &file, DcmOutputStream &stream) {
    DcmWriteCache cache;
    file.dataset.transferInit();
    const OFCondition condition = file.dataset.write(stream, file.written, EET_UndefinedLength, &cache, EGL_withoutGL, EPD_withoutPadding);
    file.dataset.transferEnd();
    if (condition.bad()) { throw Failure(CDCMTK_UNWRITABLE, condition.text()); }
    stream.flush();
    if (!stream.good() || !stream.isFlushed()) { throw Failure(CDCMTK_UNWRITABLE, "the file cannot be written to its end"); }
}

}  // namespace

cdicomobjects_file *cdicomobjects_open(const char *path, cdcmtk_failure *failure) {
    cdicomobjects_file *file = nullptr;
    cdcmtk::guarded(failure, [&] {
        file = load(path).release();
    });
    return file;
}

cdicomobjects_file *cdicomobjects_create(cdcmtk_failure *failure) {
    cdicomobjects_file *file = nullptr;
    cdcmtk::guarded(failure, [&] {
        file = new cdicomobjects_file;
    });
    return file;
}

void cdicomobjects_close(cdicomobjects_file *file) {
    cdcmtk::guarded(nullptr, [&] { delete file; });
}

cdicomobjects_item *cdicomobjects_dataset(cdicomobjects_file *file) { return cdicomobjects::wrap(&file->dataset); }

cdicomobjects_item *cdicomobjects_meta(cdicomobjects_file *file) { return cdicomobjects::wrap(&file->meta); }

const char *cdicomobjects_transfer_syntax(const cdicomobjects_file *file) { return file->syntaxName.c_str(); }

int cdicomobjects_save(cdicomobjects_file *file, const char *path, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        const std::vector<std::uint8_t> header = headerOf(*file);
        std::FILE *target = std::fopen(path, "wb");
        if (target == nullptr) { throw Failure(CDCMTK_UNWRITABLE, std::strerror(errno)); }
        // Closes the file.
        DcmOutputFileStream stream(target);
        const bool isBegun = std::fwrite(header.data(), 1, header.size(), target) == header.size();
        if (isBegun) { write(*file, stream); }
        if (!isBegun || std::fflush(target) != 0) { throw Failure(CDCMTK_UNWRITABLE, "the file cannot be written to its end"); }
    });
}
