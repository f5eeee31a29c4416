#include "symbols.h"

/* ---- Vocabulary: open addressing, linear probing, at most half full ------------------------- */

typedef struct {
    uint64_t hash;
    size_t at, length; /* the word's place in `characters` */
    uint32_t number;   /* UNKNOWN in an empty slot */
} Slot;

int vocabulary_reset(Vocabulary *v, size_t words)
{
    size_t capacity = 32;
    while (capacity / 2 < words)
        capacity *= 2;
    Slot *slots = store_reserve(&v->slots, capacity, sizeof *slots);
    if (!slots)
        return -1;
    memset(slots, 0, capacity * sizeof *slots);
    v->mask = capacity - 1;
    v->used = 0;
    v->count = 0;
    return 0;
}

/* Words are short: a loop is faster than memcmp. */
static inline int equal(const uint32_t *a, const uint32_t *b, size_t length)
{
    for (; length >= 2; a += 2, b += 2, length -= 2) {
        uint64_t pair_a, pair_b;
        memcpy(&pair_a, a, sizeof pair_a);
        memcpy(&pair_b, b, sizeof pair_b);
        if (pair_a != pair_b)
            return 0;
    }
    return !length || *a == *b;
}

/* The word's slot, or the empty one where it belongs. */
static inline Slot *slot_of(const Vocabulary *v, Word word)
{
    Slot *slots = v->slots.at;
    const uint32_t *characters = v->characters.at;
    size_t i = (size_t)word.hash & v->mask;
    while (slots[i].number != UNKNOWN) {
        const Slot *s = &slots[i];
        if (s->hash == word.hash && s->length == word.length &&
            equal(characters + s->at, word.at, word.length))
            break;
        i = (i + 1) & v->mask;
    }
    return &slots[i];
}

/* Twice as many slots, the same words. */
static int widen(Vocabulary *v)
{
    Store wide = {0};
    size_t capacity = 2 * (v->mask + 1);
    Slot *slots = store_reserve(&wide, capacity, sizeof *slots);
    if (!slots)
        return -1;
    memset(slots, 0, capacity * sizeof *slots);
    const Slot *old = v->slots.at;
    for (size_t k = 0; k <= v->mask; k++)
        if (old[k].number != UNKNOWN) {
            size_t i = (size_t)old[k].hash & (capacity - 1);
            while (slots[i].number != UNKNOWN)
                i = (i + 1) & (capacity - 1);
            slots[i] = old[k];
        }
    store_free(&v->slots);
    v->slots = wide;
    v->mask = capacity - 1;
    return 0;
}

uint32_t vocabulary_add(Vocabulary *v, Word word)
{
    Slot *slot = slot_of(v, word);
    if (slot->number != UNKNOWN)
        return slot->number;
    if (v->count > v->mask / 2) {
        if (widen(v))
            return UNKNOWN;
        slot = slot_of(v, word);
    }
    uint32_t *characters = store_reserve(&v->characters, v->used + word.length, sizeof *characters);
    if (!characters)
        return UNKNOWN;
    memcpy(characters + v->used, word.at, word.length * sizeof *word.at);
    slot->hash = word.hash;
    slot->at = v->used;
    slot->length = word.length;
    slot->number = ++v->count;
    v->used += word.length;
    return slot->number;
}

uint32_t vocabulary_find(const Vocabulary *v, Word word)
{
    return slot_of(v, word)->number;
}

void vocabulary_free(Vocabulary *v)
{
    store_free(&v->slots);
    store_free(&v->characters);
}

/* ---- Alphabet ------------------------------------------------------------------------------- */

#define CODE_POINTS 0x110000
#define WHITESPACE UINT32_MAX /* so that one look-up both numbers a character and skips spaces */

int alphabet_new(Alphabet *a)
{
    a->count = 0;
    a->number = calloc(CODE_POINTS, sizeof *a->number);
    if (!a->number)
        return -1;
    static const uint32_t near_spaces[][2] = {
        {0, 0xFF}, {0x1680, 0x1680}, {0x2000, 0x20FF}, {0x3000, 0x3000}};
    for (size_t k = 0; k < sizeof near_spaces / sizeof near_spaces[0]; k++)
        for (uint32_t c = near_spaces[k][0]; c <= near_spaces[k][1]; c++)
            if (is_space(c))
                a->number[c] = WHITESPACE;
    return 0;
}

size_t alphabet_add(Alphabet *a, Text text, uint32_t *symbols)
{
    size_t n = 0;
    for (size_t i = 0; i < text.length; i++) {
        uint32_t *number = &a->number[text.at[i]];
        if (*number == WHITESPACE)
            continue;
        if (*number == UNKNOWN)
            *number = ++a->count;
        symbols[n++] = *number;
    }
    return n;
}

size_t alphabet_find(const Alphabet *a, Text text, uint32_t *symbols)
{
    size_t n = 0;
    for (size_t i = 0; i < text.length; i++) {
        symbols[n] = a->number[text.at[i]];
        n += symbols[n] != WHITESPACE;
    }
    return n;
}

void alphabet_forget(Alphabet *a, Text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (a->number[text.at[i]] != WHITESPACE)
            a->number[text.at[i]] = UNKNOWN;
    a->count = 0;
}

void alphabet_free(Alphabet *a)
{
    free(a->number);
    a->number = NULL;
}
