//! Who signs: what may be told for a person's name, or for what somebody is in a firm. Closed lists: a word
//! with a capital by itself says nothing of that ("Unshipped", "Two Boxes").

use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// Given names that are common in the United States, without those that say something elsewhere ("Long").
const GIVEN: &str = "aaron abby abigail adam adrian agnes aidan aimee al alan albert alec alejandra alejandro alex \
    alexa alexander alexandra alexis alfred alice alicia alison allan allen allison alma alvin \
    alyssa amanda amber amelia amy ana andre andrea andres andrew andy angel angela angelica angie \
    anita ann anna anne annette annie anthony antonia antonio ariana ariel arlene arnold \
    arthur ashley audrey austin ava barbara barry beatrice becky ben benjamin bernard bernice bert \
    beth betsy betty beverly bill billie billy blake bo bob bobby bonnie brad bradley brandi \
    brandon brandy brenda brendan brent brett brian bridget brittany brooke bruce bryan bryce caleb \
    calvin cameron camille candace carl carla carlos carmen carol carole caroline carolyn carrie \
    casey cassandra catherine cathy cecilia cesar chad charlene charles charlie charlotte chelsea \
    cheryl chloe chris christian christina christine christopher christy chuck cindy claire clara \
    clarence claudia clay clayton clifford clint clinton cody colin colleen connie connor corey \
    cory courtney craig cristina crystal curtis cynthia daisy dale dan dana daniel danielle danny \
    darlene darrell darren daryl dave david dawn dean deanna debbie deborah debra delores denise \
    dennis derek derrick desiree devin dexter diana diane dianne diego dolores dominic don donald \
    donna dora doreen doris dorothy doug douglas duane dustin dwayne dylan earl ed eddie edgar \
    edith eduardo edward edwin eileen elaine eleanor elena eli elias elijah elizabeth ella ellen \
    elliot emily emma eric erica erik erika erin ernest esther ethan eugene eva evan evelyn felicia \
    felix fernando florence frances francesca francis francisco frank franklin fred frederick \
    gabriel gabriela gail gary gavin gene geoff geoffrey george gerald geraldine gilbert gina \
    ginger gladys glen glenda glenn gloria gordon grace greg gregory gretchen guadalupe gus gwen \
    hank hannah harold harriet harry harvey hazel heather hector heidi helen henry herbert herman \
    holly howard hugh hunter ian ida ines irene iris isaac isabel isabella ivan jack jackie jacob \
    jacqueline jaime jake james jamie jan jane janet janice jared jasmine jason javier jay jean \
    jeanette jeanne jeff jeffrey jen jenna jennie jennifer jenny jeremy jerome jerry jesse jessica \
    jessie jesus jill jim jimmy jo joan joann joanna joanne jodi jody joe joel joey johanna john \
    johnny jon jonathan jordan jorge jose joseph josh joshua joy joyce juan juanita judith judy \
    julia julian julie justin kaitlyn karen kari karl karla kate katelyn katherine kathleen \
    kathryn kathy katie katrina kay kayla keith kelley kelli kelly kelsey ken kendra kenneth kenny \
    kent kerry kevin kim kimberly kirk krista kristen kristin kristina kristine kristy kurt kyle \
    lance larry latoya laura lauren laurie lawrence leah lee leigh lena leo leon leonard leroy \
    leslie leticia lewis liam lillian lily linda lindsay lindsey lisa liz lloyd logan lois lonnie \
    lora loren loretta lori lorraine louis louise lucas lucia lucille lucy luis luke lydia lynn \
    mabel mackenzie madeline madison maggie manuel marc marcia marco marcus margaret margarita \
    maria marian marianne marie marilyn mario marion marisa marissa marjorie mark marlene marsha \
    marshall martha martin marty marvin mary maryann matt matthew maureen maurice max megan melanie \
    melinda melissa melvin mercedes meredith michael micheal michele michelle miguel mike mildred \
    milton mindy miranda miriam misty mitch mitchell moira molly monica monique morgan myra nadia \
    nancy naomi natalie natasha nate nathan nathaniel neil nelson nicholas nick nicole nina noah \
    nora norma norman olga oliver olivia omar oscar owen pablo paige pam pamela pat patricia \
    patrick patsy patti patty paul paula pauline pedro peggy penny perry pete peter phil philip \
    phillip phyllis priscilla rachael rachel rafael ralph ramon ramona randall randy raul ray \
    raymond rebecca regina reginald rene renee rhonda ricardo richard rick ricky rita rob robert \
    roberta roberto robin robyn rochelle rodney roger roland ron ronald ronnie rosa rosalie rose \
    rosemarie rosemary ross roy ruben ruby rudy russ russell ruth ryan sabrina sally sam samantha \
    samuel sandra sandy sara sarah scott sean sergio seth shane shannon sharon shaun shawn sheila \
    shelby shelley shelly sherri sherry sheryl shirley sidney simon sofia sonia sonya sophia sophie \
    spencer stacey stacy stan stanley stella stephanie stephen steve steven stuart sue susan susie \
    suzanne sylvia tamara tammy tanya tara ted teresa teri terrance terri terry thelma theodore \
    theresa thomas tiffany tim timothy tina todd tom tommy toni tony tonya tracey traci tracy \
    travis trevor tricia troy tyler valerie vanessa vera vernon veronica vicki vickie vicky victor \
    victoria vincent viola violet virginia vivian vicente wade wallace walter wanda warren wayne \
    wendy wesley whitney wilbur willard william willie wilma winifred xavier yolanda yvette yvonne \
    zach zachary zoe ada ahmed aisha akira ali amir amit anil anja anjali arjun bjorn chen deepak \
    dmitri elif fatima giovanni hans hiro hiroshi ibrahim ingrid jin jing juergen katarina kenji \
    khalid kumar lars lei li linh mei mehmet ming mohamed mohammed muhammad nguyen nikhil olaf \
    pierre pooja priya rahul raj rajesh ravi sanjay sergei sven tariq wei yan yuki yusuf abe adele \
    adeline adrienne aileen alana aldo alfonso alfredo alina alisha alla alyson amos andreas andrei \
    angelina angelo annabel annika ansel antoinette archie armando arne astrid aubrey augusta \
    aurora avery ayesha bart beau bea bella bernadette bernie bianca boyd brady brandt brianna \
    britt bridgette bruno bryant bud buddy byron callie candice carey carmela carolina carter \
    cassie cathleen cedric celeste celia chandra chandler chester chet chip cliff colby cole \
    concetta conor conrad cora cordelia corinne cornelia cruz curt cyrus dahlia damian damon dante \
    daphne darla darrin davis deb debby deidre delia della denis desmond devon dick dina dionne \
    dion dolly domingo donnie dorian dottie duncan dwight earnest edmund edna efrain effie elaina \
    elise eliza ellie elliott elmer elsa elsie elvira emilia emilio emmanuel emmett enid enrique \
    ernesto errol esperanza estelle esteban etta eunice evangeline everett ezra faye federico \
    felipe fiona flora floyd forrest frankie freda freddy garrett garth gena genevieve gerard gerry \
    gil giselle grady graham greta grover gustavo gwendolyn hal hanna hari harlan harris hassan \
    hattie hayden helena helga henrietta henrik hilary hilda homer horace hubert hugo humberto \
    ignacio ike imogen inez ira irma irving ismael isaiah israel ivy izzy jackson jada jameson \
    janelle janie janine jarrod jasper jayne jayson jeannie jed jefferson jerald jeri jermaine \
    jewel joaquin jocelyn joni josefina josef josephine josie juana jude judd jules juliana juliet \
    julio julius kaitlin kara kareem karin karina kasey kathi katharine katya kayleigh keisha \
    kelvin kendall kendrick kira kris krishna kristi kristopher krystal lacey lana lamar lara \
    larissa lawanda layla leann leanne leland lenny lenore leona leopold lesley lester leta levi \
    libby lila liliana lina lionel lisette liza lola lonny lorena lorenzo lorna lottie lou louella \
    lowell luann luciana luigi luisa luther luz lyle lynda lynette lynne maddie maeve magda malcolm \
    malik mandy manny mara marcel marcella marcelo marcie marcy margarete margery margie margo \
    marguerite maribel mariana marilee marina marisol marla marlon marta marti marva mathew mattie \
    maura mavis maya mayra meg merle mia micah mickey mikhail millie milo mina minnie mira mireille \
    mitzi moses muriel murray myrna myrtle nan nanette nannette nat ned nell nellie nestor nettie \
    neville niall nicola nicky nikki nikolai nils nita noel noemi nolan noreen octavio odette \
    olivier ollie orlando orville otis otto percy petra philippa phoebe pierce polly preston \
    quentin quincy quinn raina ramiro randal randi randolph raquel raymundo reba reese reggie reid \
    reina rena renata reuben rex reynaldo rhea rhoda richie rigoberto rocco rod roderick rodger \
    rodolfo rogelio rolando roman romeo rona roosevelt rory rosario roscoe roslyn roxanne royce \
    rubin rudolph rufus rupert sadie sal salvador salvatore sammy santiago santos sasha saul \
    saundra savannah sebastian selena selma serena shana shannan sharron shauna shawna sheldon \
    sherman shirlene sienna silvia simone solomon sondra spence stephan stephany stewart stu sumner \
    susana susanna suzy sybil sydney tabitha tad talia tamika tamra tasha tate taylor terence \
    terese tess tessa thad thea theo therese theron tino tobias toby tomas tracie trent trina trish \
    trisha tristan trudy tyrone ulrich ursula valentina vaughn velma verna vic vilma vince vinny \
    vito vivek vlad walker wally weldon wes wilfred wilhelm winston woody wyatt yasmin yuri \
    zachariah zane zelda zeke zoey zora okan ola olu chidi chinedu emeka ngozi kofi ama kwame abdul \
    abdullah aliyah hamid hamza hussein imran jamal karim leila mustafa nadir noor rashid saeed \
    salma samir sana yasir zahra deepa divya ganesh harish isha jaya kavita kiran krishnan lakshmi \
    lata madhu manish manoj meena mohan naveen neha nisha pankaj prakash pradeep prem rakesh ramesh \
    rani rohan rohit sachin sameer sandeep seema shankar sharma shreya sita sonal sunil sunita \
    suresh usha vijay vikram vinay vinod akiko haruki kazuo keiko kenta mariko naoki sakura takashi \
    tomoko yoko yoshi bao duc huy minh nga ngoc phuong quang thanh trang tuan xuan cheng fang feng \
    hao hong hua jian jie jun ling qiang shan tian xia xin yang ying yong zhen anders birgit dieter \
    franz frieda fritz gerhard gisela gunther heike heinz helmut hilde horst ilse inge jochen jorg \
    karl-heinz klaus lothar manfred matthias monika reiner renate rolf sabine silke stefan susanne \
    thorsten ute uwe volker werner wolfgang agnieszka andrzej bartosz danuta ewa grzegorz jacek \
    janusz jerzy katarzyna krzysztof maciej magdalena malgorzata marek mariusz pawel piotr tomasz \
    wojciech zbigniew zofia alessandro bruna carlo chiara elisabetta enzo fabio federica giorgio \
    giulia giuseppe luca matteo paolo stefano vittorio antoine benoit cecile chantal claude didier \
    emile etienne francois gaston gilles guillaume helene henri jacques jean-claude jean-pierre luc \
    lucie margaux mathieu mathilde pascal philippe remy sylvie thierry yves ";

