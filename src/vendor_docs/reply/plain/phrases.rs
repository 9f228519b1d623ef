//! The phrases that are understood. A sentence is read when it is a chain of them and of nothing
//! else; each list says what its phrases mean. Texts are in lower case, without punctuation, and
//! masked: signs stand for numbers, days, lines and goods of the order.
//!
//! What may be added here is a phrase that means the same in every sentence of other phrases: no
//! "not", no "if", no bare preposition.

use super::super::mask::{date_of, line_of};
use super::says::Says;
use crate::carriers::CARRIERS;
use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// A tracking number that the document's rows have.
pub(super) const TRACK: char = '\u{F0011}';
/// A number of an order or article that they have.
pub(super) const NUMBER: char = '\u{F0012}';
/// A telephone number.
pub(super) const PHONE: char = '\u{F0013}';
/// An address of the web or of mail.
pub(super) const LINK: char = '\u{F0014}';
/// A word for goods that were ordered.
pub(super) const GOODS: char = '\u{F0015}';
/// An amount of the purchase order's own; one of nothing.
pub(super) const AMOUNT: char = '\u{F000F}';
pub(super) const ZERO: char = '\u{F000E}';
/// A day; a line of the order.
const DAY: char = '\u{F0016}';
pub(super) const LINE: char = '\u{F0017}';

/// What is sold: the order, all of it, or a thing that was ordered.
const THING: &str = "(?:(?:all(?: of)?|both(?: of)?|entire|complete|whole) )?(?:(?:the|your|our|this|these|those|that) )?(?:(?:entire|complete|whole|following|above|customer|brass) )?(?:purchase order|po|p o|orders?|items?|lines?|goods|products?|packages?|parcels?|shipments?|pieces?|box|boxes|cartons?|everything|it|they|them|this|these|both|all|this one|that one|that|those|merchandise|G(?: G){0,5}|L|N)(?: (?:number|no|s))?(?: N)?";
/// Who left it where.
const OUR_PLACE: &str = "(?:our|the) (?:dock|warehouse|facility|building|plant|premises|shop|store|distribution center)";
/// A number for tracking, and what it is called.
const LABEL: &str = "(?:(?:the|your|its|here s|C) )*(?:tracking|track|trk|waybill|awb|pro)(?: (?:numbers?|nos?|num|nr|ids?|codes?|references?|refs?|s))*";

