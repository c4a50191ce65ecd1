#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

// Element-wise work over f32. Every sum has one order, so the same numbers give the same bits on any processor.

/// `Σ x²`.
float pb_squared_norm(const float *x, long count);
/// `x / √(mean x² + ε) · gain` of each row, `[rows, width]`.
void pb_rms_norm(const float *source, const float *gain, float epsilon, long rows, long width, float *target);
/// `(x − mean) / √(variance + ε) · gain + bias` of each row, `[rows, width]`.
void pb_layer_norm(
    const float *source, const float *gain, const float *bias, float epsilon, long rows, long width, float *target);

/// `target += source`.
void pb_add(const float *source, float *target, long count);
/// Turns the pairs `(x[i], x[half + i])` by angles.
void pb_rotate(float *head, const float *cosines, const float *sines, long half);

/// The largest number; minus infinity for none.
float pb_maximum(const float *x, long count);
/// Softmax of scores whose largest is given.
void pb_softmax(float *scores, float largest, long count);
/// `Σ exp(x − shift)`, each exponential in f32, summed in f64.
double pb_sum_of_exponentials(const float *x, float shift, long count);
/// The same, and `Σ exp(x − shift) (x − other)` in `weighted`.
double pb_sums_of_exponentials(const float *x, const float *other, float shift, long count, double *weighted);
/// `cap · tanh(x / cap)`.
void pb_soft_cap(float *x, float cap, long count);

/// `x · σ(x)`, and that times `up`.
void pb_silu(float *x, long count);
void pb_silu_gated(float *x, const float *up, long count);
/// `x · Φ(x)`, and that times `up`.
void pb_gelu(float *x, long count);
void pb_gelu_gated(float *x, const float *up, long count);
/// GELU with Φ by a hyperbolic tangent, and that times `up`.
void pb_gelu_tanh(float *x, long count);
void pb_gelu_tanh_gated(float *x, const float *up, long count);

#endif