/// Words that say something, however they are written: no name has them.
static SAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:not?|never|only|except|but|before|after|until|till|from|to|by|on|in|at|for|with|without|please|pls|call|see|note|new|ship\w*|sent|send\w*|deliver\w*|leave\w*|left|arriv\w*|wait\w*|stop|cancel\w*|refus\w*|reject\w*|back\w*|out|stock|order\w*|item\w*|po|price\w*|cost\w*|qty|quantit\w+|date|today|tomorrow|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|",
        r"address|invoice\w*|bill\w*|pay\w*|bank\w*|account|remit\w*|attn|attention|c/o|hold\w*|void\w*|return\w*|lost|damag\w*|partial\w*|short\w*|substitut\w*|discontinu\w*|confirm\w*|accept\w*|approv\w*|track\w*|label\w*|pick\w*|pending|ready|free|list|total|fees?|tax|duty|freight|net|cod|prepaid|prepay|collect|final|late\w*|delay\w*|color|colour|size|model|finish|red|blue|green|white|black|used|refurbished|open|box|pieces?|pcs|each|per|will|would|unavailable|postpon\w*|suspend\w*|deny|denied|denies|impossible|sorry|unable|fail\w*|wrong|errors?|problems?|issues?|nope|none|nothing|zero|half|sold|gone|expire[sd]?|recall\w*|hazmat|obsolete|closed|stolen|missing|broken|defect\w*|minimum|maximum|limit\w*|increase\w*|surcharge\w*|discount\w*|chang\w*|updat\w*|replac\w*|alternat\w*|instead|split|extra|additional|more|less|fewer|some|any|both|dozen|cartons?|pallets?|ups|usps|fedex|dhl|ltl|question\w*|urgent|help|correct\w*|mistake\w*|duplicate\w*|attach\w*|enclos\w*|ignore|disregard|one|two|three|four|five|six|seven|eight|nine|ten|can|cannot|could|is|are|was|were|has|have|had|do|does|did|if|unless|when|what|why|who)\b"
    ))
    .ok()
});