/// Courtesy.
pub(super) const COURTESY: &[&str] = &[
    "(?:hi|hello|good (?:morning|afternoon|day|evening)|greetings|dear (?:customer|sirs?|sir or madam|team|all|buyer))",
    "(?:many |with |again )?(?:thanks|thank you|thx|tks|ty|cheers)(?: (?:very|so) much| again| a lot)?(?: and)?(?: (?:for|4) (?:(?:the|your|this|placing) )*(?:order|orders|po|purchase order|business|e ?mail|purchase|support|continued business|message|inquiry))?(?: with us)?",
    "(?:with )?(?:best|kind|kindest|warm|warmest) (?:regards|wishes)|regards|rgds|sincerely|yours (?:faithfully|sincerely|truly)|mit freundlichen gr(?:ue|ü)(?:ss|ß)en|cordialement|saludos|atentamente",
    "(?:please )?have a (?:great|nice|good|wonderful|lovely|pleasant) (?:day|night|week|weekend|evening|one|afternoon|rest of (?:your|the) (?:day|week))(?: ahead)?|enjoy(?: (?:the rest of )?(?:your|the) (?:week|weekend|day|afternoon|evening|summer))?|(?:i |we )?hope (?:your|the) (?:day|week|weekend|month|year|summer|season|morning)(?: (?:is|was|has been))? (?:going (?:well|great)|(?:off to a )?(?:great|good|nice|wonderful|well)(?: (?:start|one|so far))?)|hope (?:this|you|all|everyone)(?: (?:finds|is|are|e ?mail))*(?: you)?(?: doing)? well|happy (?:holidays|new year|thanksgiving|monday|friday)",
    "(?:we )?(?:really |truly |greatly |very much )?appreciate (?:your|the) (?:business|orders?|support)|(?:much|greatly) appreciated|we value your business",
    "(?:we )?look(?:ing)? forward to (?:serving you|working with you|hearing from you|your next order|doing business with you)(?: again)?",
    "(?:if|should) (?:you|there) (?:have|need|are|be)(?: any| anything| further| more| other| additional| a)*(?: questions?| concerns?| else| help| assistance| information| or| and)*(?: please| just| kindly)?(?: (?:do not|don t) hesitate to| feel free to)? (?:let (?:us|me) know|contact (?:us|me)|call (?:us|me)|e ?mail (?:us|me)|reach out(?: to (?:us|me))?|contact|call|ask|reply)(?: to this (?:e ?mail|message))?(?: (?:at|on|by phone|by e ?mail|or|W|F))*",
    "(?:please |just )?(?:let (?:us|me) know|contact (?:us|me)|call(?: us| me)?|e ?mail (?:us|me)|reach out(?: to (?:us|me))?|reply(?: to this (?:e ?mail|message))?|(?:do not|don t) hesitate to (?:contact|call|ask|reach out to)(?: us| me)?|feel free to (?:contact|call|reach out to|reach out|reply|ask)(?: us| me)?)(?: (?:at|on|or|W|F))* (?:(?:if|should) (?:you|there) (?:have|need|are|be)|with)(?: any| anything| further| more| other| additional| a)*(?: questions?| concerns?| else| help| assistance| information| or| and)+",
    "(?:(?:we are|we re|i am|i m|so|very|our) )?(?:sorry|apologies) for (?:the|any) (?:inconvenience|late reply|delayed (?:reply|response)|delay in (?:replying|responding|getting back to you))",
    "any questions|p s|ps|(?:please )?(?:do not|don t) hesitate to (?:reach out|contact us|call us|call|contact me|ask)(?: (?:with|if you have) (?:any |further )?(?:questions?|concerns?|or)(?: (?:or |any )*(?:questions?|concerns?))*)?",
    "(?:thanks|thank you)(?: (?:very much|so much|again))? for (?:shopping|choosing|contacting|submitting|sending|reaching out|working|doing business|trusting|placing|letting|thinking)(?: (?:to|of|with|in|us|this|that|it|over|through|your|the|an|order|orders|po|request|inquiry|needs|know|business))*",
    "(?:i |we )?hope (?:that )?you (?:had|have|re having|are having) a (?:great|nice|good|wonderful|lovely|pleasant) (?:weekend|week|day|holiday|holidays|morning|afternoon)|happy to help|glad to help|(?:(?:it s |it is )?always )?(?:a|our) pleasure(?: (?:to do|doing|to be doing) business with you)?|(?:it s |it is )?our pleasure|thanks in advance|(?:thanks|thank you) and regards|warmly|all the best|take care|yours truly|respectfully|with appreciation|your business is (?:greatly |much )?appreciated",
    "(?:please |just )?(?:let (?:us|me) know|call|contact us) if (?:there is|there s|you need|we can be of)(?: (?:anything|any|else|further|more|other|we|i|can|do|for|you|help|assistance|with|that))+",
    "(?:our |the )?(?:office|offices|warehouse|office hours|hours)(?: (?:is|are|s))?(?: closed)? (?:on |all |major |federal )*(?:weekends?|saturdays?|sundays?|holidays?)(?: (?:and|on|all|major|federal|weekends?|saturdays?|sundays?|holidays?))*",
];
/// Whole sentences, or heads of them, that say nothing of the order.
pub(super) const NOTES: &[&str] = &[
    "hey(?: (?:guys|folks|team|all))?|guys|folks|team",
    "(?:please )?(?:do not reply to|reply to) this (?:e ?mail|message)|(?:please )?do not reply|this is an? (?:automated|automatic|system generated|auto generated)(?: e ?mail| message| notification)*|this (?:e ?mail|message) (?:was|is) (?:automatically|auto) generated",
    "(?:we are|we re|i am|i m) (?:pleased|happy|glad|delighted|writing) to (?:inform|advise|tell|let|confirm|report|notify)(?: you| know)*(?: that)?|(?:please )?(?:note|be advised|be informed) that|this is to (?:inform|advise|notify) you(?: that)?|this is to let you know(?: that)?|(?:just )?(?:wanted|want|writing) to let you know(?: that)?|(?:good|great) news|fyi|quick update|for your (?:records|information|reference|convenience)|as promised|please be advised|too|got it",
    "(?:please )?(?:find|see) (?:(?:below|here|the|your|our|following|order|D s|D) )*(?:(?:tracking|shipping|shipment|order|acknowledge?ment|confirmation|details|info|information|numbers?|for|THING) ?)*(?:below)?|below (?:please find|is|are)|below|here is|here are",
    "(?:(?:shipping|shipment|ship|dispatch|order|purchase order|po) )?(?:confirmations?|notifications?|notice|advice|acknowledge?ment|details|information|info|update|asn)(?: of your order| below| for THING| attached)?",
    "(?:(?:@|at|for|of|is|the|a|price|priced|unit|item|line|net|cost|each|order|sub|grand|total|subtotal|amount|extended|ext|merchandise) ){0,4}M(?: (?:each|ea|per|unit|piece|apiece|usd|total|net)){0,2}",
    "(?:(?:freight|shipping|handling|sales|tax|discount|other|charges?|fees?|and|s) )+Z",
    "(?:the |our |your )?(?:invoice|packing slip|packing list)(?: (?:is|are|was))?(?: (?:attached|enclosed|to follow|will follow|follows|included|separately|by mail|by e ?mail|shortly))+",
    "(?:(?:as|our|under|the|is|sales) ){0,3}(?:sales order|so|our order|your order number with us|our reference|our ref|confirmation|confirmation number|sales order number|so number|reference|ref|invoice|ticket|job)(?: (?:number|no|is))* (?:[a-z]{1,4} ?)?[0-9]{3,10}",
    "no (?:issues?|rush|hurry|worries|problem|back ?orders?|backordered items|shortages?)|nothing (?:is |on )?(?:back ?ordered|back ?order|out of stock|missing)",
];
/// Titles, names of carriers, times, and what else says nothing by itself.
const NEUTRAL: &[&str] = &[
    "(?:your |the )?tracking(?: (?:numbers?|information|info|details))?(?: (?:is|are))?(?: (?:for|of) THING)?(?: (?:below|attached|here))?",
    "(?:this|these|it) (?:is|are) for THING",
    "(?:for|on|of|re|regarding|against|per) THING|THING",
    "(?:via|by|with|through|using|per|on|from)? ?C|carrier(?: (?:is|name))?|service",
    "(?:on |at |as of |since |dated )?D|(?:earlier|just|right) (?:D|now)|this (?:morning|afternoon|am|noon)|last night|at noon|(?:at )?[0-9]{1,2}(?: [0-9]{2})? ?(?:am|pm)|yday|a m|p m|already|just|now|also|finally",
    "on the D|(?:sku|items?|parts?|lines?|articles?|product|model)(?: (?:number|no))? L|sku|no (?:issues?|rush|hurry|worries|problem|back ?orders?|backordered items|shortages?)|nothing (?:is |on )?(?:back ?ordered|back ?order|out of stock|missing)|no worries",
    "T|N|L|G|W|and|as well|hereby|herewith|with|hey|guys|folks|team",
    "(?:please )?(?:track|trace|follow|check|see|view)(?: (?:it|them|the|your|this|its|delivery|orders?|packages?|shipments?|parcels?|status|progress|details))*(?: (?:here|online|at|with|using|by|below|on|of|W|T|THING))*|you (?:can|may) (?:track|follow|view|check|see)(?: (?:it|them|the|your|this|its|delivery|orders?|packages?|shipments?|parcels?|status|progress|details))*(?: (?:here|online|at|with|using|by|below|on|of|W|T))*",
    "please allow(?: up to)? [0-9]{1,2} (?:hours?|hrs)(?: for (?:the |your )?tracking(?: information| number| info)?)? (?:for (?:the )?tracking )?to (?:update|appear|show|activate)",
    "(?:it )?(?:has been|is|was) (?:entered|released|processed|booked)(?: (?:in|into|to|for|our|the))* ?(?:system|warehouse|fulfillment|processing)|processed|status|(?:we|i) (?:have |ve )?(?:entered|have|processed|booked) THING|(?:created|entered)(?: on)?",
    "(?:(?:we|i|hereby|can|have|ve) )*(?:confirm|confirmed|confirming|acknowledge|acknowledged) (?:the )?(?:receipt|receiving)(?: of)?(?: THING)?",
    "(?:(?:has|have|was|were|is|are|been|well|safely|we|i|ve) )*received(?: THING)?|(?:we|i)(?: have| ve)? (?:got|received) THING|noted|understood|perfect|great|excellent|wonderful",
];
/// What stands beside a parcel and is looked at where its row is, and what says that a paper is
/// attached, which an answer may be changed by.
const BESIDE: &[&str] = &[
    "[0-9]{1,3} ?(?:pcs?|pieces?|units?|ea|ctns?|cartons?|boxes|box|packages?|pkgs?|parcels?|x L|x G|x N)|(?:qty|quantity)(?: of)? ?[0-9]{1,3}|sku",
    "(?:(?:weight|weighing|wt) )?(?:[1-9][0-9]{0,3}(?: [0-9]{1,2})?|0 [0-9]?[1-9]) ?(?:lbs?|pounds?|kgs?|ounces?|oz)|ship(?:ped|ping|ment)? date(?: is| was)? D",
    "in (?:the |separate )?(?:boxes|cartons|packages|parcels)",
    "as (?:you )?(?:requested|instructed|ordered)|(?:so |very )?(?:sorry|apologies) for (?:the|any) delay",
    "(?:please )?(?:find|see) (?:attached|enclosed)|(?:attached|enclosed) (?:please find|is|are)|attached|enclosed",
];
/// Yes, to what was ordered.
pub(super) const YES: &[&str] = &[
    "(?:(?:we|i) )?(?:(?:can|hereby|herewith|gladly|happily|do|are|am|have|ve|re|has|been|is|was|were|fully|order) ){0,3}(?:confirm|confirmed|confirming|confirms|accept|accepted|accepts|acknowledge|acknowledged|acknowledges|acknowledging|ack|approved)(?: (?:(?:receipt and )?acceptance of|and (?:accept|accepted|confirm|confirmed|acknowledge|acknowledged)))?(?: THING)?(?: (?:in full|as requested|as written|as ordered|as is|(?:as )?per (?:your |the )?(?:po|order)|per below|as below|below|as submitted|complete|completely|as follows|at the prices? and quantit(?:y|ies) on your (?:po|order)))?",
    "this is to (?:confirm|acknowledge)(?: that)?(?: THING)?",
    "(?:is |are )?(?:fine|ok|okay)|definitely",
    "ok|okay|yes|yep|roger(?: that)?|sure|sure thing|certainly|absolutely|agreed|will do|all good(?: on this one)?|we can do this|consider it confirmed|we re on it|please (?:accept|take) this (?:e ?mail|message)? ?as(?: our| a)? (?:confirmation|acknowledge?ment|acceptance)(?: of THING)?|ok(?:ay)? to (?:proceed|ship)|good to go|received and confirmed",
    "status accepted|accepted",
];
/// Goods left, or are tracked by a number.
const LEFT: &[&str] = &[
    "(?:(?:we|i) )?(?:(?:have|has|ve|s|is|are|was|were|been|now|just|already|both|all|completely|successfully) ){0,4}(?:picked packed and |packed and |complete and )?(?:shipped|dispatched|despatched|mailed|shpped)(?: (?:out|off|complete|completely|in full|THING))?",
    "(?:(?:we|i) )?(?:have |has |ve |s |is |are |was |were |been |just |already ){0,3}(?:sent out|sent off|sent THING|shipped THING out)(?: out)?|(?:has|have|was|were) (?:been )?sent(?: out)?",
    "(?:(?:have|has|was|were|been|s|just|already) ){0,3}(?:(?:picked up|collected) by C|picked up|collected|handed (?:over )?to C|tendered to C|given to C)",
    "(?:(?:just|already|has|have) ){0,2}(?:went out|gone out|went off|(?:left|departed) OURPLACE|left (?:us )?(?:on )?D)",
    "(?:we |it |was |has been )?sent D|(?:is |are |s |now )*on the road|(?:is |are |s |now )*on (?:its|their|the) way(?: to (?:you|your customer|the customer))?",
    "(?:(?:and|under|with|by|using) )?LABEL(?: (?:for|of) THING)?(?: (?:is|are|follows|as follows|below))? ?(?:T(?: (?:and |C )?T)*)",
    "(?:(?:under|with|using|number|numbers|no|by) )+T(?: (?:and )?T)*",
    "left (?:at )?[0-9]{1,2}(?: [0-9]{2})? ?(?:am|pm)",
    "(?:all |everything |complete(?:ly)? |both )shipped|shipped (?:complete(?:ly)?|in full)",
];
/// The order itself left: "your order N has shipped", "we shipped your order".
const ORDER_LEFT: &str = "(?:^|(?:that|and|you|know|inform|news|fyi|D|hi|hello|thanks|thank you) )(?:(?:(?:the|your|our|this) )?(?:customer )?(?:(?:purchase order|po|order)(?: (?:number|no))?(?: N)?|N) (?:(?:has|was|is|s|been|now|just|already|successfully) ){0,3}(?:shipped|dispatched|sent out|went out|gone out|left OURPLACE|picked up by C|on (?:its|the) way)|(?:we|i)(?: (?:have|ve))?(?: (?:just|now|already))? (?:shipped|dispatched|sent out) (?:the|your|this) (?:purchase order|po|order)(?: N)?)(?: |$)";
/// Goods will leave, or can.
const LATER: &[&str] = &[
    "(?:(?:which|and) )?(?:(?:we|THING) )?(?:will|ll|shall|can)(?: (?:be|gladly|happily|then|all|now)){0,2}(?: (?:ship|shipped|go out|going out|leave|dispatch|dispatched|fulfill|fulfil|fulfilled|process|processed|handle|handled|send|sent|do|deliver|prepare|shipping|get THING out))(?: THING)?(?: out)?(?: (?:complete|in full))?(?: (?:right away|shortly|soon|asap|promptly|immediately|accordingly|this week|as requested|as ordered|as soon as possible|on|by|on or before|with|and|will)){0,2}",
    "we (?:(?:are|re|can|also) )?(?:(?:expecting|planning|scheduled|able) )?(?:to )?(?:ship|shipping|dispatch|dispatching)(?: THING)?(?: (?:on|by|out|for)){0,2}",
    "(?:THING )?(?:(?:is|are|re|and) )?(?:(?:estimated|expected|planned|scheduled|anticipated|est|exp|currently|our|the|due|requested) ){0,3}(?:to )?(?:ship|ships|shipping|shipment|leave|leaves|leaving|dispatch|dispatches|going out|goes out|go out|etd|ship date|shipping date|dispatch date|ready to ship|in stock|available|shipment date)(?: (?:date|on|by|is|are|for|and|from stock|out|around|on or before)){0,3}",
    "(?:(?:we|i|and) ){0,2}(?:(?:will|ll|shall) )?(?:send|provide|e ?mail|forward|share)(?: you)?(?: the| you| with| a)* ?tracking(?: numbers?| information| info| details)?TAIL|(?:the |your )?tracking(?: numbers?| information| info| details)?(?: (?:will|to|be|is|are|sent|provided|e ?mailed|follow|follows|forwarded|available|shared))+TAIL",
    "(?:(?:is|are|all|both|everything) ){0,3}(?:in stock|available)(?: and)?(?: (?:ready to ship|available))?|ready to (?:ship|go)",
    "(?:is|are|it is|we are) being (?:processed|prepared|picked|packed)|in process|(?:is |are )?in production|(?:(?:it|this|THING) )?(?:is |has been |are )*delayed(?: until| to)?|(?:new|revised|updated) (?:ship|shipping|delivery|ship out) date(?: is)?",
    "you (?:will|ll) (?:receive|get)(?: (?:an? |another )?(?:e ?mail|message|notification) with)?(?: the| your| a)* ?tracking(?: numbers?| information| info| details)?TAIL",
    "(?:(?:it|they|these|this|THING) )?(?:will|ll) be (?:back|available|in stock|back in stock|in|restocked)(?: on| by| again)*",
    "(?:(?:it|they|THING) )?(?:is|are) (?:scheduled|expected|due|planned) (?:for|on|to ship on|to leave on)",
];
/// Tracking numbers are to come: when.
const TAIL: &str = "(?: (?:shortly|soon|separately|later|D|by e ?mail)| (?:when|once|as soon as|after)(?: (?:it|they|THING|we|i|the))?(?: (?:is|are|has|have|been|ships?|shipped|leaves|left|available|it|goes out|picked up))+)*";
/// Goods come later than ordered, or not at all, and which.
const NEVER: &[&str] = &[
    "(?:(?:sorry|unfortunately|apologies|we|regret|to|inform|you|that|the|is|are|re|s|has|have|been|currently|now|temporarily|still|must|it|put|on|in) )*(?:back ?ordered|back ?order|b o|out of stock|sold out|discontinued|no longer (?:available|made|produced|manufactured|carried|stocked)|reject|rejected|not (?:currently |presently )?(?:available|in stock)|none in stock|no stock|oos|obsolete|end of life|phased out|unavailable|(?:have to|must) (?:decline|reject|cancel)|declined|decline|cancell?ed|unable to (?:fill|fulfill|fulfil|accept|supply|ship)|cannot (?:fill|fulfill|fulfil|accept|supply|ship)|can not (?:fill|fulfill|fulfil|accept|supply|ship))(?: THING)?",
    "(?:and )?(?:(?:is|are|it|they|we|should|expect|expects|be|which|with|an|item|code|status|reason|new) )*(?:until|till|til|expected|due|eta|expected in stock|available|back in stock|due in|restock(?:ed|s)?|arriv(?:e|es|ing)|expected ship date|expected date)(?: (?:in|on|again|back|in stock|to ship|by|date|it|them|is|of))*",
    "(?:we )?(?:do not|don t) have (?:THING|L|G|any)(?: currently)? in stock|(?:(?:we|currently|are|re) )*out of (?:the )?(?:L|G|THING)|(?:the )?back ?ordered (?:items? ?)?(?:L|G)|(?:by|from) (?:the )?(?:manufacturer|factory|maker)|(?:on )?bo|(?:to|through) D|(?:i m|we re|i am|we are) afraid(?: that)?",
    "(?:(?:our|the) )?next (?:shipment|delivery|batch|container)(?: (?:from the factory|to us|is|expected|due|arrives|on))*|(?:we )?have (?:all )?(?:the )?(?:other items|others|rest)",
    "(?:we )?expect(?:s|ing)?(?: it| them| more| THING)?(?: back| in| in stock| to ship| again)*(?: on| by)?",
    "sorry|unfortunately|no eta(?: at this time| yet)?|no date(?: yet)?|we (?:will|ll) (?:advise|let you know) when we have (?:an eta|a date)",
    "(?:but )?(?:the rest|everything else|the others?|all other (?:items|lines)|except(?: for)?|with the exception of)(?: THING)?|which|but|while|so|therefore",
];

