// Objects as DICOM files (PS3.10 7.1): received datasets are written, files to send are opened. Their pixels are never looked at.
#include "CDIMSEInternal.h"

#include "CDCMTK/NormalisedStream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace cdimse {

namespace {

/// A new file that is removed again when it goes out of scope. Remembers that writing failed instead of throwing: the rest of
/// the dataset must be taken from the network all the same.
class IncomingFile {
  public:
    explicit IncomingFile(const std::string &folder) {
        // A random name: workers of many hosts and containers may share the folder.
        path = folder + "/incoming-XXXXXX.dcm";
        descriptor = mkostemps(&path[0], 4, O_CLOEXEC);
        if (descriptor >= 0) { fchmod(descriptor, 0640); }
        hasFailed = descriptor < 0;
        exists = descriptor >= 0;
    }
    ~IncomingFile() {
        close();
        if (exists) { unlink(path.c_str()); }
    }
    IncomingFile(const IncomingFile &) = delete;

    void write(const std::uint8_t *bytes, std::size_t count) {
        while (!hasFailed && count > 0) {
            const ssize_t written = ::write(descriptor, bytes, count);
            if (written < 0 && errno == EINTR) { continue; }
            if (written <= 0) { hasFailed = true; return; }
            bytes += written;
            count -= std::size_t(written);
            byteCount += std::uint64_t(written);
        }
    }

    void close() {
        // Some file systems say only now that there was no room.
        if (descriptor >= 0 && ::close(descriptor) != 0) { hasFailed = true; }
        descriptor = -1;
    }

    std::string path;
    std::uint64_t byteCount = 0;
    bool hasFailed = false;

  private:
    int descriptor = -1;
    bool exists = false;
};

/// False where the beginning of the dataset cannot be read.
bool identify(const char *path, cdcmtk::Identity &found) {
    try {
        found = cdcmtk::ObjectFile::identity(path);
        return true;
    } catch (const Failure &) {
        return false;
    }
}

}  // namespace

Command storeResponse(const Command &request, std::uint16_t status) {
    Command response;
    response.field = StoreResponse;
    response.messageID = request.messageID;
    response.sopClass = request.sopClass;
    response.sopInstance = request.sopInstance;
    response.status = status;
    return response;
}

std::uint16_t receiveInstance(
    Link &link, std::uint8_t context, const Command &command, const std::string &folder, std::uint64_t largest,
    const std::string &callingTitle, const std::function<std::uint16_t(const cdimse_instance &)> &receive, std::uint64_t &byteCount) {
    byteCount = 0;
    const std::string transferSyntax = link.transferSyntax(context);
    const bool isMeant = isUID(command.sopClass) && isUID(command.sopInstance) && command.sopClass == link.abstractSyntax(context);
    if (!isMeant) {
        link.receiveDataSet(context, [](const std::uint8_t *, std::size_t) {});
        return isUID(command.sopClass) && isUID(command.sopInstance) ? notSupported : dataSetDoesNotMatch;
    }
    IncomingFile file(folder);
    const Bytes header = cdcmtk::fileHeader(command.sopClass, command.sopInstance, transferSyntax);
    file.write(header.data(), header.size());
    bool isTooLarge = false;
    link.receiveDataSet(context, [&](const std::uint8_t *bytes, std::size_t count) {
        if (file.byteCount + count > largest) { isTooLarge = true; }
        if (isTooLarge) { return; }
        file.write(bytes, count);
    });
    file.close();
    if (file.hasFailed || isTooLarge) { return outOfResources; }
    cdcmtk::Identity found;
    // What it leaves out, the command has said, and the file's header now says.
    if (!identify(file.path.c_str(), found)) { return cannotUnderstand; }
    if (found.sopClass != command.sopClass || found.sopInstance != command.sopInstance) { return dataSetDoesNotMatch; }
    byteCount = file.byteCount;
    const cdimse_instance instance{file.path.c_str(), command.sopClass.c_str(), command.sopInstance.c_str(), transferSyntax.c_str(),
                                   file.byteCount};
    return receive(instance);
}

// MARK: - Files to send

namespace {

using cdcmtk::ByteSource;

/// Writes an object anew while looking at it; needed only where it is not sound.
struct Outgoing {
    std::string sopClass, sopInstance, transferSyntax;
    std::uint64_t byteCount = 0;

    /// Throws UNREADABLE, NOT_DICOM, and CORRUPT for what is no whole object.
    explicit Outgoing(const char *path) {
        const cdcmtk::ObjectFile object = looking([&] { return cdcmtk::ObjectFile(path); });
        cdcmtk::Normaliser writer(*object.bytes(), object.encoding.isBigEndian, longestCopy);
        const cdcmtk::Findings found = looking([&] { return object.walk(writer); });
        const cdcmtk::Identity identity = looking([&] { return object.identity(); });
        sopClass = identity.sopClass;
        sopInstance = identity.sopInstance;
        if (!isUID(sopClass) || !isUID(sopInstance)) { throw Failure(CDCMTK_CORRUPT, "the object has no valid SOP class or SOP instance"); }
        transferSyntax = object.syntax.identifier;
        byteCount = object.bytes()->file().size;
        isSound = found.isSound && object.encoding.isExplicit == object.syntax.encoding.isExplicit && isUID(transferSyntax);
        if (isSound) {
            take(object, found, path);
        } else {
            write(object, writer);
        }
    }

