/* The rows of one segment: what is counted of every system's output against the references. */
#ifndef XINDAYA_ROWS_H
#define XINDAYA_ROWS_H

#include "ngrams.h"
#include "symbols.h"
#include "ter.h"
#include "text.h"

#define BLEU_ORDER 4
#define BLEU_WIDTH (2 + 2 * BLEU_ORDER)
#define TER_WIDTH 2

typedef struct {
    int tokenizer;              /* BLEU */
    int char_order, word_order; /* chrF */
    double beta_squared;
    int ter; /* a sum of TER_... */
} Options;

typedef struct {
    const Text *references, *outputs;
    size_t reference_count, systems;
    const size_t *same; /* the first system with the same output, mostly the system itself */
} Segment;

/* All memory of a call; starts as zeros. */
typedef struct {
    Options options;
    Store words, scratch[3], ref_symbols, hyp_symbols, ref_lengths, best;
    Vocabulary vocabulary;
    Alphabet alphabet;
    Ngrams characters_of, words_of;
    Ter ter;
} Work;

/* Computes the rows of all systems, except of those whose output is another's. Returns -1 when
 * there is no memory. */
typedef int SegmentRows(Work *work, const Segment *segment, int64_t *rows);

SegmentRows bleu_segment; /* hyp_len, ref_len, correct 1-4, total 1-4 */
SegmentRows chrf_segment; /* hyp, ref, match for each character order, then each word order */
SegmentRows ter_segment;  /* edits against the best reference, sum of the reference lengths */

void work_free(Work *work);

#endif
