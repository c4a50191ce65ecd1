// The variants of these functions that glibc has had since before 2.34, so that the program runs there too. The linker
// sends calls of `hypot` to `__wrap_hypot`.
#include <stdint.h>
#include <sys/random.h>

#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#endif

double old_hypot(double, double);
float old_hypotf(float, float);
__asm__(".symver old_hypot, hypot@" OLDEST);
__asm__(".symver old_hypotf, hypotf@" OLDEST);

double __wrap_hypot(double x, double y) { return old_hypot(x, y); }
float __wrap_hypotf(float x, float y) { return old_hypotf(x, y); }

/// glibc has it since 2.36 only. Fewer than 256 bytes come whole, or not at all before the system is ready.
uint32_t __wrap_arc4random(void) {
    uint32_t number = 0;
    while (getrandom(&number, sizeof number, 0) != sizeof number) {}
    return number;
}
