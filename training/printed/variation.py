"""Formulas with other symbols in the same places, so that rare symbols are seen where they really stand."""

from __future__ import annotations

import random
import string

from training.printed.supply import Formula

GREEK = r"""
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi
rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma
Upsilon Phi Psi Omega
"""
LETTERLIKE = r"""
partial nabla ell hbar imath jmath wp Re Im aleph beth infty emptyset varnothing Bbbk eth hslash digamma
"""
BINARY = r"""
times div pm mp cdot ast star circ bullet oplus otimes ominus odot oslash wedge vee cup cap setminus
amalg wr sqcup sqcap uplus ltimes rtimes dagger ddagger diamond boxplus boxtimes smallsetminus lhd rhd
triangleright triangleleft
"""
RELATIONS = r"""
leq geq neq equiv approx sim simeq cong propto ll gg prec succ preceq succeq perp parallel mid nmid in
notin ni subset supset subseteq supseteq subsetneq supsetneq nsubseteq leqslant geqslant lesssim gtrsim
lessapprox gtrapprox asymp doteq triangleq models vdash dashv vDash Vdash nless ngtr nleq ngeq ncong
nsim nparallel trianglelefteq trianglerighteq sqsubseteq sqsupseteq bowtie smile frown therefore because
lll ggg rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow longrightarrow
longleftarrow Longrightarrow Longleftrightarrow mapsto longmapsto hookrightarrow hookleftarrow
rightharpoonup leftharpoondown rightleftharpoons uparrow downarrow Uparrow Downarrow updownarrow nearrow
searrow swarrow nwarrow twoheadrightarrow rightrightarrows rightsquigarrow nrightarrow nRightarrow
nLeftarrow
"""
ORDINARY = r"""
forall exists nexists neg top bot angle triangle square blacksquare lozenge prime sharp flat natural
ldots cdots vdots ddots clubsuit heartsuit spadesuit diamondsuit checkmark S P pounds complement bigstar
measuredangle backslash % & # $ _
"""
OPERATORS = r"""
sum prod int oint iint iiint bigcup bigcap bigoplus bigotimes bigvee bigwedge coprod bigsqcup biguplus bigodot
"""
ACCENTS = r"""
hat tilde bar vec dot ddot check breve acute grave mathring widehat widetilde overline
"""
STYLES = r"""
mathbb mathcal mathfrak mathbf mathrm mathscr mathsf mathtt boldsymbol mathit
"""
NAMES = r"""
sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln exp lim limsup liminf max min
sup inf det dim ker deg gcd arg hom Pr
"""


def _commands(names: str) -> list[str]:
    return ["\\" + name for name in names.split()]


_LETTERS = list(string.ascii_letters)
_KINDS: tuple[list[str], ...] = (
    _LETTERS,
    list(string.digits),
    _commands(GREEK),
    _commands(LETTERLIKE) + _commands(ORDINARY),
    ["+", "-", "/", *_commands(BINARY)],
    ["=", "<", ">", ":", *_commands(RELATIONS)],
    _commands(OPERATORS),
    _commands(ACCENTS),
    _commands(STYLES),
    _commands(NAMES),
)
_KIND_OF = {token: kind for kind, tokens in enumerate(_KINDS) for token in tokens}
# What a letter may become: mostly a letter, often Greek, sometimes a digit or another sign.
_FROM_LETTER = ((0, 60), (2, 24), (1, 10), (3, 6))
_WORDS = (r"\text", r"\mathrm")
_TAKES_A_LETTER = {*_commands(STYLES), *_commands(ACCENTS), "^", "_", r"\text"}
_STYLED_CAPITALS = ("\\mathbb", "\\mathcal", "\\mathscr")


def varied(formula: Formula, rng: random.Random) -> Formula:
    """The formula with some of its symbols exchanged for others of their kind, some letters with accents."""
    share, accented = rng.choice((0.15, 0.35, 0.6)), rng.choice((0.0, 0.05, 0.12))
    tokens: list[str] = []
    in_text = False
    for position, token in enumerate(formula.tokens):
        before = formula.tokens[position - 1] if position else ""
        if token in _WORDS and formula.tokens[position + 1 : position + 2] == ("{",):
            in_text = True
        elif in_text:
            in_text = token != "}"
        elif token in _KIND_OF:
            other = _other(token, before, rng) if rng.random() < share else token
            bare = before not in _TAKES_A_LETTER and _KIND_OF[other] in (0, 2)
            tokens += (
                ["{", rng.choice(_KINDS[7]), "{", other, "}", "}"]
                if bare and rng.random() < accented
                else [other]
            )
            continue
        tokens.append(token)
    return Formula(tuple(_capitalised(tokens)), formula.display)


def _other(token: str, before: str, rng: random.Random) -> str:
    kind = _KIND_OF[token]
    if kind == 0 and before not in _commands(STYLES):
        kinds, weights = zip(*_FROM_LETTER, strict=True)
        kind = rng.choices(kinds, weights)[0]
    return rng.choice(_KINDS[kind])


def _capitalised(tokens: list[str]) -> list[str]:
    """Blackboard and script fonts have capitals only."""
    out = list(tokens)
    for position, token in enumerate(out[:-1]):
        if token not in _STYLED_CAPITALS:
            continue
        following = position + 1
        if out[following] == "{":
            while following < len(out) and out[following] != "}":
                out[following] = out[following].upper() if len(out[following]) == 1 else out[following]
                following += 1
        elif len(out[following]) == 1 and out[following].isalpha():
            out[following] = out[following].upper()
    return out


def salad(rng: random.Random) -> Formula:
    """Single symbols in a row, each kind as likely as its number of symbols."""
    tokens: list[str] = []
    for _ in range(rng.randint(4, 14)):
        choice = rng.random()
        if choice < 0.22:
            style = rng.choice(_KINDS[8])
            letters = string.ascii_uppercase if style in _STYLED_CAPITALS else string.ascii_letters
            tokens += [style, "{", rng.choice(letters), "}"]
        elif choice < 0.32:
            tokens += [rng.choice(_KINDS[7]), "{", rng.choice(_LETTERS + _KINDS[2]), "}"]
        elif choice < 0.37:
            tokens += [r"\boldsymbol", "{", rng.choice(_KINDS[2]), "}"]
        else:
            tokens.append(rng.choice(rng.choice(_KINDS[:7])))
        if rng.random() < 0.12 and tokens[-1] not in _KINDS[6]:
            tokens += [rng.choice("^_"), "{", rng.choice(rng.choice(_KINDS[:4])), "}"]
    return Formula(tuple(tokens), rng.random() < 0.6)
