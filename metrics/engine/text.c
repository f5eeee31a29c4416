#include "text.h"

/* ---- Words ---------------------------------------------------------------------------------- */

/* Two code points a step. Equal words have equal hashes; unequal ones are told apart by content. */
static inline uint64_t hash_of(const uint32_t *at, size_t length)
{
    uint64_t hash = length;
    for (; length >= 2; at += 2, length -= 2) {
        uint64_t pair;
        memcpy(&pair, at, sizeof pair);
        hash = (hash ^ pair) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    if (length)
        hash = (hash ^ at[0]) * UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 32;
}

static inline size_t emit(Word *words, size_t count, const uint32_t *from, const uint32_t *to)
{
    if (from == to)
        return count;
    words[count].at = from;
    words[count].length = (size_t)(to - from);
    words[count].hash = hash_of(from, (size_t)(to - from));
    return count + 1;
}

static const Word *plain_words(Text text, Store *store, size_t *count)
{
    Word *words = store_reserve(store, text.length, sizeof *words);
    if (!words)
        return NULL;
    size_t n = 0;
    const uint32_t *end = text.at + text.length, *start = text.at;
    for (const uint32_t *c = text.at; c < end; c++)
        if (is_space(*c)) {
            n = emit(words, n, start, c);
            start = c + 1;
        }
    *count = emit(words, n, start, end);
    return words;
}

static const Word *single_characters(Text text, Store *store, size_t *count)
{
    Word *words = store_reserve(store, text.length, sizeof *words);
    if (!words)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < text.length; i++)
        if (!is_space(text.at[i]))
            n = emit(words, n, text.at + i, text.at + i + 1);
    *count = n;
    return words;
}

/* The 32 marks of string.punctuation; full-width ones stay on their word. */
static inline int is_ascii_punctuation(uint32_t c)
{
    return (c >= 0x21 && c <= 0x2F) || (c >= 0x3A && c <= 0x40) || (c >= 0x5B && c <= 0x60) ||
           (c >= 0x7B && c <= 0x7E);
}

static inline size_t emit_peeled(Word *words, size_t n, const uint32_t *from, const uint32_t *to)
{
    const uint32_t *cut = to;
    if (to - from >= 2) {
        if (is_ascii_punctuation(to[-1]))
            cut = to - 1;
        else if (is_ascii_punctuation(from[0]))
            cut = from + 1;
    }
    n = emit(words, n, from, cut);
    return emit(words, n, cut, to);
}

const Word *chrf_words(Text text, Store *store, size_t *count)
{
    Word *words = store_reserve(store, text.length, sizeof *words);
    if (!words)
        return NULL;
    size_t n = 0;
    const uint32_t *end = text.at + text.length, *start = text.at;
    for (const uint32_t *c = text.at; c < end; c++)
        if (is_space(*c)) {
            n = emit_peeled(words, n, start, c);
            start = c + 1;
        }
    *count = emit_peeled(words, n, start, end);
    return words;
}

/* ---- mteval-v13a, its Chinese variant, and Tercom ---------------------------------------------
 *
 * sacrebleu applies regular expressions one after another. All they do is insert spaces, so the
 * tokens are what lies between boundaries, and the boundaries can be found in one pass. */

typedef enum { CUT_13A, CUT_ZH, CUT_TERCOM, CUT_TERCOM_ASIAN } Style;

typedef enum { LETTER, SPACE, MARK, DASH, STOP, QUOTE } Kind;

/* MARK: the punctuation that always stands alone, which ' - , and . do not. */
static const uint8_t ascii_kind[128] = {
    /* 00 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0,
    /* 10 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1,
    /* 20 */ 1, 2, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2, 4, 3, 4, 2,
    /* 30 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2,
    /* 40 */ 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 50 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2,
    /* 60 */ 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 70 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 0,
};

static inline int is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

typedef uint32_t Range[2];

static inline int within(const Range *sorted, size_t count, uint32_t c)
{
    for (size_t k = 0; k < count; k++)
        if (c <= sorted[k][1])
            return c >= sorted[k][0];
    return 0;
}

#define WITHIN(ranges, c) within(ranges, sizeof(ranges) / sizeof((ranges)[0]), c)

/* What sacrebleu's TokenizerZh takes for a Chinese character. Two of its ranges are written with
 * five hexadecimal digits after \u, which Python reads as a character and a digit; so "Extension
 * B" is really U+2001-2A6D (dashes, curly quotes, arrows) and real Extension B is not split. */
static const Range zh_marks[] = {
    {0x2001, 0x2A6D}, {0x2E80, 0x2EFF}, {0x2F00, 0x2FDF}, {0x2FF0, 0x2FFF}, {0x3000, 0x303F},
    {0x3100, 0x312F}, {0x31A0, 0x31BF}, {0x31C0, 0x31EF}, {0x3200, 0x33FF}, {0x3400, 0x4DB5},
    {0x4E00, 0x9FBB}, {0xF900, 0xFA2D}, {0xFA30, 0xFA6A}, {0xFA70, 0xFAD9}, {0xFE10, 0xFE1F},
    {0xFE30, 0xFE4F}, {0xFF00, 0xFFEF},
};

