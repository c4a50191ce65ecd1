#pragma once

/// The commit that the program was built from, as `scripts/release` says; empty in other builds.
const char *pb_build_commit(void);
