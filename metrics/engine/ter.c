#include "ter.h"

#include <math.h>

/* One text is shifted block by block as long as that lowers the edit distance, computed inside a
 * beam around the diagonal. The control flow is sacrebleu's, because its limits show in the
 * numbers: which shifts are tried, when it gives up, and which of equally good ones wins.
 *
 * What differs is how a candidate is weighed. A shift changes only rows first..last of the
 * distance matrix. So with the distances *to* every cell (forward) and *from* every cell
 * (backward) known for the unshifted text, a candidate needs only the rows in between:
 *
 *     distance = min over columns j of  row_last[j] + backward[last][j]
 *
 * and may be dropped as soon as a row shows that it cannot win. */

#define MAX_SHIFT_SIZE 10
#define MAX_SHIFT_DISTANCE 50
#define MAX_CANDIDATES 1000 /* over all rounds; the round that reaches it is discarded */
#define BEAM_WIDTH 25
#define UNREACHABLE (1 << 29)

typedef int32_t Cost;

typedef struct {
    size_t start, length, target;
} Shift;

/* ---- The beam ------------------------------------------------------------------------------- */

/* Row i of the matrix has the columns from[i]..to[i]-1 and, unreachable, one more on the left and
 * what the next row looks at on the right; the same cells serve the way back. */
typedef struct {
    size_t n, m; /* words of hypothesis and reference */
    const size_t *from, *to, *start;
} Beam;

static inline size_t left_of(const Beam *b, size_t i) /* columns here count from 1 */
{
    return i ? b->from[i - 1] : 0;
}

static inline size_t right_of(const Beam *b, size_t i)
{
    return i < b->n ? b->to[i + 1] : b->to[i];
}

static inline size_t cell(const Beam *b, size_t i, size_t j)
{
    return b->start[i] + (j + 1 - left_of(b, i));
}

static int lay_out(Ter *t, size_t n, size_t m, Beam *b, size_t *cells)
{
    size_t *from = store_reserve(&t->from, n + 1, sizeof *from);
    size_t *to = store_reserve(&t->to, n + 1, sizeof *to);
    size_t *start = store_reserve(&t->start, n + 1, sizeof *start);
    if (!from || !to || !start)
        return -1;
    double ratio = n ? (double)m / (double)n : 1.0;
    size_t half = BEAM_WIDTH;
    if (BEAM_WIDTH < ratio / 2)
        half = (size_t)ceil(ratio / 2 + BEAM_WIDTH);
    from[0] = 0;
    to[0] = m + 1;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = (size_t)floor((double)i * ratio);
        from[i] = diagonal > half ? diagonal - half : 0;
        to[i] = diagonal + half < m + 1 && i < n ? diagonal + half : m + 1;
    }
    *b = (Beam){n, m, from, to, start};
    *cells = 0;
    for (size_t i = 0; i <= n; i++) {
        start[i] = *cells;
        size_t width = right_of(b, i) + 2 - left_of(b, i);
        size_t own = to[i] + 2 - left_of(b, i);
        *cells += width > own ? width : own;
    }
    return 0;
}

static inline Cost least(Cost a, Cost b)
{
    return a < b ? a : b;
}

/* One row of the distance matrix. `above` and `row` begin at the column left of `from`, which in
 * `row` must be unreachable already; reference[j] is the word before column j. */
static inline void next_row(const Cost *above, Cost *row, const uint32_t *reference, uint32_t word,
                            size_t from, size_t to)
{
    size_t width = to - from;
    const uint32_t *before = reference + from;
    for (size_t k = 0; k < width; k++)
        row[k + 1] = least(above[k] + (before[k] != word), above[k + 1] + 1);
    Cost run = row[0];
    for (size_t k = 1; k <= width; k++) {
        run = least(run + 1, row[k]);
        row[k] = run;
    }
}

/* Distances from the beginning to every cell. */
static void fill_forward(const Beam *b, const uint32_t *hypothesis, const uint32_t *reference,
                         Cost *cost, size_t cells)
{
    for (size_t k = 0; k < cells; k++)
        cost[k] = UNREACHABLE;
    for (size_t j = 0; j <= b->m; j++)
        cost[cell(b, 0, j)] = (Cost)j;
    for (size_t i = 1; i <= b->n; i++)
        next_row(cost + cell(b, i - 1, b->from[i]) - 1, cost + cell(b, i, b->from[i]) - 1,
                 reference, hypothesis[i - 1], b->from[i], b->to[i]);
}

/* Distances from every cell to the end, over the same cells. */
static void fill_backward(const Beam *b, const uint32_t *hypothesis, const uint32_t *reference,
                          Cost *cost, size_t cells)
{
    for (size_t k = 0; k < cells; k++)
        cost[k] = UNREACHABLE;
    for (size_t j = b->from[b->n]; j <= b->m; j++)
        cost[cell(b, b->n, j)] = (Cost)(b->m - j);
    for (size_t i = b->n; i-- > 1;) { /* row 0 is never asked for */
        const Cost *below = cost + cell(b, i + 1, b->from[i]);
        Cost *row = cost + cell(b, i, b->from[i]);
        const uint32_t *after = reference + 1 + b->from[i];
        Cost run = UNREACHABLE;
        for (size_t k = b->to[i] - b->from[i]; k-- > 0;) {
            run = least(run + 1, below[k] + 1);
            run = least(run, below[k + 1] + (after[k] != hypothesis[i]));
            row[k] = run;
        }
    }
}

