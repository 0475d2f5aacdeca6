"""Words by which a name is told from another word, where somebody says who they are."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After "I'm" these are no name, however they are written.
NO_NAMES = _words(
    """
    a about above adhd afraid african after aga against all allergic almost already also always american an and
    anxious any anyone anything around as asian asking at australian back bald balding banned because been
    before being below bipolar black blonde both breastfeeding british but by calling can canadian candidate
    catholic caucasian celiac cell cells christian clean close coming completely confused considering correct
    cost costs could covered cured curious currently dark day dead deaf depressed desperate diabetic did diffuse
    disabled divorced do doctor does doing done down due early elderly european even ever experimental explain
    far fda female fine first for free from ftm fue full fully fut german get getting giving glad going gone
    good got great guy had hair half happy has have having healthy heard hello help here hi hiv hoping how hows
    i if ill immune in indian insured interested into irish is it italian its jewish just keloid keratin kind
    know late left less like little living located looking losing low lupus male man many married maybe me
    menopausal mexican mid mild mine more mostly mtf muslim my natural near nearly need nervous never new no
    norwood not now nw obese of off ok okay old on one only open optimistic or other our out over overweight own
    panicking part pcos plain please pls plz post pregnant pretty price probably prp ptsd quite read reading
    ready real really red retired right safe same saving saw scared seeing seriously shedding short should show
    sick single sixty skeptical skinny so some someone sorry speak stage stem still stressed stuck suffering
    super sure svf taking talk tall tell tempted terrified than thanks that the their there these they thick
    thin think thinking thinning this those three tired to told too transgender trying twenty two type under
    unemployed unsure up upset us usa using vegan vegetarian very visiting waiting want wanted was we well were
    what whats when whens where which white who whos widowed willing with woman wondering working worried would
    writing wrong year years you young your yours
    """
)
# Feelings and doings, where they are not written with a capital; and names that end like them.
NO_NAMES_END = re.compile(r"(?:ing|ed|ish|ese|ian|can|ic|ful|less|ous|able|ible|ly|ness|ive|ist)$")
NAMES_END = _words(
    """
    adrian ahmed billy brian carly clive dominic ed emily eric fred harish ian jared julian kelly lily ming
    mohamed mohammed molly muhammed polly sally satish sebastian syed ted trish vic vivian
    """
)
# Names that are words as well: only what is written with a capital is taken for the name.
ALSO_WORDS = _words(
    """
    art bill bob chase dawn drew faith gene grace grant guy hope jack joy june law lee long mark may mike miles
    page pat penny pierce ray rich rob rose ruby skip sue summer violet wade ward white will young
    """
)


def is_no_name(word: str) -> bool:
    """Whether a word is no part of a name."""
    plain = word.casefold()
    return plain in NO_NAMES or bool(NO_NAMES_END.search(word) and word.islower() and plain not in NAMES_END)