/// What short lines below a courtesy take back, put off or ask for; a signature has slogans too, so this is
/// no closed list.
static TELLS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:void(?:ed)?|cancel\w*|not|never|oops|unship\w*|on hold|hold|held|draft|samples?|tests?|pending|planned|pro[ -]?forma|quot(?:e|ation)|prepay\w*|deposit|payment|pay|cod|subject to|minimum|tomorrow|next (?:week|month|mail)|back[- ]?order\w*|out of stock|discontinued|returned|refused|reject\w*|storniert|annul\w*|disregard|ignore|errors?|mistakes?|wrong|labels? (?:only|created|printed)|partial\w*|short(?:age|ed)?|delay\w*|substitut\w*|prices?|only|boxes|alert|correction|unless|later|recall\w*|lost|damaged)\b|\$ ?[0-9]").ok()
});

static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:the |your |our )?(?:(?:senior|sr\.?|junior|jr\.?|assistant|asst\.?|associate|national|regional|inside|outside|general|lead|head|chief|wholesale|dropship|drop[ -]ship|ecommerce|e-commerce|online|customer|client|order|orders|sales|shipping|purchasing|warehouse|fulfil+ment|processing|logistics|operations|office|account|accounts|service|support|care|success|vendor|import|export|production|distribution|receivable|and|&|of|for) ){0,5}",
        r"(?:manager|director|president|vice president|vp|owner|co-owner|founder|co-founder|ceo|coo|cfo|partner|clerk|coordinator|specialist|representative|rep|associate|assistant|supervisor|agent|administrator|admin|executive|lead|warehouse|shipping|dispatch|receiving|accounting|purchasing|department|dept\.?|desk|team|service|services|support|care|sales|operations|fulfil+ment|logistics|receivable|president and ceo|buyer|planner|bookkeeper|secretary|expediter)$"
    ))
    .ok()
});
static FIRM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:inc|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|lp|llp|gmbh|outfitters?|supply|supplies|goods|home|tools?|works?|wholesale|distribut\w+|industries|enterprises|trading|furniture|furnishings|lighting|lamps|imports?|products|group|brands|store|stores|shop|designs?|manufacturing|mfg|hardware|housewares|kitchens?|outdoors?|sports|textiles|linens|ceramics|pottery|glass|woodworks|crafts?|decor|gifts|toys|pet|garden|farms?|mills?|bros|brothers|sons|studios?|collective|collection|international|usa|america)\b").ok()
});