/* ---- Alignment ------------------------------------------------------------------------------ */

/* Walks back through the matrix: matches and substitutions are preferred to dropping a hypothesis
 * word, that to inserting a reference word. aligned[j] is the hypothesis word before or at which
 * reference word j stands, counted from 1; the errors are prefix sums. */
static void align(const Beam *b, const uint32_t *hypothesis, const uint32_t *reference,
                  const Cost *cost, size_t *aligned, uint32_t *hyp_errors, uint32_t *ref_errors)
{
    size_t i = b->n, j = b->m;
    while (i || j) {
        Cost here = cost[cell(b, i, j)];
        int differ = i && j && hypothesis[i - 1] != reference[j];
        if (i && j && cost[cell(b, i - 1, j - 1)] + differ == here) {
            aligned[j - 1] = i;
            hyp_errors[i] = ref_errors[j] = (uint32_t)differ;
            i--;
            j--;
        } else if (i && cost[cell(b, i - 1, j)] + 1 == here) {
            hyp_errors[i] = 1;
            i--;
        } else {
            aligned[j - 1] = i;
            ref_errors[j] = 1;
            j--;
        }
    }
    hyp_errors[0] = ref_errors[0] = 0;
    for (i = 1; i <= b->n; i++)
        hyp_errors[i] += hyp_errors[i - 1];
    for (j = 1; j <= b->m; j++)
        ref_errors[j] += ref_errors[j - 1];
}

/* ---- Shifts --------------------------------------------------------------------------------- */

/* Lists the shifts worth trying: words that match elsewhere, wrong at both places now. Stops at
 * `limit`. Returns their number, or SIZE_MAX when there is no memory. */
static size_t list_shifts(Ter *t, const Beam *b, const uint32_t *hypothesis,
                          const uint32_t *reference, size_t limit)
{
    const size_t *aligned = t->aligned.at;
    const uint32_t *hyp_errors = t->hyp_errors.at, *ref_errors = t->ref_errors.at;
    Shift *shifts = store_reserve(&t->candidates, limit + MAX_SHIFT_SIZE + 1, sizeof *shifts);
    if (!shifts)
        return SIZE_MAX;
    size_t count = 0;
    for (size_t h = 0; h < b->n; h++) {
        if (hypothesis[h] == 0) /* UNKNOWN: nowhere in the reference */
            continue;
        size_t r = h > MAX_SHIFT_DISTANCE ? h - MAX_SHIFT_DISTANCE : 0;
        size_t r_end = h + MAX_SHIFT_DISTANCE + 1 < b->m ? h + MAX_SHIFT_DISTANCE + 1 : b->m;
        for (; r < r_end; r++)
            for (size_t length = 1; length <= MAX_SHIFT_SIZE && h + length <= b->n &&
                                    r + length <= b->m &&
                                    hypothesis[h + length - 1] == reference[r + length];
                 length++) {
                if (hyp_errors[h + length] == hyp_errors[h] ||
                    ref_errors[r + length] == ref_errors[r])
                    continue;
                if (h + 1 <= aligned[r] && aligned[r] < h + 1 + length)
                    continue; /* it stands inside itself */
                size_t previous = SIZE_MAX;
                for (size_t k = 0; k <= length; k++) {
                    size_t target = r + k ? aligned[r + k - 1] : 0;
                    if (target == previous)
                        continue;
                    previous = target;
                    shifts[count++] = (Shift){h, length, target};
                }
                if (count >= limit)
                    return count;
            }
    }
    return count;
}

/* Applies a shift; sets the range of words that it moves. */
static void apply(const uint32_t *words, uint32_t *shifted, size_t n, Shift s, size_t *first,
                  size_t *last)
{
    memcpy(shifted, words, n * sizeof *words);
    size_t end = s.start + s.length, to;
    if (s.target < s.start) {
        to = *first = s.target;
        *last = end;
        memcpy(shifted + to + s.length, words + to, (s.start - to) * sizeof *words);
    } else {
        /* Past itself by target - end words, or inside itself by target - start. */
        size_t past = s.target > end ? s.target - end : s.target - s.start;
        if (past > n - end)
            past = n - end;
        to = s.start + past;
        *first = s.start;
        *last = end + past;
        memcpy(shifted + s.start, words + end, past * sizeof *words);
    }
    memcpy(shifted + to, words + s.start, s.length * sizeof *words);
}

