/* Loops compiled for several instruction sets, of which the best that the processor has runs. A
 * loop is written once, as a static function that VEC_INLINE puts into the body of each variant:
 *
 *     VEC_INLINE void add_loop(double *x, const double *y, size_t n) { … }
 *     VEC_VARIANTS(void, add, (double *x, const double *y, size_t n), add_loop(x, y, n);)
 *     void add(double *x, const double *y, size_t n) { VEC_CALL(add)(x, y, n); }
 *
 * All variants give the same bits: the compiler may neither contract nor reassociate
 * (-ffp-contract=off, no -ffast-math). */
#ifndef WEIR_VEC_TARGET_H
#define WEIR_VEC_TARGET_H

/* The widest registers used, in bits; tests take fewer to compare the variants. */
#ifndef VEC_MOST
#define VEC_MOST 512
#endif

#define VEC_INLINE static inline __attribute__((always_inline))

/* gcc's -O2 vectorises only loops of a known length; clang has no such attribute, nor need of it.
 */
#if defined(__clang__) || !defined(__OPTIMIZE__)
#define VEC_O3
#else
#define VEC_O3 __attribute__((optimize("O3")))
#endif

#ifdef __x86_64__
#define VEC_VARIANTS(type, name, arguments, body)                                                  \
    VEC_O3 static type name##_base arguments{body} VEC_O3                                          \
        __attribute__((target("avx2"))) static type name##_avx2 arguments{body} VEC_O3             \
        __attribute__((target("avx512f,avx512dq"))) static type name##_avx512 arguments            \
    {                                                                                              \
        body                                                                                       \
    }
#define VEC_HAS_512                                                                                \
    (VEC_MOST >= 512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
#define VEC_HAS_256 (VEC_MOST >= 256 && __builtin_cpu_supports("avx2"))
#define VEC_CALL(name) (VEC_HAS_512 ? name##_avx512 : VEC_HAS_256 ? name##_avx2 : name##_base)
#else
#define VEC_VARIANTS(type, name, arguments, body)                                                  \
    VEC_O3 static type name##_base arguments                                                       \
    {                                                                                              \
        body                                                                                       \
    }
#define VEC_CALL(name) name##_base
#endif

#endif
