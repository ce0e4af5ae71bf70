#ifndef COLUMNA_CDICOM_H
#define COLUMNA_CDICOM_H
#ifdef __cplusplus
extern "C" {
#endif
/** Version text of the DCMTK this was compiled with. */
const char *cdicom_dcmtk_version(void);
#ifdef __cplusplus
}
#endif
#endif
