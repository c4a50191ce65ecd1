// What the program of a release takes from here instead of from the system. `--wrap=hypot` sends calls of `hypot` to `__wrap_hypot`.
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>

// glibc 2.35 has new variants of these two. The older ones are in every glibc, and the program shall run with 2.34.
double old_hypot(double, double);
float old_hypotf(float, float);
__asm__(".symver old_hypot, hypot@GLIBC_2.2.5");
__asm__(".symver old_hypotf, hypotf@GLIBC_2.2.5");
double __wrap_hypot(double x, double y) { return old_hypot(x, y); }
float __wrap_hypotf(float x, float y) { return old_hypotf(x, y); }

/// glibc has it since 2.36. The system gives four bytes whole, or none before it is ready.
uint32_t __wrap_arc4random(void) {
    uint32_t number = 0;
    while (getrandom(&number, sizeof number, 0) != sizeof number) {}
    return number;
}

/// Fortran's `//`, the only function of its runtime that the routines of LAPACK here call: both texts, cut off or filled with blanks.
void _gfortran_concat_string(size_t length, char *target, size_t first_length, const char *first, size_t second_length, const char *second) {
    for (size_t at = 0; at < length; at++)
        target[at] = at < first_length ? first[at] : at - first_length < second_length ? second[at - first_length] : ' ';
}

const char *pb_build_commit(void) { return PATCHBOOK_COMMIT; }