/* The distance after a shift, or any number above `limit` when it is above. */
static Cost weigh(const Beam *b, const uint32_t *shifted, const uint32_t *reference,
                  const Cost *forward, const Cost *backward, Cost *rows, size_t first, size_t last,
                  Cost limit)
{
    /* Two rows that take turns; columns count from 1, so that each has a left neighbour. */
    size_t width = b->m + 3;
    const Cost *above = forward + cell(b, first, b->from[first]) - 1;
    size_t above_from = b->from[first];
    Cost *row = rows;
    for (size_t i = first + 1; i <= last; i++) {
        size_t from = b->from[i], to = b->to[i];
        row[from] = UNREACHABLE;
        next_row(above + (from - above_from), row + from, reference, shifted[i - 1], from, to);
        for (size_t j = to; j <= right_of(b, i); j++)
            row[j + 1] = UNREACHABLE;
        Cost best = UNREACHABLE;
        for (size_t j = from; j < to; j++)
            best = least(best, row[j + 1]);
        if (best > limit)
            return best;
        above = row + from;
        above_from = from;
        row = row == rows ? rows + width : rows;
    }
    Cost distance = UNREACHABLE;
    const Cost *on = backward + cell(b, last, b->from[last]);
    for (size_t k = 0; k < b->to[last] - b->from[last]; k++)
        distance = least(distance, above[k + 1] + on[k]);
    return distance;
}

/* Whether `a` wins over `b` at the same distance: longer, then earlier, then less far right. */
static inline int preferred(Shift a, Shift b)
{
    if (a.length != b.length)
        return a.length > b.length;
    if (a.start != b.start)
        return a.start < b.start;
    return a.target < b.target;
}

int ter_edits(Ter *t, const uint32_t *hypothesis, size_t n, const uint32_t *ref, size_t m,
              int64_t *edits)
{
    if (n == 0 || m == 0) {
        *edits = (int64_t)(n + m);
        return 0;
    }
    if (n >= UNREACHABLE / 4 || m >= UNREACHABLE / 4)
        return -1;
    Beam beam;
    size_t cells;
    uint32_t *words = store_reserve(&t->hypothesis, n, sizeof *words);
    uint32_t *shifted = store_reserve(&t->shifted, n, sizeof *shifted);
    uint32_t *reference = store_reserve(&t->reference, m + 2, sizeof *reference);
    size_t *aligned = store_reserve(&t->aligned, m, sizeof *aligned);
    uint32_t *hyp_errors = store_reserve(&t->hyp_errors, n + 1, sizeof *hyp_errors);
    uint32_t *ref_errors = store_reserve(&t->ref_errors, m + 1, sizeof *ref_errors);
    Cost *rows = store_reserve(&t->rows, 2 * (m + 3), sizeof *rows);
    if (!words || !shifted || !reference || !aligned || !hyp_errors || !ref_errors || !rows ||
        lay_out(t, n, m, &beam, &cells))
        return -1;
    Cost *forward = store_reserve(&t->forward, cells, sizeof *forward);
    Cost *backward = store_reserve(&t->backward, cells, sizeof *backward);
    if (!forward || !backward)
        return -1;
    memcpy(words, hypothesis, n * sizeof *words);
    reference[0] = reference[m + 1] = 0; /* so that reference[j] is the word before column j */
    memcpy(reference + 1, ref, m * sizeof *ref);

    int64_t shifts = 0;
    size_t tried = 0;
    for (;;) {
        fill_forward(&beam, words, reference, forward, cells);
        Cost distance = forward[cell(&beam, n, m)];
        *edits = shifts + distance;
        if (distance == 0)
            return 0;
        align(&beam, words, reference, forward, aligned, hyp_errors, ref_errors);
        size_t count = list_shifts(t, &beam, words, reference, MAX_CANDIDATES - tried);
        if (count == SIZE_MAX)
            return -1;
        tried += count;
        if (tried >= MAX_CANDIDATES || count == 0)
            return 0;
        fill_backward(&beam, words, reference, backward, cells);

        /* Only a shift that gains anything counts, so the first limit is one below. */
        const Shift *candidates = t->candidates.at;
        const Shift *best = NULL;
        Cost best_distance = distance;
        for (const Shift *s = candidates; s < candidates + count; s++) {
            Cost limit = best && preferred(*s, *best) ? best_distance : best_distance - 1;
            size_t first, last;
            apply(words, shifted, n, *s, &first, &last);
            Cost found = weigh(&beam, shifted, reference, forward, backward, rows, first, last,
                               limit);
            if (found <= limit) {
                best = s;
                best_distance = found;
            }
        }
        if (!best)
            return 0;
        size_t first, last;
        apply(words, shifted, n, *best, &first, &last);
        memcpy(words, shifted, n * sizeof *words);
        shifts++;
    }
}

void ter_free(Ter *t)
{
    Store *stores[] = {&t->hypothesis, &t->shifted, &t->reference, &t->from,       &t->to,
                       &t->start,      &t->forward, &t->backward,  &t->rows,       &t->aligned,
                       &t->hyp_errors, &t->ref_errors, &t->candidates};
    for (size_t k = 0; k < sizeof stores / sizeof stores[0]; k++)
        store_free(stores[k]);
}