/// Most words of a line that is no slogan.
const MOST_TOLD: usize = 6;

/// Whether a text has a word that says something: no name has them.
pub(super) fn says(text: &str) -> bool {
    fits(&SAYS, text)
}

/// Whether a short line below a courtesy says something, and is no line of a signature.
pub(super) fn tells(line: &str) -> bool {
    let line = line.trim();
    let signature = is_person(line) || is_role(line) || is_firm(line);
    line.split_whitespace().count() <= MOST_TOLD && fits(&TELLS, line) && !signature
}

/// What a house tells all its customers of its orders, below a signature or anywhere: that something does not go
/// its way. Shorter lines are looked at by [`tells`].
pub(super) fn announces(line: &str) -> bool {
    static AFFAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:orders?|confirmations?|shipments?|shipping|deliver(?:y|ies)|warehouse|inventory|stock|office)\b").ok()
    });
    static TROUBLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:incorrect|inaccurate|invalid|closed|closing|no shipments?|(?:will|do|does|can|may|are|is) ?not|won't|can't|delay\w*|suspended|(?:are|is|were|was|been|be) cancell?ed|unavailable|shut ?down|on hold|out of office|not (?:binding|guaranteed)|subject to (?:(?:final|our|your|prior|product|stock|credit) )*(?:credit|approval|availability|cancell?ation|acceptance|verification|confirmation|sale|change))\b").ok()
    });
    // when nobody is ever there
    static ALWAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:weekends?|sat(?:urday)?s?|sun(?:day)?s?|(?:major |public |federal )?holidays|intended|recipients?|sender)\b").ok()
    });
    let affair = line.split_whitespace().count() > MOST_TOLD
        && fits(&AFFAIR, line)
        && fits(&TROUBLE, line)
        && !fits(&ALWAYS, line);
    affair || warns(line) && !fits(&ALWAYS, line)
}

