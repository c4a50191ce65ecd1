"""Every site of a model of any family by plain PyTorch hooks: one forward in which one activation is read or changed.

Slow and obvious on purpose: Patchbook's numbers are compared with it. Eager attention must be set: queries, keys and
values are tapped where they enter the family's eager attention, and queries and keys before that where they are rotated, so
that `q` and `k` are what the rotation receives (after a norm of queries and keys). In a layer without rotation `q_rot` and
`k_rot` are `q` and `k`. `attn_out` and `mlp_out` are what each half adds to the stream, after a norm of it.
"""

import hooks
from anatomy import Anatomy


def where(name, pair, response):
    """Positions of one plain sequence, as indices."""
    prompt, count = len(pair["prompt"]), len(response)
    whole = range(prompt, prompt + count)
    if name == "first_divergent":
        shared = next(
            (i for i, (a, b) in enumerate(zip(pair["chosen"], pair["rejected"])) if a != b),
            min(len(pair["chosen"]), len(pair["rejected"])))
        return list(whole)[shared : shared + 1]
    if name.startswith("response["):
        start, end = (int(part) if part else None for part in name[9:-1].split(":"))
        return list(whole)[start:end]
    if name[0].isdigit():
        return [int(part) for part in name.split(",") if int(part) < prompt + count]
    place = hooks.positions(name, pair["prompt"], response)
    return list(range(prompt + count))[place]


class Tap:
    """Runs one forward in which `change(layer, activation [tokens, width])` may replace the activation of one site."""

    def __init__(self, model, site, change):
        assert model.config._attn_implementation == "eager"
        self.anatomy, self.site, self.change = Anatomy(model), site, change

    def output(self, layer):
        def hook(module, inputs, output):
            whole = output[0] if isinstance(output, tuple) else output
            new = self.change(layer, whole[0].clone())[None]
            return (new,) + output[1:] if isinstance(output, tuple) else new
        return hook

    def input(self, layer):
        def hook(module, inputs):
            return (self.change(layer, inputs[0][0].clone())[None],) + inputs[1:]
        return hook

    def layer_input(self, layer):
        def hook(module, inputs, named):
            if inputs:
                return (self.change(layer, inputs[0][0].clone())[None],) + inputs[1:], named
            named = dict(named)
            named["hidden_states"] = self.change(layer, named["hidden_states"][0].clone())[None]
            return inputs, named
        return hook

    def middle(self, layer):
        """The stream between the halves is what came in and what attention adds: so the change is made to what it adds."""
        came_in = {}

        def before(module, inputs, named):
            came_in["x"] = (inputs[0] if inputs else named["hidden_states"])[0].clone()

        def after(module, inputs, output):
            return (self.change(layer, came_in["x"] + output[0]) - came_in["x"])[None]
        return before, after

    def heads(self, layer, states):
        """`states` [1, heads, tokens, head width] with the change made to its heads side by side."""
        count, tokens = states.shape[1:3]
        flat = states[0].transpose(0, 1).reshape(tokens, -1)
        return self.change(layer, flat.clone()).reshape(tokens, count, -1).transpose(0, 1)[None]

    def tap_attention(self):
        """Puts the family's rotation and eager attention behind functions that make the change on the way."""
        site, code = self.site, self.anatomy.code
        rotation, attention = getattr(code, "apply_rotary_pos_emb", None), code.eager_attention_forward
        self.replaced = [(code, name, getattr(code, name)) for name in ("apply_rotary_pos_emb", "eager_attention_forward")
                         if hasattr(code, name)]
        state = {}

        def entering(layer):
            def hook(module, *_):
                state.update(layer=layer, rotated=False)
            return hook

        def turned(query, key, *rest, **named):
            state["rotated"] = True
            if site == "q":
                query = self.heads(state["layer"], query)
            if site == "k":
                key = self.heads(state["layer"], key)
            return rotation(query, key, *rest, **named)

        def attended(module, query, key, value, *rest, **named):
            if site == "q_rot" or site == "q" and not state["rotated"]:
                query = self.heads(state["layer"], query)
            if site == "k_rot" or site == "k" and not state["rotated"]:
                key = self.heads(state["layer"], key)
            if site == "v":
                value = self.heads(state["layer"], value)
            return attention(module, query, key, value, *rest, **named)

        for layer in range(len(self.anatomy.blocks)):
            self.handles.append(self.anatomy.part("attention", layer).register_forward_pre_hook(entering(layer)))
        if rotation:
            code.apply_rotary_pos_emb = turned
        code.eager_attention_forward = attended

    def __enter__(self):
        anatomy, site = self.anatomy, self.site
        self.handles, self.replaced = [], []
        if site == "embed":
            self.handles.append(anatomy.embedding.register_forward_hook(self.output(0)))
        elif site == "final_norm":
            self.handles.append(anatomy.norm.register_forward_hook(self.output(len(anatomy.blocks) - 1)))
        elif site in ("q", "k", "v", "q_rot", "k_rot"):
            self.tap_attention()
        else:
            for layer, block in enumerate(anatomy.blocks):
                self.tap_block(layer, block)
        return self

    def tap_block(self, layer, block):
        site, add = self.site, self.handles.append
        if site == "resid_pre":
            add(block.register_forward_pre_hook(self.layer_input(layer), with_kwargs=True))
        elif site == "resid_post":
            add(block.register_forward_hook(self.output(layer)))
        elif site == "z":
            add(self.anatomy.part("gathered", layer).register_forward_pre_hook(self.input(layer)))
        elif site == "mlp_act":
            add(self.anatomy.part("inner", layer).register_forward_pre_hook(self.input(layer)))
        elif site in ("attn_out", "mlp_out"):
            add(self.anatomy.part(site, layer).register_forward_hook(self.output(layer)))
        elif site == "resid_mid":
            before, after = self.middle(layer)
            add(block.register_forward_pre_hook(before, with_kwargs=True))
            add(self.anatomy.part("attn_out", layer).register_forward_hook(after))

    def __exit__(self, *rest):
        for handle in self.handles:
            handle.remove()
        for code, name, function in self.replaced:
            setattr(code, name, function)


