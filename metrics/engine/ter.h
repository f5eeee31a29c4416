/* Translation edit rate: edits after greedy shifts, with Tercom's and sacrebleu's limits. */
#ifndef XINDAYA_TER_H
#define XINDAYA_TER_H

#include "memory.h"

typedef struct {
    Store hypothesis, shifted, reference;
    Store from, to, start;            /* the beam: first and end column of each row, its place */
    Store forward, backward;          /* distances to and from each cell */
    Store rows;                       /* two rows of a candidate */
    Store aligned, hyp_errors, ref_errors;
    Store candidates;
} Ter;

/* Computes the edits between two texts of word numbers; UNKNOWN words differ from all. */
int ter_edits(Ter *ter, const uint32_t *hypothesis, size_t hyp_length, const uint32_t *reference,
              size_t ref_length, int64_t *edits);

void ter_free(Ter *ter);

#endif
