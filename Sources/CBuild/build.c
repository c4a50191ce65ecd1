#include "CBuild.h"

__attribute__((weak)) const char *pb_build_commit(void) { return ""; }
