#pragma once
#include <oniguruma.h>
