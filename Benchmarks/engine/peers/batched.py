"""Good PyTorch: chosen and rejected in one batch, donor activations cached, only the layers above the patch recomputed, logits at
response rows only."""
import torch

from peers.blocks import Ends
from sweeping import Peer, aligned, load_dense, log_probability, replacement


class Batched(Peer):
    def load(self, path):
        return load_dense(path)

    def run(self, model, hidden, first, keep=None):
        """The blocks from `first` on; hidden [branch, token, width]. Padding is on the right and attention causal: no mask, but where
        soft-capped scores are computed one by one."""
        positions, ends = torch.arange(hidden.shape[1])[None], Ends(model)
        turns, mask = ends.turns(positions), None
        if model.config._attn_implementation == "eager":
            mask = torch.full((hidden.shape[1],) * 2, -torch.inf).triu(1)[None, None]
        for layer in ends.stack.layers[first:]:
            hidden = layer(hidden, attention_mask=mask, position_ids=positions, position_embeddings=turns)
            if keep is not None:
                keep.append(hidden)
        return hidden

    def margin(self, model, hidden, pair):
        before = len(pair.prompt) - 1
        rows = [hidden[b, before:before + len(pair.response(b))] for b in (0, 1)]
        logits = Ends(model).logits(torch.cat(rows))
        chosen, rejected = logits.split([len(pair.chosen), len(pair.rejected)])
        return log_probability(chosen, pair.chosen) - log_probability(rejected, pair.rejected)

    def embedded(self, model, pair):
        longest = len(pair.prompt) + max(len(pair.chosen), len(pair.rejected))
        ids = torch.zeros(2, longest, dtype=torch.long)
        for b in (0, 1):
            sequence = pair.prompt + pair.response(b)
            ids[b, :len(sequence)] = torch.tensor(sequence)
        return Ends(model).embed(ids)

    def sweep_together(self, models, request, pairs, layers):
        results, clean = {}, {}
        for p, pair in enumerate(pairs):
            for name, model in models.items():
                kept = []
                hidden = self.run(model, self.embedded(model, pair), 0, kept)
                clean[name, p] = kept
                results.setdefault(name, []).append(self.margin(model, hidden, pair))
        for direction in request.directions:
            donor, recipient = direction.split("_to_")
            model = models[recipient]
            for control in request.controls:
                for p, pair in enumerate(pairs):
                    other = (p + 1) % len(pairs)
                    for layer in range(len(clean[recipient, p])) if layers is None else layers:
                        generator = torch.Generator().manual_seed(1000 * p + layer)
                        state = clean[recipient, p][layer].clone()
                        for b in (0, 1):
                            where = request.where(pair, b)
                            end = where.stop
                            state[b, where] = replacement(
                                control, clean[donor, p][layer][b, :end], state[b, :end], clean[donor, other][layer][b],
                                aligned(pair, b, pairs[other]), generator)[where]
                        margin = self.margin(model, self.run(model, state, layer + 1), pair)
                        results.setdefault((direction, control, layer), []).append(margin)
        return results