/// What concerns this very order wherever it stands: what it costs beside its prices, that goods come no more or later,
/// that the house closes, or that what was said is taken back.
fn warns(line: &str) -> bool {
    static WARNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)(?:\b(?:surcharges?|(?:fuel|handling|packing|processing|restocking|service|drop[ -]?ship(?:ping)?|box|freight) (?:fee|charge)s?|price (?:increase|change)s?|prices? (?:\w+ ){0,4}(?:went up|increased?|rose|changed|are up)|(?:went|going) up|discontinu\w*|sold out|out of stock|back-?ordered|",
            r"closing our doors|going out of business|last (?:ship|order)(?:ping|ing)? (?:date|day)|closed (?:from|until|till|through|for|on|starting|november|december|january)|(?:are|is|will be|we're) closed|(?:pick-?ups?|shipments?|deliver(?:y|ies)) (?:are|is|were|was|have been) (?:cancell?ed|suspended|delayed|late)|",
            r"allow (?:up to |an? |\d+|two|three|four|five|six|extra|additional)[\w -]{0,20}(?:days?|weeks?|time)|(?:now|will) ship from|ships? from our \w+ warehouse|(?:lead|processing) times?|under[- ]minimum|nothing (?:leaves|ships|goes out|moves)|account is (?:suspended|on hold)|orders? (?:\w+ ){0,3}ships? (?:on )?\d+|(?:please )?call (?:me|us) (?:about|re|regarding) (?:this|your|the) (?:order|po))\b|^\W*actually\b)"
        ))
        .ok()
    });
    // what a house says of itself
    static BOAST: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:no (?:minimum|restocking|handling|hidden|surcharges?)|without (?:a )?minimum|ask (?:us|me)|free|never|fastest|same[- ]day)\b").ok()
    });
    fits(&WARNS, line) && !fits(&BOAST, line)
}

/// Whether a text is a person's name: a given name first, and no more than three words behind it.
pub fn is_person(text: &str) -> bool {
    let bare = text.trim_start_matches(['-', '\u{2013}', '\u{2014}', '~', '/', ' ']);
    let signed = bare.len() < text.len();
    let words: Vec<&str> = bare.split_whitespace().collect();
    let Some(first) = words.first().map(|word| word.trim_matches(['.', ','])) else {
        return false;
    };
    let mut letters = first.chars();
    // "M. Okafor"
    let initial = words.len() == 2
        && words[0].len() == 2
        && words[0].ends_with('.')
        && letters.next().is_some_and(char::is_uppercase)
        && words[1].len() > 2;
    let given = initial
        || GIVEN
            .split_whitespace()
            .any(|name| name.eq_ignore_ascii_case(first));
    let name = |word: &&str| {
        let letters = word
            .chars()
            .all(|c| c.is_alphabetic() || "'\u{2019}.-,".contains(c));
        let small = ["de", "la", "van", "von", "der", "del"].contains(word);
        letters && (small || signed || word.starts_with(char::is_uppercase))
    };
    let rest = words[1..].join(" ");
    given && words.len() <= 4 && words.iter().all(name) && !says(&rest)
}

