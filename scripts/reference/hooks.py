"""Activation patching with plain PyTorch hooks: one forward per layer and response, nothing shared, nothing packed.

Slow and obvious on purpose: Patchbook's numbers are compared with it.
"""

import torch

from anatomy import Anatomy


def log_probability(model, prompt, response):
    """Sum of log p over the response's tokens, in nats; the softmax in float64."""
    ids = torch.tensor([prompt + response])
    with torch.no_grad():
        logits = model(ids, use_cache=False).logits[0].double()
    predicted = torch.log_softmax(logits[len(prompt) - 1 : -1], dim=-1)
    return predicted[torch.arange(len(response)), torch.tensor(response)].sum().item()


def block_outputs(model, prompt, response):
    """The residual stream after every block of one clean run, each [tokens, width]."""
    outputs = []

    def keep(module, inputs, output):
        outputs.append((output[0] if isinstance(output, tuple) else output)[0].clone())

    handles = [layer.register_forward_hook(keep) for layer in Anatomy(model).blocks]
    log_probability(model, prompt, response)
    for handle in handles:
        handle.remove()
    return outputs


def positions(name, prompt, response):
    return {
        "all": slice(0, len(prompt) + len(response)),
        "prompt": slice(0, len(prompt)),
        "last_prompt": slice(len(prompt) - 1, len(prompt)),
        "response": slice(len(prompt), len(prompt) + len(response)),
    }[name]


def patched(recipient, donor_outputs, layer, where, prompt, response):
    """log p of the response with the recipient's residual stream after `layer` replaced by the donor's at `where`."""

    def replace(module, inputs, output):
        whole = output[0] if isinstance(output, tuple) else output
        whole = whole.clone()
        whole[0, where] = donor_outputs[layer][where]
        return (whole,) + output[1:] if isinstance(output, tuple) else whole

    handle = Anatomy(recipient).blocks[layer].register_forward_hook(replace)
    try:
        return log_probability(recipient, prompt, response)
    finally:
        handle.remove()


def sweep(base, tuned, pairs, where="all", layers=None):
    """For each pair the clean log-probabilities and, by direction and layer, the patched ones: [chosen, rejected].

    All layers, or those given."""
    results = []
    for pair in pairs:
        row = {"base": [], "tuned": [], "tuned_to_base": [], "base_to_tuned": []}
        for response in (pair["chosen"], pair["rejected"]):
            prompt = pair["prompt"]
            place = positions(where, prompt, response)
            row["base"].append(log_probability(base, prompt, response))
            row["tuned"].append(log_probability(tuned, prompt, response))
            for name, donor, recipient in (("tuned_to_base", tuned, base), ("base_to_tuned", base, tuned)):
                outputs = block_outputs(donor, prompt, response)
                row[name].append(
                    [patched(recipient, outputs, layer, place, prompt, response)
                     for layer in layers or range(len(outputs))]
                )
        for name in ("tuned_to_base", "base_to_tuned"):
            row[name] = [list(both) for both in zip(*row[name])]
        results.append(row)
    return results
