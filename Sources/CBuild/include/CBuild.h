#pragma once

/// The commit that the program was built from; empty unless `scripts/release` links its own definition.
const char *pb_build_commit(void);
