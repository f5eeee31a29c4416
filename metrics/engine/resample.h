/* What resampling asks of the machine: counts and logarithms by the million. */
#ifndef XINDAYA_RESAMPLE_H
#define XINDAYA_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Counts how often each of `samples` drew each segment: both arrays are (samples, segments), and
 * the counts begin at 0. Returns -1 if a draw is no segment. */
int count_draws(const uint32_t *draws, size_t samples, size_t segments, float *counts);
/* Replaces numbers above 0 by their natural logarithms, those of the C library, as Python's are. */
void logarithms(double *values, size_t count);

#endif
