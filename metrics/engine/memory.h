/* Memory that grows and is kept: every work array of a call is a Store, freed with the call. */
#ifndef XINDAYA_MEMORY_H
#define XINDAYA_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* For functions whose constant arguments should make a version of their own. */
#if defined(__GNUC__)
#define SPECIALISED static inline __attribute__((always_inline))
#else
#define SPECIALISED static inline
#endif

typedef struct {
    void *at;
    size_t bytes;
} Store;

/* Returns room for `count` elements, earlier contents kept, or NULL when there is no memory. */
static inline void *store_reserve(Store *store, size_t count, size_t element)
{
    if (count > (SIZE_MAX / 2 - 64) / element)
        return NULL;
    size_t need = count * element + 64;
    if (need > store->bytes) {
        size_t bytes = need + need / 2;
        void *grown = realloc(store->at, bytes);
        if (!grown)
            return NULL;
        store->at = grown;
        store->bytes = bytes;
    }
    return store->at;
}

static inline void store_free(Store *store)
{
    free(store->at);
    store->at = NULL;
    store->bytes = 0;
}

#endif
