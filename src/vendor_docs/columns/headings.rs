//! What the columns of vendors' tables hold that are no field of an advice or an answer: by their
//! headings alone. A heading that stands on no list is unknown, and stops the rows that fill it.

use crate::domain::pattern::fits;
use crate::domain::remit;
use crate::vendor_docs::advice::words_of;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What a column holds beside the fields that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Nothing that bears on whether goods left, what they cost or where money goes.
    Harmless,
    /// Free words: notes, remarks, reasons.
    Words,
    /// Whether, or how many, goods did not leave, came back or were lost.
    Denies,
    /// Whether goods left, or the order is accepted.
    Affirms,
    /// Which kind of paper or movement the row is.
    Direction,
    /// State of a payment.
    Payment,
    /// What one piece costs us.
    UnitPrice,
    /// What the row, or the whole order, costs us.
    Amount,
    /// What is charged beside the goods.
    Charge,
    /// Another article than the one ordered.
    Goods,
    /// Where money goes.
    Remit,
    /// A day for which something is planned, or on which goods arrived: no word that they left.
    Planned,
    /// Pieces that the vendor has.
    Stock,
    /// Of what the pieces are counted: single ones, or dozens and cases.
    Unit,
    /// How many pieces are in a case or pack: the count may be of cases then.
    Pack,
    /// The money in which the row is.
    Currency,
    /// Whose account it is, without a word of which kind.
    Account,
    /// None of these.
    Unknown,
}

macro_rules! pattern {
    ($name:ident, $($part:expr),+) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("^(?:", $($part),+, ")$")).ok());
    };
}

