/*
 * DICOM objects as trees of attributes, to be read whole, changed and written: flat C over DCMTK's dcmdata.
 *
 * CDCMTK writes a file anew as the standard wants it, and that is what DCMTK reads. Values go in and out as they are
 * stored; pixels are never recoded. Nothing is printed, no C++ exception
 * leaves these functions, and texts of failures hold no attribute values and no paths.
 * A file with all its items belongs to one thread at a time; different files may be used by different threads.
 */
#ifndef COLUMNA_CDICOMOBJECTS_H
#define COLUMNA_CDICOMOBJECTS_H

#include "CDCMTK.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cdicomobjects_file cdicomobjects_file;
/* A dataset or an item of a sequence; lives as long as its file, or until it is removed. */
typedef struct cdicomobjects_item cdicomobjects_item;

typedef struct {
    uint16_t group;
    uint16_t element;
    /* As stored: two letters, or "??" where an implicit syntax leaves it open. */
    char vr[3];
    /* The dictionary's, "??" where it does not know the attribute. */
    char dictionary_vr[3];
    /* Bytes of the value; 0 for empty ones and for sequences. */
    uint32_t length;
    /* Items, if it is a sequence; -1 otherwise. */
    int32_t items;
} cdicomobjects_entry;

/* Parses a file, whose sequences are nested at most 64 deep; values longer than 4 KiB stay on disk until asked for. NULL and
   `failure` on failure. */
cdicomobjects_file *cdicomobjects_open(const char *path, cdcmtk_failure *failure);
/* An empty object. */
cdicomobjects_file *cdicomobjects_create(cdcmtk_failure *failure);
void cdicomobjects_close(cdicomobjects_file *file);

cdicomobjects_item *cdicomobjects_dataset(cdicomobjects_file *file);
cdicomobjects_item *cdicomobjects_meta(cdicomobjects_file *file);
/* The UID of the syntax the file is stored in; "" for a new object. Valid as long as the file. */
const char *cdicomobjects_transfer_syntax(const cdicomobjects_file *file);

/* All attributes of an item in order; at most `capacity` are stored. Returns how many there are. */
size_t cdicomobjects_entries(cdicomobjects_item *item, cdicomobjects_entry *entries, size_t capacity);
/* The items of a sequence; at most `capacity` are stored. Returns how many there are, 0 where there is no such sequence. */
size_t cdicomobjects_items(cdicomobjects_item *item, uint16_t group, uint16_t element, cdicomobjects_item **items, size_t capacity);

/* 1 if the attribute is there, with or without a value. */
int cdicomobjects_contains(cdicomobjects_item *item, uint16_t group, uint16_t element);

/* The bytes of a value: text as stored (backslashes between values), bytes and words in little endian. Stores at most `capacity`;
   returns how many there are, or -1 where the attribute is absent, a sequence, encapsulated, or of another kind. */
int64_t cdicomobjects_bytes(cdicomobjects_item *item, uint16_t group, uint16_t element, void *buffer, size_t capacity);
/* Numbers, binary or as text. Stores at most `capacity`; returns how many there are, 0 where the attribute is absent or empty, or
   CDICOMOBJECTS_NO_NUMBERS where it holds something else, wholly or in part. */
#define CDICOMOBJECTS_NO_NUMBERS (-1)
int64_t cdicomobjects_numbers(cdicomobjects_item *item, uint16_t group, uint16_t element, double *values, size_t capacity);

/* Each replaces what is there. `vr` names the representation, NULL takes the dictionary's. 0 and `failure` on failure. */
int cdicomobjects_set_text(
    cdicomobjects_item *item, uint16_t group, uint16_t element, const char *vr, const char *text, cdcmtk_failure *failure);
int cdicomobjects_set_numbers(cdicomobjects_item *item, uint16_t group, uint16_t element, const char *vr, const double *values,
                              size_t count, cdcmtk_failure *failure);
int cdicomobjects_set_bytes(cdicomobjects_item *item, uint16_t group, uint16_t element, const char *vr, const uint8_t *bytes,
                            size_t count, cdcmtk_failure *failure);
void cdicomobjects_remove(cdicomobjects_item *item, uint16_t group, uint16_t element);
/* An empty sequence. */
int cdicomobjects_set_sequence(cdicomobjects_item *item, uint16_t group, uint16_t element, cdcmtk_failure *failure);
/* A new item at the end of a sequence, which is made if it is missing. */
cdicomobjects_item *cdicomobjects_append_item(
    cdicomobjects_item *item, uint16_t group, uint16_t element, cdcmtk_failure *failure);

/* Writes a Part 10 file: zero preamble, a new meta header, the dataset in the syntax it was read in (a new object in explicit little
   endian). 0 and `failure` on failure; then a part of the file may be there. */
int cdicomobjects_save(cdicomobjects_file *file, const char *path, cdcmtk_failure *failure);

#ifdef __cplusplus
}
#endif
#endif
