#pragma once
#include <cblas.h>
#include <stddef.h>

// LAPACK as Fortran exports it: every argument by reference, matrices by columns, and after the last argument the length of each
// text. Declared here, because not every OpenBLAS comes with lapack.h.

/// Singular value decomposition by divide and conquer.
void dgesdd_(const char *jobz, const blasint *m, const blasint *n, double *a, const blasint *lda, double *s, double *u,
             const blasint *ldu, double *vt, const blasint *ldvt, double *work, const blasint *lwork, blasint *iwork,
             blasint *info, size_t jobz_length);

/// Eigenvalues and eigenvectors of a symmetric matrix by divide and conquer.
void dsyevd_(const char *jobz, const char *uplo, const blasint *n, double *a, const blasint *lda, double *w, double *work,
             const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info, size_t jobz_length,
             size_t uplo_length);

/// Solution of A X = B for a symmetric positive definite A, by Cholesky's factorisation.
void dposv_(const char *uplo, const blasint *n, const blasint *nrhs, double *a, const blasint *lda, double *b,
            const blasint *ldb, blasint *info, size_t uplo_length);
