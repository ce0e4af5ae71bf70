// openat2(2), which glibc 2.36 has no function for: opens what lies beneath a folder, whatever links say and whoever swaps them meanwhile.
#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Opens what `path`, relative to `folder`, leads to for its place only (O_PATH). No part of it may lead out of the folder (RESOLVE_BENEATH) or
/// through /proc (RESOLVE_NO_MAGICLINKS). Returns a descriptor, or -1 with errno: EXDEV where it would lead out, ENOSYS before Linux 5.6.
static inline int copenat2_beneath(int folder, const char *path) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (unsigned long long)(__O_PATH | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/// openat(2) for the place only; Swift does not see O_PATH.
static inline int copenat2_place(int folder, const char *path, int flags) { return openat(folder, path, __O_PATH | O_CLOEXEC | flags); }
