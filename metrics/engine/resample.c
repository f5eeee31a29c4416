#include "resample.h"

#include <math.h>

int count_draws(const uint32_t *draws, size_t samples, size_t segments, float *counts)
{
    for (size_t s = 0; s < samples; s++, draws += segments, counts += segments)
        for (size_t g = 0; g < segments; g++) {
            if (draws[g] >= segments)
                return -1;
            counts[draws[g]] += 1;
        }
    return 0;
}

void logarithms(double *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        values[k] = log(values[k]);
}
