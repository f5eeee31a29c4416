#include "rows.h"

void work_free(Work *w)
{
    Store *stores[] = {&w->words,       &w->scratch[0],  &w->scratch[1],  &w->scratch[2],
                       &w->ref_symbols, &w->hyp_symbols, &w->ref_lengths, &w->best};
    for (size_t k = 0; k < sizeof stores / sizeof stores[0]; k++)
        store_free(stores[k]);
    vocabulary_free(&w->vocabulary);
    alphabet_free(&w->alphabet);
    ngrams_free(&w->characters_of);
    ngrams_free(&w->words_of);
    ter_free(&w->ter);
}

/* How many words a text of this length may well have; a guess that sizes the vocabulary. */
static inline size_t likely_words(size_t length)
{
    return length / 4 + 16;
}

/* Numbers reference words, after the `used` symbols that are there; NULL when out of memory. */
static uint32_t *number_words(Work *w, const Word *words, size_t count, size_t used)
{
    uint32_t *symbols = store_reserve(&w->ref_symbols, used + count + 1, sizeof *symbols);
    for (size_t k = 0; symbols && k < count; k++)
        if ((symbols[used + k] = vocabulary_add(&w->vocabulary, words[k])) == UNKNOWN)
            return NULL;
    return symbols;
}

static uint32_t *find_words(Work *w, const Word *words, size_t count)
{
    uint32_t *symbols = store_reserve(&w->hyp_symbols, count, sizeof *symbols);
    for (size_t k = 0; symbols && k < count; k++)
        symbols[k] = vocabulary_find(&w->vocabulary, words[k]);
    return symbols;
}

static inline int64_t ngram_count(size_t length, int order)
{
    return length >= (size_t)order ? (int64_t)length - order + 1 : 0;
}

/* ---- BLEU: hyp_len, ref_len, correct 1-4, total 1-4 ----------------------------------------- */

/* The closest length, the shorter of two equally close. */
static size_t closest(const size_t *lengths, size_t count, size_t length)
{
    size_t best = lengths[0], best_gap = SIZE_MAX;
    for (size_t r = 0; r < count; r++) {
        size_t gap = lengths[r] > length ? lengths[r] - length : length - lengths[r];
        if (gap < best_gap || (gap == best_gap && lengths[r] < best)) {
            best = lengths[r];
            best_gap = gap;
        }
    }
    return best;
}

int bleu_segment(Work *w, const Segment *s, int64_t *rows)
{
    const int tokenizer = w->options.tokenizer;
    size_t *lengths = store_reserve(&w->ref_lengths, s->reference_count, sizeof *lengths);
    if (!lengths || vocabulary_reset(&w->vocabulary, likely_words(s->references[0].length)))
        return -1;
    uint32_t *symbols = NULL;
    size_t used = 0;
    for (size_t r = 0; r < s->reference_count; r++) {
        const Word *words =
            bleu_words(tokenizer, s->references[r], &w->words, w->scratch, &lengths[r]);
        if (!words || !(symbols = number_words(w, words, lengths[r], used)))
            return -1;
        used += lengths[r];
        symbols[used++] = BOUNDARY;
    }
    if (ngrams_index(&w->words_of, BLEU_ORDER, symbols, used, w->vocabulary.count))
        return -1;
    for (size_t y = 0; y < s->systems; y++) {
        int64_t *row = rows + y * BLEU_WIDTH;
        if (s->same[y] != y)
            continue;
        size_t count;
        const Word *words = bleu_words(tokenizer, s->outputs[y], &w->words, w->scratch, &count);
        uint32_t *found = words ? find_words(w, words, count) : NULL;
        if (!found)
            return -1;
        memset(row, 0, BLEU_WIDTH * sizeof *row);
        if (ngrams_match(&w->words_of, found, count, row + 2))
            return -1;
        row[0] = (int64_t)count;
        row[1] = (int64_t)closest(lengths, s->reference_count, count);
        for (int n = 1; n <= BLEU_ORDER; n++)
            row[1 + BLEU_ORDER + n] = ngram_count(count, n);
    }
    return 0;
}

/* ---- chrF: hyp, ref, match for each character order, then for each word order --------------- */

/* sacrebleu's F-score, operation by operation: it decides which of several references counts. */
static double f_score(const int64_t *row, int orders, double beta_squared)
{
    double precision = 0, recall = 0;
    int effective = 0;
    for (int k = 0; k < orders; k++, row += 3)
        if (row[0] > 0 && row[1] > 0) {
            precision += (double)row[2] / (double)row[0];
            recall += (double)row[2] / (double)row[1];
            effective++;
        }
    if (!effective)
        return 0;
    precision /= effective;
    recall /= effective;
    if (precision + recall == 0)
        return 0;
    double score = (1 + beta_squared) * precision * recall;
    score /= beta_squared * precision + recall;
    return 100 * score;
}

