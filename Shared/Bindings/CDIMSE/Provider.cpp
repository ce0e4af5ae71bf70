// Listens for callers, gives each a thread, watches that none takes too long, and stops.
#include "Session.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dcmtk/dcmnet/dul.h"

#include <cerrno>
#include <cstring>
#include <list>
#include <thread>

using cdcmtk::Failure;
using cdimse::Link;
using cdimse::Session;

namespace {

/// Callers beyond the limit are answered politely, so many at a time; those beyond are cut off.
constexpr std::size_t politeRefusals = 16;
/// How often the watchdog looks, in milliseconds.
constexpr int watchInterval = 250;
/// After a stop, a caller that waits for so long sends nothing more.
constexpr std::int64_t idleAfterStop = 500;

struct Caller {
    Session session;
    std::atomic<bool> hasEnded{false};
    std::thread thread;

    Caller(const cdimse::ProviderFacts &facts, std::uint64_t number, int socket, bool isWithinLimit)
        : session(facts, number, socket, isWithinLimit) {
        thread = std::thread([this] {
            session.serve();
            hasEnded = true;
        });
    }
    ~Caller() { thread.join(); }
};

int listen(const cdimse_provider_settings &settings, std::uint16_t &port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(settings.port);
    if (inet_pton(AF_INET, settings.bind_address, &address.sin_addr) != 1) {
        throw Failure(CDCMTK_INVALID, "the address to listen at is no numeric IPv4 address");
    }
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) { throw Failure(CDCMTK_INTERNAL, "no socket is free"); }
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socklen_t length = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), length) != 0 || ::listen(listener, 128) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) != 0) {
        const int error = errno;
        close(listener);
        throw Failure(CDCMTK_ADDRESS_IN_USE, std::string("the address to listen at cannot be had: ") + strerror(error));
    }
    port = ntohs(address.sin_port);
    return listener;
}

}  // namespace

struct cdimse_provider {
    cdimse::ProviderFacts facts;
    std::size_t maximumAssociations = 0;
    std::uint16_t port = 0;
    int listener = -1, wake = -1;
    std::atomic<std::int64_t> stopDeadline{0};
    std::thread watcher;
    /// Belongs to the watcher's thread.
    std::list<Caller> callers;
    std::uint64_t count = 0;

    cdimse_provider(const cdimse_provider_settings &settings, cdimse_handlers handlers) {
        facts.folder = settings.folder;
        facts.transferSyntaxes.assign(settings.transfer_syntaxes, settings.transfer_syntaxes + settings.transfer_syntax_count);
        facts.largestInstance = settings.largest_instance;
        facts.maximumPDU = settings.maximum_pdu;
        facts.timeout = settings.timeout;
        facts.handlers = handlers;
        maximumAssociations = std::size_t(settings.maximum_associations);
        listener = listen(settings, port);
        wake = eventfd(0, EFD_CLOEXEC);
        const std::lock_guard<std::mutex> lock(cdimse::networkVariables());
        // Told of a socket, dcmnet does not open one of its own, which would listen at every address.
        dcmExternalSocketHandle.set(listener);
        const OFCondition condition = ASC_initializeNetwork(NET_ACCEPTOR, port, facts.timeout, &facts.network);
        dcmExternalSocketHandle.set(-1);
        if (condition.bad() || wake < 0) {
            release();
            throw Failure(CDCMTK_INTERNAL, "the DICOM network cannot be set up");
        }
    }

    ~cdimse_provider() { release(); }

    void release() {
        if (listener >= 0) { close(listener); }
        if (wake >= 0) { close(wake); }
        if (facts.network != nullptr) { ASC_dropNetwork(&facts.network); }
        listener = wake = -1;
    }

    void run() noexcept {
        while (stopDeadline == 0 || !callers.empty()) {
            pollfd events[] = {{wake, POLLIN, 0}, {listener, POLLIN, 0}};
            // A thread that ends must be noticed soon once there is something to wait for.
            poll(events, stopDeadline == 0 ? 2 : 0, stopDeadline == 0 ? watchInterval : 10);
            if (stopDeadline == 0 && (events[1].revents & POLLIN) != 0) { accept(); }
            callers.remove_if([](const Caller &caller) { return caller.hasEnded.load(); });
            watch();
        }
    }

    void accept() noexcept {
        const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) { return; }
        callers.remove_if([](const Caller &caller) { return caller.hasEnded.load(); });
        if (callers.size() >= maximumAssociations + politeRefusals) {
            close(socket);
            return;
        }
        cdcmtk::guarded(nullptr, [&] {
            try {
                callers.emplace_back(facts, ++count, socket, callers.size() < maximumAssociations);
            } catch (const std::system_error &) {
                // No thread to be had. The session was made and has closed the socket.
            }
        });
    }

    void watch() noexcept {
        const std::int64_t now = Link::now(), stop = stopDeadline;
        for (Caller &caller : callers) {
            const bool isOver = stop != 0 && (now >= stop || caller.session.isIdle(now, idleAfterStop));
            if (isOver || caller.session.isOverdue(now)) { caller.session.cut(); }
        }
    }
};

cdimse_provider *cdimse_provider_start(const cdimse_provider_settings *settings, cdimse_handlers handlers, cdcmtk_failure *failure) {
    cdimse_provider *provider = nullptr;
    cdcmtk::guarded(failure, [&] {
        auto made = std::make_unique<cdimse_provider>(*settings, handlers);
        made->watcher = std::thread([provider = made.get()] { provider->run(); });
        provider = made.release();
    });
    return provider;
}

uint16_t cdimse_provider_port(const cdimse_provider *provider) { return provider->port; }

void cdimse_provider_stop(cdimse_provider *provider, double grace) {
    provider->stopDeadline = Link::now() + std::int64_t(grace * 1000);
    const std::uint64_t one = 1;
    // The watcher looks again within its interval in any case.
    [[maybe_unused]] const ssize_t written = write(provider->wake, &one, sizeof one);
    provider->watcher.join();
    delete provider;
}
