"""Preference pairs: reading, the prompt split, token ids, and log p(response | prompt)."""
import gzip
import json
from dataclasses import dataclass

import torch

MARKER = "\n\nAssistant:"


@dataclass
class Pair:
    prompt: list[int]    # with the tokenizer's own special tokens
    chosen: list[int]    # without any
    rejected: list[int]
    text: str            # the prompt's text: the cluster a pair belongs to


def split(chosen, rejected):
    """The prompt both transcripts share, up to the last marker inside their common prefix, and the two responses."""
    shared = 0
    while shared < min(len(chosen), len(rejected)) and chosen[shared] == rejected[shared]:
        shared += 1
    at = chosen[:shared].rindex(MARKER) + len(MARKER)
    return chosen[:at], chosen[at:], rejected[at:]


def read(path, tokenizer, first=0, last=None):
    """The pairs of rows `first` to `last` (0-based, last included); `tokenizer` is a tokenizers.Tokenizer."""
    with (gzip.open if str(path).endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    result = []
    for row in rows[first:None if last is None else last + 1]:
        prompt, chosen, rejected = split(row["chosen"], row["rejected"])
        result.append(Pair(tokenizer.encode(prompt).ids,
                           tokenizer.encode(chosen, add_special_tokens=False).ids,
                           tokenizer.encode(rejected, add_special_tokens=False).ids, prompt))
    return result


def log_probabilities(model, sequences):
    """log p(response | prompt) in nats, summed over response tokens, one for each (prompt, response)."""
    longest = max(len(p) + len(r) for p, r in sequences)
    ids = torch.zeros(len(sequences), longest, dtype=torch.long)
    mask = torch.zeros(len(sequences), longest - 1)  # [sequence, position that predicts]
    for i, (p, r) in enumerate(sequences):
        ids[i, :len(p) + len(r)] = torch.tensor(p + r)
        mask[i, len(p) - 1:len(p) + len(r) - 1] = 1
    # Padding is on the right and attention is causal, so no attention mask is needed. Only the positions
    # that predict a response token go through the head.
    hidden = model.model(input_ids=ids).last_hidden_state[:, :-1][mask.bool()]
    logits = model.lm_head(hidden)
    target = logits.gather(-1, ids[:, 1:][mask.bool()].unsqueeze(-1)).squeeze(-1)
    token = target - logits.logsumexp(-1)
    row = mask.nonzero()[:, 0]
    return torch.zeros(len(sequences)).index_add(0, row, token)


@torch.no_grad()
def margins(model, pairs, batch=16):
    """(log p(chosen), log p(rejected)) of every pair, each a tensor over pairs."""
    chosen, rejected = torch.zeros(len(pairs)), torch.zeros(len(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].prompt) + len(pairs[i].chosen))
    for start in range(0, len(order), batch):
        some = order[start:start + batch]
        values = log_probabilities(model, [(pairs[i].prompt, pairs[i].chosen) for i in some]
                                   + [(pairs[i].prompt, pairs[i].rejected) for i in some])
        chosen[some], rejected[some] = values[:len(some)], values[len(some):]
    return chosen, rejected
