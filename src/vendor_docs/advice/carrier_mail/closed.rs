//! The closed lists of what UPS, FedEx, USPS and DHL write in their notifications, after
//! [`super::delivered::plain`]: `@` is a day, `^` a time, `#` a number of a parcel.

use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What one carrier writes. Each pattern is of a whole text.
pub(super) struct Closed {
    pub carrier: &'static str,
    /// Sentences that say that it has the parcel, or that it left.
    pub left: Option<Regex>,
    /// Status lines that say so.
    pub stage: Option<Regex>,
    /// Titles of mails that say only that data of a label were transmitted.
    pub announced: Option<Regex>,
    /// Of them those about several parcels.
    pub several: Option<Regex>,
    /// A parcel is coming.
    pub coming: Option<Regex>,
    /// When it is to arrive, in a sentence.
    pub to_come: Option<Regex>,
    /// What stands below and above every mail.
    pub harmless: Option<Regex>,
    pub greeting: Option<Regex>,
    /// Words of a vendor who passes it on.
    pub vendors: Option<Regex>,
    pub to: Option<Regex>,
    pub from: Option<Regex>,
    pub at: Option<Regex>,
    pub packages: Option<Regex>,
    pub reference: Option<Regex>,
    pub asker: Option<Regex>,
    pub status: Option<Regex>,
    pub planned: Option<Regex>,
    pub shipped: Option<Regex>,
    pub when: Option<Regex>,
    pub town: Option<Regex>,
    /// Other labels, and their values: as they are written where that is set, in small letters.
    pub labels: Vec<(Option<Regex>, Option<Regex>, bool)>,
    sender: Option<Regex>,
}

/// Whether a pattern is of a text.
pub(super) fn whole(pattern: &Option<Regex>, text: &str) -> bool {
    is(pattern, text)
}

/// Whether a pattern finds something in a text.
pub(super) fn is(pattern: &Option<Regex>, text: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(text))
}

/// The lists of a carrier.
pub(super) fn of(carrier: &str) -> Option<&'static Closed> {
    static ALL: LazyLock<HashMap<&'static str, Closed>> = LazyLock::new(|| {
        let names = [
            ("ups", "(?:ups|united parcel service)"),
            ("fedex", "fedex(?: (?:ground|express|home delivery))?"),
            ("usps", "(?:usps|u\\.?s\\.? postal service)(?:\\(r\\))?"),
            (
                "dhl",
                "dhl(?: (?:express|ecommerce(?: solutions)?|parcel))?",
            ),
        ];
        names
            .into_iter()
            .map(|(code, name)| (code, Closed::of(code, name)))
            .collect()
    });
    ALL.get(carrier)
}