def activations(model, site, pair, response):
    found = {}

    def keep(layer, value):
        found[layer] = value.clone()
        return value
    with Tap(model, site, keep):
        hooks.log_probability(model, pair["prompt"], response)
    return found


def changed(model, site, layer, place, change, pair, response, heads=None):
    def edit(number, value):
        if number == layer:
            for position in place:
                row = value[position]
                if heads is None:
                    value[position] = change(row, position)
                else:
                    parts = row.reshape(model.config.num_attention_heads, -1).clone()
                    parts[heads] = change(parts[heads].reshape(-1), position).reshape(len(heads), -1)
                    value[position] = parts.reshape(-1)
        return value
    with Tap(model, site, edit):
        return hooks.log_probability(model, pair["prompt"], response)


def sweep(base, tuned, pairs, names, layers=None):
    """[chosen, rejected] of the donor's activation in the recipient's run, by site, positions, direction, layer and pair."""
    found = {}
    models, anatomy = {"base": base, "tuned": tuned}, Anatomy(base)
    for site in anatomy.sites:
        clean = {
            source: [{r: activations(model, site, pair, pair[r]) for r in ("chosen", "rejected")} for pair in pairs]
            for source, model in models.items()
        }
        found[site] = {
            name: {
                f"{donor}_to_{recipient}": [
                    [
                        [
                            changed(models[recipient], site, layer, where(name, pair, pair[r]),
                                    lambda row, at: clean[donor][number][r][layer][at], pair, pair[r])
                            for r in ("chosen", "rejected")
                        ]
                        for number, pair in enumerate(pairs)
                    ]
                    for layer in anatomy.layers(site, layers)
                ]
                for donor, recipient in (("tuned", "base"), ("base", "tuned"))
            }
            for name in names
        }
    return found
