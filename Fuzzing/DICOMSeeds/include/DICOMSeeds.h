/* Small DICOM objects in every transfer syntax that can be written here. */
#ifndef COLUMNA_DICOM_SEEDS_H
#define COLUMNA_DICOM_SEEDS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Writes them into a folder that exists. Returns 0 where one cannot be written. */
int dicom_seeds(const char *folder);

#ifdef __cplusplus
}
#endif
#endif