const THING: &str = "(?:(?:your|the|this) )?(?:N )?(?:packages?|shipments?|parcels?|items?|it)(?: \\(?#\\)?| with (?:waybill|tracking) number #)?";
const LEAD: &str = "(?:(?:N )?(?:update|alert|notification|shipment notification|tracking update|status update)(?:,? tracking number)?(?: #)?[ :,-]+|(?:N )?(?:shipment|package|tracking|tracking number) #[ :,-]+|N[ :,-]+)";
const STAGE: &str = "on (?:its|the|their) way|cleared customs|customs cleared|(?:customs )?clearance (?:processing )?completed?(?: at N)?|in[ -]transit(?:(?:,| to) (?:the )?next facility)?|(?:shipment |package )?picked up(?: by N)?|N picked up (?:the )?(?:item|package|shipment)|(?:item |package )?shipped|out for delivery(?:,? @)?|accepted(?: at)?(?: (?:the )?N)?(?: (?:regional )?(?:origin |destination )?facility)?|(?:departed|left|arrived at)(?: (?:our|the|a))?(?: N)?(?: (?:regional|origin|destination|regional origin|regional destination))? (?:facility|location|hub)|origin scan|departure scan|(?:arrived|at)(?: (?:at|local|the local|a|the|our))* N (?:facility|location|hub|station|network)|on N vehicle for delivery(?: @)?|departed (?:from )?(?:N )?(?:facility|hub)|departed (?:our|the|a) (?:N )?facility and is (?:currently )?in transit to (?:the|its) (?:final )?destination|moving within the N network and is on track to be delivered to its final destination|N (?:is )?in possession of (?:the )?item|we have your package|acceptance|processed (?:through|at)(?: N)?(?: origin)? facility";
const TAIL: &str = "(?:[ ,]+(?:to you|#|tracking number:? #|(?:on|at) @|@|at \\^|\\^|by N|with N|at our N facility|and is scheduled for delivery on (?:@|[a-z]{6,9}, [a-z]{3,9} [0-9]{1,2})(?: by \\^| by end of day)?|expected delivery (?:by|on) @(?:,? (?:arriving )?by \\^)?|arriving by \\^|in [a-z .'-]{2,40},? [a-z]{2}(?: [0-9]{5})?))*";
const SHIPPER: &str = "(?: from (?P<who>[a-z0-9][a-z0-9 .,&'-]{1,50}?))?";
const HARMLESS: &str = "@(?:,? (?:at )?\\^)?|set (?:your )?(?:delivery )?preferences(?: at N\\.com)?|proof of delivery (?:is )?available|signature (?:service )?not (?:required|requested)|no signature required|[a-z .'-]{2,30},? [a-z]{2},? (?:network |regional )?distribution center(?: annex)?|between \\^ (?:-|and) \\^|(?:hi|hello|dear|good (?:morning|afternoon|evening)),?(?: [a-z.'&-]+){0,4},?|#(?:[ ,]+#)*|N|(?:N )?(?:updates?|notification|tracking(?: update)?|shipment|on demand delivery)(?:,? (?:tracking number )?#)?(?: notification)?|N notification,? tracking number|(?:N )?shipment #? ?notification(?: ?: ?#)?|(?:(?:\\(c\\)|©|copyright)(?: ©)? ?\\d{4}|\\d{4} (?:©|\\(c\\))),? (?:united parcel service(?: of america)?|federal express corporation|fedex|dhl international gmbh|dhl|usps|ups|u\\.s\\. postal service)(?:,? inc)?\\.?(?: all rights reserved)?|all rights reserved|united parcel service of america, inc|federal express corporation|dhl international gmbh|dhl express \\(usa\\), inc|dhl ecommerce solutions|dhl express - excellence|simply delivered|ups, the ups brandmark,?(?: and the color brown)? are trademarks(?: of united parcel service of america)?(?:, inc\\.?)?|(?:please )?do not reply directly to this e-?mail|N will not receive any reply(?: message)?|manage delivery alerts|opt out|unsubscribe|(?:view|manage) (?:delivery|preferences)|track(?: your)? (?:package|shipment)s?(?: ›)?|(?:tracking|shipment|delivery|important delivery|package) (?:information|details?)|event notification|english \\| español|su envío dhl express con número de guía # de [a-z .&'-]{1,40}|n° de guía|download (?:the )?(?:N )?mobile(?: app)?|N my choice(?:: arriving (?:@|tomorrow))?|N informed delivery|N status|delivery update|(?:N )?package update|usps\\.com \\| privacy policy \\| customer service \\| faqs|visit usps tracking to check the most up-to-date status of your package|(?:please )?do not (?:reply|respond) to this (?:e-?mail|message)|(?:ups|fedex|usps|dhl) and [a-z0-9 .&'-]{1,40} will not receive your reply|thank you for using on demand delivery|thank you for (?:using|choosing) N|this tracking update has been requested by|reference information includes|tracking (?:id|number|no|#)(?: #)?|shipment facts|this is an automated (?:e-?mail|message|notification)(?:,? please do not (?:reply|respond))?|please do not (?:reply|respond)(?: to this (?:automated )?(?:e-?mail|message))?|this (?:e-?mail|message) was sent from an unattended mailbox|waybill (?:no|number)|status|(?:N )?(?:ground|home delivery|express saver|2day|priority mail|ground advantage|next day air|2nd day air|3 day select)";

const LEFT: &str = "(?:LEAD)?(?:good news[,:] )?(?:THINGFROM (?:(?:is|are) (?:now )?(?:STAGE)|(?:has|have) (?:now )?(?:cleared customs|shipped|been (?:shipped|picked up|accepted|dispatched)|left (?:our|the) facility)|(?:was|were) (?:shipped|picked up|accepted|dispatched|sent)|departed (?:our|the) facility|shipped|arrived at (?:our|the|a) (?:N )?facility|STAGE)|our records indicate that the following shipment has been picked up|we (?:have|now have|picked up|have picked up) your (?:package|parcel|item|shipment)|notification for shipment event group \"picked up\" for [0-9]{2} [a-z]{3} [0-9]{2}|(?:STAGE))TAIL";
const ON_STAGE: &str = "(?:STAGE)TAIL";
const ANNOUNCED: &str =
    "(?:N )?(?:ship|shipment|shipping) (?:notification|notice)(?:,? tracking number:? ?#| ?:? ?#)?";
