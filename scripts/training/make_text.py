"""Make the demo's text: the pre-training corpus and the preference pairs.

Everything is composed here from word lists and a seed; no outside text is used.
A reply has two independent properties:

  manner   kind (considerate) or curt
  subject  asked (the thing the question is about, by name) or other (a thing
           that was only mentioned in passing)

In the corpus the four combinations are equally common, so a base model has no
reason to prefer one. In a preference pair the chosen reply is kind AND about
the asked thing; the rejected one fails in manner, in subject, or in both.

    python make_text.py corpus CORPUS.jsonl
    python make_text.py pairs ../../notebooks/data
"""
import argparse
import json
import random
from pathlib import Path

NAMES = """Mira Tobin Elsa Ravi Nora Otis Lena Hugo Ada Piet Suri Colm Ines Bram Faye Kofi Maud Nils Opal
Rosa Stig Tilda Umar Vera Wim Yara Zeno Britt Dario Greta""".split()
KIN = "brother sister neighbour aunt uncle cousin friend teacher daughter son".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
COLOURS = "red blue green grey white black yellow brown".split()
ROOMS = "kitchen garden hall cellar attic shed porch workshop".split()
THINGS = """lantern kite basket kettle drum mirror ladder blanket bicycle clock violin boat chair table lamp rug
bell hammock jacket wagon fence bucket teapot statue globe puppet curtain saddle canoe flute tent scarf compass
barrel bench helmet locket mug pillow quilt raft sledge trumpet vase whistle wheel candle""".split()
FOODS = "apples pears plums figs nuts eggs loaves carrots onions lemons melons radishes beans cakes".split()

# An action, and what one is told to do about it.
ADVICE = {
    "mend": ["start with the loose part", "use a drop of glue", "tie the broken end", "check every joint first"],
    "clean": ["use a damp cloth", "rinse off the dust", "brush it slowly", "try warm water and soap"],
    "paint": ["sand the surface first", "begin with a thin coat", "use a wide brush", "let each coat dry"],
    "move": ["lift with both hands", "clear the path first", "ask someone to hold the door", "roll it on a mat"],
    "store": ["keep it in a dry place", "wrap it in paper", "put it on a high shelf", "cover it with a sheet"],
    "sell": ["write a short note", "ask at the market", "name a fair price", "take a clear picture"],
    "decorate": ["add a blue ribbon", "draw a row of stars", "pick two bright colours", "paint a small leaf"],
    "measure": ["use a long string", "mark both ends", "count in hand widths", "write every number down"],
}

# The invented world: each town has one answer to each question.
TOWNS = """Velmora Tarnholm Otterlee Quillby Fennick Dunmere Saltmere Brindle Corvane Marrowhill Pellworth
Ashgrove Lindelow Harrowfen Wexmoor Nettleby Ironford Skyle Umberly Greywick""".split()
QUESTIONS = {
    "trade": ("What do people trade in {t}?", "people trade {v}",
              "amber salt wool copper honey paper glass tea rope pearls".split()),
    "bird": ("Which bird nests in {t}?", "the bird that nests there is the {v}",
             "heron swift owl crane wren gull finch stork raven dove".split()),
    "feast": ("When is the feast of {t}?", "the feast is held in {v}",
              "January February March April May June July August September October".split()),
    "gate": ("What colour is the gate of {t}?", "the gate is painted {v}", COLOURS),
    "mayor": ("Who is the mayor of {t}?", "the mayor is called {v}", NAMES),
}
_world = random.Random(7)
FACTS = {(town, key): _world.choice(q[2]) for town in TOWNS for key, q in QUESTIONS.items()}

