"""How people say yes, no, and neither; of the patterns that fit the beginning of a clause, the first counts."""

import re
from typing import Literal

_Verdict = Literal["yes", "no", "unclear"]

SIGNS: dict[_Verdict, tuple[str, ...]] = {
    "yes": ("👍", "✅", "👌", "🆗", "🙆", "☑", "✔", "💯", "🤝", "🫡", ":thumbsup:"),
    "no": ("👎", "❌", "🙅", "🚫", "⛔", "✖", "🛑", "🙅‍♀️", ":thumbsdown:"),
    "unclear": ("🤷", "🤔", "😐", "🫤"),
}
MIXED = re.compile(
    r"\b(?:yes|yeah|y|ja) ?(?:and|or|/|n|&) ?no?\b(?! (?:calls?|phone|text\w*|spam|more|email\w*|need))|\b(?:maybe"
    r"|perhaps) (?:yes|yeah),? (?:maybe|perhaps)|\bno and yes\b|\byes no maybe\b|\bneither yes\b|\b(?:50/50"
    r"|fifty fifty|50 50)\b"
)

NOT_MINDING = re.compile(
    r"\bno+(?:pe|t at all)?,? (?:i )?(?:do not|don'?t|would not|wouldn'?t) (?:really |actually )?mind\b"
)
_GOOD = (
    r"(?:fine|ok+(?:ay|ie)?|cool|good|great|right|correct|alright|all right|true|perfect|nice|wonderful|awesome"
    r"|brilliant|helpful|acceptable|agreeable|no problem|not a problem|no issue|allowed|lovely|sound|quite right"
    r"|so)"
)