// All of these are compared with the words of a heading written as one.
pattern!(
    DENIES,
    r".*(?:cancel|void|return|refund|backorder|reject|refus|declin|missing|lost|damag|unship|notship|nonship|outstanding|discontinu|outofstock|undeliver|recall|intercept|scrap|obsolete|fail|delet|shortship|shortage|replaced|withdrawn|unavailable|unfulfil|notavailable|delay|quarantin|dispute|fraud|hold|held|exception|error|problem|issue|correction|reversal|reversed|credit|stopped|suspend|expired|testrow|istest|sample|draft|customerpickup|willcall).*|.*(?:qty|quantity|units|pieces|pcs)(?:short|open|bo|left|remaining|balance|due|todate|toship|pending|killed|cut)|(?:short|open|bo|remaining|balance|due|pending|killed|cut)(?:qty|quantity|units|pieces|pcs)|short|shorted|bo|bord|bkord|remaining|balance|test|late|dnr|dns|oos|rts|rma(?:number|no|id)?"
);
pattern!(
    AFFIRMS,
    r"(?:is|was|has|have|item|order|line|been|goods|it)*(?:shipped|dispatched|despatched|sent|fulfilled|left|accepted|confirmed|acknowledged|available|instock|complete|completed|delivered|pickedup|manifested|intransit|shipconfirmed|confirm|accept|ok|active|valid|final)(?:flag|indicator|yn|yesno)?|(?:is)?drop[ -]?ship(?:ped|ment)?(?:order)?(?:flag|indicator|yn|yesno)?"
);
pattern!(
    PLANNED,
    r".*(?:est|estimat|exp|plan|sched|target|propos|anticipat|project|promis|request|next|revis|must|latest|earliest|new|approx|intend|forecast).*(?:ship|dispatch|despatch|leave|pickup).*|(?:ship|dispatch|despatch|leave)(?:on|by|at|before|after|window|eta|etd).*|.*(?:ship|dispatch|despatch).*(?:eta|etd|est|estimate|estimated|planned|promised|expected|scheduled)|etd|etddate|readydate|ready(?:toship)?(?:date|on)?|(?:actual)?(?:deliver(?:y|ed)?|arriv(?:al|ed)?)(?:date|dt|on|at|time|datetime|timestamp|day|actual)*|date(?:deliver(?:y|ed)|arriv(?:al|ed))|available(?:date|on|from)|availabilitydate|in?stockdate|restockdate|promised?(?:date|day)?|scheduled?(?:date|day)|planned(?:date|day)?|confirmed(?:date|day)|expected(?:date|day)?|newdate|revised?date|(?:carrier|scheduled)?pickup(?:date|dt|on|at|time|datetime|day)*|(?:shipping)?label(?:created|printed|purchased|generated)?(?:date|dt|on|at|time|datetime|day)+"
);
pattern!(
    ARRIVAL,
    r"(?:carrier|customer|order|line|item|ups|fedex)?(?:est|estimated|estimate|exp|expected|sched|scheduled|anticipated|projected|promised|planned|requested|request|required|guaranteed|eta)(?:of)?(?:deliver(?:y|ed)?|arriv(?:al|e)|eta|due|transit)(?:date|dt|day|days|time|window|by|on|range)*|eta|etadate|transit(?:days|time)|daysintransit|.*(?:delivery|arrival)(?:estimate|estimated|est|eta|window|commitment)(?:date)?|leadtime(?:days)?"
);
pattern!(
    DATES,
    r"(?:(?:your|our|customer|cust|vendor|supplier|original|store|web)?(?:order|ordered|po|purchase|purchaseorder|purchased|entered|entry|creat(?:e|ed|ion)|created|invoice|inv|invoiced|document|doc|print(?:ed)?|acknowledg(?:e?ment|ed)|ack|process(?:ed)?|pick(?:ed)?|packed|packing|manifest|import(?:ed)?|export(?:ed)?|modified|updated?|lastupdated?|lastmodified|released?|placed|due|report|batch|transmission|file|poreceived|orderreceived|requested|request|required|needed|need|needby|needed|wanted|want|cancelby|cancelafter|cancelifnotshippedby|shipby|shipnolaterthan|mustshipby|latestship|requiredship|requestedship|requestship|reqship|inhands|inhand|paid|payment|terms|netdue|run|posting|posted|tran|trans|asn|notice|week|month|year|quarter|fiscal|period|registered|status|bill(?:ed)?))(?:ed)?(?:date|dt|on|at|time|datetime|timestamp|day|by|number|no|utc|est|local)*|date(?:ordered|created|entered|placed|printed|invoiced|required|requested|needed|updated|modified|processed|packed|acknowledged|exported|imported|ofentry|ofpo|oforder|time)|time|timestamp|datetime|timeshipped|shiptime|hour|day|acknowledged|registered|created|updated|printed"
);
pattern!(
    ADDRESS,
    r"(?:(?:ship|shipped|shipping|shipment|deliver|delivery|delivered|bill|billing|billed|sold|sell|send|mark)(?:to|for)?|recipient|consignee|receiver|customer|cust|enduser|endcustomer|user|buyer|contact|dest|destination|from|shipfrom|origin|sender|home|work|business|day|evening|store|purchaser|order(?:ed)?by|gift(?:ee)?|to|the|your|site|company|vendor|supplier|warehouse|retailer|merchant|end|consumer|client|account)*(?:first|last|middle|full|company|contact|business|display|legal)?(?:name|names|contact|attn|attention|careof|co|company|organi[sz]ation|(?:street|mailing|shipping|delivery)?addr(?:ess)?(?:line)?|street(?:address|name|number|line)?|line|suite|apt|apartment|floor|building|unit|city|town|locality|st|state|stateprovince|province|provincecode|statecode|prov|region|county|zip|zip4|postal|postcode|postalcode|zippostal|zipcode|country|nation|countryname|phone|telephone|tel|mobile|cell|fax|email|emailaddress|mail|residential|addresstype|salutation|title)(?:code|number|no|num|name|line|iso|ext|extension|address|[0-9]|or(?:province|state)|abbrev(?:iation)?|type|full)*|(?:ship|sold|bill|deliver|mark|shipped)(?:to|for)|ship(?:ped)?from|shipto[a-z]{0,3}(?:code|id|number|no|num|location|loc)?|customer|recipient|consignee|salutation|residential"
);
pattern!(
    MEASURES,
    r"(?:total|gross|net|tare|package|pkg|parcel|carton|ctn|box|case|shipment|shipping|ship|item|unit|product|dim|dimensional|billed|billable|actual|rated|rate|chargeable|charged|each|pallet|order|line|per|cubic|volumetric|estimated|est)*(?:weight|weights|wt|wgt|length|len|width|wid|height|hgt|ht|depth|dims?|dimensions?|volume|vol|cube|cubicfeet|cuft|girth|size|mass|lbs?|pounds|kgs?|ounces|oz|inches|l|w|h)(?:lbs?|pounds|kgs?|kilograms|oz|ounces|in|inches|cm|ft|uom|unit|units|code|g|gr|grams|cuft|measure|ofmeasure|type|lxwxh|lwh|w|h|total)*"
);
pattern!(
    UNITS,
    r"(?:qty|quantity|order|ordered|ship|shipped|shipping|item|line|product|selling|sales|base|stock|pack|packing)*(?:uom|um|uofm|unitofmeasure|unitofmeasurement|unitmeasure|measureunit|unit|unitcode|unittype|packagingunit|packunit)(?:code|description)?"
);
pattern!(
    PACKAGES,
    r"(?:number|no|num|nbr|nr|total|count|qty|quantity|of|the|shipping|ship|shipped|line|master|inner|order|shipment|hand|handling|per|in|carrier)*(?:carton|cartons|ctn|ctns|package|packages|pkg|pkgs|box|boxes|parcel|parcels|pallet|pallets|plt|plts|case|cases|skid|skids|container|containers|trailer|seal|label|labels|sscc|sscc18|ucc128|gs1|lpn|piece|crate|unitload|hu|packaging)(?:count|counts|qty|quantity|number|num|no|nbr|id|ids|seq|sequence|of|total|totals|type|code|barcode|serial|sscc|index|shipped|pack|size|name|description|ucc|material|s)*"
);
pattern!(
    PACK,
    r"(?:case|carton|inner|master|outer|item|product|std|standard)*pack(?:size|qty|quantity|of|count)?|caseqty|casesize|(?:qty|quantity|pieces|pcs|units|ea|each|eaches|items)(?:per|in)(?:case|carton|ctn|pack|box|inner|unit|package)|piecespercase"
);
pattern!(
    CURRENCY,
    r"(?:order|invoice|payment|price|cost)*(?:currency|curr|ccy)(?:code|iso)?"
);
pattern!(
    NOTICES,
    r"(?:customer|recipient|shipment|shipping|tracking|ship)*(?:e?mail|sms|text|notification|notice|confirmationemail)s?(?:was|is)?(?:sent|delivered|notified)(?:date|at|on|to|yn|flag)?|(?:customer|recipient)notified|(?:asn|856|edi|advice|confirmation|invoice)(?:sent|transmitted)"
);
pattern!(
    WAYS,
    r"(?:shipping|ship|shipment|carrier|delivery|deliver|freight|ups|fedex|requested|customer|transport|transportation|mode|your|our|service|order|billing)*(?:service|method|mode|class|level|speed|option|type|via|terms|scac|alpha|priority|routing|account|acct|zone|billing|billingtype|paymentterms|payor|payer|paymenttype|code|company|id|description)(?:code|name|number|no|id|level|desc|description|type|class|mode|s|used)*|incoterms?|fob|fobpoint|(?:payment)?terms(?:code|days|description|ofpayment|ofsale)?|(?:rate|price)zone|residential(?:flag)?|signature(?:required)?|saturday(?:delivery)?|thirdparty(?:account|billing)?(?:number|no)?|nmfc(?:code)?|service|shipper|freightclass"
);
pattern!(
    NUMBERS,
    r"(?:our|your|the|their|vendor|supplier|customer|cust|internal|sales|web|external|store|end|enduser|merchant|retailer|client|partner|tradingpartner|trading|channel|host|seller|buyer|order|ordered|purchase|invoice|inv|packing|pack|packlist|pick|picking|delivery|bol|billoflading|load|batch|shipment|shipping|ship|document|doc|po|purchaseorder|job|project|ticket|wave|route|stop|manifest|department|dept|division|div|account|manager|sales|rep|salesrep|salesperson|entered|operator|location|loc|site|plant|branch|warehouse|whse|wh|dc|facility|fulfil+ment|fulfilled|distribution|center|bin|region|territory|cost|gl|class|category|subcategory|group|family|brand|season|row|seq|sequence|record|rec|file|line|lineitem|item|version|release|company|organi[sz]ation|org|legal|entity|tenant|marketplace|source|system|platform|shop|user|created|submitted|edi|isa|gs|st|control|transaction|message|interchange|asn|856|855|x12|duns|gln|hs|hts|tariff|harmoni[sz]ed|upc|ean|gtin|isbn|asin|barcode|serial|lot|mfg|manufacturer|mfr|retailerorg|api|tax|vat|resale|ref|reference|cart|session|profile|label|quote|contract|blanket|requisition|req|related|parent|root|group|shipfrom|vendororder|customerorder|customerpo)*(?:slip|list|note|ticket|order|orders|ref|reference|references|number|numbers|no|nos|num|nbr|nr|id|ids|code|codes|name|suffix|prefix|line|lines|linenumber|seq|sequence|item|uuid|guid|key|index|count|by|facility|warehouse|whse|wh|dc|location|loc|site|plant|branch|bin|department|dept|division|vendor|supplier|merchant|retailer|seller|rep|salesperson|salesrep|buyer|brand|category|subcategory|group|family|region|territory|version|release|row|record|source|channel|platform|marketplace|store|shop|partner|po|invoice|job|project|document|upc|ean|gtin|isbn|asin|barcode|lot|serial|serials|hs|hts|path|lineid|center|centre|user|asn|manifest|load|route|wave|batch|class|team|rank|priority)+s?|#|rownum|depot|shift|(?:sales)?office|seq|id|shipment|bol|upc|ean|gtin|merchant|warehouse|vendor|supplier|source|manager|customeraccount(?:number|no|id)?|(?:cust|customer|ups|fedex|carrier|shipper|freight|billto|thirdparty|client|dealer)(?:acct|account|accountnumber|acctno|accountno|acctnumber|accountid|number)"
);
pattern!(
    GOODS_TEXT,
    r"(?:item|product|goods|sku|part|line|lineitem|article|style|model|short|long|vendor|supplier|customer|retailer|merchant|catalog|stock|material|full|extended|variant|lineitemproduct)*(?:description|descriptions|desc|descr|describe|name|names|title|titles|type|image|condition|options?|attributes?|taxable|discountcode)(?:line)?[0-9]?|colou?r(?:code|name)?|(?:item|product|style)?size(?:code|name)?|brand(?:name)?|manufacturer(?:name)?|mfg|mfr|maker|category|department|style|finish|gender|uom|um|u|m|ut|(?:qty|quantity|item|order|selling|sales|unit|price|ship|shipped)*(?:unit)?(?:ofmeasure|ofmeasurement|measure|uom|unitofmeasure|measurecode|ofsale)(?:code|ment)?|unit(?:of(?:measure|sale))?|hs(?:code)?|hts(?:code)?|(?:country|state)oforigin|coo|origin(?:country)?|expir(?:y|ation)(?:date)?|bestby(?:date)?|hazmat|haz|lot|serial|serials|serialnumbers?|bundle|kit|personali[sz]ation|gift(?:message|note|wrap|wrapping|card|from|to|flag)?|isgift|hasgift(?:message)?|(?:customer|recipient|buyer|delivery)(?:note|notes|instructions|comment|comments)|lineitem(?:name|requiresshipping|taxable|compareatprice|discount)"
);
pattern!(
    ORDERED,
    r"(?:total|item|line|your|customer|po|cust|original)*(?:qty|quantity|quantities|units|pieces|pcs|unit)(?:on)?(?:the)?(?:ordered|order|ord|requested|request|req|original|po|wanted)|(?:total|item|line|po)*(?:ordered|order|ord|orderedin|requested|request|original|po|customer|cust)(?:line|item)*(?:qty|quantity|quantities|units|pieces|pcs)|ordered|itemcount|linecount|numberof(?:lines|items)|totallines|(?:total)?(?:lines|items)(?:count)?"
);
pattern!(
    MORE,
    r".*(?:url|link|href|website|webpage).*|language|locale|timezone|payment(?:method|terms|type)|taxexempt|possibleduplicate|replaces|customercomment|giftmessage|requiredby|insured|insurance(?:type|provider)|carrierpickup|tags?|riskl?evel?|source|rank|active|origin|(?:purchaseorder|salesorder|destination|order|line|item|po)?(?:shippedinfull|shipcomplete|completeflag|allowpartial|partialallowed|partialok)|(?:retail|msrp|rrp|map|sale|sales|selling|sell|customer|list|suggestedretail|compareat|declared|customs|insured|declaredcustoms)(?:price|value|amount|unitprice)?|msrp|rrp|merchantline|insurancevalue|(?:discount|vendor|promo|promotion|coupon)code|signature|receivedby|signedby|podname"
);
pattern!(
    CHARGE,
    r".*(?:freight|postage|handling|surcharge|fuel|dropshipfee|insurance|duty|duties|tariff|deposit|discount|allowance|rebate|restock(?:ing)?fee|penalty|chargeback).*|cod(?:amount|fee)?|.*(?:shipping|shipment|delivery|carrier|ship|label|packing|pallet|residential|supplier|provided)(?:cost|charge|charges|fee|fees|amount|price|rate|total)s?|.*(?:fee|fees|charge|charges|taxes|tax|vat|gst|taxamount)(?:amount|total|s|usd)?|shipping|extra|extras|adjustment|adjustments|misc|(?:published|negotiated|discounted|list|account|retail|daily)(?:rate|rates|charge|charges)"
);
pattern!(
    UNIT_PRICE,
    r"(?:your|our|net|unit|item|each|vendor|supplier|dealer|wholesale|purchase|buy|cost|confirmed|agreed|order|po|line|current|new|invoice|standard|std|contract|actual|product|sku|per|supplierprovidedsku|lineitem|base)*(?:price|prices|cost|costs|rate|priceeach|costeach|unitprice|unitcost)(?:each|ea|per|unit|perunit|peritem|item|usd|us|net|piece|perpiece|amount|amt)*"
);
pattern!(
    AMOUNT,
    r"extended|ext|(?:line|lineitem|extended|ext|total|order|po|invoice|net|gross|sub|grand|merchandise|goods|item|product|sales)*(?:amount|amt|total|totals|value|subtotal|extension|extprice|extcost|extendedprice|extendedcost|extendedamount|totalprice|totalcost|totalamount|linetotal|lineprice|linecost|price|cost|cogs)(?:usd|due|net|us|amount)?"
);
pattern!(
    GOODS,
    r".*(?:subst|replacement|alternat|supersed|supersess|interchange|newsku|newitem|newpart|changedto|instead|equivalent|swap|(?:original|actual|old|previous|requested|ordered|alt|sub|new)(?:sku|item|part|product|article)).*|sub|alt|new"
);
pattern!(
    DIRECTION,
    r"(?:order|transaction|trans|txn|movement|delivery|document|doc|shipment|shipping|record|rec|row|line|asn|message|entry|transfer|po|ship|purchaseorder)*(?:type|kind|direction|purpose|action|event|activity|transactiontype|reasontype|flow)(?:code|name)?|direction|inout|sign"
);
pattern!(
    PAYMENT,
    r"(?:payment|financial|billing|invoice|pay|paid)(?:status|state)|paid|ispaid"
);
pattern!(
    STOCK,
    r".*(?:onhand|available|avail|instock|stock|inventory|atp|allocated|reserved|committed)(?:qty|quantity|units|level)?|(?:qty|quantity|units|stock|inventory)(?:on)?(?:hand|available|avail|instock|stock|allocated|reserved|committed)"
);
pattern!(
    WORDS,
    r"(?:order|line|item|ship|shipping|shipment|delivery|vendor|supplier|provided|seller|special|internal|packing|public|private|carrier|warehouse|additional|other|general|status|our|your|ack|acknowledge?ment|tracking|po|header|footer|free|extra|admin|staff|merchant|store|more|further|response|action)*(?:note|notes|noted|remark|remarks|rmks|comment|comments|cmt|message|messages|msg|memo|memos|instruction|instructions|reason|reasons|info|information|details|explanation|text|reply|answer|answers|alert|alerts|warning|warnings|flag|flags|statusdetail|statusdetails|statusdescription|reasoncode|reasoncodes|reasontext|statusreason|statusnotes|result|outcome|state|condition|disposition|stage|progress)(?:code|text|[0-9])?"
);

