"""What a message wants of a question that stands open: to know why it is asked, or to hear it again."""

import re

_WHY = re.compile(
    r"\bwhy\b.{0,40}\b(?:ask\w*|need|want|know|matter\w*|relevant)\b|\bwhat(?: does|s)? .{0,30}\b(?:got )?to do with\b"
    r"|\bwhat (?:is|s) (?:that|this|it) for\b|\bhow is (?:that|this|it) relevant\b|^why\W*$"
)
_REPEAT = re.compile(
    r"\b(?:another way|other words|rephrase|say (?:that|it) again|repeat (?:that|the question|it)|the question again)\b"
    r"|\b(?:dont|do not|didnt|did not) (?:get|understand) (?:that|it|this|the question|what you)\b"
    r"|^what(?: do you mean| does that mean| was that| is that)?\W*$"
)


def read_command(text: str) -> str | None:
    """`why` or `repeat`, where a message plainly wants that; None for any other."""
    plain = re.sub(r"['’`]", "", text.casefold()).strip()
    if _WHY.search(plain):
        return "why"
    return "repeat" if _REPEAT.search(plain) else None


# Words without which a message hardly means a command, however much it is like those that do ("want it back").
_WORDS = {
    "skip": r"skip|pass|next|rather not|prefer not|private|personal|business|blank|move on|dont want"
    r"|not (?:answer|say|tell|"
    r"shar)|wont|no comment|decline|leave (?:it|that|this) out|none of|another question|do i have to",
    "stop": r"stop|quit|cancel|\bend|forget|enough|no more|leave it|im done|changed my mind|drop|exit|abort"
    r"|never ?mind|"
    r"not interested|fed up|no longer|get me out|over it|close|terminate",
    "later": r"later|tomorrow|tonight|another (?:time|day)|brb|bbl|g2g|gtg|gotta|got to|have to|must|need to"
    r"|save|busy|break|"
    r"pause|hold on|weekend|morning|(?:be|come|coming|am) back|finish (?:this|it)|some other time|not now|hang on|run",
    "resume": r"\bback\b|continue|go on|going on|carry on|resume|proceed|where (?:were|did|are) we|keep going|ready"
    r"|left off|pick up|"
    r"lets (?:go|finish|do)|finish|next question|rest of",
    "start_over": r"start|restart|scratch|reset|beginning|redo|afresh|anew|from (?:the )?(?:top|one|zero)|wipe|again",
    "back": r"previous|undo|last (?:question|answer|one)|question before|one before|earlier|prior|return|"
    r"(?:go|going|step|take me|move|get|one|jump|scroll) back|back (?:one|to|a|up|please)|^back\b|again",
    "why": r"why|reason|relevan|matter|what for|purpose|to do with|how come|point|need|concern",
    "repeat": r"what|again|repeat|mean|understand|huh|pardon|sorry|get (?:it|that|the|this)|clarify|explain|\?|which|"
    r"options|rephrase|confus|unclear|come again|lost",
    "change_answer": r"wrong|mistake|chang|correct|fix|edit|typo|mistyp|amend|error|oops|right|update|mess|not what",
    "kidding": r"kid|jok|fine|\bok|lol|haha|not (?:suicidal|serious|like that|what)|calm|relax|false|sarcas"
    r"|figure|mean|"
    r"exagg|chill|alright|all good|safe|danger|worry|stopped|gone|over now|better",
}
_NAMED = {command: re.compile(words) for command, words in _WORDS.items()}


def named_commands(text: str) -> frozenset[str]:
    """The commands for the interview of which a message has at least a word."""
    plain = re.sub(r"['’`]", "", text.casefold())
    return frozenset(command for command, words in _NAMED.items() if words.search(plain))