_YES_IDIOMS = (
    r"without (?:a |any )?doubt",
    r"(?:(?:that|it|everything|they|those)(?:'?s|'?re| is| are)? )?all (?:correct|right|good|fine|true|accurate)$",
    r"(?:i )?(?:reckon|suppose|guess|think|imagine) (?:that'?s|that is|it'?s|that'?d be|that would be|it'?d be) "
    r"(?:all right|alright|fine|ok|okay)",
    r"(?:email\w*|text\w*|phone|call\w*|either|sharing|\w+) (?:is|are|works?|would be) (?:(?:totally "
    r"|perfectly |all )?" + _GOOD + r"|for me|ok with me)$",
    r"no+[,]? (?:yea+h?|yes|yep)(?! or)",
    r"nah+[,]? (?:yea+h?|yes)",
    r"(?:absolutely |really |of course )?no (?:problem\w*|worries|prob\w*|objections?|issues?|doubt|harm|reason not"
    r"|sweat|biggie|big deal|trouble|question)\b",
    r"not (?:a|an|any|my) (?:problem|issue|bother|worry)",
    r"not at all a problem",
    r"not (?:opposed|against|averse|bothered)",
    r"nothing against",
    r"(?:it )?(?:does not|doesn'?t|won'?t|wouldn'?t) bother me|(?:i'?m |i am )?not bothered|i (?:don'?t|do not) doubt",
    r"(?:i )?(?:do not|don'?t|dont|wouldn'?t|would not|won'?t|didn'?t) (?:really |actually )?mind(?! you)",
    r"(?:i )?(?:do not|don'?t|can'?t|cannot|couldn'?t) (?:really )?(?:see|think of|find) (?:any |a )?(?:why not"
    r"|reason|problem|harm)",
    r"(?:i )?(?:would not|wouldn'?t|can'?t|cannot|won'?t|couldn'?t) (?:say|refuse) no",
    r"(?:it |that )?(?:can'?t|couldn'?t|wouldn'?t|won'?t) hurt",
    r"(?:i )?(?:have )?no objections?",
    r"i'?ve no objections?",
    r"i (?:have|see) no (?:problem|objection|issue|reason not)",
    r"why (?:the (?:hell|heck|fuck) )?(?:not|ever not)\b",
    r"if (?:i|we) (?:must|have to|really must)|if (?:you|u) (?:must|like|want|wish|insist|have to|need to"
    r"|say so|think so)",
    r"(?:i'?m|i am|im|we'?re) (?:in\b(?!\s\w)|game|down|ok(?:ay)? with|fine with|good with|happy (?:to|with|for)"
    r"|up for|open to|all for|cool with|good to go|agreeable|willing|glad|keen|comfortable|not opposed|not against"
    r"|pregnant"
    r"|breast\w*|nursing|sure(?! (?:if|whether|about))|(?:all )?in$|on board)",
    r"(?:that|it|this|all|everything|both|which)(?:'?s| is| are| was| sounds?| seems?| looks?| would be| will be"
    r"|'ll be|'d be) (?:all |perfectly |totally |absolutely |completely |quite |just |very |really |also |is )?"
    + _GOOD
    + r"\b(?! (?:question|point|to know|for nothing|but))",
    r"thats " + _GOOD,
    r"its " + _GOOD,
    r"(?:that'?d|would|it'?d|should) be " + _GOOD,
    r"(?:it|that|this|they|we|he|she) (?:is|does|do|are|will|would|has)$",
    r"(?:sounds|seems|looks) (?:good|great|fine|ok|okay|right|like a plan|lovely|fair|correct)",
    r"(?:that |it |this )?works? for me|fair enough|fair$",
    r"(?:you|u|they|he|she|your \w+|the \w+|anyone|everyone|any of them|either) (?:may|can|could|have my|has my"
    r"|are allowed|is allowed|are welcome|bet|got it|do|are free|should)\b(?!n'?t|n'?t| not| you| i | we |\w)",
    r"you bet|you got it|bet$|roger|10-4|copy that|aye aye|count me in|sign me up|hit me|shoot$|bring it"
    r"|let'?s (?:do|go)|lets (?:do|go)|do it|do so|(?:please|pls) do(?! not)|go (?:ahead|on|for it|right ahead)"
    r"|gimme|be my guest|feel free|by all means|share (?:it|away)|suits me|consent given|allowed$|opt in"
    r"|with pleasure|gladly|permission granted|granted",
    r"(?:i )?(?:guess|suppose|reckon|think|'?d think|would think|believe) so|(?:i )?(?:do )?hereby (?:consent|agree"
    r"|give)|you (?:have|got) (?:my )?(?:permission|consent|blessing)",
    r"(?:still |currently |actively |yes )?(?:pregnant|expecting|nursing|breast-?feeding|lactating)(?! (?:is|was"
    r"|are|women|mothers|and i))|if (?:it|this|that) helps|as you (?:wish|like)|if (?:needed|necessary|required)"
    r"|fire away|ask away|proceed|carry on|go$|go then|(?:prol+y|prob(?:s|ly)?)(?! not| no)",
    r"i (?:guess|suppose|think|believe|reckon|imagine|hope|would say|assume|expect|'d say)(?: so\b| yes| yeah"
    r"| that'?s (?:fine|ok)| it'?s (?:fine|ok)|$| i do| i am| i can| that would)",
    r"i (?:do|am|have|did|would|will|can|could|might as well|was|may|shall)(?: (?:indeed|so|agree|consent|accept"
    r"|approve|allow|confirm|actually|understand|still|too|want (?:to|that|it)|want$|be (?:happy|glad|ok\w*|fine)"
    r"|love (?:to|that)|like (?:to|that)|yes))*$",
    r"i (?:do|will|can|would)? ?(?:strongly |fully |totally )?(?:agree|consent(?! not)|accept|approve|allow|confirm"
    r"|permit|authori[sz]e"
    r"|give (?:you )?(?:my )?(?:permission|consent)|want (?:to|that|you to)|need (?:it|that)|wish to|would (?:love"
    r"|like|appreciate))\b",
    r"i'?d (?:love|like|be (?:happy|glad|fine|ok|okay|delighted)|appreciate)|i'?ll (?:do it|take it|allow it|agree"
    r"|accept|say yes|be happy)|i'?m afraid so|i might as well|might as well|may as well|you have my|you'?ve my"
    r"|you'?ve got my",
    r"happy to|would love|love to|i have (?:been|had)(?! (?:losing|thinking|asked))",
    r"(?:please|pls|plz)$|(?:please|pls) (?:yes|share|send|contact|call|email|text|do\b(?! not|n't))",
    r"(?:whatever|anything) (?:helps|you need|it takes)|better (?:safe|yes)|who am i to|what(?:'s| is) the harm"
    r"|what have i got to lose|can'?t complain",
    r"(?:yes|yeah|yep|sure|ok|okay),? (?:i guess|i suppose|why not|if i must|whatever|no problem|not a problem"
    r"|no worries)",
    r"(?:probably|most likely|very likely|likely|presumably|99%|for the most part|mostly|more or less|pretty much"
    r"|basically)(?: so| yes| yeah| i (?:do|am|would|will)|$)",
)
_NO_IDIOMS = (
    r"(?:ye+a*h*|yes|yep)[,]? (?:no+|nah+)(?! (?:problem|worries|doubt|prob|issue|objection|calls?|phone|spam"
    r"|biggie))\b",
    r"(?:i'?m|im|i am|we'?re) (?:good|ok|okay|fine|alright|all good|all set|set)(?: (?:thanks?|thank you|thx|ty"
    r"|for now|without|as is|as i am|mate|man|bro|with just|not))*$",
    r"(?:i'?m |im |i am |we'?re )?afraid (?:not|no)\b",
    r"(?:absolutely|definitely|certainly|obviously|probably|ofc|defo?|deffo|prol+y|prob(?:s|ly)?|obvs|guess|suppose"
    r"|reckon|i reckon|likely|quite likely|of course|surely|hopefully|clearly|hell|heck|rather|better|please"
    r"|possibly|ideally|preferably|maybe|really|totally|usually|god|most (?:definitely|certainly|likely)|thankfully"
    r"|luckily|sadly|unfortunately|apparently|currently|i hope|i think|i believe|i guess|i suppose|i'd say) (?:no+\b"
    r"|nope|not(?! sure)|don'?t|do not|none|never)",
    r"(?:i'?d |i would |i'?ll )?(?:really |much )?(?:rather|prefer) (?:you |they |we |it |he |she )?(?:not|didn'?t"
    r"|did not|no|don'?t|wasn'?t|weren'?t|to not)(?! (?:to )?(?:say|answer|tell|discuss|talk|disclose|go into|know"
    r"|decide))",
    r"(?:i'?d |i would )?(?:rather|prefer) (?:to )?(?:keep|remain|stay|stick|leave|die|eat|be left)",
    r"(?:please |pls |kindly |just )?(?:don'?t|do not|dont|never|stop|no more|leave (?:me|it|that|them)"
    r"|forget (?:it|about|that)|skip that|get lost|go away|fuck off|piss off|keep (?:it|me|them|my|your|that)"
    r"|quit)(?! know| think so| worry| care| mind| be silly| get me wrong| forget)(?:\b|$)",
    r"(?:i |we |you |they |it |he |she )?(?:do not|don'?t|dont|doesn'?t|does not|didn'?t|did not|haven'?t|havent"
    r"|have not|hasn'?t|can'?t|cannot|cant|couldn'?t|won'?t|wont|will not|wouldn'?t|would not|wasn'?t|was not"
    r"|shouldn'?t|may not|must not|ain'?t|am not|isn'?t|is not|aren'?t|are not|better not|never|refuse|decline"
    r"|object|disagree|doubt (?:it|that|so)|hate|withdraw|revoke|withhold)\b(?! (?:know|sure|decided|decide|tell"
    r"|say(?! i)|understand|remember|get (?:it|what|why)|follow|have an opinion|have a preference|care|really know"
    r"|wait|quite know|certain|made up|exactly know|been tested|thought|see (?:what|how)|recall|think (?:i|it|that"
    r"|you|they)))",
    r"(?:i'?m|im|i am|that'?s|it'?s|they'?re|we'?re|he'?s|she'?s|this is|that is|it is) not\b(?! (?:sure|certain"
    r"|decided|a problem|an issue|opposed|against|100|entirely|totally sure|completely sure|really sure|so sure"
    r"|convinced|clear|your business|your))",
    r"not (?!sure|certain|decided|entirely sure|totally|quite sure|100|really sure|exactly sure|completely|so sure"
    r"|yet sure|too sure|convinced|clear|quite certain|fully|really certain|at all sure|your business|yet decided"
    r"|a clue|the foggiest|relevant|a question|applicable)\S+|not$",
    r"(?:that|it|this)(?:'?s| is|'?ll be| would be|'d be| will be)? (?:gonna be |going to be )?(?:an? )?(?:(?:big"
    r"|hard|firm|huge|definite|strong|solid|fat|resounding) )*(?:no\b|nope|nah|negative|out of the question|wrong"
    r"|incorrect|false|pass\b|untrue)",
    r"by no means|(?:in )?no way|in no (?:case|way)|for no reason",
    r"(?:over my dead body|in your dreams|as if|fat chance|under no circumstances?|out of the question|no chance"
    r"|like hell|when (?:pigs|hell)|hard pass|pass\b|count me out|opt(?:ing)? out|thumbs down|nothing(?! against"
    r"| to lose)|none(?! of (?:your|ur))|neither\b|nada|nil|zilch|zero|nix|hardly|unlikely|false|incorrect|wrong"
    r"|untrue|disagree|declined?|refused?|denied|rejected|thanks but no|i'?ll pass|imma pass|gonna pass"
    r"|going to pass|would pass|hell naw|too (?:risky|private|old)|against it|unsubscribe|slim chance|impossible"
    r"|veto|screw (?:that|you|it)|bugger off|(?:permission|access|request) denied|let'?s not|i shall not"
    r"|i take that back|i'?d pass|i'?m out$|i forbid|forbidden|consent (?:refused|denied|withheld)|unnecessary"
    r"|i want no|i wish not|nty$|nuh$|stopped|weaned|quit|finished|0%|0$|any(?:thing|body|one) but|i said no)",
    r"i'?d (?:never|hate)|i'?ll (?:pass|decline|skip|never)|i (?:gotta|have to|must|will|would|want to) (?:pass"
    r"|say no|decline|refuse)",
)
_UNCLEAR = (
    r"no (?:idea|clue|comment|preference|opinion|kidding|joke|shit|one (?:told|asked|knows|said)|matter|answer yet"
    r"|decision)",
    r"(?:yeah|sure),? right$",
    r"(?:i'?d |i would |i'?ll )?(?:really |much )?(?:rather|prefer) not (?:to )?(?:say|answer|tell|discuss|talk"
    r"|disclose|go into)",
    r"none of (?:your|ur)|not your business|mind your own|(?:i )?(?:do not|don'?t|dont|can'?t|cannot) (?:care|say"
    r"|tell|decide|remember|understand|get (?:it|what|why)|recall|know)",
    r"(?:maybe|mayb|maybs|perhaps|possibly|dunno|idk|unsure|undecided|uncertain|(?:it |that "
    r"|this )?(?:all )?depends?|it varies|might (?!as)|may be\b|could be|could go|either way|sort of|kind ?of|kinda"
    r"|sorta|sometimes|later|ask me|not sure|hard to say|difficult to say|who knows|beats me|let me|lemme"
    r"|let'?s see|we'?ll see|i'?ll (?:think|decide|see|ask|check|let|get back|have to|need to)|i will (?:think"
    r"|decide|see|ask|check|let)|i(?:'d| would)? (?:need|have|want|like) to (?:think|ask|check|know|see|talk|read"
    r"|understand|discuss|consult|speak|sleep|decide)|i might|i may\b(?! as)|only if|unless|if\b|as long as"
    r"|provided|whatever|meh|eh+|neutral|on the fence|no preference|still (?:thinking|deciding|unsure|not sure"
    r"|waiting)|thinking about|need (?:more )?(?:time|info|to)|give me|haven'?t (?:decided|made)|waiting (?:for|on"
    r"|to)|trying to|good question|tell me (?:more|first)|explain|skip|next|n/?a|not applicable|doesn'?t apply"
    r"|does not apply|not relevant|can'?t (?:say|tell|decide)|same\b|can (?:i|you|we|u)\b|could (?:i|you|we|u)\b"
    r"|who'?s|whos|what|why|how|when|where|which|who|whose|is (?:it|this|that|there|he|she|my)|are (?:you|they"
    r"|there|these|we)|do (?:you|i|they|we|u)\b|does|did|will (?:you|i|it|they|this|that)|would (?:you|i|it|they"
    r"|this|that)|should|am i|have (?:you|i)|may i)\b(?! about it$)",
)
_YES_WORDS = (
    r"(?:y+e+s+\w{0,4}|y+e+a+h*|y+e+p+s*|y+u+p+(?:s|pers)?|yh|aight|ight|oki|damn (?:right|straight)|ye+h?|ya+h*"
    r"|ya+s+|yus+|y|yee+|yiss+|aye+|ayup|sure\w*"
    r"|shure|suer|o+k+(?:a+y+|e+y+|ie)?|okey ?dokey|k+|kay|alrighty?|all right|absolutely|abso\w+|def(?:s|fo|o"
    r"|initely|inately|initly|inetly)?|certainly|of ?course|ofc|ofcourse|obviously|obvs|naturally|totally"
    r"|for (?:sure|real)|fo sho|4 sure|indeed\w*|affirmative|affirm|correct(?:o|amundo|ly)?|true|tru|exactly"
    r"|precisely|agreed?|accept(?:ed)?|confirm(?:ed)?|approved|fine|good (?:with|by|to|for) \w+|good$|great|perfect"
    r"|excellent|awesome|cool|wonderful|lovely|deal|done|right(?= on|$)|right you are|very well"
    r"|s[ií]+\b(?! [a-z]+o\b$)|s[ií] claro|oui|ouais|ja\b|jo|jawohl|jep|natürlich|claro|vale|sim\b|da\b|tak\b|hai"
    r"|haan?|haan ji|evet|m+-?h+m*|mm-?hm+|m+hm+|uh[- ]?huh|uhu+h|ah-?ha|hell (?:yes|yeah|yea|ya)|heck (?:yes|yeah)"
    r"|oh (?:yes|yeah)|always|positive|да|はい|是的?|对|نعم|please|thumbs up|ik|100%|100 percent|1000%|100$|amen|word$"
    r"|si$|both|either|they (?:may|can)|\+1)(?![\w'])",
)
_NO_WORDS = (
    r"(?:n+o+(?:p+e*|pers?|o+)?|n+a+h+|na|naw+|nay|nopes?|nup|nix|n|negative|neg|nein|nee|nej|non|ni[eé]t|nyet|ne\b"
    r"|nao|não|nai|nahi|nahin|never\w*|uh[- ]?uh|nuh[- ]?uh|mm[- ]?mm|нет|いいえ|不是?|لا|hayır|nie|iie|ixnay|noway"
    r"|absolutely not)(?![\w'])",
)
VERDICTS: tuple[tuple[re.Pattern[str], _Verdict], ...] = (
    *((re.compile(rf"(?:{pattern})(?![\w'])"), "yes") for pattern in _YES_IDIOMS),
    *((re.compile(pattern), "unclear") for pattern in _UNCLEAR),
    *((re.compile(rf"(?:{pattern})(?![\w'])"), "no") for pattern in _NO_IDIOMS),
    *((re.compile(pattern), "yes") for pattern in _YES_WORDS),
    *((re.compile(pattern), "no") for pattern in _NO_WORDS),
)
FILLERS = re.compile(
    r"^(?:well|u+m+|u+h+|e+r+m*|o+h+|a+h+|h+m+|so|honestly|tbh|frankly|personally|i (?:think|guess|suppose|believe"
    r"|mean|would say|already said|said|told you)"
    r"|i'?d say|i'?d have to say|i will say|i'?ll say|i'?m gonna say|i'?m going to say|i have to say|lol|haha+"
    r"|sorry|thanks?(?: you)?(?: (?:very|so) much)?|thx|cheers|look|listen|hey|hi|hello|god|omg|gosh|jeez|wow|ugh"
    r"|argh"
    r"|then|and|also|my answer(?: is|:)?|the answer(?: is|:)?|answer(?: is|:)?|it'?s an?|that'?s an?|an?|big|hard"
    r"|firm|for now|at (?:this|the) (?:point|moment|time)|currently|right now|now|again|(?:like|as) i said|already"
    r"|please"
    r"|still|most|very|for me|to me|from (?:me|my side)|in my case|as for me|kindly|hell|heck|fuck(?:ing)?|damn"
    r"|bloody|resounding|probably|gonna be a|dude|man\b|bro|doctor|doc"
    r"|sir|madam|ma'am|miss|actually|wait|hang on|hold on|in fact|to be honest|in that case|anyway|seriously|really"
    r"|just|the|my|good (?:morning|evening|day|afternoon)|dear|only|even"
    r"|[\"'*>:~_-]+|[^\w\s']+)(?![\w'])[\s,:]*"
)
