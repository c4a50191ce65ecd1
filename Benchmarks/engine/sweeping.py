"""What every peer shares: the request, what a patch puts in place, and the loop over pairs, layers and controls.

A peer is a class with
    load(path) -> model
    clean(model, pair, branch) -> (log p of the response in nats, [layer][token, width])
    patched(model, pair, branch, layer, where, rows, own) -> log p of the response in nats
where `branch` is 0 for the chosen and 1 for the rejected response, `where` a slice of tokens, `rows` what replaces them after
`layer`, and `own` the recipient's clean residual streams, [layer][token, width].
A faster peer overrides `sweep` as a whole.
"""
import json
from dataclasses import dataclass

import torch


@dataclass
class Pair:
    prompt: list[int]
    chosen: list[int]
    rejected: list[int]

    def response(self, branch):
        return (self.chosen, self.rejected)[branch]


class Request:
    def __init__(self, path):
        with open(path) as file:
            fields = json.load(file)
        self.base, self.tuned = fields["dense_base"], fields["dense_tuned"]
        self.pairs = [Pair(**pair) for pair in fields["pairs"]]
        self.positions, self.directions, self.controls = fields["positions"], fields["directions"], fields["controls"]
        self.threads, self.repetitions, self.warm_up = fields["threads"], fields["repetitions"], fields["warm_up"]

    def where(self, pair, branch):
        """The tokens that a patch replaces in one sequence."""
        end = len(pair.prompt) + len(pair.response(branch))
        return slice(0 if self.positions == "all" else len(pair.prompt), end)


def log_probability(logits, targets):
    """Sum of log p over the response in nats; logits [response, vocabulary].

    By log-sum-exp, because torch's f32 log_softmax is biased upwards on the CPU."""
    token = logits.gather(-1, torch.tensor(targets)[:, None]).squeeze(-1) - logits.logsumexp(-1)
    return token.double().sum().item()


def aligned(pair, branch, other):
    """For each token of a sequence the token of another pair's sequence that stands in for it: prompt with prompt, response with
    response, each from its start, the last one for the rest."""
    last, end = len(other.prompt) - 1, len(other.response(branch)) - 1
    return torch.tensor([min(i, last) for i in range(len(pair.prompt))]
                        + [last + 1 + min(i, end) for i in range(len(pair.response(branch)))])


def replacement(control, donor, own, elsewhere, rows, generator):
    """What replaces `own` at a layer; all [token, width].

    `elsewhere` is another pair's donor, whose `rows` stand in for ours."""
    if control == "none":
        return donor
    if control == "self":
        return own
    if control == "shuffled":
        return elsewhere[rows]
    noise = torch.randn(own.shape, generator=generator)
    length = (donor - own).norm(dim=-1, keepdim=True)
    return own + noise * (length / noise.norm(dim=-1, keepdim=True))


class Peer:
    def sweep(self, models, request, pairs, layers=None):
        """{"base": [pair], "tuned": [pair], (direction, control, layer): [pair]}, margins in nats."""
        if "shuffled" not in request.controls:  # one pair after another, and only its own activations kept
            parts = [self.sweep_together(models, request, [pair], layers) for pair in pairs]
            return {key: [part[key][0] for part in parts] for key in parts[0]}
        if len(pairs) != 2:
            raise ValueError("the shuffled control is compared on two pairs, where the other pair is not in doubt")
        return self.sweep_together(models, request, pairs, layers)

    def sweep_together(self, models, request, pairs, layers):
        results = {}

        def add(key, pair, branch, value):
            margins = results.setdefault(key, [0.0] * len(pairs))
            margins[pair] += value if branch == 0 else -value

        clean = {}
        for p, pair in enumerate(pairs):
            for branch in (0, 1):
                for name, model in models.items():
                    value, clean[name, p, branch] = self.clean(model, pair, branch)
                    add(name, p, branch, value)
        for direction in request.directions:
            donor, recipient = direction.split("_to_")
            for control in request.controls:
                for p, pair in enumerate(pairs):
                    for branch in (0, 1):
                        self.patch(models[recipient], clean, (donor, recipient), pair, pairs, p, branch, control,
                                   request, layers, lambda layer, value:
                                   add((direction, control, layer), p, branch, value))
        return results

    def patch(self, model, clean, names, pair, pairs, p, branch, control, request, layers, add):
        donor, own = (clean[name, p, branch] for name in names)
        other = (p + 1) % len(pairs)
        rows = aligned(pair, branch, pairs[other])
        elsewhere = clean[names[0], other, branch]
        where = request.where(pair, branch)
        for layer in range(len(own)) if layers is None else layers:
            generator = torch.Generator().manual_seed(1000 * p + layer)
            whole = replacement(control, donor[layer], own[layer], elsewhere[layer], rows, generator)
            add(layer, self.patched(model, pair, branch, layer, where, whole[where], own))


def load_dense(path):
    """A causal language model of transformers in f32; its fused attention cannot soft-cap scores."""
    from transformers import AutoConfig, AutoModelForCausalLM
    capped = getattr(AutoConfig.from_pretrained(path), "attn_logit_softcapping", None) is not None
    attention = "eager" if capped else "sdpa"
    return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, attn_implementation=attention).eval()