/// What a covering letter calls the table that is attached. Not "new", "corrected" or "open": such a
/// table is another one.
const PAPER: &str = "(?:(?:the|our|your|a|an|D s?|s|daily|weekly|csv|excel|order|orders|shipping|shipment|shipments|ship|dispatch|delivery|tracking|advance|complete|full|above|attached|enclosed) )*(?:files?|lists?|reports?|spreadsheets?|sheets?|csv|excel|tables?|attachments?|documents?|asns?|856|advices?|notices?|notifications?|confirmations?|details?|information|info|data|numbers?|tracking|shipments?)(?: (?:files?|lists?|reports?|spreadsheets?|sheets?|details?|information|info|data|numbers?|notices?|notifications?|advices?|confirmations?))*";
/// What stands in a covering letter: that a table is attached, and of what.
const COVER: &[&str] = &[
    "(?:please |pls |kindly |you (?:will|can|may) )*(?:find|see|review|check|refer to|view|open|use)(?: (?:attached|enclosed|PAPER|THING|to|and))*",
    "(?:attached|enclosed|here)(?: (?:please|pls|kindly|find|see|is|are|you(?: will)? find|PAPER|THING))*|here (?:you go|it is|they are|you are)|attached to this (?:e ?mail|message)",
    "PAPER|(?:(?:is|are|has been|have been|was|were) )?(?:attached|enclosed|included)(?: (?:here|herewith|below|hereto|to this (?:e ?mail|message)|with this (?:e ?mail|message)))?",
    "(?:for|of|with|containing|contains|contain|including|includes|showing|shows|listing|lists|regarding|re|about|is a|is the|are the|is our|is your) (?:PAPER|THING)",
    "(?:(?:is|are|can be found|may be found) )?(?:in|on|within|per|as per) (?:THING|PAPER)",
    "(?:that|which) (?:(?:have|has|were|was|all|just|already) )*(?:been )?(?:shipped|dispatched|sent out|went out|gone out|left OURPLACE|left)(?: out)?",
    "for (?:your (?:orders?|records|information|reference|review|files)|the day|D)|(?:as )?per your request|a copy",
    "(?:please |kindly )?(?:confirm|acknowledge) (?:the )?receipt(?: of (?:PAPER|this (?:e ?mail|message)))?|(?:shipping|warehouse|fulfil+ment|logistics) (?:dept|department|team)",
    "(?:please |just |and )*let (?:us|me) know|with any questions",
];