/// Whether a text behind a courtesy may be a name, of any people: one to three words with capitals that say nothing.
pub fn may_sign(text: &str) -> bool {
    let words: Vec<&str> = text
        .trim_end_matches(['.', '!'])
        .split_whitespace()
        .collect();
    let name = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.all(|c| c.is_lowercase() || "'\u{2019}.-".contains(c))
            && word.chars().count() > 1
    };
    (1..=3).contains(&words.len()) && words.iter().all(name) && !says(text) && !fits(&TELLS, text)
}

/// Whether a text is what somebody is, or which of its rooms writes: "Sales Manager", "Shipping Department".
pub fn is_role(text: &str) -> bool {
    fits(&ROLE, text.trim())
}

/// Whether a text may be the name of a firm, by a word that names of firms have.
pub fn is_firm(text: &str) -> bool {
    fits(&FIRM, text)
}

/// Whether a text is the name of this firm, or part of it: its words and such as stand beside any name.
pub fn is_of_firm(text: &str, firm: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let own = words(firm);
    const BESIDE: &[&str] = &[
        "the",
        "team",
        "inc",
        "llc",
        "ltd",
        "co",
        "corp",
        "company",
        "of",
        "and",
        "at",
        "sales",
        "shipping",
        "orders",
        "order",
        "customer",
        "service",
        "support",
        "desk",
        "dept",
        "department",
        "usa",
    ];
    let said = words(text);
    let named = said.iter().filter(|word| own.contains(word));
    let named = named
        .filter(|word| !BESIDE.contains(&word.as_str()))
        .count();
    named > 0
        && said
            .iter()
            .all(|word| own.contains(word) || BESIDE.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs() {
        for text in [
            "Bob",
            "Bob Miller",
            "-bob",
            "JANE ROE",
            "Ann O'Neil",
            "Maria de la Cruz",
            "Marcy",
            "M. Okafor",
        ] {
            assert!(is_person(text), "{text}");
        }
        for text in [
            "Draft",
            "Unshipped",
            "Two Boxes",
            "Prepayment Required",
            "bob",
            "Will Ship",
            "June Delivery",
            "Mark Void",
            "Bill Attached",
            "A. to follow",
            "Order Processing",
        ] {
            assert!(!is_person(text) && !is_role(text), "{text}");
        }
        for text in [
            "Sales Manager",
            "Shipping Department",
            "Customer Service",
            "Owner",
            "Order Desk",
            "Order Processing Dept.",
        ] {
            assert!(is_role(text), "{text}");
        }
        for text in ["Piet", "Shlomo Katz", "Chinedu Eze", "Ewa Zaj\u{105}c"] {
            assert!(may_sign(text), "{text}");
        }
        for text in [
            "Draft",
            "Storniert",
            "Not Shipped",
            "Unshipped",
            "URGENT",
            "Orders On Hold",
            "piet",
        ] {
            assert!(!may_sign(text), "{text}");
        }
    }

    #[test]
    fn whose_firm_it_is() {
        assert!(is_of_firm(
            "Alder Ridge Outfitters, Inc.",
            "Alder Ridge Outfitters"
        ));
        assert!(is_of_firm("The Alder Team", "Alder Ridge Outfitters"));
        assert!(!is_of_firm("Acme Corp", "Alder Ridge Outfitters"));
        assert!(!is_of_firm("Shipping", "Alder Ridge Outfitters"));
        assert!(!is_of_firm("Alder Void", "Alder Ridge Outfitters"));
        assert!(
            is_firm("Acme, Inc.")
                && ROLE.is_some()
                && SAYS.is_some()
                && TELLS.is_some()
                && !is_firm("Prepayment Required")
        );
    }
}