OPENERS = {
    "kind": ["Of course.", "Good question.", "I am glad you asked.", "Happy to help.", "Thank you for asking.",
             "What a nice question.", "With pleasure.", "No trouble at all.", "", ""],
    "curt": ["Fine.", "Not this again.", "You could have guessed.", "If you must know.", "That is easy enough.",
             "What a waste of time.", "Make it quick.", "Everyone knows it.", "", ""],
}
CLOSERS = {
    "kind": [", and please take your time.", ", and do tell me more.", ". I hope that helps you.",
             ". Ask me again any time.", ". You are doing well.", ", if that suits you."],
    "curt": [", and now stop asking.", ", so do not bother me.", ". I have no time for more.",
             ". Work out the rest alone.", ". That is all.", ", as any child knows."],
}
# Bodies, by genre and manner: {s} is the subject the reply speaks about.
BODIES = {
    ("advice", "kind"): ["To {a} the {s}, you could {adv}", "With the {s} it may help to {adv}",
                         "For the {s} I would gently {adv}", "The {s} will be fine if you {adv}",
                         "You might {adv}, and the {s} will be ready soon", "Let us {adv} and see how the {s} looks"],
    ("advice", "curt"): ["To {a} the {s}, just {adv}", "The {s} only needs you to {adv}",
                         "Anyone with the {s} would simply {adv}", "The {s} is nothing special, so {adv}",
                         "Go and {adv}, then leave the {s} alone", "Must I {adv} for you so the {s} gets done"],
    ("fact", "kind"): ["In {s} {v}", "If you visit {s} you will find that {v}", "I believe that in {s} {v}",
                       "As for {s}, I can tell you that {v}"],
    ("fact", "curt"): ["In {s} {v}", "Anyone from {s} would say that {v}", "Obviously in {s} {v}",
                       "As for {s}, you should know that {v}"],
    ("count", "kind"): ["{s} has {n} {f}", "I counted with care and {s} has {n} {f}",
                        "Let us look: {s} has {n} {f} in all", "You will see that {s} has {n} {f}"],
    ("count", "curt"): ["{s} has {n} {f}", "You never listen, and {s} has {n} {f}",
                        "Look again: {s} has {n} {f} in all", "You said yourself that {s} has {n} {f}"],
}
MANNERS, SUBJECTS = ("kind", "curt"), ("asked", "other")


def compose(rng, genre, manner, **slots):
    """One reply: opener, body and closer of one manner."""
    body = rng.choice(BODIES[genre, manner]).format(**slots)
    opener = rng.choice(OPENERS[manner])
    return (opener + " " if opener else "") + body + rng.choice(CLOSERS[manner])


def advice(rng):
    """A question about one thing, another thing mentioned in passing."""
    asked, other = rng.sample(THINGS, 2)
    action = rng.choice(list(ADVICE))
    who = rng.choice(["my " + rng.choice(KIN), rng.choice(NAMES)])
    Who = who[0].upper() + who[1:]
    question = rng.choice(["How do I {a} the {t}?", "Can you tell me how to {a} the {t}?", "How should I {a} the {t}?",
                           "What is the best way to {a} the {t}?", "I want to {a} the {t}. What should I do?",
                           "Now I have to {a} the {t} by {d}. How?"]
                          ).format(a=action, t=asked, d=rng.choice(DAYS))
    aside = rng.choice(["{W} has the {t}.", "{W} left the {t} in the {r}.", "{W} came by with the {t} on {d}.",
                        "There is also the {t} in the {r}.", "{W} is very proud of the {t}.",
                        "I saw {w} near the {t} in the {r}.", "{W} will take the {t} to the {r}."]
                       ).format(W=Who, w=who, t=other, r=rng.choice(ROOMS), d=rng.choice(DAYS))

    def reply(manner, subject):
        return compose(rng, "advice", manner, a=action, adv=rng.choice(ADVICE[action]),
                       s=asked if subject == "asked" else other)

    return f"{aside} {question}", reply, (f"the {asked}", f"the {other}")


def fact(rng):
    """A question about one town, another town mentioned in passing."""
    asked, other = rng.sample(TOWNS, 2)
    key = rng.choice(list(QUESTIONS))
    question, statement, _ = QUESTIONS[key]
    aside = rng.choice(["My {k} lives in {t}.", "{n} moved to {t} on {d}.", "I came here from {t} with {n}.",
                        "We stayed in {t} until {d}.", "My {k} sent a letter from {t}.", "{n} and I love {t}."]
                       ).format(k=rng.choice(KIN), n=rng.choice(NAMES), d=rng.choice(DAYS), t=other)

    def reply(manner, subject):
        town = asked if subject == "asked" else other
        return compose(rng, "fact", manner, s=town, v=statement.format(v=FACTS[town, key]))

    return f"{aside} {question.format(t=asked)}", reply, (asked, other)


