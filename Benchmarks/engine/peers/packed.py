"""The best PyTorch we can write: a pair as one packed tree (the prompt once, both responses attending to it), and at each layer all
runs that share the layer's weights stacked into one product.

A patch at response positions leaves the prompt's rows to the recipient: they are computed once, and patched runs are of response
rows only. In the last block queries, output and feed-forward run on the rows that predict a response token, and so does the head.
Written out in plain functions over the weights of the transformers model.
"""
import torch

from peers.blocks import Attention, Ends, Wiring
from sweeping import Peer, aligned, load_dense, replacement


class Tree:
    """Positions, attention mask and predictions of one packed pair; rows are prompt, chosen, rejected."""

    def __init__(self, pair, model):
        p, c, r = len(pair.prompt), len(pair.chosen), len(pair.rejected)
        self.prompt, self.rows = p, p + c + r
        self.ids = torch.tensor(pair.prompt + pair.chosen + pair.rejected)
        positions = torch.tensor([*range(p + c), *range(p, p + r)])
        self.mask = torch.ones(self.rows, self.rows, dtype=torch.bool).tril()
        self.mask[p + c:, p:p + c] = False  # the rejected branch does not see the chosen one
        cos, sin = Ends(model).turns(positions[None])
        self.turns = cos[0], sin[0]
        predicting = [p - 1, *range(p, p + c - 1), *range(p + c, p + c + r - 1)]  # each row once
        self.predicting = torch.tensor(predicting)
        place = {row: i for i, row in enumerate(predicting)}
        self.sources = torch.tensor([place[i] for i in [*range(p - 1, p + c - 1), p - 1, *range(p + c, p + c + r - 1)]])
        self.targets = torch.tensor(pair.chosen + pair.rejected)
        self.signs = torch.tensor([1.0] * c + [-1.0] * r, dtype=torch.float64)


class Block:
    """One decoder block over stacked states [state, row, width]."""

    def __init__(self, model, layer, narrows):
        settings = model.config
        own = Ends(model).stack.layers[layer]
        self.attention, self.wiring = Attention(own, settings), Wiring(own, settings)
        self.narrows = narrows and layer == settings.num_hidden_layers - 1

    def run(self, state, tree, first, prompt=None):
        """The block on rows `first…`; `prompt` holds the prompt's keys and values where these rows are not all.

        Returns the new state and the prompt's keys and values; the predicting rows only, where it narrows."""
        turns = tuple(t[first:] for t in tree.turns)
        normed = self.wiring.before(state)
        keys, values = self.attention.keys_and_values(normed, turns)
        own = keys[:, :, :tree.prompt], values[:, :, :tree.prompt]
        if prompt is not None:
            count = len(state)
            keys = torch.cat([prompt[0].expand(count, -1, -1, -1), keys], dim=2)
            values = torch.cat([prompt[1].expand(count, -1, -1, -1), values], dim=2)
        mask = tree.mask[first:]
        if self.narrows:
            wanted = tree.predicting[tree.predicting >= first] - first
            state, normed, mask = state[:, wanted], normed[:, wanted], mask[wanted]
            turns = tuple(t[wanted] for t in turns)
        queries = self.attention.queries(normed, turns)
        return self.wiring.finish(state, self.attention.mix(queries, keys, values, mask)), own


class Packed(Peer):
    stacks = True

    def load(self, path):
        return load_dense(path)

    def margin(self, model, rows, tree):
        """The margin from the final states of the predicting rows, [predicting row, width]."""
        logits = Ends(model).logits(rows)
        token = logits[tree.sources, tree.targets] - logits.logsumexp(-1)[tree.sources]
        return (token.double() * tree.signs).sum().item()

    def sweep_together(self, models, request, pairs, layers):
        results, trees = {}, [Tree(pair, models["base"]) for pair in pairs]
        depth, whole = models["base"].config.num_hidden_layers, request.positions == "all"
        # A donor from another pair may be a row that predicts nothing.
        narrows = "shuffled" not in request.controls
        blocks = {name: [Block(model, layer, narrows) for layer in range(depth)] for name, model in models.items()}
        trunks = [{name: Ends(model).embed(tree.ids)[None] for name, model in models.items()} for tree in trees]
        live = [{name: [] for name in models} for _ in pairs]  # (key, state) by recipient
        for layer in range(depth):
            for p, tree in enumerate(trees):
                for name in models:
                    self.advance(blocks[name][layer], trunks[p], live[p], name, tree, whole)
            if layers is None or layer in layers:
                narrow = narrows and layer == depth - 1
                self.fork(request, pairs, trees, trunks, live, layer, narrow)
        for p, tree in enumerate(trees):
            first = 0 if whole else tree.prompt
            wanted = tree.predicting[tree.predicting >= first] - first
            for name, model in models.items():
                trunk = trunks[p][name][0] if narrows else trunks[p][name][0, tree.predicting]
                results.setdefault(name, []).append(self.margin(model, trunk, tree))
                for key, state in live[p][name]:
                    rows = state[0] if narrows else state[0, wanted]
                    # A patch at response positions leaves the prompt's last row, which predicts too, to the recipient.
                    rows = rows if whole else torch.cat([trunk[:1], rows])
                    results.setdefault(key, []).append(self.margin(model, rows, tree))
        return results

    def advance(self, block, trunks, live, name, tree, whole):
        """One block on the clean run of `name` and on every patched run that it receives."""
        states = [state for _, state in live[name]]
        if whole and self.stacks:
            outputs = block.run(torch.cat([trunks[name], *states]), tree, 0)[0].split(1)
            trunks[name], states = outputs[0], outputs[1:]
        else:
            trunks[name], prompt = block.run(trunks[name], tree, 0)
            first, prompt = (0, None) if whole else (tree.prompt, prompt)
            if self.stacks and states:
                states = block.run(torch.cat(states), tree, first, prompt)[0].split(1)
            else:
                states = [block.run(state, tree, first, prompt)[0] for state in states]
        live[name] = [(key, state) for (key, _), state in zip(live[name], states)]

    def fork(self, request, pairs, trees, trunks, live, layer, narrow):
        """Patched runs begin here, from the donor's state at this very layer: nothing is cached."""
        for p, tree in enumerate(trees):
            other = (p + 1) % len(pairs)
            first = 0 if request.positions == "all" else tree.prompt
            kept = torch.arange(len(tree.predicting))[tree.predicting >= first] if narrow else slice(first, None)
            rows = None if narrow else self.aligned_rows(pairs[p], pairs[other])
            for direction in request.directions:
                donor, recipient = direction.split("_to_")
                for control in request.controls:
                    generator = torch.Generator().manual_seed(1000 * p + layer)
                    state = replacement(control, trunks[p][donor][0], trunks[p][recipient][0],
                                        trunks[other][donor][0], rows, generator)
                    live[p][recipient].append(((direction, control, layer), state[kept][None]))

    def aligned_rows(self, pair, other):
        """`aligned` for packed rows."""
        chosen, rejected = aligned(pair, 0, other), aligned(pair, 1, other)
        return torch.cat([chosen, rejected[len(pair.prompt):] + len(other.chosen)])


class Unstacked(Packed):
    """The same with each run's products by themselves."""

    stacks = False
