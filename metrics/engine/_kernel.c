/* The compiled engine: integer statistics of blocks of segments.
 *
 * Segment by segment, the references' structures are built once, the outputs of all systems are
 * matched against them, and the structures are dropped. The texts of a block are copied out of
 * their Python strings first; all else happens without the interpreter's lock, and all state
 * belongs to the call, so any number of threads may work on different blocks.
 *
 * Files, from below: memory, text (tokenisers), symbols (words and characters as numbers), ngrams
 * (clipped matches), ter (edits with shifts), rows (the metrics), resample (counts of draws); this
 * one is what Python sees. */
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "resample.h"
#include "rows.h"

/* ---- A block of texts ----------------------------------------------------------------------- */

typedef struct {
    size_t at, length;
} Span;

/* The references of all segments, None left out, then the outputs system by system: in this order
 * the strings lie in memory, most often, so that reading them is not waiting for memory. */
typedef struct {
    size_t systems, segments;
    size_t outputs; /* number of the first output's span */
    size_t characters_used, spans_used;
    Store characters, spans;
    Store references; /* how many each segment has */
} Block;

static void block_free(Block *b)
{
    store_free(&b->characters);
    store_free(&b->spans);
    store_free(&b->references);
}

static int append_text(Block *b, PyObject *string)
{
    if (!PyUnicode_Check(string)) {
        PyErr_Format(PyExc_TypeError, "expected a str, found %R", string);
        return -1;
    }
    Py_ssize_t length = PyUnicode_GetLength(string);
    if (length < 0)
        return -1;
    Span *spans = store_reserve(&b->spans, b->spans_used + 1, sizeof *spans);
    uint32_t *characters = store_reserve(&b->characters, b->characters_used + (size_t)length,
                                         sizeof *characters);
    if (!spans || !characters) {
        PyErr_NoMemory();
        return -1;
    }
    if (length && !PyUnicode_AsUCS4(string, (Py_UCS4 *)characters + b->characters_used, length, 0))
        return -1;
    spans[b->spans_used++] = (Span){b->characters_used, (size_t)length};
    b->characters_used += (size_t)length;
    return 0;
}

static int append_stream(Block *b, PyObject *outputs, Py_ssize_t system, Py_ssize_t start,
                         Py_ssize_t stop)
{
    PyObject *stream = PySequence_GetItem(outputs, system);
    int failed = !stream;
    for (Py_ssize_t g = start; !failed && g < stop; g++) {
        PyObject *item = PySequence_GetItem(stream, g);
        failed = !item || append_text(b, item);
        Py_XDECREF(item);
    }
    Py_XDECREF(stream);
    return failed;
}

/* Returns how many references the segment has, or -1. */
static Py_ssize_t append_references(Block *b, PyObject *references, Py_ssize_t segment)
{
    PyObject *texts = PySequence_GetItem(references, segment);
    if (!texts)
        return -1;
    Py_ssize_t found = 0, count = -1;
    if (PyUnicode_Check(texts))
        PyErr_Format(PyExc_TypeError, "references[%zd] is one str; expected a sequence", segment);
    else
        count = PySequence_Size(texts);
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *text = PySequence_GetItem(texts, k);
        if (!text || (text != Py_None && append_text(b, text))) {
            Py_XDECREF(text);
            count = -1;
            break;
        }
        found += text != Py_None;
        Py_DECREF(text);
    }
    Py_DECREF(texts);
    if (count < 0)
        return -1;
    if (!found)
        PyErr_Format(PyExc_ValueError, "segment %zd has no reference", segment);
    return found ? found : -1;
}

/* Copies segments start..stop-1. Returns -1 with an exception set. */
static int block_read(Block *b, PyObject *outputs, PyObject *references, Py_ssize_t start,
                      Py_ssize_t stop)
{
    Py_ssize_t systems = PySequence_Size(outputs);
    if (systems < 0)
        return -1;
    b->systems = (size_t)systems;
    b->segments = (size_t)(stop - start);
    size_t *counts = store_reserve(&b->references, b->segments, sizeof *counts);
    if (!counts) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t g = start; g < stop; g++) {
        Py_ssize_t found = append_references(b, references, g);
        if (found < 0)
            return -1;
        counts[g - start] = (size_t)found;
    }
    b->outputs = b->spans_used;
    for (Py_ssize_t y = 0; y < systems; y++)
        if (append_stream(b, outputs, y, start, stop))
            return -1;
    return 0;
}

/* ---- Blocks --------------------------------------------------------------------------------- */