struct PhrasePatterns {
    courtesy: Regex,
    neutral: Regex,
    /// Beside a shipment may be said what does not come.
    beside: Regex,
    shipment: Regex,
    yes: Regex,
    silent: Regex,
    label: Regex,
    /// "Just confirming that we got this" is no yes.
    receipt: Regex,
    answer: Regex,
    status: Regex,
    whole: Regex,
    /// The order itself left, and nothing of it.
    order: Regex,
    several: Regex,
    questions: Regex,
    /// A carrier's word for a parcel that it does not have yet.
    notice: Regex,
}

static PATTERNS: LazyLock<Option<PhrasePatterns>> = LazyLock::new(|| {
    let one = |text: &str| build(&spelled(text));
    Some(PhrasePatterns {
        courtesy: chain(&[COURTESY])?,
        neutral: chain(&[COURTESY, NOTES, NEUTRAL, BESIDE, YES])?,
        beside: chain(&[COURTESY, NOTES, NEUTRAL, BESIDE, YES, NEVER])?,
        shipment: chain(&[COURTESY, NOTES, NEUTRAL, BESIDE, YES, LEFT])?,
        yes: chain(&[COURTESY, NOTES, NEUTRAL, YES])?,
        silent: chain(&[COURTESY, NOTES, NEUTRAL])?,
        answer: chain(&[COURTESY, NOTES, NEUTRAL, YES, LEFT, LATER, NEVER])?,
        status: one(
            "^(?:(?:shipped|dispatched|complete|completed|shipped complete|in transit|closed)(?: $|$))+$",
        )?,
        whole: one(
            r"(?:^| )(?:complete|completely|in full|everything|entire|all|both|whole)(?: |$)",
        )?,
        order: one(ORDER_LEFT)?,
        several: one(
            r"(?:^| )(?:(?:numbers|nos|ids|packages|parcels|boxes|cartons|ctns|pkgs)|s T|T (?:and )?(?:C )?T)(?: |$)",
        )?,
        receipt: one(r"(?:confirm|acknowledg)[a-z]*(?: that)? (?:we|i) |receipt")?,
        label: one(r"(?:^| )(?:tracking|track|trk|waybill|awb|pro)(?: |$)")?,
        notice: one(
            "(?:^| )(?:information|info|details|data|notification|label|manifest)(?: (?:was|were|is|has been|have been))? (?:received|processed|created|entered|released|booked)(?: |$)",
        )?,
        questions: one("^(?:any |have |with |more )?(?:questions|concerns)(?: or concerns)?$")?,
    })
});

