"""Whether two contenders measured the same margins."""

# What f32 allows on a summed margin, in nats and beside the margin's size.
ABSOLUTE, RELATIVE = 5e-4, 1e-5


def margins(result):
    """{place: [pair]} of everything that is comparable: a random direction is each contender's own."""
    found = {("clean", name): result[name] for name in ("base", "tuned")}
    for cell in result["cells"]:
        if cell["control"] != "random":
            found[cell["direction"], cell["control"], cell["layer"]] = cell["margins"]
    return found


def between(ours, theirs):
    """{"largest": nats, "holds": bool, "margins": how many were compared}."""
    mine, other = margins(ours), margins(theirs)
    if mine.keys() != other.keys():
        return {"largest": float("inf"), "holds": False, "margins": 0}
    differences = [(abs(a - b), abs(b)) for key in mine for a, b in zip(mine[key], other[key], strict=True)]
    return {"largest": max(difference for difference, _ in differences), "margins": len(differences),
            "holds": all(difference <= ABSOLUTE + RELATIVE * size for difference, size in differences)}