/* Where results go: rows of shape (systems, segments, width), or their sums (systems, width). */
typedef struct {
    int64_t *at;
    size_t width, first, segments;
    int totals;
} Sink;

static void find_same(const Text *outputs, size_t systems, size_t *same)
{
    for (size_t y = 0; y < systems; y++) {
        size_t k = 0;
        while (k < y && (outputs[k].length != outputs[y].length || same[k] != k ||
                         memcmp(outputs[k].at, outputs[y].at,
                                outputs[y].length * sizeof *outputs[y].at) != 0))
            k++;
        same[y] = k;
    }
}

static void deliver(const Sink *sink, size_t segment, const Segment *s, const int64_t *rows)
{
    for (size_t y = 0; y < s->systems; y++) {
        const int64_t *row = rows + s->same[y] * sink->width;
        if (sink->totals)
            for (size_t c = 0; c < sink->width; c++)
                sink->at[y * sink->width + c] += row[c];
        else
            memcpy(sink->at + (y * sink->segments + sink->first + segment) * sink->width, row,
                   sink->width * sizeof *row);
    }
}

/* Runs without the interpreter's lock. Returns -1 when there is no memory. */
static int block_run(const Block *b, SegmentRows *compute, Work *work, const Sink *sink)
{
    Store texts_store = {0}, same_store = {0}, rows_store = {0};
    size_t *same = store_reserve(&same_store, b->systems, sizeof *same);
    int64_t *rows = store_reserve(&rows_store, b->systems * sink->width, sizeof *rows);
    const Span *spans = b->spans.at, *reference = spans;
    const uint32_t *characters = b->characters.at;
    const size_t *references = b->references.at;
    int failed = !same || !rows;
    for (size_t g = 0; !failed && g < b->segments; g++) {
        size_t count = references[g] + b->systems;
        Text *texts = store_reserve(&texts_store, count, sizeof *texts);
        failed = !texts;
        if (failed)
            break;
        for (size_t k = 0; k < references[g]; k++, reference++)
            texts[k] = (Text){characters + reference->at, reference->length};
        for (size_t y = 0; y < b->systems; y++) {
            const Span *output = spans + b->outputs + y * b->segments + g;
            texts[references[g] + y] = (Text){characters + output->at, output->length};
        }
        Segment segment = {texts, texts + references[g], references[g], b->systems, same};
        find_same(segment.outputs, b->systems, same);
        failed = compute(work, &segment, rows);
        if (!failed)
            deliver(sink, g, &segment, rows);
    }
    store_free(&texts_store);
    store_free(&same_store);
    store_free(&rows_store);
    return failed ? -1 : 0;
}

/* ---- What Python sees ----------------------------------------------------------------------- */

typedef struct {
    PyObject *outputs, *references;
    Py_ssize_t start, stop;
    Py_buffer rows;
    int totals;
} Call;

static PyObject *run(Call *call, SegmentRows *compute, const Options *options, size_t width)
{
    Block block = {0};
    Work work = {0};
    int failed = -1, memory = 0;
    work.options = *options;
    Py_ssize_t systems = PySequence_Size(call->outputs);
    Py_ssize_t segments = PySequence_Size(call->references);
    if (systems < 0 || segments < 0)
        goto done;
    Sink sink = {call->rows.buf, width, (size_t)call->start, (size_t)segments, call->totals};
    size_t cells = (size_t)systems * (call->totals ? 1 : (size_t)segments) * width;
    if (call->start < 0 || call->stop < call->start || call->stop > segments) {
        PyErr_SetString(PyExc_ValueError, "block outside the segments");
    } else if ((size_t)call->rows.len != cells * sizeof(int64_t) ||
               (uintptr_t)call->rows.buf % sizeof(int64_t)) {
        PyErr_SetString(PyExc_ValueError, "rows: a buffer of another size or alignment");
    } else if (!block_read(&block, call->outputs, call->references, call->start, call->stop)) {
        Py_BEGIN_ALLOW_THREADS
        failed = block_run(&block, compute, &work, &sink);
        memory = failed;
        Py_END_ALLOW_THREADS
    }
done:
    work_free(&work);
    block_free(&block);
    PyBuffer_Release(&call->rows);
    if (memory)
        PyErr_NoMemory();
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(bleu_doc,
             "bleu(outputs, references, start, stop, rows, totals, tokenizer)\n--\n\n"
             "Computes BLEU statistics of segments start to stop into rows, or adds them up there.");

static PyObject *bleu(PyObject *module, PyObject *args)
{
    Call call = {0};
    Options options = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "OOnnw*pi:bleu", &call.outputs, &call.references, &call.start,
                          &call.stop, &call.rows, &call.totals, &options.tokenizer))
        return NULL;
    if (options.tokenizer < TOKENIZE_NONE || options.tokenizer > TOKENIZE_ZH) {
        PyBuffer_Release(&call.rows);
        return PyErr_Format(PyExc_ValueError, "unknown tokenizer %d", options.tokenizer);
    }
    return run(&call, bleu_segment, &options, BLEU_WIDTH);
}