/// What a covering letter says; apart, as most runs meet none.
static COVERS: LazyLock<Option<[Regex; 2]>> = LazyLock::new(|| {
    let shipment = chain(&[COURTESY, NOTES, NEUTRAL, BESIDE, YES, LEFT, COVER])?;
    let answer = chain(&[
        COURTESY, NOTES, NEUTRAL, BESIDE, YES, LEFT, LATER, NEVER, COVER,
    ])?;
    Some([shipment, answer])
});

/// A sentence of nothing but phrases of these lists.
pub(super) fn chain(lists: &[&[&str]]) -> Option<Regex> {
    let all: Vec<&str> = lists.iter().flat_map(|list| list.iter().copied()).collect();
    let text = format!("^(?:(?:{})(?: |$))*$", all.join("|"));
    build(&spelled(&text))
}

pub(super) fn build(text: &str) -> Option<Regex> {
    RegexBuilder::new(text)
        .size_limit(64 << 20)
        .dfa_size_limit(16 << 20)
        .build()
        .ok()
}

/// A pattern with what its capitals stand for.
pub(super) fn spelled(text: &str) -> String {
    let carrier = carriers();
    let text = text
        .replace("OURPLACE", OUR_PLACE)
        .replace("LABEL", LABEL)
        .replace("PAPER", PAPER)
        .replace("TAIL", TAIL)
        .replace("THING", THING);
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match c {
            'T' => out.push(TRACK),
            'N' => out.push(NUMBER),
            'F' => out.push(PHONE),
            'W' => out.push(LINK),
            'G' => out.push(GOODS),
            'D' => out.push(DAY),
            'M' => out.push(AMOUNT),
            'Z' => out.push(ZERO),
            'L' => out.push(LINE),
            'C' => out.push_str(&carrier),
            c => out.push(c),
        }
    }
    out
}

