"""nnsight: one trace per layer and response over the same transformers model; and the same with the layers below the patch
skipped by `.skip`, the documented way to leave a module out."""
import torch

from sweeping import Peer, load_dense, log_probability


class Traces(Peer):
    def load(self, path):
        from nnsight import NNsight
        return NNsight(load_dense(path))

    def inputs(self, pair, branch):
        return dict(input_ids=torch.tensor([pair.prompt + pair.response(branch)]), use_cache=False,
                    logits_to_keep=len(pair.response(branch)) + 1)

    def log_probability(self, logits, pair, branch):
        return log_probability(logits[0, :-1], pair.response(branch))

    def clean(self, model, pair, branch):
        import nnsight
        with model.trace(**self.inputs(pair, branch)):
            outputs = nnsight.save([])
            for layer in model.model.layers:
                outputs.append(layer.output[0])
            logits = model.output.logits.save()
        return self.log_probability(logits, pair, branch), outputs

    def patched(self, model, pair, branch, layer, where, rows, own):
        with model.trace(**self.inputs(pair, branch)):
            model.model.layers[layer].output[0, where] = rows
            logits = model.output.logits.save()
        return self.log_probability(logits, pair, branch)


class SkippingTraces(Traces):
    def patched(self, model, pair, branch, layer, where, rows, own):
        state = own[layer].clone()[None]
        state[0, where] = rows
        with model.trace(**self.inputs(pair, branch)):
            for below in range(layer + 1):
                model.model.layers[below].skip(state)
            logits = model.output.logits.save()
        return self.log_probability(logits, pair, branch)
