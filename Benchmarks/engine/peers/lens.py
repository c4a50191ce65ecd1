"""TransformerLens: its bridge over the same weights, one `run_with_hooks` per layer and response.

`start_at_layer` would not help: the layers below still run, as its documentation says.
"""
from pathlib import Path

import torch

from sweeping import Peer, log_probability


class Lens(Peer):
    def load(self, path):
        from transformer_lens.model_bridge import TransformerBridge
        return TransformerBridge.boot_transformers(str(Path(path)), device="cpu", dtype=torch.float32)

    def log_probability(self, logits, pair, branch):
        return log_probability(logits[0, len(pair.prompt) - 1:-1], pair.response(branch))

    def ids(self, pair, branch):
        return torch.tensor([pair.prompt + pair.response(branch)])

    def clean(self, model, pair, branch):
        names = [f"blocks.{layer}.hook_resid_post" for layer in range(model.cfg.n_layers)]
        logits, cache = model.run_with_cache(self.ids(pair, branch), names_filter=lambda name: name in set(names))
        return self.log_probability(logits, pair, branch), [cache[name][0] for name in names]

    def patched(self, model, pair, branch, layer, where, rows, own):
        def replace(activation, hook):
            activation[0, where] = rows
            return activation

        logits = model.run_with_hooks(self.ids(pair, branch),
                                      fwd_hooks=[(f"blocks.{layer}.hook_resid_post", replace)])
        return self.log_probability(logits, pair, branch)
