#include "ngrams.h"

/* The references' n-grams form a trie: a node is an n-gram that occurs more than once, an edge
 * leads from an n-gram by one more symbol to a longer one. Most n-grams occur only once, and those
 * need no node: the edge then holds the *position*, and longer n-grams are found by comparing the
 * hypothesis with the reference from there on. What is at stake is mispredicted branches, so
 *
 * - an edge is one number: 2 * node + 1, or 2 * position, which is 0 for "absent" because position
 *   0 holds a dummy whose n-grams are all spent;
 * - the matches of all orders are counted in the eight bytes of one integer.
 *
 * Each n-gram that occurs once is claimed in claimed[position], one bit an order; each that occurs
 * more often is counted down in left[node]. So clipping is exact and nothing is hashed by content.
 *
 * The algorithm is compiled twice (ngrams_trie.h): with 16-bit numbers and edges in a plain table
 * of nodes x symbols, which for a sentence stays in the fastest cache; and with 32-bit numbers and
 * hashed edges for texts of any size. */

#define PADDING (2 * MAX_ORDER)
#define SMALL_EDGES ((size_t)1 << 19) /* a table larger than this is slower than hashing */
#define SMALL_LENGTH 32000            /* 2 * x + 1 fits 16 bits for positions and nodes */
#define TOO_LARGE 1

/* One byte (0 or 1) for each of eight bits. */
#define SPREAD(b)                                                                                  \
    ((uint64_t)((b) & 1) | (uint64_t)((b) >> 1 & 1) << 8 | (uint64_t)((b) >> 2 & 1) << 16 |        \
     (uint64_t)((b) >> 3 & 1) << 24 | (uint64_t)((b) >> 4 & 1) << 32 |                             \
     (uint64_t)((b) >> 5 & 1) << 40 | (uint64_t)((b) >> 6 & 1) << 48 | (uint64_t)((b) >> 7) << 56)
#define SPREAD_4(b) SPREAD(b), SPREAD((b) + 1), SPREAD((b) + 2), SPREAD((b) + 3)
#define SPREAD_16(b) SPREAD_4(b), SPREAD_4((b) + 4), SPREAD_4((b) + 8), SPREAD_4((b) + 12)
#define SPREAD_64(b) SPREAD_16(b), SPREAD_16((b) + 16), SPREAD_16((b) + 32), SPREAD_16((b) + 48)
static const uint64_t spread[256] = {SPREAD_64(0), SPREAD_64(64), SPREAD_64(128), SPREAD_64(192)};

static inline void add_bytes(uint64_t bytes, int order, int64_t *matches)
{
    for (int n = 0; n < order; n++)
        matches[n] += (int64_t)(bytes >> 8 * n & 0xFF);
}

#define STRIP 255 /* positions after which a byte could overflow */

/* What following an edge needs, by value: the compiler may then keep it in registers. */
typedef struct {
    const void *next, *keys;
    size_t symbols, mask;
} Edges;

/* ---- Small: 16 bits, edges in a table ------------------------------------------------------- */

/* How many of seven symbols are equal. */
static inline unsigned common_small(const uint16_t *a, const uint16_t *b)
{
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t a0, a1, b0, b1;
    memcpy(&a0, a, 8);
    memcpy(&a1, a + 4, 8);
    memcpy(&b0, b, 8);
    memcpy(&b1, b + 4, 8);
    uint64_t first = a0 ^ b0, second = (a1 ^ b1) | UINT64_C(1) << 63;
    uint64_t differing = first ? first : second;
    return (unsigned)(__builtin_ctzll(differing) >> 4) + (first ? 0 : 4);
#else
    unsigned n = 0;
    while (n < 7 && a[n] == b[n])
        n++;
    return n;
#endif
}

static inline int reserve_small(Ngrams *g, size_t nodes, size_t edges)
{
    (void)edges;
    if (nodes > SMALL_EDGES / g->symbols || nodes > SMALL_LENGTH)
        return TOO_LARGE;
    return store_reserve(&g->next, nodes * g->symbols, sizeof(uint16_t)) ? 0 : -1;
}

static inline void begin_node_small(Ngrams *g, size_t node)
{
    memset((uint16_t *)g->next.at + node * g->symbols, 0, g->symbols * sizeof(uint16_t));
}

static inline uint16_t *edge_small(Ngrams *g, size_t node, uint16_t symbol)
{
    return (uint16_t *)g->next.at + (node * g->symbols + symbol);
}

