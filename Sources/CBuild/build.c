#include "CBuild.h"

#ifndef PATCHBOOK_COMMIT
#define PATCHBOOK_COMMIT ""
#endif

const char *pb_build_commit(void) { return PATCHBOOK_COMMIT; }