/* The same for TercomTokenizer with asian_support (its rules for kana never match, since they
 * look for the beginning of a line that by then begins with a space), and its punctuation. */
static const Range tercom_marks[] = {
    {0x2E80, 0x2EFF}, {0x31C0, 0x31EF}, {0x3200, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF}, {0xFE30, 0xFE4F},
};
static const Range tercom_punctuation[] = {
    {0x3001, 0x3002}, {0x3008, 0x3011}, {0x3014, 0x301F}, {0x30FB, 0x30FB}, {0xFF01, 0xFF02},
    {0xFF08, 0xFF09}, {0xFF0C, 0xFF0C}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1B}, {0xFF1F, 0xFF1F},
    {0xFF61, 0xFF65},
};

SPECIALISED Kind kind_of(uint32_t c, Style style)
{
    if (c < 0x80) {
        if (c == '\'' && (style == CUT_TERCOM || style == CUT_TERCOM_ASIAN))
            return QUOTE;
        return (Kind)ascii_kind[c];
    }
    int splits = style == CUT_ZH || style == CUT_TERCOM_ASIAN;
    if (splits && c >= 0x4E00 && c <= 0x9FBB)
        return MARK;
    if (is_space(c))
        return SPACE;
    if (style == CUT_ZH && WITHIN(zh_marks, c))
        return MARK;
    if (style == CUT_TERCOM_ASIAN && (WITHIN(tercom_marks, c) || WITHIN(tercom_punctuation, c)))
        return MARK;
    return LETTER;
}

/* Cuts a run of full stops and commas from its neighbours and into single marks.
 *
 * The second expression, ([^0-9])([.,]), consumes pairs from the left, the third,
 * ([.,])([^0-9]), looks at what is left; hence the parity. All styles but zh pad the line with
 * spaces, so a missing neighbour is a non-digit; in zh nothing matches a missing neighbour.
 * Returns the count; moves *start to where the token after the run begins. */
static size_t cut_stops(Word *words, size_t n, Text text, const uint32_t *run, const uint32_t *stop,
                        const uint32_t **start, int padded)
{
    size_t length = (size_t)(stop - run);
    int after_other = run > text.at ? !is_digit(run[-1]) : padded;
    int before_other = stop < text.at + text.length ? !is_digit(*stop) : padded;
    if (after_other || length >= 2 || before_other) {
        n = emit(words, n, *start, run);
        *start = run;
    }
    for (const uint32_t *mark = run + 1; mark < stop; mark++) {
        n = emit(words, n, *start, mark);
        *start = mark;
    }
    int last_was_second_of_pair = ((length - 1) % 2 == 0) == after_other;
    if (last_was_second_of_pair || before_other) {
        n = emit(words, n, *start, stop);
        *start = stop;
    }
    return n;
}

/* Whether 's stands here before a space, or before a mark, around which there are spaces. */
static inline int is_possessive(const uint32_t *quote, const uint32_t *end)
{
    if (quote + 1 == end || quote[1] != 's')
        return 0;
    return quote + 2 == end || quote[2] == ' ' || (quote[2] < 0x80 && ascii_kind[quote[2]] == MARK);
}

/* Sets *escapes where a text has a character that may have to be replaced first. */
SPECIALISED size_t cut(Style style, Text text, Word *words, int *escapes)
{
    size_t n = 0;
    const uint32_t *end = text.at + text.length, *start = text.at;
    for (const uint32_t *c = text.at; c < end; c++) {
        Kind kind = kind_of(*c, style);
        while (kind == LETTER && ++c < end)
            kind = kind_of(*c, style);
        switch (kind) {
        case LETTER:
            return emit(words, n, start, end);
        case SPACE:
            *escapes |= *c == '\n';
            n = emit(words, n, start, c);
            start = c + 1;
            break;
        case DASH: /* alone only directly after a digit */
            if (c == text.at || !is_digit(c[-1]))
                break;
            /* fall through */
        case MARK:
            *escapes |= *c == '&' || *c == '<';
            n = emit(words, n, start, c);
            n = emit(words, n, c, c + 1);
            start = c + 1;
            break;
        case STOP: {
            const uint32_t *stop = c + 1;
            while (stop < end && (*stop == '.' || *stop == ','))
                stop++;
            n = cut_stops(words, n, text, c, stop, &start, style != CUT_ZH);
            c = stop - 1;
            break;
        }
        case QUOTE:
            if (is_possessive(c, end)) {
                n = emit(words, n, start, c);
                start = c;
            }
            break;
        }
    }
    return emit(words, n, start, end);
}

/* Replaces every occurrence of an ASCII pattern by one character, or by nothing (-1), in place and
 * without looking at the result again, as str.replace does. Returns the new length. */
