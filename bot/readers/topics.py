"""Words that tell what a time is about: something else than the hair, or the hair."""

import re

ELSE = re.compile(
    r"\b(?:minox\w*|fin|finasteride|rogaine|propecia|dut\w*|prp|treat\w*|medic\w*|meds|pills?|tablets?|taking|using"
    r"|used|tried|married|marriage"
    r"|smok\w*|job|work\w*|liv\w*|moved|divorc\w*|vegan|sober|transplant\w*|surgery|wedding|diabet\w*|pregnan\w*"
    r"|trip|holiday|appointment"
    r"|dating|together|school|gym|company|insurance|house|mortgage|kids?|bald since birth|biotin|shampoo"
    r"|ketoconazole|spiro\w*|keto|waiting|saving|lease|therapy"
    r"|lupus|arthritis|asthma|thyroid|cancer|chemo\w*|retire\w*|car|grey|gray|nurs\w*|teach\w*|sick|depress\w*"
    r"|break|nurse|teacher|blood thinners?|warfarin)\b"
)
HAIR = re.compile(
    r"\b(?:hair\w*|los\w+|loss|thinn\w*|thin|shed\w*|reced\w*|recession|bald\w*|crown|scalp|start\w*|beg[aiu]n\w*"
    r"|notic\w*|fall\w*|fell|patch\w*|it'?s been|mine|parting|temples?|ponytail|problem|going on|happening)\b"
)