/// The carriers' names and spellings, with their services.
fn carriers() -> String {
    let mut names: Vec<String> = CARRIERS
        .iter()
        .flat_map(|carrier| carrier.spellings.iter().copied().chain([carrier.name]))
        .map(|name| regex::escape(&normal(&name.to_lowercase())))
        .filter(|name| name.chars().filter(|c| c.is_ascii_alphabetic()).count() > 2)
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    format!(
        "(?:(?:{})(?: (?:ground|gnd|grd|express|priority|mail|home delivery|2 ?day|two day|next day|air|overnight|standard|freight|saver|first class|parcel|surepost|smartpost|advantage|economy|2nd day|3 day select|worldwide|international|service|tracking))*)",
        names.join("|")
    )
}

/// Whether a character is one of the signs, or could be taken for one.
pub(super) fn is_sign(c: char) -> bool {
    ('\u{F0000}'..='\u{10FFFF}').contains(&c)
}

/// A picture that says yes or nothing, and what belongs to it: a colour of skin, a form.
fn is_nod(c: char) -> bool {
    matches!(
        c,
        '👍' | '👌' | '✅' | '✔' | '✓' | '🙂' | '😊' | '😀' | '🙏' | '\u{fe0f}' | '\u{1f3fb}'
            ..='\u{1f3ff}'
    )
}

