// Opening, decoding and writing objects.
#include "Internal.h"

#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/oflog/oflog.h"

#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

using cdicomobjects::Failure;

namespace {

/// Values longer than this stay on disk until they are asked for or written.
constexpr Uint32 largestEagerValue = 4096;

using Owner = std::unique_ptr<cdicomobjects_file>;

cdicomobjects_status statusOf(const OFCondition &condition) {
    if (condition == EC_MemoryExhausted) { return CDICOMOBJECTS_MEMORY; }
    return condition == EC_UnsupportedEncoding || condition == EC_UnknownTransferSyntax ? CDICOMOBJECTS_UNSUPPORTED : CDICOMOBJECTS_CORRUPT;
}

/// Whether sequences are nested deeper than `limit`; looks without recursion.
bool isDeeper(DcmItem *dataset, int limit) {
    std::vector<std::pair<DcmItem *, int>> pending = {{dataset, 0}};
    while (!pending.empty()) {
        const auto [item, depth] = pending.back();
        pending.pop_back();
        for (DcmObject *element = item->nextInContainer(nullptr); element != nullptr; element = item->nextInContainer(element)) {
            if (element->ident() != EVR_SQ) { continue; }
            if (depth >= limit) { return true; }
            for (DcmObject *inner = element->nextInContainer(nullptr); inner != nullptr; inner = element->nextInContainer(inner)) {
                pending.emplace_back(static_cast<DcmItem *>(inner), depth + 1);
            }
        }
    }
    return false;
}

void load(const char *path, Owner &file) {
    // Freeing what is nested too deep recurses as well, so it is done here, on the deep stack.
    try {
        const OFCondition condition = file->format.loadFile(path, EXS_Unknown, EGL_noChange, largestEagerValue, ERM_autoDetect);
        if (condition.bad()) { throw Failure(statusOf(condition), condition.text()); }
        DcmDataset *dataset = file->format.getDataset();
        if (!dataset->tagExists(DCM_SOPClassUID) && !dataset->tagExists(DCM_SOPInstanceUID)) {
            throw Failure(CDICOMOBJECTS_CORRUPT, "no DICOM object, or one without SOP class and instance");
        }
        if (isDeeper(dataset, CDICOMOBJECTS_MAXIMUM_DEPTH)) { throw Failure(CDICOMOBJECTS_TOO_LARGE, "sequences nested deeper than 64"); }
        file->syntax = dataset->getOriginalXfer();
        file->syntaxName = DcmXfer(file->syntax).getXferID();
    } catch (...) {
        file.reset();
        throw;
    }
}

}  // namespace

void cdicomobjects::initialize() {
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
    });
}

void cdicomobjects::report(cdicomobjects_failure *failure, cdicomobjects_status status, const char *text) noexcept {
    if (failure == nullptr) { return; }
    failure->status = status;
    std::strncpy(failure->text, text, sizeof failure->text - 1);
    failure->text[sizeof failure->text - 1] = '\0';
}

cdicomobjects_file *cdicomobjects_open(const char *path, cdicomobjects_failure *failure) {
    Owner file;
    cdicomobjects::guarded(failure, [&] {
        cdicomobjects::initialize();
        const std::size_t depth = cdicomobjects::possibleDepth(path);
        file = std::make_unique<cdicomobjects_file>();
        cdicomobjects::onDeepStack(depth, [&] { load(path, file); });
    });
    // When loading failed, its file is gone already.
    return failure != nullptr && failure->status != CDICOMOBJECTS_OK ? nullptr : file.release();
}

cdicomobjects_file *cdicomobjects_create(cdicomobjects_failure *failure) {
    cdicomobjects_file *file = nullptr;
    cdicomobjects::guarded(failure, [&] {
        cdicomobjects::initialize();
        file = new cdicomobjects_file;
    });
    return file;
}

void cdicomobjects_close(cdicomobjects_file *file) {
    cdicomobjects::guarded(nullptr, [&] { delete file; });
}

cdicomobjects_item *cdicomobjects_dataset(cdicomobjects_file *file) { return cdicomobjects::wrap(file->format.getDataset()); }

cdicomobjects_item *cdicomobjects_meta(cdicomobjects_file *file) { return cdicomobjects::wrap(file->format.getMetaInfo()); }

const char *cdicomobjects_transfer_syntax(const cdicomobjects_file *file) { return file->syntaxName.c_str(); }

int cdicomobjects_decompress(cdicomobjects_file *file, cdicomobjects_failure *failure) {
    return cdicomobjects::guarded(failure, [&] {
        if (!DcmXfer(file->syntax).isEncapsulated()) { return; }
        const OFCondition condition = file->format.getDataset()->chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
        if (condition.bad()) { throw Failure(CDICOMOBJECTS_UNSUPPORTED, condition.text()); }
    });
}

int cdicomobjects_save(cdicomobjects_file *file, const char *path, cdicomobjects_failure *failure) {
    return cdicomobjects::guarded(failure, [&] {
        const E_TransferSyntax syntax = file->syntax == EXS_Unknown ? EXS_LittleEndianExplicit : file->syntax;
        // A file of its own around the dataset: of the old preamble and meta header nothing can remain.
        DcmFileFormat fresh(file->format.getDataset(), OFFalse);
        OFCondition condition = EC_IllegalCall;
        try {
            condition = fresh.saveFile(path, syntax, EET_UndefinedLength, EGL_withoutGL, EPD_withoutPadding);
        } catch (...) {
            fresh.getAndRemoveDataset();
            throw;
        }
        fresh.getAndRemoveDataset();
        if (condition.bad()) { throw Failure(CDICOMOBJECTS_UNWRITABLE, condition.text()); }
    });
}
