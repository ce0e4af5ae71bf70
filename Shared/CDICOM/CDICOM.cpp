#include "CDICOM.h"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"
const char *cdicom_dcmtk_version(void) { return PACKAGE_VERSION; }
