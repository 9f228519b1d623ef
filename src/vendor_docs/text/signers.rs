//! Who signs: what may be told for a person's name, or for what somebody is in a firm. Closed lists: a word
//! with a capital by itself says nothing of that ("Unshipped", "Two Boxes").

use regex::Regex;
use std::sync::LazyLock;

/// Given names, the commonest of the United States.
const GIVEN: &str = "aaron abby abigail adam adrian agnes aidan aimee al alan albert alec alejandra alejandro alex \
    alexa alexander alexandra alexis alfred alice alicia alison allan allen allison alma alvin \
    alyssa amanda amber amelia amy ana andre andrea andres andrew andy angel angela angelica angie \
    anita ann anna anne annette annie anthony antonia antonio april ariana ariel arlene arnold \
    arthur ashley audrey austin ava barbara barry beatrice becky ben benjamin bernard bernice bert \
    beth betsy betty beverly bill billie billy blake bo bob bobby bonnie brad bradley brandi brandon \
    brandy brenda brendan brent brett brian bridget brittany brooke bruce bryan bryce caleb calvin \
    cameron camille candace carl carla carlos carmen carol carole caroline carolyn carrie casey \
    cassandra catherine cathy cecilia cesar chad charlene charles charlie charlotte chelsea cheryl \
    chloe chris christian christina christine christopher christy chuck cindy claire clara clarence \
    claudia clay clayton clifford clint clinton cody colin colleen connie connor corey cory courtney \
    craig cristina crystal curtis cynthia daisy dale dan dana daniel danielle danny darlene darrell \
    darren daryl dave david dawn dean deanna debbie deborah debra delores denise dennis derek \
    derrick desiree devin dexter diana diane dianne diego dolores dominic don donald donna dora \
    doreen doris dorothy doug douglas duane dustin dwayne dylan earl ed eddie edgar edith eduardo \
    edward edwin eileen elaine eleanor elena eli elias elijah elizabeth ella ellen elliot emily emma \
    eric erica erik erika erin ernest esther ethan eugene eva evan evelyn felicia felix fernando \
    florence frances francesca francis francisco frank franklin fred frederick gabriel gabriela gail \
    gary gavin gene geoff geoffrey george gerald geraldine gilbert gina ginger gladys glen glenda \
    glenn gloria gordon grace greg gregory gretchen guadalupe gus gwen hank hannah harold harriet \
    harry harvey hazel heather hector heidi helen henry herbert herman holly howard hugh hunter ian \
    ida ines irene iris isaac isabel isabella ivan jack jackie jacob jacqueline jaime jake james \
    jamie jan jane janet janice jared jasmine jason javier jay jean jeanette jeanne jeff jeffrey jen \
    jenna jennie jennifer jenny jeremy jerome jerry jesse jessica jessie jesus jill jim jimmy jo \
    joan joann joanna joanne jodi jody joe joel joey johanna john johnny jon jonathan jordan jorge \
    jose joseph josh joshua joy joyce juan juanita judith judy julia julian julie june justin \
    kaitlyn karen kari karl karla kate katelyn katherine kathleen kathryn kathy katie katrina kay \
    kayla keith kelley kelli kelly kelsey ken kendra kenneth kenny kent kerry kevin kim kimberly \
    kirk krista kristen kristin kristina kristine kristy kurt kyle lance larry latoya laura lauren \
    laurie lawrence leah lee leigh lena leo leon leonard leroy leslie leticia lewis liam lillian \
    lily linda lindsay lindsey lisa liz lloyd logan lois lonnie lora loren loretta lori lorraine \
    louis louise lucas lucia lucille lucy luis luke lydia lynn mabel mackenzie madeline madison \
    maggie manuel marc marcia marco marcus margaret margarita maria marian marianne marie marilyn \
    mario marion marisa marissa marjorie mark marlene marsha marshall martha martin marty marvin \
    mary maryann matt matthew maureen maurice max megan melanie melinda melissa melvin mercedes \
    meredith michael micheal michele michelle miguel mike mildred milton mindy miranda miriam misty \
    mitch mitchell moira molly monica monique morgan myra nadia nancy naomi natalie natasha nate \
    nathan nathaniel neil nelson nicholas nick nicole nina noah nora norma norman olga oliver olivia \
    omar oscar owen pablo paige pam pamela pat patricia patrick patsy patti patty paul paula pauline \
    pedro peggy penny perry pete peter phil philip phillip phyllis priscilla rachael rachel rafael \
    ralph ramon ramona randall randy raul ray raymond rebecca regina reginald rene renee rhonda \
    ricardo richard rick ricky rita rob robert roberta roberto robin robyn rochelle rodney roger \
    roland ron ronald ronnie rosa rosalie rose rosemarie rosemary ross roy ruben ruby rudy russ \
    russell ruth ryan sabrina sally sam samantha samuel sandra sandy sara sarah scott sean sergio \
    seth shane shannon sharon shaun shawn sheila shelby shelley shelly sherri sherry sheryl shirley \
    sidney simon sofia sonia sonya sophia sophie spencer stacey stacy stan stanley stella stephanie \
    stephen steve steven stuart sue susan susie suzanne sylvia tamara tammy tanya tara ted teresa \
    teri terrance terri terry thelma theodore theresa thomas tiffany tim timothy tina todd tom tommy \
    toni tony tonya tracey traci tracy travis trevor tricia troy tyler valerie vanessa vera vernon \
    veronica vicki vickie vicky victor victoria vincent viola violet virginia vivian vicente wade \
    wallace walter wanda warren wayne wendy wesley whitney wilbur willard william willie wilma \
    winifred xavier yolanda yvette yvonne zach zachary zoe ada ahmed aisha akira ali amir amit anil \
    anja anjali arjun bjorn chen deepak dmitri elif fatima giovanni hans hiro hiroshi ibrahim ingrid \
    jin jing juergen katarina kenji khalid kumar lars lei li linh mei mehmet ming mohamed mohammed \
    muhammad nguyen nikhil olaf pierre pooja priya rahul raj rajesh ravi sanjay sergei sven tariq \
    wei yan yuki yusuf ";

