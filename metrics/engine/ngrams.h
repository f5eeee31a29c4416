/* Clipped n-gram matches: for every order n, the sum over n-grams of min(hypothesis, reference). */
#ifndef XINDAYA_NGRAMS_H
#define XINDAYA_NGRAMS_H

#include "memory.h"

#define MAX_ORDER 8
#define BOUNDARY UINT32_MAX /* between two references: no n-gram crosses it */

/* The n-grams of a segment's references, all orders at once. */
typedef struct {
    int order;
    int large;             /* which of the two sizes of the algorithm holds the references */
    size_t length;         /* of the references */
    size_t symbols;        /* how many there are, UNKNOWN included */
    size_t nodes;          /* of the trie, the root included */
    Store reference;       /* the symbols, positions counted from 1 */
    Store next, keys;      /* edges of the trie */
    size_t mask, edges;    /* of the edges where they are hashed */
    Store limits;          /* how often a node's n-gram may match */
    Store node_at, owner;  /* while building: node and reference number of a position */
    Store alive, now, who; /* while building: positions left; count in the reference at hand */
    Store hypothesis, left, claimed; /* while matching */
} Ngrams;

/* Indexes references of `length` symbols numbered 1 to `distinct`, with a BOUNDARY between two of
 * them: several references allow an n-gram as often as the one that has it most. */
int ngrams_index(Ngrams *ngrams, int order, const uint32_t *symbols, size_t length,
                 size_t distinct);

/* Adds the matches of a hypothesis to matches[0..order-1]. */
int ngrams_match(Ngrams *ngrams, const uint32_t *symbols, size_t length, int64_t *matches);

void ngrams_free(Ngrams *ngrams);

#endif
