/* Text as code points, cut into words the way sacrebleu cuts it. */
#ifndef XINDAYA_TEXT_H
#define XINDAYA_TEXT_H

#include "memory.h"

typedef struct {
    const uint32_t *at;
    size_t length;
} Text;

typedef struct {
    const uint32_t *at;
    size_t length;
    uint64_t hash;
} Word;

/* How BLEU cuts text. */
enum { TOKENIZE_NONE, TOKENIZE_CHAR, TOKENIZE_13A, TOKENIZE_ZH };

/* How TER cuts text; a sum of these. */
enum { TER_NORMALIZED = 1, TER_ASIAN = 2, TER_NO_PUNCT = 4 };

/* Code points that Python's str.isspace() and str.split() count as whitespace. */
static inline int is_space(uint32_t c)
{
    if (c < 0x80)
        return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    if (c > 0x3000)
        return 0;
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* BLEU tokens of a text. The words point into `text` or, where entities were replaced, into
 * `scratch`. Sets *count; returns NULL when there is no memory, as all of these do. */
const Word *bleu_words(int tokenizer, Text text, Store *words, Store *scratch, size_t *count);

/* TER words, in the same way; `times` is 2 for references, which sacrebleu cuts twice. */
const Word *ter_words(int options, int times, Text text, Store *words, Store scratch[3],
                      size_t *count);

/* chrF++ words: split at whitespace, one ASCII punctuation mark peeled off. */
const Word *chrf_words(Text text, Store *words, size_t *count);

#endif
