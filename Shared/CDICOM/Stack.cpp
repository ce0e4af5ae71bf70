// Runs what recurses over nested sequences on a stack that suffices for them.
#include "CDICOMInternal.h"

#include <exception>
#include <pthread.h>

using cdicom::Failure;

namespace {

/// Twice what DCMTK was seen to use per level.
constexpr std::size_t bytesPerLevel = 4096;
/// So deep any thread can go: Dispatch gives 512 KB.
constexpr std::size_t shallow = 64;
/// Ten thousand frames of an enhanced object have some 200 000 items.
constexpr std::size_t deepest = 400000;

struct Job {
    const std::function<void()> &body;
    std::exception_ptr error;
};

void *run(void *argument) {
    auto *job = static_cast<Job *>(argument);
    try {
        job->body();
    } catch (...) {
        job->error = std::current_exception();
    }
    return nullptr;
}

}  // namespace

void cdicom::onStack(std::size_t levels, const std::function<void()> &body) {
    if (levels <= shallow) { return body(); }
    if (levels > deepest) { throw Failure(CDICOM_TOO_LARGE, "more than 400000 sequence items"); }
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) { throw std::bad_alloc(); }
    pthread_attr_setstacksize(&attributes, (std::size_t(1) << 20) + levels * bytesPerLevel);
    Job job = {body, nullptr};
    pthread_t thread;
    const int status = pthread_create(&thread, &attributes, run, &job);
    pthread_attr_destroy(&attributes);
    if (status != 0) { throw std::bad_alloc(); }
    pthread_join(thread, nullptr);
    if (job.error) { std::rethrow_exception(job.error); }
}
