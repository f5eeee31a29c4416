/* Texts as sequences of small integers: the distinct symbols of a segment's references are
 * numbered from 1, and everything a hypothesis has besides is UNKNOWN, which matches nothing. */
#ifndef XINDAYA_SYMBOLS_H
#define XINDAYA_SYMBOLS_H

#include "text.h"

#define UNKNOWN 0u

/* Words by number. Content is compared, never only the hash, so numbers are exact. */
typedef struct {
    Store slots, characters;
    size_t mask, used;
    uint32_t count;
} Vocabulary;

/* Empties the vocabulary; `words` is a guess at how many will come. */
int vocabulary_reset(Vocabulary *vocabulary, size_t words);
/* Returns the word's number, a new one if need be; UNKNOWN when there is no memory. */
uint32_t vocabulary_add(Vocabulary *vocabulary, Word word);
uint32_t vocabulary_find(const Vocabulary *vocabulary, Word word);
void vocabulary_free(Vocabulary *vocabulary);

/* Characters by number: one table over all code points, of which the operating system only
 * provides the pages that are touched. */
typedef struct {
    uint32_t *number;
    uint32_t count;
} Alphabet;

int alphabet_new(Alphabet *alphabet);
/* Numbers the text's characters without whitespace; new ones get new numbers. Returns how many. */
size_t alphabet_add(Alphabet *alphabet, Text text, uint32_t *symbols);
/* The same, new ones being UNKNOWN. */
size_t alphabet_find(const Alphabet *alphabet, Text text, uint32_t *symbols);
/* Forgets the characters of a text that was added. */
void alphabet_forget(Alphabet *alphabet, Text text);
void alphabet_free(Alphabet *alphabet);

#endif