PyDoc_STRVAR(chrf_doc,
             "chrf(outputs, references, start, stop, rows, totals, char_order, word_order, beta)\n"
             "--\n\n"
             "Computes chrF statistics of segments start to stop into rows, or adds them up there.");

static PyObject *chrf(PyObject *module, PyObject *args)
{
    Call call = {0};
    Options options = {0};
    double beta;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOnnw*piid:chrf", &call.outputs, &call.references, &call.start,
                          &call.stop, &call.rows, &call.totals, &options.char_order,
                          &options.word_order, &beta))
        return NULL;
    if (options.char_order < 0 || options.char_order > MAX_ORDER || options.word_order < 0 ||
        options.word_order > MAX_ORDER) {
        PyBuffer_Release(&call.rows);
        return PyErr_Format(PyExc_ValueError, "orders must be from 0 to %d", MAX_ORDER);
    }
    options.beta_squared = beta * beta;
    return run(&call, chrf_segment, &options,
               3 * (size_t)(options.char_order + options.word_order));
}

PyDoc_STRVAR(ter_doc,
             "ter(outputs, references, start, stop, rows, totals, normalized, asian_support, "
             "no_punct)\n--\n\n"
             "Computes edits and summed reference lengths of segments start to stop into rows.");

static PyObject *ter(PyObject *module, PyObject *args)
{
    Call call = {0};
    Options options = {0};
    int normalized, asian_support, no_punct;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOnnw*pppp:ter", &call.outputs, &call.references, &call.start,
                          &call.stop, &call.rows, &call.totals, &normalized, &asian_support,
                          &no_punct))
        return NULL;
    options.ter = (normalized ? TER_NORMALIZED : 0) | (asian_support ? TER_ASIAN : 0) |
                  (no_punct ? TER_NO_PUNCT : 0);
    return run(&call, ter_segment, &options, TER_WIDTH);
}

PyDoc_STRVAR(count_doc, "count_draws(draws, counts, segments)\n--\n\n"
                        "Adds to counts how often each sample drew each segment.");

static PyObject *count(PyObject *module, PyObject *args)
{
    Py_buffer draws, counts;
    Py_ssize_t segments;
    int failed;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*w*n:count_draws", &draws, &counts, &segments))
        return NULL;
    size_t cells = (size_t)draws.len / sizeof(uint32_t);
    failed = segments <= 0 || draws.len != counts.len || cells % (size_t)segments ||
             (uintptr_t)draws.buf % sizeof(uint32_t) || (uintptr_t)counts.buf % sizeof(float);
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        failed = count_draws(draws.buf, cells / (size_t)segments, (size_t)segments, counts.buf);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&draws);
    PyBuffer_Release(&counts);
    if (failed)
        return PyErr_Format(PyExc_ValueError, "draws and counts do not fit each other");
    Py_RETURN_NONE;
}

PyDoc_STRVAR(log_doc, "logarithms(values)\n--\n\nReplaces numbers above 0 by their logarithms.");

static PyObject *log_all(PyObject *module, PyObject *args)
{
    Py_buffer values;
    (void)module;
    if (!PyArg_ParseTuple(args, "w*:logarithms", &values))
        return NULL;
    int aligned = (uintptr_t)values.buf % sizeof(double) == 0;
    if (aligned)
        logarithms(values.buf, (size_t)values.len / sizeof(double));
    PyBuffer_Release(&values);
    if (!aligned)
        return PyErr_Format(PyExc_ValueError, "values: a buffer of another alignment");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"bleu", bleu, METH_VARARGS, bleu_doc},
    {"chrf", chrf, METH_VARARGS, chrf_doc},
    {"count_draws", count, METH_VARARGS, count_doc},
    {"logarithms", log_all, METH_VARARGS, log_doc},
    {"ter", ter, METH_VARARGS, ter_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_kernel",
    .m_doc = "Integer statistics of BLEU, chrF and TER; see metrics/engine/kernel.py.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__kernel(void)
{
    return PyModuleDef_Init(&definition);
}
