"""Every site of a Llama by plain PyTorch hooks: one forward in which one activation is read or changed.

Slow and obvious on purpose: it is what Patchbook's numbers are held against. Eager attention is asked for, so that the
rotated queries and keys pass through the one function that is tapped.
"""

from transformers.models.llama import modeling_llama

import hooks

INSIDE = ["q", "k", "v", "q_rot", "k_rot", "z", "attn_out", "resid_mid", "mlp_act", "mlp_out"]
SITES = ["embed", "resid_pre", *INSIDE, "resid_post", "final_norm"]
original_rotary = modeling_llama.apply_rotary_pos_emb


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
        self.model, self.site, self.change = model, site, change

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

    def __enter__(self):
        inner, handles = self.model.model, []
        if self.site == "embed":
            handles.append(inner.embed_tokens.register_forward_hook(self.output(0)))
        if self.site == "final_norm":
            handles.append(inner.norm.register_forward_hook(self.output(len(inner.layers) - 1)))
        for number, layer in enumerate(inner.layers):
            attention, mlp = layer.self_attn, layer.mlp
            if self.site == "resid_pre":
                handles.append(layer.register_forward_pre_hook(self.layer_input(number), with_kwargs=True))
            if self.site == "resid_post":
                handles.append(layer.register_forward_hook(self.output(number)))
            if self.site in ("q", "k", "v"):
                module = {"q": attention.q_proj, "k": attention.k_proj, "v": attention.v_proj}[self.site]
                handles.append(module.register_forward_hook(self.output(number)))
            if self.site == "z":
                handles.append(attention.o_proj.register_forward_pre_hook(self.input(number)))
            if self.site == "attn_out":
                handles.append(attention.o_proj.register_forward_hook(self.output(number)))
            if self.site == "resid_mid":
                before, after = self.middle(number)
                handles.append(layer.register_forward_pre_hook(before, with_kwargs=True))
                handles.append(attention.o_proj.register_forward_hook(after))
            if self.site == "mlp_act":
                handles.append(mlp.down_proj.register_forward_pre_hook(self.input(number)))
            if self.site == "mlp_out":
                handles.append(mlp.down_proj.register_forward_hook(self.output(number)))
        self.handles = handles
        if self.site in ("q_rot", "k_rot"):
            calls = iter(range(len(inner.layers)))

            def rotary(query, key, *rest, **named):
                number = next(calls)
                turned = list(original_rotary(query, key, *rest, **named))
                which = 0 if self.site == "q_rot" else 1
                heads = turned[which]
                flat = heads[0].transpose(0, 1).reshape(heads.shape[2], -1)
                new = self.change(number, flat.clone()).reshape(heads.shape[2], heads.shape[1], -1)
                turned[which] = new.transpose(0, 1)[None]
                return tuple(turned)
            modeling_llama.apply_rotary_pos_emb = rotary

    def __exit__(self, *rest):
        for handle in self.handles:
            handle.remove()
        modeling_llama.apply_rotary_pos_emb = original_rotary


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


def layers_of(site, model, layers=None):
    """The layers that a site has: all of the model's, or those asked for."""
    last = len(model.model.layers) - 1
    return {"embed": [0], "final_norm": [last]}.get(site, layers or range(last + 1))


def sweep(base, tuned, pairs, sites, names, layers=None):
    """[chosen, rejected] of the donor's activation in the recipient's run, by site, positions, direction, layer and pair."""
    found = {}
    models = {"base": base, "tuned": tuned}
    for site in sites:
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
                    for layer in layers_of(site, base, layers)
                ]
                for donor, recipient in (("tuned", "base"), ("base", "tuned"))
            }
            for name in names
        }
    return found
