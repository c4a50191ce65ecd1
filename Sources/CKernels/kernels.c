#include "CKernels.h"

// No product and sum may become one operation, or the last bits would depend on the processor.
#pragma STDC FP_CONTRACT OFF

// One copy of each function for each kind of processor; the loader chooses when the program starts. All give the same bits.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif
#define INLINE static inline __attribute__((always_inline))

/// Sums run in eight lanes, which are added one after another at the end; what is left over has a sum of its own.
enum { lanes = 8 };
#define EACH_LANE for (int lane = 0; lane < lanes; lane++)

INLINE float total(const float *sums, float rest) {
    float sum = sums[0];
    for (int lane = 1; lane < lanes; lane++) sum += sums[lane];
    return sum + rest;
}

INLINE double total_f64(const double *sums, double rest) {
    double sum = sums[0];
    for (int lane = 1; lane < lanes; lane++) sum += sums[lane];
    return sum + rest;
}

INLINE float bits_to_float(uint32_t bits) {
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint32_t float_to_bits(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE float sum_of(const float *x, long count) {
    float sums[lanes] = {0}, rest = 0;
    long at = 0;
    for (; at + lanes <= count; at += lanes) EACH_LANE sums[lane] += x[at + lane];
    for (; at < count; at++) rest += x[at];
    return total(sums, rest);
}

INLINE float squared_norm_of(const float *x, long count) {
    float sums[lanes] = {0}, rest = 0;
    long at = 0;
    for (; at + lanes <= count; at += lanes) EACH_LANE sums[lane] += x[at + lane] * x[at + lane];
    for (; at < count; at++) rest += x[at] * x[at];
    return total(sums, rest);
}

/// `exp` by range reduction to `2ⁿ · exp(r)`, |r| ≤ ln 2 / 2, and a polynomial of degree 6 (Cephes `expf`; about 1 ulp); below
/// −87.3 and above 88.3 as at those ends, and NaN for NaN, so that a broken weight shows in the result.
INLINE float exponential(float x) {
    float clamped = x < -87.3f ? -87.3f : x;
    clamped = clamped > 88.3f ? 88.3f : clamped;
    // Adding 1.5 · 2²³ rounds to a whole number, which then stands in the sum's lowest bits.
    const float rounder = 0x1.8p23f;
    float shifted = clamped * 1.4426950408889634f + rounder;
    float n = shifted - rounder;
    float r = clamped - n * 0.693359375f - n * -2.1219444e-4f;
    float p = 1.98756915e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    float value = p * r * r + r + 1;
    return value * bits_to_float((float_to_bits(shifted) + 127) << 23);
}

/// `½ x erfc(−x / √2)`. `−log erfc(|x| / √2) / |x|` is a polynomial of degree 8, fitted by Chebyshev nodes on [0, 6.5] with mpmath;
/// the result is within 2.4e-7 of the function over [−9, 9], an ulp at 4.
INLINE float gelu(float x) {
    float magnitude = x < 0 ? -x : x;
    float t = magnitude > 6.5f ? 6.5f : magnitude;
    float p = -1.0705104359e-7f;
    p = p * t + 2.6544712455e-6f;
    p = p * t + -2.5946743335e-5f;
    p = p * t + 1.0693215154e-4f;
    p = p * t + 1.6757461708e-4f;
    p = p * t + -5.0049158745e-3f;
    p = p * t + 3.6467418075e-2f;
    p = p * t + 3.1827276945e-1f;
    p = p * t + 7.9788810015e-1f;
    float tail = 0.5f * x * exponential(-p * t);
    return x < 0 ? tail : x - tail;
}

/// `½ x (1 + tanh u) = x / (1 + exp(−2u))` with `u = √(2/π) (x + 0.044715 x³)`.
INLINE float gelu_tanh(float x) {
    float u = 0.7978845608028654f * (x + 0.044715f * x * x * x);
    return x / (1 + exponential(-2 * u));
}

INLINE float silu(float x) { return x / (1 + exponential(-x)); }

/// Below 0.625 a polynomial, fitted by Chebyshev nodes with mpmath; above, `1 − 2 / (exp(2x) + 1)`.
INLINE float hyperbolic_tangent(float x) {
    float square = x * x;
    float p = -6.0536973178e-3f;
    p = p * square + 2.0968187600e-2f;
    p = p * square + -5.3844988346e-2f;
    p = p * square + 1.3332733512e-1f;
    p = p * square + -3.3333328366e-1f;
    float near = x + x * square * p;
    float magnitude = x < 0 ? -x : x;
    float far = 1 - 2 / (exponential(2 * magnitude) + 1);
    far = x < 0 ? -far : far;
    return magnitude < 0.625f ? near : far;
}

// Norms

CLONED float pb_squared_norm(const float *x, long count) { return squared_norm_of(x, count); }

CLONED void pb_rms_norm(const float *source, const float *gain, float epsilon, long rows, long width, float *target) {
    for (long row = 0; row < rows; row++, source += width, target += width) {
        float scale = 1 / __builtin_sqrtf(squared_norm_of(source, width) / (float)width + epsilon);
        for (long at = 0; at < width; at++) target[at] = source[at] * scale * gain[at];
    }
}

CLONED void pb_layer_norm(
    const float *source, const float *gain, const float *bias, float epsilon, long rows, long width, float *target) {
    for (long row = 0; row < rows; row++, source += width, target += width) {
        float mean = sum_of(source, width) / (float)width;
        for (long at = 0; at < width; at++) target[at] = source[at] - mean;
        float scale = 1 / __builtin_sqrtf(squared_norm_of(target, width) / (float)width + epsilon);
        for (long at = 0; at < width; at++) target[at] = target[at] * scale * gain[at] + bias[at];
    }
}

// The residual stream and positions

CLONED void pb_add(const float *source, float *target, long count) {
    for (long at = 0; at < count; at++) target[at] += source[at];
}

CLONED void pb_rotate(float *head, const float *cosines, const float *sines, long half) {
    float *other = head + half;
    for (long at = 0; at < half; at++) {
        float x = head[at], y = other[at];
        head[at] = x * cosines[at] - y * sines[at];
        other[at] = y * cosines[at] + x * sines[at];
    }
}

// Scores

CLONED float pb_maximum(const float *x, long count) {
    float largest[lanes], rest = -__builtin_inff();
    EACH_LANE largest[lane] = -__builtin_inff();
    long at = 0;
    for (; at + lanes <= count; at += lanes)
        EACH_LANE largest[lane] = x[at + lane] > largest[lane] ? x[at + lane] : largest[lane];
    for (; at < count; at++) rest = x[at] > rest ? x[at] : rest;
    EACH_LANE rest = largest[lane] > rest ? largest[lane] : rest;
    return rest;
}

CLONED void pb_softmax(float *scores, float largest, long count) {
    for (long at = 0; at < count; at++) scores[at] = exponential(scores[at] - largest);
    float scale = 1 / sum_of(scores, count);
    for (long at = 0; at < count; at++) scores[at] *= scale;
}

/// Exponentials are made a stretch at a time, and then summed.
enum { stretch = 64 };

CLONED double pb_sum_of_exponentials(const float *x, float shift, long count) {
    double sums[lanes] = {0}, rest = 0;
    float weights[stretch];
    for (long start = 0; start < count; start += stretch) {
        long size = count - start < stretch ? count - start : stretch, at = 0;
        for (long i = 0; i < size; i++) weights[i] = exponential(x[start + i] - shift);
        for (; at + lanes <= size; at += lanes) EACH_LANE sums[lane] += (double)weights[at + lane];
        for (; at < size; at++) rest += (double)weights[at];
    }
    return total_f64(sums, rest);
}

CLONED double pb_sums_of_exponentials(const float *x, const float *other, float shift, long count, double *weighted) {
    double sums[lanes] = {0}, rest = 0, weighted_sums[lanes] = {0}, weighted_rest = 0;
    double weights[stretch], products[stretch];
    for (long start = 0; start < count; start += stretch) {
        long size = count - start < stretch ? count - start : stretch, at = 0;
        const float *here = x + start, *there = other + start;
        for (long i = 0; i < size; i++) {
            weights[i] = (double)exponential(here[i] - shift);
            products[i] = weights[i] * ((double)here[i] - (double)there[i]);
        }
        for (; at + lanes <= size; at += lanes) EACH_LANE sums[lane] += weights[at + lane];
        for (at = 0; at + lanes <= size; at += lanes) EACH_LANE weighted_sums[lane] += products[at + lane];
        for (; at < size; at++) {
            rest += weights[at];
            weighted_rest += products[at];
        }
    }
    *weighted = total_f64(weighted_sums, weighted_rest);
    return total_f64(sums, rest);
}

CLONED void pb_soft_cap(float *x, float cap, long count) {
    for (long at = 0; at < count; at++) x[at] = hyperbolic_tangent(x[at] / cap) * cap;
}

// Activations

#define ACTIVATION(name, function)                                              \
    CLONED void pb_##name(float *x, long count) {                               \
        for (long at = 0; at < count; at++) x[at] = function(x[at]);            \
    }                                                                           \
    CLONED void pb_##name##_gated(float *x, const float *up, long count) {      \
        for (long at = 0; at < count; at++) x[at] = function(x[at]) * up[at];   \
    }

ACTIVATION(silu, silu)
ACTIVATION(gelu, gelu)
ACTIVATION(gelu_tanh, gelu_tanh)