static inline uint16_t follow_small(Edges edges, size_t node, uint16_t symbol)
{
    return ((const uint16_t *)edges.next)[node * edges.symbols + symbol];
}

#define SYMBOL uint16_t
#define NAMED(name) name##_small
#include "ngrams_trie.h"
#undef SYMBOL
#undef NAMED

/* ---- Large: 32 bits, edges hashed ----------------------------------------------------------- */

static inline unsigned common_large(const uint32_t *a, const uint32_t *b)
{
    unsigned n = 0;
    while (n < 7 && a[n] == b[n])
        n++;
    return n;
}

/* A key is parent and symbol, exactly, plus 1 to tell it from an empty slot. */
static inline size_t place_large(const uint64_t *keys, size_t mask, uint64_t key)
{
    uint64_t hash = key * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(hash ^ hash >> 32) & mask;
    while (keys[i] && keys[i] != key)
        i = (i + 1) & mask;
    return i;
}

static inline uint64_t key_large(size_t node, uint32_t symbol)
{
    return ((uint64_t)node << 32 | symbol) + 1;
}

/* Keeps the edges at most half full, however many are still to come in this order. */
static inline int reserve_large(Ngrams *g, size_t nodes, size_t edges)
{
    (void)nodes;
    size_t old = g->edges ? g->mask + 1 : 0, capacity = 64;
    while (capacity / 2 < g->edges + edges)
        capacity *= 2;
    if (capacity <= old)
        return 0;
    Store keys = {0}, next = {0};
    uint64_t *new_keys = store_reserve(&keys, capacity, sizeof *new_keys);
    uint32_t *new_next = store_reserve(&next, capacity, sizeof *new_next);
    if (!new_keys || !new_next) {
        store_free(&keys);
        store_free(&next);
        return -1;
    }
    memset(new_keys, 0, capacity * sizeof *new_keys);
    const uint64_t *old_keys = g->keys.at;
    const uint32_t *old_next = g->next.at;
    Store keys_before = g->keys, next_before = g->next;
    g->keys = keys;
    g->next = next;
    g->mask = capacity - 1;
    for (size_t i = 0; i < old; i++)
        if (old_keys[i]) {
            size_t place = place_large(new_keys, g->mask, old_keys[i]);
            new_keys[place] = old_keys[i];
            new_next[place] = old_next[i];
        }
    store_free(&keys_before);
    store_free(&next_before);
    return 0;
}

static inline void begin_node_large(Ngrams *g, size_t node)
{
    (void)g;
    (void)node;
}

static inline uint32_t *edge_large(Ngrams *g, size_t node, uint32_t symbol)
{
    uint64_t *keys = g->keys.at;
    size_t place = place_large(keys, g->mask, key_large(node, symbol));
    uint32_t *next = g->next.at;
    if (!keys[place]) {
        keys[place] = key_large(node, symbol);
        next[place] = 0;
        g->edges++;
    }
    return &next[place];
}

static inline uint32_t follow_large(Edges edges, size_t node, uint32_t symbol)
{
    const uint64_t *keys = edges.keys;
    size_t place = place_large(keys, edges.mask, key_large(node, symbol));
    return keys[place] ? ((const uint32_t *)edges.next)[place] : 0;
}

#define SYMBOL uint32_t
#define NAMED(name) name##_large
#include "ngrams_trie.h"
#undef SYMBOL
#undef NAMED

/* ---- Either --------------------------------------------------------------------------------- */

int ngrams_index(Ngrams *g, int order, const uint32_t *symbols, size_t length, size_t distinct)
{
    g->order = order;
    g->length = length;
    g->symbols = distinct + 1;
    g->large = length > SMALL_LENGTH;
    if (length > UINT32_MAX / 4)
        return -1;
    int failed = g->large ? 0 : index_small(g, symbols);
    if (failed == TOO_LARGE)
        g->large = 1;
    if (g->large) {
        g->edges = 0;
        failed = index_large(g, symbols);
    }
    return failed;
}

int ngrams_match(Ngrams *g, const uint32_t *symbols, size_t length, int64_t *matches)
{
    return g->large ? match_large(g, symbols, length, matches)
                    : match_small(g, symbols, length, matches);
}

void ngrams_free(Ngrams *g)
{
    Store *stores[] = {&g->reference, &g->next, &g->keys,       &g->limits, &g->node_at, &g->owner,
                       &g->alive,     &g->now,  &g->hypothesis, &g->who,    &g->left,    &g->claimed};
    for (size_t k = 0; k < sizeof stores / sizeof stores[0]; k++)
        store_free(stores[k]);
}