/* Fills the triples of `order` orders; an order the reference has no n-gram of counts nothing. */
static int fill_triples(Ngrams *ngrams, const uint32_t *symbols, size_t length, size_t ref_length,
                        int64_t *row)
{
    int64_t matches[MAX_ORDER] = {0};
    if (ngrams_match(ngrams, symbols, length, matches))
        return -1;
    for (int n = 1; n <= ngrams->order; n++, row += 3) {
        row[1] = ngram_count(ref_length, n);
        row[0] = row[1] ? ngram_count(length, n) : 0;
        row[2] = matches[n - 1];
    }
    return 0;
}

static int chrf_reference(Work *w, const Segment *s, Text reference, int first, int64_t *rows)
{
    const int char_order = w->options.char_order, word_order = w->options.word_order;
    const int orders = char_order + word_order;
    const size_t width = 3 * (size_t)orders;
    uint32_t *symbols = store_reserve(&w->ref_symbols, reference.length, sizeof *symbols);
    double *best = store_reserve(&w->best, s->systems, sizeof *best);
    if (!symbols || !best || (!w->alphabet.number && alphabet_new(&w->alphabet)))
        return -1;
    size_t ref_length = alphabet_add(&w->alphabet, reference, symbols), ref_words = 0;
    if (ngrams_index(&w->characters_of, char_order, symbols, ref_length, w->alphabet.count))
        return -1;
    if (word_order) {
        const Word *words = chrf_words(reference, &w->words, &ref_words);
        if (!words || vocabulary_reset(&w->vocabulary, ref_words) ||
            !(symbols = number_words(w, words, ref_words, 0)) ||
            ngrams_index(&w->words_of, word_order, symbols, ref_words, w->vocabulary.count))
            return -1;
    }
    for (size_t y = 0; y < s->systems; y++) {
        if (s->same[y] != y)
            continue;
        Text output = s->outputs[y];
        int64_t row[3 * 2 * MAX_ORDER];
        uint32_t *found = store_reserve(&w->hyp_symbols, output.length, sizeof *found);
        if (!found)
            return -1;
        size_t length = alphabet_find(&w->alphabet, output, found);
        if (fill_triples(&w->characters_of, found, length, ref_length, row))
            return -1;
        if (word_order) {
            const Word *words = chrf_words(output, &w->words, &length);
            if (!words || !(found = find_words(w, words, length)) ||
                fill_triples(&w->words_of, found, length, ref_words, row + 3 * char_order))
                return -1;
        }
        /* Of several references the one with the best score counts, the first of equal ones. */
        double score = 0;
        if (s->reference_count > 1)
            score = f_score(row, orders, w->options.beta_squared);
        if (first || score > best[y]) {
            best[y] = score;
            memcpy(rows + y * width, row, width * sizeof *row);
        }
    }
    return 0;
}

int chrf_segment(Work *w, const Segment *s, int64_t *rows)
{
    for (size_t r = 0; r < s->reference_count; r++) {
        int failed = chrf_reference(w, s, s->references[r], r == 0, rows);
        if (failed)
            return -1;
        alphabet_forget(&w->alphabet, s->references[r]);
    }
    return 0;
}

/* ---- TER: edits against the best reference, sum of the reference lengths --------------------- */

int ter_segment(Work *w, const Segment *s, int64_t *rows)
{
    const int options = w->options.ter;
    for (size_t r = 0; r < s->reference_count; r++) {
        size_t ref_length;
        const Word *words = ter_words(options, 2, s->references[r], &w->words, w->scratch, &ref_length);
        const uint32_t *symbols;
        if (!words || vocabulary_reset(&w->vocabulary, ref_length) ||
            !(symbols = number_words(w, words, ref_length, 0)))
            return -1;
        for (size_t y = 0; y < s->systems; y++) {
            if (s->same[y] != y)
                continue;
            int64_t *row = rows + TER_WIDTH * y, edits;
            size_t length;
            const uint32_t *found;
            words = ter_words(options, 1, s->outputs[y], &w->words, w->scratch, &length);
            if (!words ||
                !(found = find_words(w, words, length)) ||
                ter_edits(&w->ter, found, length, symbols, ref_length, &edits))
                return -1;
            if (r == 0 || edits < row[0])
                row[0] = edits;
            row[1] = (r ? row[1] : 0) + (int64_t)ref_length;
        }
    }
    return 0;
}
