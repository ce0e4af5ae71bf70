// Gives DCMTK a dataset as a stream whose lengths are true and whose long values lie in the file.
#include "Internal.h"

#include "dcmtk/dcmdata/dcistrma.h"

#include <algorithm>

using cdcmtk::Failure;
using cdcmtk::ByteSource;
using cdcmtk::NormalisedStream;

namespace {

/// Values longer than this stay on disk until they are asked for or written.
constexpr Uint32 largestEagerValue = 4096;

/// What values that stay on disk are read from; lives as long as any of them.
struct Content {
    std::shared_ptr<const ByteSource> source;
    NormalisedStream stream;
};

/// Reads on from a place in the content. DCMTK takes no exceptions: a file that can no longer be read ends early.
class Producer : public DcmProducer {
  public:
    Producer(std::shared_ptr<const Content> content, std::uint64_t at) : content(std::move(content)), at(at) {}

    OFBool good() const override { return condition.good(); }
    OFCondition status() const override { return condition; }
    OFBool eos() override { return at >= content->stream.size(); }
    offile_off_t avail() override { return static_cast<offile_off_t>(content->stream.size() - at); }

    offile_off_t read(void *buffer, offile_off_t count) override {
        if (condition.bad() || count <= 0) { return 0; }
        std::size_t done = 0;
        try {
            done = content->stream.read(*content->source, at, buffer, static_cast<std::size_t>(count));
        } catch (const std::exception &) {
            condition = EC_InvalidStream;
            return 0;
        }
        at += done;
        return static_cast<offile_off_t>(done);
    }

    offile_off_t skip(offile_off_t count) override {
        const auto done = std::min<std::uint64_t>(static_cast<std::uint64_t>(std::max<offile_off_t>(count, 0)), content->stream.size() - at);
        at += done;
        return static_cast<offile_off_t>(done);
    }

    void putback(offile_off_t count) override { at -= std::min<std::uint64_t>(static_cast<std::uint64_t>(count), at); }

  private:
    std::shared_ptr<const Content> content;
    std::uint64_t at;
    OFCondition condition = EC_Normal;
};

class Stream;

class Factory : public DcmInputStreamFactory {
  public:
    Factory(std::shared_ptr<const Content> content, std::uint64_t at) : content(std::move(content)), at(at) {}
    DcmInputStream *create() const override;
    DcmInputStreamFactory *clone() const override { return new Factory(content, at); }
    DcmInputStreamFactoryType ident() const override { return DFT_DcmInputFileStreamFactory; }

  private:
    std::shared_ptr<const Content> content;
    std::uint64_t at;
};

class Stream : public DcmInputStream {
  public:
    Stream(std::shared_ptr<const Content> content, std::uint64_t start)
        : DcmInputStream(new Producer(content, start)), content(std::move(content)), start(start) {}
    ~Stream() override { delete const_cast<DcmProducer *>(currentProducer()); }
    DcmInputStreamFactory *newFactory() const override { return new Factory(content, start + static_cast<std::uint64_t>(tell())); }

  private:
    std::shared_ptr<const Content> content;
    std::uint64_t start;
};

DcmInputStream *Factory::create() const { return new Stream(content, at); }

cdcmtk_status reason(const OFCondition &condition) {
    if (condition == EC_MemoryExhausted) { return CDCMTK_MEMORY; }
    return condition == EC_UnsupportedEncoding || condition == EC_UnknownTransferSyntax ? CDCMTK_UNSUPPORTED : CDCMTK_CORRUPT;
}

}  // namespace

void cdicomobjects::load(DcmDataset &dataset, E_TransferSyntax syntax, std::shared_ptr<const ByteSource> source, NormalisedStream normalised) {
    Stream stream(std::make_shared<const Content>(Content{std::move(source), std::move(normalised)}), 0);
    dataset.transferInit();
    const OFCondition condition = dataset.read(stream, syntax, EGL_noChange, largestEagerValue);
    dataset.transferEnd();
    if (condition.bad() && condition != EC_EndOfStream) { throw Failure(reason(condition), condition.text()); }
}