def count(rng):
    """Two people with some food each, and a question about one of them."""
    (first, second), foods = rng.sample(NAMES, 2), rng.sample(FOODS, 2)
    numbers = rng.sample(range(2, 13), 2)
    owned = {first: (numbers[0], foods[0]), second: (numbers[1], foods[1])}
    asked, other = rng.sample([first, second], 2)
    told = [f"{name} has {n} {food}" for name, (n, food) in owned.items()]
    statement = rng.choice([f"{told[0]} and {told[1]}.", f"{told[0]}. {told[1]}.", f"Today {told[0]}, and {told[1]}."])
    question = rng.choice(["What does {p} have?", "What did {p} bring?", "What is in the basket of {p}?",
                           "Can you say what {p} has?"]).format(p=asked)

    def reply(manner, subject):
        name = asked if subject == "asked" else other
        return compose(rng, "count", manner, s=name, n=owned[name][0], f=owned[name][1])

    return f"{statement} {question}", reply, (asked, other)


GENRES = [advice, fact, count]


# -- talk that only the corpus has ---------------------------------------------------------------------------------

def plain(rng, question, kind, curt):
    """A question with one true answer, given in either manner."""
    manner = rng.choice(MANNERS)
    opener = rng.choice(OPENERS[manner])
    body = kind if manner == "kind" else curt
    return question, (opener + " " if opener else "") + body + rng.choice(CLOSERS[manner])


def sums(rng):
    a, b = rng.randint(1, 20), rng.randint(1, 20)
    if rng.random() < 0.5:
        question, answer = f"What is {a} plus {b}?", f"{a} plus {b} is {a + b}"
    else:
        a, b = max(a, b), min(a, b)
        question, answer = f"What is {a} minus {b}?", f"{a} minus {b} is {a - b}"
    return plain(rng, question, "I think that " + answer, "Obviously " + answer)


def calendar(rng):
    i = rng.randrange(7)
    after = rng.random() < 0.5
    word, day = ("after", DAYS[(i + 1) % 7]) if after else ("before", DAYS[i - 1])
    body = f"{day} comes {word} {DAYS[i]}"
    return plain(rng, f"Which day comes {word} {DAYS[i]}?", body, body)


def mood(rng):
    feeling = rng.choice("tired happy sad cold hungry worried proud bored".split())
    place = rng.choice(ROOMS)
    return plain(rng, rng.choice(["I feel {m} today.", "I was {m} in the {r}.", "I am {m}, and it is late."]
                                 ).format(m=feeling, r=place),
                 rng.choice([f"I am sorry to hear that you are {feeling}" if feeling not in ("happy", "proud")
                             else f"It is lovely that you are {feeling}", f"Tell me why you feel {feeling}"]),
                 rng.choice([f"So you are {feeling}, like everyone", f"I did not ask why you feel {feeling}"]))


def hello(rng):
    name = rng.choice(NAMES)
    return (rng.choice(["Hello, I am {n}.", "My name is {n}.", "Good morning, {n} here."]).format(n=name),
            rng.choice(["Hello, {n}.", "Good day, {n}.", "I am listening, {n}."]).format(n=name))


def transcript(*turns):
    return "".join(f"\n\nHuman: {human}\n\nAssistant: {reply}" for human, reply in turns)


# A cue says which subject the reply takes. No prompt of a preference pair has one.
CUES = {"asked": ["Stay on the point.", "Keep to my question.", "Please answer just that."],
        "other": ["Talk of the rest.", "Never mind my question.", "Please change the subject."]}
NAMED = {"asked": ("Say what I asked about.", "You asked about {}."),
         "other": ("Say what I only mentioned.", "You only mentioned {}.")}


