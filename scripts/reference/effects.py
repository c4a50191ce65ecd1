"""Every estimand by plain PyTorch hooks in f32: one forward each, nothing shared, nothing packed."""

import math

import torch

import hooks
import taps
from anatomy import Anatomy

DIRECTIONS = (("tuned", "base"), ("base", "tuned"))
RESPONSES = ("chosen", "rejected")


def vector(width, step):
    return torch.tensor([math.sin(step * (index + 1)) / 2 for index in range(width)])


def projection(width):
    rows = torch.stack([vector(width, 1.0), vector(width, 0.7)]).double()
    basis = torch.linalg.qr(rows.T)[0]
    return (basis @ basis.T).float()


def scored(model, pair):
    return [hooks.log_probability(model, pair["prompt"], pair[r]) for r in RESPONSES]


def exchanged(recipient, donor, layer, pair):
    """`recipient` with the block of `donor`."""
    blocks = Anatomy(recipient).blocks
    own = blocks[layer]
    blocks[layer] = Anatomy(donor).blocks[layer]
    try:
        return scored(recipient, pair)
    finally:
        blocks[layer] = own


def changed(models, pairs, layer):
    """Edits at the responses' positions of the base's run."""
    found = []
    base, tuned = models["base"], models["tuned"]
    for site in ("resid_post", "mlp_out", "z"):
        heads = [0] if site == "z" else None
        for kind in ("project", "zero", "remove"):
            row = {"site": site, "layer": layer, "heads": heads, "kind": kind, "results": []}
            for pair in pairs:
                both = []
                for r in RESPONSES:
                    donor = taps.activations(tuned, site, pair, pair[r])[layer]
                    count = base.config.num_attention_heads

                    def change(own, at):
                        d = donor[at] if heads is None else donor[at].reshape(count, -1)[heads].reshape(-1)
                        if kind == "zero":
                            return 0 * own
                        return own + projection(len(own)) @ ((d if kind == "project" else 0) - own)
                    where = taps.where("response", pair, pair[r])
                    both.append(taps.changed(base, site, layer, where, change, pair, pair[r], heads))
                row["results"].append(both)
            found.append(row)
    return found


def log_probabilities(model, prompt, response):
    with torch.no_grad():
        logits = model(torch.tensor([prompt + response]), use_cache=False).logits[0].double()
    return torch.log_softmax(logits[len(prompt) - 1 : -1], dim=-1)


def divergence(run, tuned, pair):
    """`run(response)` gives log p of every token at every predicting position."""
    parts = []
    for r in RESPONSES:
        reference = log_probabilities(tuned, pair["prompt"], pair[r])
        parts.append((reference.exp() * (reference - run(r))).sum(dim=-1))
    return torch.cat(parts).mean().item()


def divergences(models, pairs, names, layers):
    tuned = models["tuned"]
    found = {"base": [
        divergence(lambda r: log_probabilities(models["base"], pair["prompt"], pair[r]), tuned, pair) for pair in pairs]}
    for donor, recipient in DIRECTIONS:
        found[f"{donor}_to_{recipient}"] = {}
        for name in names:
            rows = []
            for layer in layers:
                row = []
                for pair in pairs:
                    def run(r):
                        given = taps.activations(models[donor], "resid_post", pair, pair[r])[layer]
                        where = taps.where(name, pair, pair[r])

                        def put(number, value):
                            if number == layer:
                                value[where] = given[where]
                            return value
                        with taps.Tap(models[recipient], "resid_post", put):
                            return log_probabilities(models[recipient], pair["prompt"], pair[r])
                    row.append(divergence(run, tuned, pair))
                rows.append(row)
            found[f"{donor}_to_{recipient}"][name] = rows
    return found


def estimands(base, tuned, pairs, names, layers):
    models = {"base": base, "tuned": tuned}
    document = {"pairs": pairs, "positions": names, "layers": layers}
    document["patches"] = taps.sweep(base, tuned, pairs, names, layers)
    for name, whole in (("swap", 1), ("leave_one_out", 0)):
        document[name] = {
            f"{donor}_to_{recipient}": [
                [
                    exchanged(models[recipient], models[donor], layer, pair) if whole
                    else exchanged(models[donor], models[recipient], layer, pair)
                    for pair in pairs
                ]
                for layer in layers
            ]
            for donor, recipient in DIRECTIONS
        }
    document["changes"] = changed(models, pairs, layers[len(layers) // 2])
    document["divergence"] = divergences(models, pairs, names, layers)
    return document


def means(model, site, pairs):
    """The mean of a site over all tokens of the prompts with their chosen responses, by layer."""
    runs = [taps.activations(model, site, pair, pair["chosen"]) for pair in pairs]
    return {layer: torch.cat([run[layer] for run in runs]).double().mean(dim=0).float() for layer in runs[0]}


def ablations(model, pairs, names, value=lambda mean: 0 * mean):
    """Every site set to one value, that of its mean or zero, by site, positions, layer and pair."""
    anatomy = Anatomy(model)
    found = {}
    for site in anatomy.sites:
        given = {layer: value(mean) for layer, mean in means(model, site, pairs).items()}
        found[site] = {
            where: [
                [
                    [
                        taps.changed(model, site, layer, taps.where(where, pair, pair[r]),
                                     lambda row, at: given[layer], pair, pair[r])
                        for r in RESPONSES
                    ]
                    for pair in pairs
                ]
                for layer in anatomy.layers(site)
            ]
            for where in names
        }
    return found


def hybrids(recipient, donor, pairs):
    """The recipient with the donor's embedding and its first blocks, by how many (none first) and pair."""
    one, other = Anatomy(recipient), Anatomy(donor)
    own = {name: getattr(one.stack, name) for name in ("embed_tokens", "embed_in", "wte", "wpe") if hasattr(one.stack, name)}
    blocks = list(one.blocks)
    for name in own:
        setattr(one.stack, name, getattr(other.stack, name))
    found = [[scored(recipient, pair) for pair in pairs]]
    for layer in range(len(blocks)):
        one.blocks[layer] = other.blocks[layer]
        found.append([scored(recipient, pair) for pair in pairs])
    for layer, block in enumerate(blocks):
        one.blocks[layer] = block
    for name, module in own.items():
        setattr(one.stack, name, module)
    return found
