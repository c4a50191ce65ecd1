"""What transformers renders of chat templates that lie elsewhere, for `Tests/ChatTemplates/RealTemplateTests.swift`.

    python scripts/reference/chat_templates.py FOLDER... > cases.jsonl
    PATCHBOOK_CHAT_CASES=cases.jsonl scripts/test --filter RealTemplateTests

Takes every `*.jinja` file below the folders and every `chat_template` of a `tokenizer_config.json`, over the same conversations. The
source distribution of llama-cpp-python holds some seventy: `pip download --no-deps --no-binary :all: llama-cpp-python==0.3.36`, then
`vendor/llama.cpp/models/templates`. Needs transformers 5 and jinja2 3.1.6.
"""

import datetime
import json
import pathlib
import sys

import transformers.utils.chat_template_utils as templates


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 6)


templates.datetime = FixedDate

LONG = "Zeile eins\n\n  zwei \"q\" 'a' <b> & \\ \t é 🙂 ﬁ ΑΣ\r\nend  "


def user(text, **more):
    return {"role": "user", "content": text, **more}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


def system(text):
    return {"role": "system", "content": text}


CONVERSATIONS = {
    "one turn": [user("Name a bird.")],
    "answered": [user("Name a bird."), assistant("A wren.")],
    "system": [system("Be brief."), user("Name a bird."), assistant("A wren.")],
    "three turns": [system(" S "), user("a"), assistant("b"), user("c"), assistant("d"), user("e")],
    "without system, long": [user(LONG), assistant(LONG), user(LONG), assistant(LONG + "\n")],
    "empty list": [],
    "empty texts": [user(""), assistant("")],
    "system alone": [system("x")],
    "two users": [user("a"), user("b")],
    "assistant first": [assistant("a"), user("b")],
    "system last": [user("a"), system("b")],
    "thinking": [user("2+2?"), assistant("<think>\nadd\n</think>\n\n4"), user("3+3?"), assistant("<think>x</think>6")],
    "reasoning": [user("2+2?"), assistant("4", reasoning_content="add them"), user("so?"), assistant("yes", reasoning_content="hm")],
    "parts": [user([{"type": "text", "text": "Name a bird."}]), assistant([{"type": "text", "text": "A wren."}])],
    "null content": [user("a"), {"role": "assistant", "content": None}],
    "other role": [{"role": "critic", "content": "x"}, user("y")],
    "developer": [{"role": "developer", "content": "Be brief."}, user("y"), assistant("z")],
    "braces": [user("{{ 1 }} {% if x %}"), assistant("}}{#")],
    "numbers": [user("a", weight=0.1, n=10**15, big=1e22, flag=True), assistant("b")],
    "tool call": [
        user("Weather?"),
        assistant("", tool_calls=[{"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": {"town": "Basel", "days": [1, 2.5, None, True], "é": "ü\n\"q\""}}}]),
        {"role": "tool", "name": "weather", "tool_call_id": "call00001", "content": "{\"sun\": true}"},
        assistant("Sun."),
    ],
}
VARIABLES = [
    {"bos_token": "<s>", "eos_token": "</s>"},
    {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>", "pad_token": "<pad>", "unk_token": "<unk>", "enable_thinking": False, "date_string": "1 Jan 2025"},
    {},
]


def sources(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.jinja")):
            yield str(path), path.read_text()
        for path in sorted(pathlib.Path(folder).rglob("tokenizer_config.json")):
            found = json.loads(path.read_text()).get("chat_template")
            if isinstance(found, str):
                yield str(path), found
            for named in found if isinstance(found, list) else []:
                yield f"{path}:{named['name']}", named["template"]


def expected(case):
    messages = templates._normalize_chat_messages(case["messages"])
    try:
        rendered, _ = templates.render_jinja_template(
            conversations=[messages], chat_template=case["template"], add_generation_prompt=case["prompt"], **case["variables"])
        return rendered[0]
    except Exception:  # Whatever Python raises is a refusal; its words are not ours.
        return None


def main():
    for name, source in sources(sys.argv[1:]):
        for title, messages in CONVERSATIONS.items():
            for variables in VARIABLES:
                for prompt in (False, True):
                    case = {"name": f"{name}, {title}", "template": source, "messages": messages, "variables": variables, "prompt": prompt}
                    print(json.dumps({**case, "text": expected(case)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