static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:the |your |our )?(?:(?:senior|sr\.?|junior|jr\.?|assistant|asst\.?|associate|national|regional|inside|outside|general|lead|head|chief|wholesale|dropship|drop[ -]ship|ecommerce|e-commerce|online|customer|client|order|orders|sales|shipping|purchasing|warehouse|fulfil+ment|logistics|operations|office|account|accounts|service|support|care|success|vendor|import|export|production|distribution|receivable|and|&|of|for) ){0,5}",
        r"(?:manager|director|president|vice president|vp|owner|co-owner|founder|co-founder|ceo|coo|cfo|partner|clerk|coordinator|specialist|representative|rep|associate|assistant|supervisor|agent|administrator|admin|executive|lead|department|dept\.?|desk|team|service|services|support|care|sales|operations|fulfil+ment|logistics|processing|receivable|president and ceo|buyer|planner|bookkeeper|secretary|expediter)$"
    ))
    .ok()
});
static FIRM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:inc|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|lp|llp|gmbh|outfitters?|supply|supplies|goods|home|tools?|works?|wholesale|distribut\w+|industries|enterprises|trading|furniture|furnishings|lighting|lamps|imports?|products|group|brands|store|stores|shop|designs?|manufacturing|mfg|hardware|housewares|kitchens?|outdoors?|sports|textiles|linens|ceramics|pottery|glass|woodworks|crafts?|decor|gifts|toys|pet|garden|farms?|mills?|bros|brothers|sons|studios?|collective|collection|international|usa|america)\b").ok()
});

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// Whether a text is a person's name: a given name first, and no more than three words behind it.
pub fn is_person(text: &str) -> bool {
    let bare = text.trim_start_matches(['-', '\u{2013}', '\u{2014}', '~', '/', ' ']);
    let signed = bare.len() < text.len();
    let words: Vec<&str> = bare.split_whitespace().collect();
    let Some(first) = words.first().map(|word| word.trim_matches(['.', ','])) else {
        return false;
    };
    let given = GIVEN
        .split_whitespace()
        .any(|name| name.eq_ignore_ascii_case(first));
    let name = |word: &&str| {
        let letters = word
            .chars()
            .all(|c| c.is_alphabetic() || "'\u{2019}.-,".contains(c));
        let small = ["de", "la", "van", "von", "der", "del"].contains(word);
        letters && (small || signed || word.starts_with(char::is_uppercase))
    };
    given && words.len() <= 4 && words.iter().all(name)
}

/// Whether a text is what somebody is, or which of its rooms writes: "Sales Manager", "Shipping Department".
pub fn is_role(text: &str) -> bool {
    is(&ROLE, text.trim())
}

/// Whether a text may be the name of a firm, by a word that names of firms have.
pub fn is_firm(text: &str) -> bool {
    is(&FIRM, text)
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
        ] {
            assert!(!is_person(text) && !is_role(text), "{text}");
        }
        for text in [
            "Sales Manager",
            "Shipping Department",
            "Customer Service",
            "Owner",
            "Order Desk",
        ] {
            assert!(is_role(text), "{text}");
        }
        assert!(is_of_firm(
            "Alder Ridge Outfitters, Inc.",
            "Alder Ridge Outfitters"
        ));
        assert!(is_of_firm("The Alder Team", "Alder Ridge Outfitters"));
        assert!(!is_of_firm("Acme Corp", "Alder Ridge Outfitters"));
        assert!(!is_of_firm("Shipping", "Alder Ridge Outfitters"));
        assert!(!is_of_firm("Alder Void", "Alder Ridge Outfitters"));
        assert!(is_firm("Acme, Inc.") && ROLE.is_some() && !is_firm("Prepayment Required"));
    }
}
