"""Words that are no name, for messages that hold nothing but a word or two."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS = _words(
    """
    a about above after again ago all already also always am an and another answer any anybody anyone anything anyway
    are aren't around as ask asked asking at away back be because been before being below best better between big bot
    both but by bye call calling came can can't cannot care come comes coming could couldn't cost costs day days
    depends did didn't do does doesn't doing don't done dont down during each either else email end enough even ever
    every everybody everyone everything fact far few first five for forget forgot found four from full fun gave get
    gets getting give given gives go goes going gone gonna good got great guess guy had half has hasn't hate have
    haven't he he's hello help her here here's hers hey hi him his hm hmm home hour hours how how's human i i'd i'll
    i'm i've idk if ill im important in inside into is isn't it it's its itself ive just keep kind know known knows
    last later least leave left less let like little live lives living lol long look looking lose loses losing lost
    lot made make makes many matter maybe me mean meant message might mine minute mom month months more most much must
    my myself name named names need needs never next nice no nobody none nope nor not nothing now number of off often
    ok okay old on once one only or other our out over own part people perhaps person phone please pls point prefer
    probably put question questions quite rather read real really right robot said same saw say says see seen send
    sent she she's should show since so some somebody someone something sometime soon sorry spell spelled start
    started stay still stop such sure take talk talking tell telling tells ten than thank thanks that that's the their
    them then there there's these they they're thing things think this those though three through time times to today
    told tomorrow tonight too took try trying two um under until up upon us use used using usually very visit wait
    want wanted wants was wasn't we we're week weeks well were what what's whatever when where which while who who's
    whom whose why won't with without won wonder work working works would wouldn't write wrote yeah year years yep yes
    yesterday yet you you're your yours yourself yup nah dunno whats whos thats hows wheres isnt doesnt didnt wont
    cant couldnt shouldnt wouldnt theyre youre mister anonymous private secret secretly confidential nunya business
    nameless unknown unnamed incognito guest user admin test testing asdf qwerty anon xxx skip pass n/a null nil void
    undefined ditto check profile mail needed necessary needing messages morning afternoon evening night greetings
    howdy yo sup hola salut bonjour hallo ciao moin namaste servus cheers welcome goodbye k ty thx np omg wtf haha
    hehe lmao rofl brb btw tbh imo ngl fyi asap etc free suppose supposed regards sincerely mind remember believe
    understand seriously honestly actually currently mostly nearly almost hardly price prices pay paid money cheap
    expensive insurance appointment doctor doctors clinic nurse patient treatment treatments therapy cell cells stem
    hair hairs scalp head bald balding baldness thinning shedding receding hairline crown patch patches loss alopecia
    dandruff minoxidil finasteride transplant graft grafts prp injection injections pill pills dose medicine
    medication cancer diabetes pain hurt hurts safe safety risk risks side effect effects result results photo photos
    picture chat chatbot computer machine ai internet website page form data privacy info information details contact
    share sharing consent man woman men women male female boy girl lady gentleman husband wife mother father son
    daughter brother sister friend parent child kid kids baby mum dad uncle aunt cousin grandma grandpa neighbor
    neighbour boss adult teenager student teacher engineer lawyer retired unemployed married single divorced widow
    widowed citizen visitor customer client stranger une ein eine und oder nicht kein keine ich du sie wir ihr mi tu
    su el los las un una por para que porque como bien muy dog cat horse pizza banana coffee tea beer apple car house
    water food stuff nonsense joke zero six seven eight nine eleven twelve twenty thirty forty fifty sixty seventy
    eighty ninety hundred thousand monday tuesday wednesday thursday friday saturday sunday january february march
    july september october november december
    """
)

STATES = _words(
    """
    able afraid alone amazed amazing angry annoyed anxious ashamed awake awesome awful awkward bad beautiful bored
    boring bothered brave broke broken busy calm careful cautious certain cold comfortable complicated concerned
    confident confused cool crazy curious cute dead depressed desperate devastated difficult disappointed disgusted
    distraught dizzy down drunk dying eager easy embarrassed emotional empty exhausted excited famous fantastic fat
    fed fine foolish frightened frustrated funny furious glad gloomy grateful greatful grumpy guilty gutted handsome
    happy hard healthy heartbroken helpless hesitant hideous hopeful hopeless horrible hot huge hungry hurt ill
    impatient impressed insecure interested irritated itchy jealous kidding late lazy lonely lost lovely lucky mad meh
    miserable moody nervous neutral new numb optimistic overwhelmed panicked panicking paranoid patient perfect
    pessimistic pissed pleased poor pretty proud quiet ready relaxed relieved sad scared sceptical self-conscious
    serious shocked shy sick silly skeptical sleepy slow small smart sore speechless stressed strong stuck stupid
    suffering surprised suspicious tall tense terrible terrified terrific thankful thin thirsty tired tough
    traumatized ugly unhappy unsure upset vain weak weird wonderful worn worried wrong young fashioned old-fashioned
    so-so alright hairless hairy blonde blond brunette ginger bitter hangry hopefully desperately okayish lol american
    british english german french spanish italian indian chinese mexican canadian australian irish scottish dutch
    asian african european black white brown red green blue grey gray yellow pink purple orange muslim catholic jewish
    hindu straight gay bald-headed undecided uncertain ambivalent indifferent clueless stable better worse best worst
    good great pregnant breastfeeding
    """
)

PLACES = _words(
    """
    chicago boston london berlin york nyc angeles miami seattle denver atlanta detroit toronto vancouver montreal
    ottawa calgary dublin belfast manchester liverpool birmingham leeds glasgow edinburgh cardiff bristol munich
    münchen hamburg cologne köln frankfurt stuttgart düsseldorf leipzig dresden vienna wien zurich zürich geneva basel
    bern rome roma milano naples napoli venice turin madrid barcelona seville valencia lisbon porto amsterdam
    rotterdam hague brussels antwerp copenhagen stockholm gothenburg oslo helsinki reykjavik warsaw krakow prague
    budapest bucharest sofia-city belgrade zagreb athens istanbul ankara izmir moscow petersburg kiev kyiv dubai doha
    riyadh jeddah tehran baghdad cairo lagos nairobi johannesburg capetown accra casablanca mumbai bombay delhi
    bangalore bengaluru chennai kolkata hyderabad pune karachi lahore islamabad dhaka colombo kathmandu beijing
    shanghai shenzhen guangzhou hongkong taipei tokyo osaka kyoto seoul busan singapore bangkok jakarta bali manila
    hanoi saigon kuala lumpur melbourne brisbane perth adelaide canberra auckland philadelphia phoenix houston dallas
    paris lyon marseille nice bordeaux toulouse philly frisco vegas sacramento portland minneapolis milwaukee
    cleveland cincinnati columbus pittsburgh baltimore nashville memphis orleans tampa tucson albuquerque omaha
    oklahoma tulsa wichita honolulu anchorage buffalo rochester indianapolis louisville jacksonville texas ohio
    california florida oregon nevada arizona utah kansas michigan illinois wisconsin minnesota iowa missouri arkansas
    louisiana mississippi alabama tennessee kentucky pennsylvania jersey massachusetts connecticut maine vermont
    hampshire maryland delaware idaho wyoming colorado nebraska alaska hawaii washington usa us uk america england
    scotland wales ireland britain germany deutschland spain italy portugal greece turkey poland mexico canada brazil
    brasil argentina colombia peru venezuela australia zealand russia ukraine netherlands holland belgium sweden
    norway denmark finland switzerland austria hungary romania bulgaria croatia serbia iran iraq israel egypt nigeria
    ghana kenya pakistan bangladesh japan korea vietnam thailand philippines indonesia malaysia europe asia africa
    guadalajara monterrey cancun tijuana havana bogota bogotá lima quito caracas rio janeiro paulo buenos aires
    brooklyn manhattan bronx queens hollywood
    """
)