/// What a column holds that is no field, by its heading.
pub fn kind(heading: &str) -> ColumnKind {
    let words = words_of(heading).concat();
    // the sterner meaning first; what is asked for by us is no word of theirs
    let ordered: &[(&LazyLock<Option<Regex>>, ColumnKind)] = &[
        (&DATES, ColumnKind::Harmless),
        (&MORE, ColumnKind::Harmless),
        (&NOTICES, ColumnKind::Harmless),
        (&CURRENCY, ColumnKind::Currency),
        (&PACK, ColumnKind::Pack),
        (&ORDERED, ColumnKind::Harmless),
        (&GOODS, ColumnKind::Goods),
        (&ARRIVAL, ColumnKind::Harmless),
        (&PLANNED, ColumnKind::Planned),
        (&PAYMENT, ColumnKind::Payment),
        (&DENIES, ColumnKind::Denies),
        (&STOCK, ColumnKind::Stock),
        (&AFFIRMS, ColumnKind::Affirms),
        (&DIRECTION, ColumnKind::Direction),
        (&UNITS, ColumnKind::Unit),
        (&MEASURES, ColumnKind::Harmless),
        (&PACKAGES, ColumnKind::Harmless),
        (&GOODS_TEXT, ColumnKind::Harmless),
        (&ADDRESS, ColumnKind::Harmless),
        (&WAYS, ColumnKind::Harmless),
        (&CHARGE, ColumnKind::Charge),
        (&UNIT_PRICE, ColumnKind::UnitPrice),
        (&AMOUNT, ColumnKind::Amount),
        (&WORDS, ColumnKind::Words),
        (&NUMBERS, ColumnKind::Harmless),
    ];
    if [
        "account",
        "accountnumber",
        "accountno",
        "acct",
        "acctno",
        "acctnumber",
        "accountid",
        "accountcode",
    ]
    .contains(&words.as_str())
    {
        return ColumnKind::Account;
    }
    if !fits(&DATES, &words) && remit::is_heading(heading) {
        return ColumnKind::Remit;
    }
    ordered
        .iter()
        .find(|(pattern, _)| fits(pattern, &words))
        .map_or(ColumnKind::Unknown, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compile() {
        let all = [
            &DENIES,
            &AFFIRMS,
            &PLANNED,
            &ARRIVAL,
            &DATES,
            &ADDRESS,
            &MEASURES,
            &PACKAGES,
            &PACK,
            &CURRENCY,
            &NOTICES,
            &WAYS,
            &NUMBERS,
            &GOODS_TEXT,
            &ORDERED,
            &MORE,
            &CHARGE,
            &UNIT_PRICE,
            &AMOUNT,
            &GOODS,
            &DIRECTION,
            &PAYMENT,
            &STOCK,
            &WORDS,
        ];
        assert!(all.iter().all(|list| list.is_some()));
    }

    /// Headings of practice by what they hold, parted by bars.
    #[test]
    fn headings() {
        for (kind_of, all) in [
            (
                ColumnKind::Harmless,
                "Order Date|PO Date|Customer Name|Ship To Address 1|ship_to_line2|ShipToCity|shipTo_postalCode|Ship-To Phone|Customer Email|Weight|Total Weight (lbs)|Package Length|Dim Weight|Service Level|Ship Method|Carton Count|# of Packages|Number of Cartons|SSCC|Our Order #|Customer PO Line|Invoice Number|Invoice Date|Item Description|Product Name|Description 1|UPC|EAN|Line Number|Line #|Warehouse|Whse|Ship From|Terms|Payment Terms|Estimated Delivery Date|Delivery Est|Expected Arrival|ETA|tracking_url|Tracking Link|Qty Ordered|Ordered Qty|Quantity Ordered|order-item-id|shipment_id|Country|Store|Department|Buyer|Color|Size|Gift Message|email_sent|Customer Notified|MSRP|Retail Price|Freight Class|FOB|Ship To ID|DC Code|BOL|Sales Rep|Vendor Name|Supplier ID|Customer Account Number|Requested Ship Date|Ship By Date|Cancel After Date|Residential|Pallet Count|Lot Number|Serial Number|Country of Origin|required_by|possible_duplicate|Delivery Instructions|HTS Code|Ship To Attn|Recipient Company|Bill To Name|Carrier Account #|Retailer Order Number|Fulfillment Center|Ship Via Description|Created at|Row",
            ),
            (ColumnKind::Unit, "UOM|Unit of Measure|unit|Qty UOM|U/M"),
            (
                ColumnKind::Words,
                "notes|Notes|remarks|Comments|Vendor Comments|message|Reason|special_instructions|Line Note|status detail|Additional Info|memo",
            ),
            (
                ColumnKind::Denies,
                "cancelled|Cancelled Qty|qty_backordered|BO Qty|Qty BO|return|returned|void_reason|Qty Returned|Backorder|rejected_qty|Short|Qty Short|Damaged|Lost|On Hold|Delayed|Refunded|Exception|Undelivered|Open Qty|customerPickup|RMA|not_shipped|Return Tracking Number|return_date|Cancel Date|Balance",
            ),
            (
                ColumnKind::Affirms,
                "is_shipped|Dispatched?|Fulfilled|accepted|Confirmed|In Transit|Dropship|Drop Ship?|is_dropship",
            ),
            (
                ColumnKind::Direction,
                "type|direction|Order Type|Transaction Type|Shipment Type|Document Type|Kind|event|Purpose",
            ),
            (
                ColumnKind::UnitPrice,
                "price|unit_cost|Unit Price|Cost|Net Price|Price Each|Vendor Cost|Confirmed Price|New Price|supplier_provided_sku_cost",
            ),
            (
                ColumnKind::Amount,
                "Amount|Line Total|Extended Price|Ext Cost|Total|Order Total|Subtotal",
            ),
            (
                ColumnKind::Charge,
                "freight|Freight Amount|Shipping Cost|Handling Fee|surcharge|Drop Ship Fee|Tax|Shipping Charges|Postage|Discount|fuel_surcharge|supplier_provided_shipping_cost",
            ),
            (
                ColumnKind::Goods,
                "substitute|Substituted SKU|Replacement Item|Alt SKU|new_sku|Superseded By|original_sku",
            ),
            (
                ColumnKind::Remit,
                "remit_to|Remit-To Address|Bank|bank_account|IBAN|SWIFT|Routing #|Pay To|payee|Payment Address|Beneficiary|ACH|Wire Instructions",
            ),
            (
                ColumnKind::Planned,
                "est_ship_date|Planned Ship Date|expected_ship_date|delivery_date|Date Delivered|Delivered On|ETD|Ship On|Scheduled Ship|Promise Date|Ready Date|label_created_at|Label Date|Pickup Date",
            ),
            (
                ColumnKind::Unknown,
                "frobnicated|OK to ship|qc|Verdict|approval",
            ),
        ] {
            for heading in all.split('|') {
                assert_eq!(kind(heading), kind_of, "{heading}");
            }
        }
    }

    #[test]
    fn headings_of_packs_and_money() {
        for (kind_of, all) in [
            (
                ColumnKind::Pack,
                "pack_size|qty_per_case|Case Pack|Pack|Units Per Carton|Inner Pack",
            ),
            (ColumnKind::Currency, "Currency|currency_code|Curr"),
        ] {
            for heading in all.split('|') {
                assert_eq!(kind(heading), kind_of, "{heading}");
            }
        }
    }
}