/// The words of a masked text, in lower case with one blank between them.
pub(super) fn normal(masked: &str) -> String {
    let mut out = String::with_capacity(masked.len());
    for c in masked.chars() {
        if date_of(c).is_some() {
            out.push_str(&format!(" {DAY} "));
        } else if line_of(c).is_some() {
            out.push_str(&format!(" {LINE} "));
        } else if is_nod(c) {
            out.push(' ');
        } else if ('\u{E010}'..'\u{F0016}').contains(&c) {
            out.push_str(&format!(" {c} "));
        } else if ",.:()[]\"“”*–—-/#•·!|~<>'’&_=+;".contains(c) && !matches!(c, '&' | '+')
        {
            out.push(' ');
        } else if c == '&' {
            out.push_str(" and ");
        } else {
            out.push(c);
        }
    }
    out.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a sentence is the one question that needs no answer.
pub(super) fn any_questions(text: &str) -> bool {
    let words = normal(&text.to_lowercase().replace('?', " "));
    PATTERNS
        .as_ref()
        .is_some_and(|p| p.questions.is_match(&words))
}

/// Whether a sentence is of courtesies alone, in words that [`normal`] made.
pub(super) fn is_courtesy(words: &str) -> bool {
    let words = words.replace('?', "");
    PATTERNS
        .as_ref()
        .is_some_and(|p| p.courtesy.is_match(words.trim()))
}

/// Whether a status says that goods left.
pub(super) fn is_left(status: &str) -> bool {
    let words = normal(&status.to_lowercase());
    PATTERNS.as_ref().is_some_and(|p| p.status.is_match(&words))
}

/// What a sentence of a covering letter says, in words that [`normal`] made.
pub(super) fn read_cover(words: &str) -> Says {
    let says = read(words, true);
    let Some([shipment, answer]) = COVERS.as_ref() else {
        return says;
    };
    let words = words.replace('?', "");
    let words = words.trim();
    Says {
        shipment: says.shipment || shipment.is_match(words),
        answer: says.answer || answer.is_match(words),
        ..says
    }
}

/// What a sentence says, in words that [`normal`] made; `rows` tells that rows of parcels or answers
/// are looked at beside it.
pub(super) fn read(words: &str, rows: bool) -> Says {
    let Some(patterns) = PATTERNS.as_ref() else {
        return Says::default();
    };
    let words = words.replace('?', "");
    let words = words.trim();
    if patterns.notice.is_match(words) {
        return Says::default();
    }
    let shipment = patterns.shipment.is_match(words);
    let answer = rows && shipment || patterns.answer.is_match(words);
    let label = shipment && patterns.label.is_match(words);
    let tracked = label && words.contains(TRACK);
    let bare = patterns.neutral.is_match(words);
    let left = shipment && (tracked || !bare);
    Says {
        answer,
        shipment,
        never: answer && !shipment && patterns.beside.is_match(words),
        left,
        whole: left && (patterns.whole.is_match(words) || patterns.order.is_match(words)),
        label,
        number: shipment && words.contains(TRACK),
        several: patterns.several.is_match(words),
        bare,
        yes: patterns.yes.is_match(words)
            && !patterns.silent.is_match(words)
            && !patterns.receipt.is_match(words),
        ..Says::default()
    }
}

#[cfg(test)]
pub(super) fn compile() -> bool {
    let known = PATTERNS
        .as_ref()
        .is_some_and(|p| p.silent.is_match("thank you"));
    known && COVERS.is_some()
}
