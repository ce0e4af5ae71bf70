// Objects as DICOM files (PS3.10 7.1): received datasets are written, files to send are opened; their bytes are never interpreted
// beyond the header and the SOP identifiers.
#include "CDIMSEInternal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cdimse {

namespace {

/// Of a dataset's beginning: enough for the elements up to SOP Instance UID.
constexpr std::size_t prefixLength = 1 << 16;

void append(Bytes &bytes, std::uint32_t value, std::size_t size) {
    for (std::size_t index = 0; index < size; ++index) { bytes.push_back(std::uint8_t(value >> (8 * index))); }
}

/// An element of the file header, explicit VR little endian.
void appendText(Bytes &bytes, std::uint16_t element, const char *representation, const std::string &value, char padding) {
    append(bytes, 0x0002, 2);
    append(bytes, element, 2);
    bytes.insert(bytes.end(), representation, representation + 2);
    const bool isOdd = value.size() % 2 != 0;
    append(bytes, std::uint32_t(value.size() + isOdd), 2);
    bytes.insert(bytes.end(), value.begin(), value.end());
    if (isOdd) { bytes.push_back(std::uint8_t(padding)); }
}

/// Without the source's title (0002,0016): the same object from two callers is the same bytes.
Bytes fileHeader(const Command &command, const std::string &transferSyntax) {
    Bytes group;
    const std::uint8_t version[] = {0x02, 0x00, 0x01, 0x00, 'O', 'B', 0, 0, 2, 0, 0, 0, 0x00, 0x01};
    group.insert(group.end(), version, version + sizeof version);
    appendText(group, 0x0002, "UI", command.sopClass, '\0');
    appendText(group, 0x0003, "UI", command.sopInstance, '\0');
    appendText(group, 0x0010, "UI", transferSyntax, '\0');
    appendText(group, 0x0012, "UI", implementationClass, '\0');
    appendText(group, 0x0013, "SH", implementationVersion, ' ');
    Bytes bytes(128, 0);
    const std::uint8_t start[] = {'D', 'I', 'C', 'M', 0x02, 0x00, 0x00, 0x00, 'U', 'L', 4, 0};
    bytes.insert(bytes.end(), start, start + sizeof start);
    append(bytes, std::uint32_t(group.size()), 4);
    bytes.insert(bytes.end(), group.begin(), group.end());
    return bytes;
}

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
    const Bytes header = fileHeader(command, transferSyntax);
    file.write(header.data(), header.size());
    Bytes prefix;
    bool isTooLarge = false;
    link.receiveDataSet(context, [&](const std::uint8_t *bytes, std::size_t count) {
        if (file.byteCount + count > largest) { isTooLarge = true; }
        if (isTooLarge) { return; }
        file.write(bytes, count);
        if (prefix.size() < prefixLength) { prefix.insert(prefix.end(), bytes, bytes + std::min(count, prefixLength - prefix.size())); }
    });
    file.close();
    if (file.hasFailed || isTooLarge) { return outOfResources; }
    const Identity found = identity(prefix, transferSyntax);
    if (found.sopClass.empty() || found.sopInstance.empty()) { return cannotUnderstand; }
    if (found.sopClass != command.sopClass || found.sopInstance != command.sopInstance) { return dataSetDoesNotMatch; }
    byteCount = file.byteCount;
    const cdimse_instance instance{file.path.c_str(), command.sopClass.c_str(), command.sopInstance.c_str(), transferSyntax.c_str(),
                                   file.byteCount};
    return receive(instance);
}

// MARK: - Files to send

namespace {

/// The elements of group 2, from byte 132 on.
void readHeader(const Bytes &bytes, cdimse_file_header &header) {
    const auto damaged = [] { return Failure(CDIMSE_NOT_DICOM, "the DICOM file header is damaged"); };
    if (bytes.size() < 144 || std::memcmp(bytes.data() + 128, "DICM", 4) != 0) {
        throw Failure(CDIMSE_NOT_DICOM, "the file has no DICOM file header");
    }
    const auto number = [&](std::size_t at, std::size_t size) {
        std::size_t value = 0;
        for (std::size_t index = 0; index < size; ++index) { value |= std::size_t(bytes[at + index]) << (8 * index); }
        return value;
    };
    std::size_t position = 132;
    while (bytes.size() - position >= 8 && number(position, 2) == 0x0002) {
        const std::size_t element = number(position + 2, 2);
        const bool isLong = std::memcmp(&bytes[position + 4], "OB", 2) == 0 || std::memcmp(&bytes[position + 4], "UN", 2) == 0;
        if (isLong && bytes.size() - position < 12) { throw damaged(); }
        const std::size_t length = isLong ? number(position + 8, 4) : number(position + 6, 2);
        position += isLong ? 12 : 8;
        if (length > bytes.size() - position) { throw damaged(); }
        char *target = element == 0x0002 ? header.sop_class : element == 0x0003 ? header.sop_instance : element == 0x0010 ? header.transfer_syntax : nullptr;
        if (target != nullptr) {
            std::string text(reinterpret_cast<const char *>(&bytes[position]), length);
            while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) { text.pop_back(); }
            if (!isUID(text)) { throw damaged(); }
            std::memcpy(target, text.c_str(), text.size() + 1);
        }
        position += length;
    }
    if (*header.sop_class == 0 || *header.sop_instance == 0 || *header.transfer_syntax == 0) { throw damaged(); }
    header.dataset_offset = position;
}

