"""transformers with forward hooks, one forward per layer and response: with logits at the response's rows only, and at all rows."""
import torch

from sweeping import Peer, load_dense, log_probability


class PlainHooks(Peer):
    def load(self, path):
        return load_dense(path)

    def log_probability(self, model, pair, branch):
        response = pair.response(branch)
        # `logits_to_keep` counts from the end; the last row predicts nothing.
        logits = model(torch.tensor([pair.prompt + response]), use_cache=False, logits_to_keep=len(response) + 1).logits
        return log_probability(logits[0, :-1], response)

    def clean(self, model, pair, branch):
        outputs = []
        handles = [layer.register_forward_hook(lambda module, inputs, output: outputs.append(output[0]))
                   for layer in model.model.layers]
        value = self.log_probability(model, pair, branch)
        for handle in handles:
            handle.remove()
        return value, outputs

    def patched(self, model, pair, branch, layer, where, rows, own):
        def replace(module, inputs, output):
            output = output.clone()
            output[0, where] = rows
            return output

        handle = model.model.layers[layer].register_forward_hook(replace)
        try:
            return self.log_probability(model, pair, branch)
        finally:
            handle.remove()


class AllLogits(PlainHooks):
    """As most notebooks write it: the model's whole output, of which the response's rows are read."""

    def log_probability(self, model, pair, branch):
        response = pair.response(branch)
        logits = model(torch.tensor([pair.prompt + response]), use_cache=False).logits
        return log_probability(logits[0, -len(response) - 1:-1], response)