static size_t replace(uint32_t *text, size_t length, const char *pattern, int by)
{
    size_t width = strlen(pattern), to = 0;
    for (size_t i = 0; i < length;) {
        size_t k = 0;
        while (k < width && i + k < length && text[i + k] == (unsigned char)pattern[k])
            k++;
        if (k < width) {
            text[to++] = text[i++];
        } else {
            if (by >= 0)
                text[to++] = (uint32_t)by;
            i += width;
        }
    }
    return to;
}

/* What comes before the expressions; the order matters (&amp;lt; is <). */
static int unescape(Style style, Text *text, Store *scratch)
{
    uint32_t *copy = store_reserve(scratch, text->length, sizeof *copy);
    if (!copy)
        return -1;
    memcpy(copy, text->at, text->length * sizeof *copy);
    size_t n = text->length;
    if (style == CUT_13A) {
        n = replace(copy, n, "<skipped>", -1);
        n = replace(copy, n, "-\n", -1);
    } else {
        n = replace(copy, n, "\n-", -1);
    }
    n = replace(copy, n, "\n", ' ');
    n = replace(copy, n, "&quot;", '"');
    n = replace(copy, n, "&amp;", '&');
    n = replace(copy, n, "&lt;", '<');
    n = replace(copy, n, "&gt;", '>');
    text->at = copy;
    text->length = n;
    return 0;
}

/* Escapes are rare: it is faster to cut twice where there are any than to look for them. */
SPECIALISED const Word *cut_unescaped(Style style, Text text, Store *store, Store *scratch,
                                        size_t *count)
{
    Word *words = store_reserve(store, text.length, sizeof *words);
    if (!words)
        return NULL;
    int escapes = 0;
    *count = cut(style, text, words, &escapes);
    if (escapes && style != CUT_ZH) {
        if (unescape(style, &text, scratch))
            return NULL;
        *count = cut(style, text, words, &escapes);
    }
    return words;
}

static inline Text strip_right(Text text)
{
    while (text.length && is_space(text.at[text.length - 1]))
        text.length--;
    return text;
}

static inline Text strip_left(Text text)
{
    while (text.length && is_space(*text.at)) {
        text.at++;
        text.length--;
    }
    return text;
}

const Word *bleu_words(int tokenizer, Text text, Store *store, Store *scratch, size_t *count)
{
    /* BLEU strips the right end of every text, zh both ends: it matters next to a full stop. */
    text = strip_right(text);
    switch (tokenizer) {
    case TOKENIZE_13A:
        return cut_unescaped(CUT_13A, text, store, scratch, count);
    case TOKENIZE_ZH:
        return cut_unescaped(CUT_ZH, strip_left(text), store, scratch, count);
    case TOKENIZE_CHAR:
        return single_characters(text, store, count);
    default:
        return plain_words(text, store, count);
    }
}

/* ---- TER -------------------------------------------------------------------------------------- */

/* Drops punctuation from within words, and words of nothing else. */
static size_t drop_punctuation(Word *words, size_t count, int asian, uint32_t *kept)
{
    size_t n = 0;
    for (size_t k = 0; k < count; k++) {
        const uint32_t *begin = kept;
        for (size_t i = 0; i < words[k].length; i++) {
            uint32_t c = words[k].at[i];
            int drop = c < 0x80 ? c && strchr(".,?:;!\"()", (int)c) != NULL
                                : asian && WITHIN(tercom_punctuation, c);
            if (!drop)
                *kept++ = c;
        }
        n = emit(words, n, begin, kept);
    }
    return n;
}

static Text join(const Word *words, size_t count, uint32_t *into)
{
    Text text = {into, 0};
    for (size_t k = 0; k < count; k++) {
        if (k)
            into[text.length++] = ' ';
        memcpy(into + text.length, words[k].at, words[k].length * sizeof *into);
        text.length += words[k].length;
    }
    return text;
}

const Word *ter_words(int options, int times, Text text, Store *store, Store scratch[3],
                      size_t *count)
{
    const Word *words = NULL;
    for (int time = 0; time < times; time++) {
        text = strip_right(text);
        if (!(options & TER_NORMALIZED))
            words = plain_words(text, store, count);
        else if (options & TER_ASIAN)
            words = cut_unescaped(CUT_TERCOM_ASIAN, text, store, &scratch[0], count);
        else
            words = cut_unescaped(CUT_TERCOM, text, store, &scratch[0], count);
        if (!words)
            return NULL;
        if (options & TER_NO_PUNCT) {
            uint32_t *kept = store_reserve(&scratch[1], text.length, sizeof *kept);
            if (!kept)
                return NULL;
            *count = drop_punctuation(store->at, *count, options & TER_ASIAN, kept);
        }
        if (time + 1 < times) {
            /* At most as many spaces as characters. */
            uint32_t *joined = store_reserve(&scratch[2], 2 * text.length, sizeof *joined);
            if (!joined)
                return NULL;
            text = join(words, *count, joined);
        }
    }
    return words;
}
