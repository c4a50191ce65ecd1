"""The necessary operations of a sweep: multiplications and additions of the matrix products that no method can do without.

Of the shapes d (width), q (heads × head width), k (key/value heads × head width), f (feed-forward width), v (vocabulary):

    one row through a block's products    2 (d q + 2 d k + q d + 3 d f), or 2 d f where the feed-forward has no gate
    of it keys and values                 2 (2 d k)
    one query that sees n keys            4 q n               (scores, and the mixing of values)
    one row through the head              2 d v

Rows of a pair with P prompt tokens and responses of c and r tokens, prompt shared:
    needed       P + (c − 1) + (r − 1): a response's last token predicts nothing, and no needed row attends to it
    predicting   1 + (c − 1) + (r − 1): what the head needs, the prompt's last row once for both responses
In the last block only predicting rows need queries, output and feed-forward; all needed rows need keys and values.

Runs are counted as a trie: two runs that agree up to a layer are one run up to there.
    clean      both models' own runs; each is the donor or recipient of every patch
    none       at all positions a patch after layer l is the donor's blocks up to l and the recipient's above: from l on a new state
               of all needed rows. At response positions: of the c − 1 + r − 1 response rows only, the rest is the recipient's
    self       is the recipient's own run: nothing
    shuffled, random   as `none`, but never equal to another run
Blocks that are equal in both models are one block. Norms, rotations, softmax, activations and an adapter's low-rank products are not
counted (they are a few percent), so the true minimum is a little higher.

The same formula also gives what Patchbook's engine counts of itself (`as_run`), so that two counts made apart can be held together:
    self       is run, as a test of the engine: every control of that kind is a run of its own from its layer on
    shuffled   takes rows of other rows, so each response's last token is kept, and a clean run that is read has all rows in the last block
"""
from dataclasses import dataclass


@dataclass
class Shape:
    layers: int
    width: int
    queries: int
    keys: int
    feed_forward: int
    vocabulary: int
    gated: bool

    @classmethod
    def of(cls, config):
        """From a config.json; a sliding window must be longer than the texts."""
        heads = config["num_attention_heads"]
        head = config.get("head_dim") or config["hidden_size"] // heads
        return cls(config["num_hidden_layers"], config["hidden_size"], heads * head,
                   config.get("num_key_value_heads", heads) * head, config["intermediate_size"], config["vocab_size"],
                   config["model_type"] != "gpt_neox")

    @property
    def linears(self):
        """(inputs, outputs) of a block's matrices."""
        d, inward = self.width, 2 if self.gated else 1
        return [(d, self.queries), (d, self.keys), (d, self.keys), (self.queries, d),
                *[(d, self.feed_forward)] * inward, (self.feed_forward, d)]

    @property
    def key_value_products(self):
        return 2 * 2 * self.width * self.keys

    @property
    def other_products(self):
        return 2 * sum(k * n for k, n in self.linears) - self.key_value_products

    @property
    def head_products(self):
        return 2 * self.width * self.vocabulary


@dataclass
class Count:
    blocks: int = 0
    attention: int = 0
    head: int = 0

    @property
    def total(self):
        return self.blocks + self.attention + self.head


def seen(first, count):
    """Keys seen in all by `count` rows, the first of which sees `first`."""
    return count * first + count * (count - 1) // 2


def block(shape, lengths, has_prompt, narrows, keeps_ends):
    """(products, attention) of one run through one block; without the prompt's rows where those are another run's.

    `narrows`: to the predicting rows, as the last block does. `keeps_ends`: with a row for each response's last token."""
    prompt, *responses = lengths
    predicting = [max(length - 1, 0) for length in responses]
    kept = responses if keeps_ends else predicting
    rows = sum(kept) + (prompt if has_prompt else 0)
    full = sum(predicting) + (1 if has_prompt else 0) if narrows else rows
    keys = sum(seen(prompt + 1, count) for count in (predicting if narrows else kept))
    if has_prompt:
        keys += prompt if narrows else seen(1, prompt)
    return rows * shape.key_value_products + full * shape.other_products, 4 * shape.queries * keys


def runs(shape, changed, positions, directions, controls, as_run):
    """The trie: for each layer the set of runs that advance there, and the set of final runs under a head.

    A run is (what came so far, whether it has the prompt's rows); what came so far is a tuple of blocks and edits."""
    layers = [set() for _ in range(shape.layers)]
    ends = set()

    def block_of(source, layer):
        return source if layer in changed else "either"

    def clean(source, through):
        return tuple(block_of(source, layer) for layer in range(through + 1))

    def follow(state, layer, source, has_prompt):
        for above in range(layer + 1, shape.layers):
            state = (*state, block_of(source, above))
            layers[above].add((state, has_prompt))
        ends.add((state, has_prompt))

    for source in ("base", "tuned"):
        follow((), -1, source, True)
    for direction in directions:
        donor, recipient = direction.split("_to_")
        for control in controls:
            for layer in range(shape.layers):
                mine, theirs = clean(recipient, layer), clean(donor, layer)
                if control == "self" and not as_run or control in ("none", "random") and mine == theirs:
                    continue  # the recipient's own run
                if positions == "all" and control == "none":
                    follow(theirs, layer, recipient, True)
                else:
                    follow((*mine, (control, donor)), layer, recipient, positions == "all")
    # The head is the same in both models.
    return layers, ends


def necessary(shape, pairs, changed, positions, directions, controls, as_run=False):
    """A `Count` over all pairs; `pairs` are dictionaries of token ids."""
    changed = set(changed)
    layers, ends = runs(shape, changed, positions, directions, controls, as_run)
    moves = as_run and "shuffled" in controls
    last = shape.layers - 1
    read = {part for direction in directions for part in direction.split("_to_")[:1 if (
        positions == "all" and not {"self", "random"} & set(controls)) else 2]}
    clean = {tuple(source if layer in changed else "either" for layer in range(shape.layers)) for source in read}
    total = Count()
    for pair in pairs:
        lengths = [len(pair[part]) for part in ("prompt", "chosen", "rejected")]
        response = sum(max(length - 1, 0) for length in lengths[1:])
        for layer, live in enumerate(layers):
            for state, has_prompt in live:
                narrows = layer == last and not (moves and state in clean)
                products, attention = block(shape, lengths, has_prompt, narrows, moves)
                total.blocks += products
                total.attention += attention
        for _, has_prompt in ends:
            total.head += (response + (1 if has_prompt else 0)) * shape.head_products
    return total