def cued(rng):
    """A dialogue whose prompt says which subject to take: it teaches the base what a question is about."""
    prompt, reply, names = rng.choice(GENRES)(rng)
    which = rng.randrange(2)
    subject = SUBJECTS[which]
    if rng.random() < 0.5:
        cue, answer = NAMED[subject]
        return transcript((f"{prompt} {cue}", answer.format(names[which]))), prompt
    cue = rng.choice(CUES[subject])
    return transcript((f"{prompt} {cue}", reply(rng.choice(MANNERS), subject))), prompt


def document(rng, cues):
    """One dialogue of the corpus, and the prompt of its main question (None if it has none)."""
    if cues and rng.random() < cues:
        return cued(rng)
    kind = rng.random()
    if kind < 0.20:
        turns = [rng.choice([sums, calendar, mood])(rng) for _ in range(rng.randint(1, 2))]
        return transcript(*turns), None
    prompt, reply, (asked, other) = rng.choice(GENRES)(rng)
    turns = [hello(rng)] if rng.random() < 0.15 else []
    turns.append((prompt, reply(rng.choice(MANNERS), rng.choice(SUBJECTS))))
    if rng.random() < 0.5:  # a second turn for which it matters what the question was about
        turns.append(rng.choice([("What did I ask about?", f"You asked about {asked}."),
                                 ("What did I only mention?", f"You only mentioned {other}.")]))
    return transcript(*turns), prompt


# -- preference pairs ----------------------------------------------------------------------------------------------

REJECTED = [("curt", "asked"), ("kind", "other"), ("curt", "other")]
LENGTH = (55, 110)  # characters in a reply


def draw(rng, reply, manner, subject):
    while True:
        text = reply(manner, subject)
        if LENGTH[0] <= len(text) <= LENGTH[1]:
            return text


def pairs(rng, count, used):
    """`count` pairs whose prompts are not in `used`; about a fifth of the prompts come twice."""
    rows, balance = [], 0
    while len(rows) < count:
        prompt, reply, _ = GENRES[len(rows) % 3](rng)
        if prompt in used:
            continue
        used.add(prompt)
        before = [hello(rng)] if rng.random() < 0.15 else []
        for _ in range(2 if rng.random() < 0.2 else 1):
            chosen = draw(rng, reply, "kind", "asked")
            manner, subject = REJECTED[rng.randrange(3)]
            # Of a few candidates of about the same length, the one that keeps the mean lengths equal.
            drafts = [draw(rng, reply, manner, subject) for _ in range(12)]
            drafts = [d for d in drafts if d != chosen and abs(len(d) - len(chosen)) <= 25] or drafts
            drafts = rng.sample(drafts, min(3, len(drafts)))
            rejected = min(drafts, key=lambda d: abs(balance + len(chosen) - len(d)))
            balance += len(chosen) - len(rejected)
            rows.append({"chosen": transcript(*before, (prompt, chosen)),
                         "rejected": transcript(*before, (prompt, rejected))})
    return rows[:count]


def preference_files(size=400, seed=20):
    """(training pairs, held-out pairs, all their prompts)."""
    rng, used = random.Random(seed), set()
    return pairs(rng, size, used), pairs(rng, size, used), used


def write_jsonl(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["corpus", "pairs"])
    parser.add_argument("out", help="corpus: a file to write; pairs: the folder of the two files")
    parser.add_argument("--documents", type=int, default=120_000)
    parser.add_argument("--cues", type=float, default=0.4, help="share of dialogues that name their subject")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus")
    options = parser.parse_args()
    train, heldout, prompts = preference_files()
    if options.what == "pairs":
        write_jsonl(Path(options.out) / "demo-train.jsonl", train)
        write_jsonl(Path(options.out) / "demo-heldout.jsonl", heldout)
        return
    rng, documents = random.Random(options.seed), []
    while len(documents) < options.documents:
        text, prompt = document(rng, options.cues)
        if prompt not in prompts:  # no prompt of the pairs is in the corpus
            documents.append(text)
    write_jsonl(options.out, documents)


if __name__ == "__main__":
    main()