struct Descriptor {
    int number;
    explicit Descriptor(const char *path) : number(open(path, O_RDONLY | O_CLOEXEC)) {
        if (number < 0) { throw Failure(CDIMSE_UNREADABLE, "a file to send cannot be opened"); }
    }
    ~Descriptor() { close(number); }
    Descriptor(const Descriptor &) = delete;

    /// As many bytes as there are, up to `count`.
    std::size_t read(std::uint8_t *bytes, std::size_t count) const {
        std::size_t total = 0;
        while (total < count) {
            const ssize_t got = ::read(number, bytes + total, count - total);
            if (got < 0 && errno == EINTR) { continue; }
            if (got < 0) { throw Failure(CDIMSE_UNREADABLE, "a file to send cannot be read"); }
            if (got == 0) { break; }
            total += std::size_t(got);
        }
        return total;
    }

    bool fill(std::uint8_t *bytes, std::size_t count) const noexcept {
        try {
            return read(bytes, count) == count;
        } catch (const Failure &) {
            return false;
        }
    }
};

cdimse_file_header headerOf(const Descriptor &file) {
    Bytes bytes(8192);
    bytes.resize(file.read(bytes.data(), bytes.size()));
    cdimse_file_header header{};
    readHeader(bytes, header);
    struct stat information;
    if (fstat(file.number, &information) != 0 || !S_ISREG(information.st_mode)) {
        throw Failure(CDIMSE_UNREADABLE, "only a regular file can be sent");
    }
    header.byte_count = std::uint64_t(information.st_size);
    if (header.byte_count <= header.dataset_offset) { throw Failure(CDIMSE_NOT_DICOM, "the file holds no dataset"); }
    return header;
}

void sendInstance(Link &link, std::uint8_t context, const Descriptor &file, const cdimse_file_header &header) {
    Command command;
    command.field = StoreRequest;
    command.messageID = link.nextMessageID++;
    command.sopClass = header.sop_class;
    command.sopInstance = header.sop_instance;
    command.hasDataSet = true;
    link.send(context, command);
    std::uint64_t rest = header.byte_count - header.dataset_offset;
    Bytes buffer(link.fragmentCapacity());
    while (rest > 0) {
        std::size_t count = std::size_t(std::min<std::uint64_t>(buffer.size(), rest));
        // Once the command is out, the whole dataset must follow: a file that shrinks under our hands ends the association.
        if (!file.fill(buffer.data(), count)) { throw Failure(CDIMSE_LOST, "a file became shorter or unreadable while it was sent"); }
        rest -= count;
        // Fragments are of even length; only a deflated dataset may end on an odd byte (PS3.5 A.5).
        if (rest == 0 && count % 2 != 0) { buffer[count++] = 0; }
        link.sendFragment(context, false, buffer.data(), count, rest == 0);
    }
}

std::uint16_t storeFile(Link &link, const char *path) {
    const Descriptor file(path);
    const cdimse_file_header header = headerOf(file);
    const bool isDeflated = std::strcmp(header.transfer_syntax, "1.2.840.10008.1.2.1.99") == 0;
    if ((header.byte_count - header.dataset_offset) % 2 != 0 && !isDeflated) {
        throw Failure(CDIMSE_NOT_DICOM, "the dataset of the file has an odd number of bytes: it is cut off");
    }
    const std::uint8_t context = link.context(header.sop_class, header.transfer_syntax);
    if (context == 0) { throw Failure(CDIMSE_NOT_SUPPORTED, "the peer does not take this class of object in its transfer syntax"); }
    if (lseek(file.number, off_t(header.dataset_offset), SEEK_SET) < 0) { throw Failure(CDIMSE_UNREADABLE, "a file to send cannot be read"); }
    sendInstance(link, context, file, header);
    std::uint8_t answered;
    const Command response = link.receiveCommand(answered);
    if (response.field != StoreResponse) { throw Failure(CDIMSE_PROTOCOL, "the peer answered C-STORE with another message"); }
    return response.status;
}

}  // namespace

}  // namespace cdimse

int cdimse_read_header(const char *path, cdimse_file_header *header, cdimse_failure *failure) {
    return cdimse::guarded(failure, [&] { *header = cdimse::headerOf(cdimse::Descriptor(path)); });
}

int cdimse_store(cdimse_link *link, const char *path, std::uint16_t *status, cdimse_failure *failure) {
    return cdimse::guarded(failure, [&] { *status = cdimse::storeFile(*link->link, path); });
}
