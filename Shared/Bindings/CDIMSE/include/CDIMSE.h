/*
 * The DICOM network as flat C: a provider that takes C-STORE and answers C-ECHO, and associations to other nodes for C-ECHO,
 * C-STORE, C-FIND, C-GET and C-MOVE.
 *
 * DCMTK's dcmnet negotiates associations and moves the fragments (DICOM PS3.8). Messages (PS3.7) are read and written here, with
 * bounds, and datasets are never parsed as a whole: what is sent and what is stored are the same bytes. IPv4, no TLS.
 * Nothing is printed, no C++ exception leaves these functions, and texts of failures hold no identifiers and no paths.
 * A link belongs to one thread at a time. Functions block in the caller's thread.
 */
#ifndef COLUMNA_CDIMSE_H
#define COLUMNA_CDIMSE_H

#include "CDCMTK.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CDIMSE_UID_SIZE = 65, CDIMSE_TITLE_SIZE = 17 };

/* Who calls. The strings live as long as the call they are handed to. */
typedef struct {
    const char *calling_title;
    const char *called_title;
    const char *address;
} cdimse_peer;

/* An object that was received into a file. The strings live as long as the call. */
typedef struct {
    const char *path;
    const char *sop_class;
    const char *sop_instance;
    const char *transfer_syntax;
    uint64_t byte_count; /* of the file */
} cdimse_instance;

/* The provider. */

typedef enum { CDIMSE_ADMIT = 0, CDIMSE_REFUSE_CALLING, CDIMSE_REFUSE_CALLED, CDIMSE_REFUSE_LIMIT } cdimse_admission;

typedef enum {
    CDIMSE_EVENT_OPENED = 0,
    CDIMSE_EVENT_REFUSED,  /* detail: a cdimse_admission */
    CDIMSE_EVENT_ECHO,
    CDIMSE_EVENT_STORED,   /* detail: the status that was answered; bytes: of the file */
    CDIMSE_EVENT_RELEASED,
    CDIMSE_EVENT_ENDED     /* detail: a cdcmtk_status, why it ended without release */
} cdimse_event_kind;

typedef struct {
    cdimse_event_kind kind;
    uint64_t association; /* numbers the provider's associations from 1 */
    int32_t detail;
    uint64_t bytes;
} cdimse_event;

/* Called on the association's own thread; `receive` answers the status of the C-STORE response. The titles of `peer` are null
   for events of callers that never said who they are. */
typedef struct {
    void *context;
    cdimse_admission (*admit)(void *context, const cdimse_peer *peer);
    uint16_t (*receive)(void *context, const cdimse_peer *peer, const cdimse_instance *instance);
    void (*observe)(void *context, const cdimse_peer *peer, const cdimse_event *event);
} cdimse_handlers;

typedef struct {
    const char *bind_address; /* numeric IPv4 */
    uint16_t port;            /* 0: any that is free */
    int32_t maximum_associations;
    uint32_t maximum_pdu;     /* 4096 ... 131072 bytes */
    int32_t timeout;          /* seconds a caller may be silent, or take for one protocol data unit */
    const char *folder;
    uint64_t largest_instance;
    const char *const *transfer_syntaxes; /* those that are taken */
    size_t transfer_syntax_count;
} cdimse_provider_settings;

typedef struct cdimse_provider cdimse_provider;

/* Listens from when this returns. NULL and `failure` on failure. The handlers' context must outlive the provider. */
cdimse_provider *cdimse_provider_start(const cdimse_provider_settings *settings, cdimse_handlers handlers, cdcmtk_failure *failure);
uint16_t cdimse_provider_port(const cdimse_provider *provider);
/* Takes no more callers, lets those that transfer go on for so many seconds, cuts the rest off, waits for every thread and frees
   the provider. A handler that blocks is waited for. */
void cdimse_provider_stop(cdimse_provider *provider, double grace);

/* The storage classes that are taken, and how many. */
const char *const *cdimse_storage_classes(size_t *count);
/* The common ones among them: few enough to ask for at once. */
const char *const *cdimse_common_storage_classes(size_t *count);

/* Associations to other nodes. */

typedef struct {
    const char *host;
    uint16_t port;
    const char *called_title;
    const char *calling_title;
    int32_t connect_timeout; /* seconds; process-wide, the latest counts */
    int32_t timeout;         /* seconds of silence */
    uint32_t maximum_pdu;
} cdimse_node;

typedef struct {
    const char *abstract_syntax;
    const char *const *transfer_syntaxes;
    size_t transfer_syntax_count;
    int32_t as_provider; /* not 0: we are the provider, as C-GET needs */
} cdimse_proposal;

typedef struct cdimse_link cdimse_link;

/* At most 128 proposals. NULL and `failure` on failure. */
cdimse_link *cdimse_open(const cdimse_node *node, const cdimse_proposal *proposals, size_t proposal_count, cdcmtk_failure *failure);
/* Ends the association: `cdimse_release` in agreement with the peer. Both free the link. */
void cdimse_release(cdimse_link *link);
void cdimse_abort(cdimse_link *link);

/* All return 0 and fill `failure` when they cannot; `status` is the peer's answer (0 is success, PS3.7 annex C). */
int cdimse_echo(cdimse_link *link, uint16_t *status, cdcmtk_failure *failure);

/* What a file's header says. */
typedef struct {
    char sop_class[CDIMSE_UID_SIZE];
    char sop_instance[CDIMSE_UID_SIZE];
    char transfer_syntax[CDIMSE_UID_SIZE];
    uint64_t byte_count; /* of the file */
} cdimse_file_header;

int cdimse_read_header(const char *path, cdimse_file_header *header, cdcmtk_failure *failure);

/* Sends the dataset of a file: as it is where it is sound, otherwise with its elements written anew and its values as they are. */
int cdimse_store(cdimse_link *link, const char *path, uint16_t *status, cdcmtk_failure *failure);

/* One key of a query; an empty value asks for the attribute. In ascending order of tags. */
typedef struct {
    uint16_t group;
    uint16_t element;
    const char *value;
} cdimse_key;

/* One match: for each key, in order, the text of the attribute without padding (empty where absent). Not 0 goes on, 0 cancels. */
typedef int (*cdimse_match)(void *context, const char *const *values, size_t count);

int cdimse_find(cdimse_link *link, const cdimse_key *keys, size_t key_count, cdimse_match match, void *context, uint16_t *status,
                cdcmtk_failure *failure);

/* How far a retrieval is. */
typedef struct {
    uint16_t status;
    int32_t remaining; /* -1: not said */
    int32_t completed;
    int32_t failed;
    int32_t warnings;
} cdimse_counts;

typedef struct {
    void *context;
    uint16_t (*receive)(void *context, const cdimse_instance *instance); /* C-GET only */
    int (*progress)(void *context, const cdimse_counts *counts);         /* not 0 goes on, 0 cancels */
} cdimse_retrieval;

int cdimse_get(cdimse_link *link, const cdimse_key *keys, size_t key_count, const char *folder, uint64_t largest_instance,
               cdimse_retrieval retrieval, cdimse_counts *counts, cdcmtk_failure *failure);
int cdimse_move(cdimse_link *link, const cdimse_key *keys, size_t key_count, const char *destination, cdimse_retrieval retrieval,
                cdimse_counts *counts, cdcmtk_failure *failure);

#ifdef __cplusplus
}
#endif
#endif