    std::uint64_t size() const { return isSound ? end - begin : anew.size(); }

    void read(std::uint64_t offset, std::uint8_t *target, std::size_t count) const {
        if (isSound) { return source->read(begin + offset, target, count); }
        if (anew.read(*source, offset, target, count) != count) { throw Failure(CDCMTK_TRUNCATED, "it ends early"); }
    }

  private:
    static constexpr std::uint32_t longestCopy = 1024;
    std::shared_ptr<const ByteSource> source;
    cdcmtk::NormalisedStream anew;
    bool isSound = true;
    std::uint64_t begin = 0, end = 0;

    /// What looks at the file; its failures say so.
    template <typename Look> static auto looking(Look look) -> decltype(look()) {
        try {
            return look();
        } catch (const Failure &failure) {
            switch (failure.status) {
                case CDCMTK_UNREADABLE: throw Failure(CDCMTK_UNREADABLE, std::string("a file to send cannot be opened: ") + failure.what());
                case CDCMTK_NOT_DICOM: throw Failure(CDCMTK_NOT_DICOM, std::string("the file is no DICOM object: ") + failure.what());
                default: throw Failure(CDCMTK_CORRUPT, std::string("the file is no whole DICOM object: ") + failure.what());
            }
        }
    }

    void take(const cdcmtk::ObjectFile &object, const cdcmtk::Findings &found, const char *path) {
        const bool isDeflated = object.deflatedFrom > 0;
        source = isDeflated ? looking([&] { return std::make_shared<const ByteSource>(path); }) : object.bytes();
        begin = isDeflated ? object.deflatedFrom : object.begin;
        end = isDeflated ? source->size() : found.end;
        // Another file in the place of the one looked at.
        if (!(source->file() == object.bytes()->file())) { throw Failure(CDCMTK_CORRUPT, "the file is no whole DICOM object: it changed while it was read"); }
    }

    /// A dataset that others would refuse goes in the representation that says everything, its values as they are and its
    /// fragments of even length.
    void write(const cdcmtk::ObjectFile &object, cdcmtk::Normaliser &writer) {
        source = object.bytes();
        anew = std::move(writer.stream);
        if (object.syntax.hasBigEndianPixels != object.encoding.isBigEndian || !object.syntax.isKnown) {
            throw Failure(CDCMTK_CORRUPT, "the dataset is damaged and of a transfer syntax that it cannot be mended in");
        }
        if (!object.encoding.isBigEndian && !writer.hasFragments) { transferSyntax = cdcmtk::explicitLittleEndian; }
    }
};

void sendInstance(Link &link, std::uint8_t context, const Outgoing &object) {
    Command command;
    command.field = StoreRequest;
    command.messageID = link.nextMessageID++;
    command.sopClass = object.sopClass;
    command.sopInstance = object.sopInstance;
    command.hasDataSet = true;
    link.send(context, command);
    Bytes buffer(link.fragmentCapacity());
    for (std::uint64_t offset = 0; offset < object.size();) {
        std::size_t count = std::size_t(std::min<std::uint64_t>(buffer.size(), object.size() - offset));
        try {
            object.read(offset, buffer.data(), count);
        } catch (const Failure &) {
            // Once the command is out, the whole dataset must follow: a file that shrinks under our hands ends the association.
            throw Failure(CDCMTK_LOST, "a file became shorter or unreadable while it was sent");
        }
        offset += count;
        const bool isLast = offset == object.size();
        // Fragments are of even length; only a deflated dataset may end on an odd byte (PS3.5 A.5).
        if (isLast && count % 2 != 0) { buffer[count++] = 0; }
        link.sendFragment(context, false, buffer.data(), count, isLast);
    }
}

std::uint16_t storeFile(Link &link, const char *path) {
    const Outgoing object(path);
    const std::uint8_t context = link.context(object.sopClass, object.transferSyntax);
    if (context == 0) { throw Failure(CDCMTK_UNSUPPORTED, "the peer does not take this class of object in its transfer syntax"); }
    sendInstance(link, context, object);
    std::uint8_t answered;
    const Command response = link.receiveCommand(answered);
    if (response.field != StoreResponse) { throw Failure(CDCMTK_PROTOCOL, "the peer answered C-STORE with another message"); }
    return response.status;
}

void copy(const std::string &text, char (&target)[CDIMSE_UID_SIZE]) {
    std::strncpy(target, text.c_str(), sizeof target - 1);
    target[sizeof target - 1] = '\0';
}

}  // namespace

}  // namespace cdimse

int cdimse_read_header(const char *path, cdimse_file_header *header, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] {
        const cdimse::Outgoing object(path);
        *header = {};
        cdimse::copy(object.sopClass, header->sop_class);
        cdimse::copy(object.sopInstance, header->sop_instance);
        cdimse::copy(object.transferSyntax, header->transfer_syntax);
        header->byte_count = object.byteCount;
    });
}

int cdimse_store(cdimse_link *link, const char *path, std::uint16_t *status, cdcmtk_failure *failure) {
    return cdcmtk::guarded(failure, [&] { *status = cdimse::storeFile(*link->link, path); });
}
