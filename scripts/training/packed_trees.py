"""Log-probabilities of pairs as trees: the prompt once, with both responses as branches that attend to it.

The same numbers as of separate sequences, for some 0.6 of the tokens.
"""
import torch


def tree(pair, longest):
    """(ids, positions, mask) of one pair, padded to `longest`; mask[i, j] says that token i attends to token j."""
    p, c, r = len(pair.prompt), len(pair.chosen), len(pair.rejected)
    ids = torch.zeros(longest, dtype=torch.long)
    ids[:p + c + r] = torch.tensor(pair.prompt + pair.chosen + pair.rejected)
    positions = torch.zeros(longest, dtype=torch.long)
    positions[:p + c + r] = torch.tensor([*range(p + c), *range(p, p + r)])
    mask = torch.ones(longest, longest, dtype=torch.bool).tril()
    mask[p + c:p + c + r, p:p + c] = False  # the rejected branch does not see the chosen one
    return ids, positions, mask


def response_rows(pair, longest, row):
    """For each response token of both branches: the flat row that predicts it, and its id."""
    p, c, r = len(pair.prompt), len(pair.chosen), len(pair.rejected)
    first = row * longest
    chosen = [first + p - 1 + i for i in range(c)]
    rejected = [first + p - 1] * min(1, r) + [first + p + c + i for i in range(r - 1)]
    return chosen + rejected, pair.chosen + pair.rejected


def log_probabilities(model, pairs):
    """(log p(chosen), log p(rejected)) in nats, each [pair]; blocks as `model` has them, head and sums in f32."""
    longest = max(len(p.prompt) + len(p.chosen) + len(p.rejected) for p in pairs)
    ids, positions, mask = (torch.stack(each) for each in zip(*(tree(p, longest) for p in pairs)))
    bias = torch.zeros(mask.shape, dtype=torch.float32).masked_fill(~mask, torch.finfo(torch.float32).min)[:, None]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=blocks_are_bfloat16(model)):
        hidden = model.model(input_ids=ids, position_ids=positions, attention_mask=bias).last_hidden_state
    rows, targets, owner = [], [], []
    for i, pair in enumerate(pairs):
        some, ids_of = response_rows(pair, longest, i)
        rows += some
        targets += ids_of
        owner += [2 * i] * len(pair.chosen) + [2 * i + 1] * len(pair.rejected)
    logits = model.lm_head(hidden.float().flatten(0, 1)[rows])
    token = logits.gather(-1, torch.tensor(targets)[:, None]).squeeze(-1) - logits.logsumexp(-1)
    sums = torch.zeros(2 * len(pairs)).index_add(0, torch.tensor(owner), token)
    return sums[0::2], sums[1::2]


@torch.no_grad()
def margins(model, pairs, batch=16):
    """(log p(chosen), log p(rejected)) of every pair, each a tensor over pairs."""
    chosen, rejected = torch.zeros(len(pairs)), torch.zeros(len(pairs))
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].prompt) + len(pairs[i].chosen) + len(pairs[i].rejected))
    for start in range(0, len(order), batch):
        some = order[start:start + batch]
        chosen[some], rejected[some] = log_probabilities(model, [pairs[i] for i in some])
    return chosen, rejected


def with_bfloat16_blocks(model):
    """The same model with the blocks' linear maps in bfloat16; embedding, norms and head stay f32. For training only."""
    for layer in model.model.layers:
        for module in layer.modules():
            if isinstance(module, torch.nn.Linear):
                module.to(torch.bfloat16)
    return model


def blocks_are_bfloat16(model):
    return any(p.dtype == torch.bfloat16 for p in model.model.layers[0].mlp.parameters())
