/* The algorithm of ngrams.c for one width of numbers; SYMBOL and NAMED() are set there. */

/* Builds the trie order by order. Only positions whose n-gram occurs more than once are still
 * `alive` for the next order; of the others, an edge knows the one position there is. */
static int NAMED(index)(Ngrams *g, const uint32_t *symbols)
{
    size_t length = g->length;
    SYMBOL *text = store_reserve(&g->reference, length + 1 + PADDING, sizeof *text);
    SYMBOL *node_at = store_reserve(&g->node_at, length + 1, sizeof *node_at);
    SYMBOL *alive = store_reserve(&g->alive, length + 1, sizeof *alive);
    SYMBOL *owner = store_reserve(&g->owner, length + 1, sizeof *owner);
    if (!text || !node_at || !alive || !owner)
        return -1;
    const SYMBOL boundary = (SYMBOL)BOUNDARY;
    SYMBOL references = 0;
    size_t living = 0;
    text[0] = boundary;
    for (size_t p = 1; p <= length; p++) {
        text[p] = (SYMBOL)symbols[p - 1];
        node_at[p] = 0; /* the root */
        owner[p] = references;
        if (text[p] == boundary)
            references++;
        else
            alive[living++] = (SYMBOL)p;
    }
    for (size_t p = length + 1; p < length + 1 + PADDING; p++)
        text[p] = boundary;

    g->nodes = 1;
    int failed = NAMED(reserve)(g, 1, 0);
    if (failed)
        return failed;
    NAMED(begin_node)(g, 0);
    for (int n = 0; n < g->order && living; n++) {
        /* Each new node needs two positions. */
        size_t nodes = g->nodes + living / 2;
        failed = NAMED(reserve)(g, nodes, living);
        if (failed)
            return failed;
        SYMBOL *limits = store_reserve(&g->limits, nodes, sizeof *limits);
        SYMBOL *now = store_reserve(&g->now, nodes, sizeof *now);
        SYMBOL *who = store_reserve(&g->who, nodes, sizeof *who);
        if (!limits || !now || !who)
            return -1;
        for (size_t k = 0; k < living; k++) {
            SYMBOL p = alive[k];
            SYMBOL symbol = text[p + (size_t)n], parent = node_at[p];
            node_at[p] = 0;
            if (symbol == boundary)
                continue;
            SYMBOL *edge = NAMED(edge)(g, parent, symbol);
            if (*edge == 0) { /* first occurrence */
                *edge = (SYMBOL)(p << 1);
            } else if (!(*edge & 1)) { /* second: the n-gram becomes a node */
                SYMBOL first = *edge >> 1, node = (SYMBOL)g->nodes++;
                *edge = (SYMBOL)(node << 1 | 1);
                NAMED(begin_node)(g, node);
                node_at[first] = node_at[p] = node;
                now[node] = limits[node] = owner[first] == owner[p] ? 2 : 1;
                who[node] = owner[p];
            } else {
                SYMBOL node = *edge >> 1;
                node_at[p] = node;
                now[node] = who[node] == owner[p] ? (SYMBOL)(now[node] + 1) : 1;
                who[node] = owner[p];
                if (now[node] > limits[node])
                    limits[node] = now[node];
            }
        }
        size_t kept = 0;
        for (size_t k = 0; k < living; k++) {
            alive[kept] = alive[k];
            kept += node_at[alive[k]] != 0;
        }
        living = kept;
    }
    return 0;
}

static int NAMED(match)(Ngrams *g, const uint32_t *symbols, size_t length, int64_t *matches)
{
    SYMBOL *text = store_reserve(&g->hypothesis, length + PADDING, sizeof *text);
    SYMBOL *left = store_reserve(&g->left, g->nodes, sizeof *left);
    uint8_t *claimed = store_reserve(&g->claimed, g->length + 1, 1);
    if (!text || !left || !claimed)
        return -1;
    for (size_t i = 0; i < length; i++)
        text[i] = (SYMBOL)symbols[i];
    memset(text + length, 0, PADDING * sizeof *text); /* UNKNOWN */
    if (g->nodes > 1)
        memcpy(left + 1, (SYMBOL *)g->limits.at + 1, (g->nodes - 1) * sizeof *left);
    memset(claimed, 0, g->length + 1);
    claimed[0] = 0xFF;

    const Edges edges = {g->next.at, g->keys.at, g->symbols, g->mask};
    const SYMBOL *reference = g->reference.at;
    const unsigned all = (1u << g->order) - 1;
    for (size_t strip = 0; strip < length; strip += STRIP) {
        size_t end = length - strip < STRIP ? length : strip + STRIP;
        uint64_t bytes = 0;
        for (size_t i = strip; i < end; i++) {
            unsigned n = 0;
            SYMBOL edge = NAMED(follow)(edges, 0, text[i]);
            while (edge & 1) { /* n-grams that occur more than once */
                SYMBOL node = edge >> 1;
                unsigned free = left[node] != 0;
                left[node] = (SYMBOL)(left[node] - free);
                bytes += (uint64_t)free << 8 * n;
                n++;
                edge = NAMED(follow)(edges, node, text[i + n]);
            }
            /* one that occurs once, or none at all: longer ones stand at the same position */
            size_t p = edge >> 1;
            unsigned longer = NAMED(common)(text + i + n + 1, reference + p + n + 1);
            unsigned orders = ((2u << longer) - 1) << n & all;
            unsigned fresh = orders & ~(unsigned)claimed[p];
            claimed[p] = (uint8_t)(claimed[p] | fresh);
            bytes += spread[fresh];
        }
        add_bytes(bytes, g->order, matches);
    }
    return 0;
}