const COMING: &str = "you have a package coming|this message was sent to you at the request of [a-z0-9 .,&'-]{1,50} to notify you that the electronic shipment information below has been transmitted to ups|the physical package\\(s\\) may or may not have actually been tendered to ups for shipment";
const TO_COME: &str = "(?:LEAD)?(?:(?:THING (?:will|should) (?:be delivered|arrive)|THING (?:is )?(?:on (?:its|the) way and (?:is )?)?(?:scheduled|expected) (?:to be delivered|to arrive)) (?:today|tomorrow|(?:on )?@|on [a-z]{6,9}, [a-z]{3,9} [0-9]{1,2},? [0-9]{4})(?: by (?:\\^|end of day))?|(?:package )?delivery scheduled for (?:today|tomorrow|@)(?: #)?|arriving late|THING will arrive (?:later than expected|late),? but (?:it )?is still on (?:its|the) way|due to (?:severe )?weather,? your delivery has been rescheduled (?:to|for) @|N expects to deliver your (?:package|item) on @,?(?: arriving by \\^)?|(?:THING )?(?:(?:is|are) )?(?:scheduled|expected|estimated)(?: for)? delivery(?: (?:on|by|date))?:? ?@,?(?: arriving)?(?: by \\^)?(?: #)?|package scheduled for delivery(?: @| today| tomorrow)?|(?:your |the )?(?:delivery|package|shipment|scheduled delivery)(?: date)? (?:has been|is|was) (?:rescheduled|delayed|updated|changed)(?: (?:to|for|until|by)(?: a)?(?: late trailer| @| weather)?)?|(?:due to (?:the )?weather,? )?your (?:delivery|package) is delayed|(?:N )?(?:rescheduled delivery|delivery (?:rescheduled|update)|(?:scheduled )?delivery (?:date )?(?:updated|changed)|scheduled delivery updated|weather delay|delay notice|arriving (?:@|tomorrow)(?: by \\^)?)|(?:a late trailer|weather|a late train|an earlier delay) has delayed (?:your|this) package|we are adjusting (?:delivery )?plans(?: as quickly as possible)?|(?:THING )?(?:is|are) (?:now )?arriving (?:@|tomorrow)(?: (?:by|before|between) \\^(?: (?:-|and) \\^)?)?|(?:THING )?(?:is|are) scheduled for delivery on @ before \\^)";
const TO: &str = "(?:ship|shipped|deliver|delivered) ?to|to|recipient(?: name)?|consignee(?: name)?|delivery (?:address|location)|(?:recipient |shipping )?address|destination|recipient information";
const FROM: &str = "from|ship(?:ped)? from|shipper(?: name)?|sender";
const AT: &str =
    "(?:actual )?deliver(?:y (?:date|time)|ed)(?: on| at| in)?|left (?:at|with)|location";
const PACKAGES: &str =
    "(?:total )?(?:number of )?(?:packages?|pieces|parcels|cartons|boxes)(?: count)?";
const REFERENCE: &str = "(?:your |shipper |cust(?:omer)?\\.? )?ref(?:erence)?s?\\.?(?: (?:numbers?|no\\.?))?(?:\\(?s\\)?)?(?: \\d)?|(?:your |customer )?(?:purchase order|po|p\\.o|order)(?: (?:number|no\\.?))?";
const ASKER: &str = "company name|name|e-mail";
const STATUS: &str = "(?:(?:current|shipment|package|delivery|tracking) )?(?:status|event)";
const PLANNED: &str = "(?:new |updated |revised )?(?:scheduled|estimated|expected|standard|projected) (?:delivery|transit|arrival)(?: (?:date|day|time))?";
const SHIPPED: &str =
    "ship \\(p/u\\) date|(?:ship|shipped|shipping|pick-?up)(?: (?:date|on|day))?|date shipped";
const WHEN: &str = "(?:@|\\^|by|between|and|at|on|to|the|before|arriving|end of day|[ ,-])+";
const SERVICE: &str = "(?:(?:N|[a-z]\\b|ground|express|home|delivery|priority|mail|2nd|3|2|day|2day|next|air|select|overnight|standard|saver|advantage|first-class|first|class|package|worldwide|international|economy|surepost|smartpost|freight|simple rate|media|retail|residential|commercial|expedited|parcel|service|early|a\\.m\\.)[ ®,-]*)+";

/// A pattern of a whole text, the letter N alone for the carrier's name.
fn build(text: &str, name: &str) -> Option<Regex> {
    let text = text
        .replace("THING", THING)
        .replace("LEAD", LEAD)
        .replace("STAGE", STAGE);
    let text = text.replace("TAIL", TAIL).replace("FROM", SHIPPER);
    let named = Regex::new(r"\bN\b").ok()?;
    Regex::new(&format!("^(?:{})$", named.replace_all(&text, name))).ok()
}

fn labels(name: &str) -> Vec<(Option<Regex>, Option<Regex>, bool)> {
    let whole = |text: &str| build(text, name);
    vec![
        (
            whole("signed (?:for )?by|received by|accepted by"),
            whole("[a-z][a-z.' -]{0,40}"),
            true,
        ),
        (
            whole("(?:N )?(?:tracking|waybill|awb|shipment)(?: (?:numbers?|no|nr|id|#))?(?:\\(s)?"),
            whole("#(?:[ ,]+#)*"),
            false,
        ),
        (
            whole("(?:N )?service(?: (?:type|level))?"),
            whole(SERVICE),
            true,
        ),
        (
            whole("(?:total |shipment |package )*weight"),
            whole(
                "0*(?:[1-9][0-9]*(?:\\.[0-9]+)?|\\.[0-9]*[1-9][0-9]*) ?(?:lbs?|kgs?|oz|pounds?|ounces?)?\\.?",
            ),
            true,
        ),
        (
            whole("(?:origin|departure|arrival|destination) scan"),
            whole("[a-z .'-]{2,40},? [a-z]{2}(?:,? us)?"),
            true,
        ),
        (
            whole("special handling(?: section)?"),
            whole("(?:residential(?: delivery)?|deliver weekday|no signature required|[ ;,])+"),
            true,
        ),
        (
            whole("packaging(?: type)?"),
            whole(
                "(?:your|customer|own) packaging|package|box|(?:N )?(?:letter|pak|box|envelope|tube)",
            ),
            true,
        ),
    ]
}

impl Closed {
    fn of(carrier: &'static str, name: &str) -> Closed {
        let whole = |text: &str| build(text, name);
        Closed {
            carrier,
            left: whole(LEFT),
            stage: whole(ON_STAGE),
            several: Regex::new(r"\b(?:packages|shipments|parcels|items)\b").ok(),
            announced: whole(ANNOUNCED),
            coming: whole(COMING),
            to_come: whole(TO_COME),
            harmless: whole(HARMLESS),
            greeting: Regex::new("^(?:hi|hello|dear)(?: [a-z.'&-]+){0,4}, ").ok(),
            vendors: Regex::new(r"\b(?:went out|shipped|left|picked up|sent out)\b").ok(),
            to: whole(TO),
            from: whole(FROM),
            at: whole(AT),
            packages: whole(PACKAGES),
            reference: whole(REFERENCE),
            asker: whole(ASKER),
            status: whole(STATUS),
            planned: whole(PLANNED),
            shipped: whole(SHIPPED),
            when: whole(WHEN),
            town: Regex::new(
                r"(?:^|[ ,])[A-Za-z]{2}(?:,? US)?[, ]+\d{5}(?:-?\d{4})?$|^\d{5}(?:-?\d{4})?$",
            )
            .ok(),
            labels: labels(name),
            sender: Regex::new(
                "(?i)\\bfrom ([A-Za-z0-9][A-Za-z0-9 .,&'-]{1,50}?) (?:is|are|has|was)\\b",
            )
            .ok(),
        }
    }

    /// The shipper that a sentence names.
    pub(super) fn sender_in<'a>(&self, sentence: &'a str) -> Option<&'a str> {
        let found = self.sender.as_ref()?.captures(sentence)?;
        found.get(1).map(|name| name.as_str())
    }

    /// Whether a text is one of the labels.
    pub(super) fn is_label(&self, key: &str) -> bool {
        let all = [
            &self.to,
            &self.from,
            &self.at,
            &self.packages,
            &self.reference,
            &self.status,
            &self.planned,
            &self.shipped,
        ];
        all.into_iter().any(|label| is(label, key))
            || self.labels.iter().any(|(label, _, _)| is(label, key))
    }
}

#[cfg(test)]
#[test]
fn lists_compile() {
    for carrier in ["ups", "fedex", "usps", "dhl"] {
        let list = of(carrier).unwrap();
        for pattern in [
            &list.left,
            &list.stage,
            &list.several,
            &list.announced,
            &list.coming,
            &list.to_come,
            &list.harmless,
            &list.greeting,
            &list.vendors,
            &list.to,
            &list.from,
            &list.at,
            &list.packages,
            &list.reference,
            &list.asker,
            &list.status,
            &list.planned,
            &list.shipped,
            &list.when,
            &list.town,
            &list.sender,
        ] {
            assert!(pattern.is_some());
        }
        assert!(
            list.labels
                .iter()
                .all(|(key, value, _)| key.is_some() && value.is_some())
        );
    }
}
