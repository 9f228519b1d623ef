//! Exception codes: every reason for which the machine stops and a person must look.
//!
//! One slice of definitions, from which severities, remedies, `--help` and the README's table come.
//! The contract's codes are here word for word; those marked as poms' own extend it.

mod exception_code;
mod remedy;

pub use exception_code::ExceptionCode;
pub use remedy::{Offered, Remedy};

use serde::{Deserialize, Serialize};

/// The consequence of a reason that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Stops until a person resolves it.
    Hold,
    /// Goes on, and is shown.
    Warn,
    /// Not looked at.
    Off,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Hold => "hold",
            Severity::Warn => "warn",
            Severity::Off => "off",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Severity> {
        [Severity::Hold, Severity::Warn, Severity::Off]
            .into_iter()
            .find(|severity| severity.as_str() == word)
    }
}

/// The kind of thing that an exception of a code belongs to, and so who can find it where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concerns {
    /// An order: the rules report it.
    Order,
    /// An incoming message: intake reports it.
    Message,
    /// A purchase order, delivery, shipment or invoice.
    Document,
}

/// One reason, as the table has it.
#[derive(Debug)]
pub struct CodeDefinition {
    /// Its name in the configuration, on the exceptions list and in JSON.
    word: &'static str,
    /// What it belongs to.
    pub concerns: Concerns,
    /// Severity unless the site sets another.
    pub severity: Severity,
    /// When it applies, in one line.
    pub meaning: &'static str,
    /// What to do, in one or two sentences addressed to the admin.
    pub advice: &'static str,
    /// What `resolve` offers, the usual one first.
    pub remedies: &'static [Remedy],
}

use Concerns::{Document, Message, Order};
use Remedy::{
    Amend, AskCustomer, Cancel, CancelLine, Dismiss, Dispute, ExpectCredit, OtherVendor, Release,
    Retry,
};
use Severity::{Hold, Warn};

const ORDER: &[Remedy] = &[Amend, Release, Cancel, Retry];
const CATALOGUE: &[Remedy] = &[Retry, Amend, Cancel];
const MESSAGE: &[Remedy] = &[Retry, Dismiss];
const VARIANCE: &[Remedy] = &[Dispute, ExpectCredit, Release, Dismiss, Retry];
const LATE: &[Remedy] = &[Dismiss, OtherVendor, AskCustomer, CancelLine, Cancel];
const ASKED: &[Remedy] = &[Dismiss, CancelLine, Cancel, OtherVendor];
const DELIVERY: &[Remedy] = &[Retry, Dismiss, Cancel];

/// Makes of one list the codes' enum, the table of their definitions, and the registry of the rules: a
/// code that is a rule's is the name of its file in `src/rules`, with the rule as `RULE` in it.
macro_rules! codes {
    (
        $(rule($rule:ident, $file:ident, $weighs:expr, $when:literal, $do:literal, $by:expr)),+ ;
        $(code($name:ident, $word:ident, $concerns:expr, $severity:expr, $meaning:literal, $advice:literal, $remedies:expr)),+ $(,)?
    ) => {
        /// A code that this version of poms knows: why the machine stops and a person must look.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", stringify!($file), "`: ", $when, ".")] $rule,)+
            $(#[doc = concat!("`", stringify!($word), "`: ", $meaning, ".")] $name),+
        }

        /// Every code, those of the order first, in the order in which they are reported.
        pub static CODES: &[Code] = &[$(Code::$rule,)+ $(Code::$name),+];

        /// Their definitions, in the same order.
        static DEFINITIONS: &[CodeDefinition] = &[
            $(CodeDefinition {
                word: stringify!($file),
                concerns: Order,
                severity: $weighs,
                meaning: $when,
                advice: $do,
                remedies: $by,
            },)+
            $(CodeDefinition {
                word: stringify!($word),
                concerns: $concerns,
                severity: $severity,
                meaning: $meaning,
                advice: $advice,
                remedies: $remedies,
            }),+
        ];

        /// The rule of every file that the list names, in its order; for `src/rules`.
        macro_rules! rules_of_codes {
            () => {
                &[$($file::RULE),+]
            };
        }
        pub(crate) use rules_of_codes;
    };
}

codes! {
    rule(DuplicateOrderNumber, duplicate_order_number, Hold, "an earlier order has this number and other content",
        "Compare the two with `poms order show`. Amend its order_number if it is a new order, as of another shop that counts alike; cancel this one if the shop sent it by mistake.", &[Cancel, Amend]),
    rule(SuspectedDuplicate, suspected_duplicate, Hold, "the same customer ordered the same goods within hours",
        "Ask the customer whether both are meant; release it if they are, cancel it if not.", &[Release, Cancel]),
    rule(SimilarNumber, similar_number, Warn, "another order's number differs only by a # or capitals (poms' own code)",
        "Tell them apart by the full number, as poms shows it. Ask the shop whether the same order came twice, and cancel one then.", &[Release, Cancel, Amend]),
    rule(NoOrder, no_order, Hold, "the order says itself that it is none: a test, a quote, a return, cancelled (poms' own code)",
        "Ask the shop. Cancel it if it is none; release it if the goods are to be bought all the same.", &[Cancel, Release]),
    rule(TestOrder, test_order, Hold, "the shop calls the order a test (poms' own code)",
        "Cancel it. Release it only if goods are really to be bought.", &[Cancel, Release]),
    rule(CancelledInShop, cancelled_in_shop, Hold, "the order was cancelled in the shop (poms' own code)",
        "Cancel it. Release it only if the shop says that it is wanted all the same.", &[Cancel, Release]),
    rule(AlreadyFulfilled, already_fulfilled, Hold, "the shop says that the order, or a part of it, was fulfilled already (poms' own code)",
        "Ask the shop what was sent. Release it to order what is left, as the lines show it; cancel it if nothing is.", &[Release, Cancel, Amend]),
    rule(RefundedInShop, refunded_in_shop, Hold, "the shop gave back the order's money, or a part of it (poms' own code)",
        "Ask the shop what the customer still gets. Release it to order what is left, as the lines show it; amend a line, or cancel.", &[Release, Amend, Cancel]),
    rule(NothingToShip, nothing_to_ship, Hold, "nothing of the order is to be shipped (poms' own code)",
        "Gift cards, downloads and services are the shop's to deliver. Cancel the order here; amend a line if goods were meant.", &[Cancel, Amend]),
    rule(UnclearOrder, unclear_order, Hold, "the order's document contradicts itself, or says something that its format does not list (poms' own code)",
        "Look at the order in the shop. Amend what is wrong and release it, or cancel; a word that the site's format lacks goes into its file in formats/.", &[Release, Amend, Cancel]),
    rule(NotPaid, not_paid, Hold, "the order says itself that its payment was refused, went back or was not taken (poms' own code)",
        "Ask the shop whether it was paid since. Release it if it was, or if you give credit; cancel it if not.", &[Release, Cancel]),
    rule(PaymentPending, payment_pending, Warn, "the order says itself that its payment is still to come (poms' own code)",
        "Watch for the money; `poms order cancel` stops it if none comes. Set this code to hold if nothing may be ordered before.", &[Release, Cancel]),
    rule(UnknownSku, unknown_sku, Hold, "a SKU is not in the catalogue",
        "Add the SKU with `poms catalogue import` and retry, or amend the line.", CATALOGUE),
    rule(DiscontinuedSku, discontinued_sku, Hold, "a SKU can no longer be ordered",
        "Offer the customer another article and amend the line, or take the line off (amend lines.N= and total); cancel if nothing else was ordered. If a vendor still has it, import that offer as active with `poms catalogue import` and retry.", &[Amend, Retry, Cancel]),
    rule(NoVendor, no_vendor, Hold, "no vendor on file offers a SKU",
        "Import the vendor with `poms vendors import` and retry, or amend the line.", CATALOGUE),
    rule(InactiveVendor, inactive_vendor, Hold, "the only vendors of a SKU are inactive",
        "Activate the vendor or add another in the catalogue and retry, or amend the line.", CATALOGUE),
    rule(OutOfStock, out_of_stock, Hold, "no vendor has so many pieces, by the vendors' own lists (poms' own code)",
        "Ask the customer to wait or to take something else: amend the line, take it off (amend lines.N= and total), or cancel. Release it to order all the same, from the vendor that comes first; `poms stock show` says who has what. A newer list, `poms stock import`, is looked at by itself.", &[Amend, Release, Cancel, Retry]),
    rule(PriceMismatch, price_mismatch, Hold, "a price or its currency differs from the catalogue",
        "Find out which is right: import the new catalogue and retry, or release to honour the order's price.", ORDER),
    rule(BelowCost, below_cost, Hold, "a line, or the goods after the order's discount, are sold below what the vendors charge",
        "Release to take the loss, amend the price or the discount, or cancel.", ORDER),
    rule(TotalMismatch, total_mismatch, Hold, "the amounts do not add up to the total",
        "Ask the shop what the customer paid, and amend the wrong amount.", ORDER),
    rule(ZeroQuantity, zero_quantity, Hold, "a quantity is zero or less",
        "Ask the customer how many, and amend the line; cancel if none is wanted.", &[Amend, Cancel]),
    rule(QuantityLimit, quantity_limit, Hold, "a quantity is above the limit",
        "Confirm the quantity with the customer, then release or amend.", ORDER),
    rule(OrderValueLimit, order_value_limit, Hold, "the total is above the limit",
        "Confirm the order and its payment, then release.", ORDER),
    rule(SpendingLimit, spending_limit, Hold, "the customer would spend more than the limit in all",
        "Release to make an exception, raise the limit in the configuration and retry, or cancel.", ORDER),
    rule(MissingEmail, missing_email, Hold, "no e-mail address",
        "Ask the customer or the shop and amend customer.email; release to go on without telling the customer.", ORDER),
    rule(BadEmail, bad_email, Hold, "the e-mail address cannot be one",
        "Correct it with amend customer.email=…; release to go on without telling the customer.", ORDER),
    rule(WrongEmail, wrong_email, Hold, "the customer's e-mail address is a vendor's or the shop's own (poms' own code)",
        "Ask the customer or the shop and amend customer.email. Release it only if the vendor or the shop itself is the customer: the customer's mails go there.", &[Amend, Release, Cancel]),
    rule(MissingPhone, missing_phone, Warn, "no telephone number",
        "Nothing need be done; the carrier has no number to call.", ORDER),
    rule(BadPhone, bad_phone, Warn, "the telephone number cannot be one",
        "Nothing need be done; the carrier has no number to call.", ORDER),
    rule(IncompleteAddress, incomplete_address, Hold, "a part of the ship-to address is missing",
        "Ask the customer and amend the field.", ORDER),
    rule(BadZip, bad_zip, Hold, "the ZIP is malformed or not of the state or territory",
        "Look the address up and amend ship_to.zip or ship_to.state; release if you know that it is right.", ORDER),
    rule(PoBox, po_box, Hold, "a PO box, general delivery or military address, where the carrier refuses them",
        "Ask the customer for a street address and amend ship_to.street1, or amend shipping_method to the post; release if the vendor ships by post.", ORDER),
    rule(OutsideServiceArea, outside_service_area, Hold, "the goods would go where the site does not ship",
        "Cancel and tell the customer; release if the vendor agreed.", ORDER),
    rule(StaleOrder, stale_order, Hold, "the order is older than the limit",
        "Find out why it is late and whether the customer still waits; then release or cancel.", ORDER),
    rule(FutureOrder, future_order, Hold, "the order is dated in the future",
        "Check the shop's clock; release if the order is real, or amend date.", ORDER),
    rule(RequiredBy, required_by, Warn, "the day by which the customer needs the goods is no day, past, or before they can be there (poms' own code)",
        "Tell the customer, ask for a faster way, or cancel. Release it when it is settled, or amend required_by.", &[Release, Amend, Cancel]),
    rule(CardNumber, card_number, Hold, "a payment card number stands in the text",
        "It was masked before it was stored. Tell the shop to keep card numbers out of orders; amend the field to what it shall say, or release to go on with the stars in it.", &[Amend, Release, Cancel]),
    rule(ControlCharacter, control_character, Hold, "a field holds a control character (poms' own code)",
        "Such text can forge mail headers. Amend the field with clean text, or cancel.", &[Amend, Cancel]),
    rule(UnprintableAddress, unprintable_address, Hold, "the receiver's name or address has letters that no font of the site has (poms' own code)",
        "Amend it to letters that the vendor can read, or name a font file for them in site.fonts and retry. Release it only where the vendor reads the mail: on paper the letters are missing.", ORDER),
    rule(CustomerComment, customer_comment, Hold, "the customer wrote a comment that someone should read",
        "Read it. Release if it changes nothing, with --comment-to-vendor if the vendor shall read it too; otherwise amend the order.", &[Release, Amend, Cancel]),
    rule(StopSwitch, stop_switch, Hold, "the stop switch is on: nothing new is placed",
        "When the reason is gone, `poms stop off`; the orders it held are then checked again.", &[Retry, Cancel]);

    code(ManualHold, manual_hold, Order, Hold, "a person stopped the order (poms' own code)",
        "Release it when the reason is gone, amend it, or cancel it.", &[Release, Amend, Cancel]),

    code(ChangedInShop, changed_in_shop, Order, Hold, "the order was changed or cancelled in the shop after it was placed, or after a person changed it here (poms' own code)",
        "Compare the two. Cancel it if nothing of it is wanted (`poms order cancel` with `--line` takes one off; what goods left comes back by `poms return open`); amend changes a held one, and sends vendors revisions of a placed one; release to leave it as it stands here.", &[Release, Cancel, Amend]),
    code(OrderFailed, order_failed, Order, Hold, "poms itself failed at checking or placing the order (poms' own code)",
        "Nothing of it was done. `poms verify` says what is wrong in the ledger; mend that or what the reason names, and retry; or amend or cancel the order.", CATALOGUE),

    code(Unsigned, unsigned, Message, Hold, "the order mail is not signed",
        "Never place it by hand before the shop confirmed it. Have the shop sign its mails, then dismiss this one.", MESSAGE),
    code(UntrustedSigner, untrusted_signer, Message, Hold, "the signature is not by a key on the list",
        "If the key is the shop's new one, verify its fingerprint by telephone, add it to openpgp.trusted_signers and retry; otherwise dismiss.", MESSAGE),
    code(BadSignature, bad_signature, Message, Hold, "the signature does not fit the content (poms' own code)",
        "The mail was changed or damaged on its way. Have the shop send it again, then dismiss this one.", MESSAGE),
    code(SignerKeyInvalid, signer_key_invalid, Message, Hold, "the signing key is expired, revoked or not made for signing (poms' own code)",
        "Have the shop renew its key and send the order again; import the renewed key first.", MESSAGE),
    code(SignatureTime, signature_time, Message, Hold, "the signature is too old, expired or dated ahead (poms' own code)",
        "It may be an old mail sent again. Ask the shop; retry after its clock or openpgp.max_signature_age_days is mended, or dismiss.", MESSAGE),
    code(NotForUs, not_for_us, Message, Hold, "encrypted to none of our keys (poms' own code)",
        "Add the key to openpgp.secret_keys and retry, or have the shop encrypt to our current key.", MESSAGE),
    code(MixedContent, mixed_content, Message, Hold, "something stands beside the encrypted part (poms' own code)",
        "Only a mail that is one encrypted object is acted on (EFAIL). Have the shop send it so. Where a gateway that you know adds its words to one whole object, release it (nothing outside the object is used), or name the sender in intake.footers_from and retry; else dismiss it.", &[Release, Retry, Dismiss]),
    code(WeakCrypto, weak_crypto, Message, Hold, "encrypted or signed with an algorithm that is broken (poms' own code)",
        "Have the shop use current keys and algorithms, then dismiss this one.", MESSAGE),
    code(TooLarge, too_large, Message, Hold, "larger than poms will open (poms' own code)",
        "Look at the file by hand with care: it may be built to exhaust the machine. Dismiss it if it is no order.", MESSAGE),
    code(UnreadableMessage, unreadable_message, Message, Hold, "could not be decrypted or read",
        "Have the shop send it again, then dismiss this one.", MESSAGE),
    code(UnknownFormat, unknown_format, Message, Hold, "readable, but not as an order",
        "The reason names what is missing; `poms message show` has the text and who signed it. Have the shop send it again, then dismiss this one.", MESSAGE),
    code(CancellationEarly, cancellation_early, Message, Hold, "a shop cancelled an order that has not come for days (poms' own code)",
        "Ask the shop whether there was such an order. It is still not placed should it come; dismiss this if it is no matter any more: an order of that number is then placed like any other.", &[Dismiss]),

    code(StockUnread, stock_unread, Message, Hold, "a vendor's list of what it has, brought by a source, is none of its articles or cannot be read (poms' own code)",
        "Ask the vendor for it as CSV or as a workbook; where its columns have names of their own, name them in the [[source]] and retry. The list before counts on. A newer one that is taken in ends this by itself.", MESSAGE),
    code(StockOdd, stock_odd, Message, Hold, "a vendor's list of what it has is hardly a whole one: half of it missing or sold out, costs moved far (poms' own code)",
        "Ask the vendor. If it is right, release it: it counts from then on. Dismiss it if it is wrong: the list before counts on. A newer one that is taken in ends this by itself.", &[Release, Retry, Dismiss]),
    code(StockStale, stock_stale, Document, Hold, "a vendor's list of what it has did not come for so long that the one before counts no more (poms' own code)",
        "See whether its source is read (`poms status`, `poms check`), and ask the vendor. Orders go to it as if nothing were known. It ends by itself with the next list; dismiss it to wait.", &[Dismiss]),

    code(MessageFailed, message_failed, Message, Hold, "poms itself failed at what it had to do with the message (poms' own code)",
        "Nothing of it was done, and the message is kept. `poms verify` says what is wrong in the ledger; mend that or what the reason names, and retry: it is then read again.", MESSAGE),
    code(MessageWithheld, message_withheld, Message, Hold, "a mailbox keeps a message and does not give it (poms' own code)",
        "Look at it with a mail client: take what it says in by hand, and move it out of the folder; this ends by itself then. Retry asks for it again at once.", MESSAGE),

    code(DeliveryFailed, delivery_failed, Document, Hold, "a document could not be brought to its recipient",
        "Mend the address or the server, then retry; dismiss if it was settled otherwise.", DELIVERY),
    code(DeliveryUnknown, delivery_unknown, Document, Hold, "a document may or may not have arrived",
        "Ask the recipient. `poms outbox confirm` if it arrived; `poms outbox retry` if it did not: it is then marked as a possible duplicate.", &[Retry, Dismiss]),
    code(ShopDiffers, shop_differs, Document, Hold, "a shop was told of a shipment that is another one now, or did not happen (poms' own code)",
        "Mend the fulfilment or the tracking number in the shop by hand, then dismiss.", &[Dismiss]),
    code(ShopUnreconciled, shop_unreconciled, Document, Hold, "a shop and the ledger do not have the same orders, cancellations or shipments: lists what differs (poms' own code)",
        "Do for each what stands beside it; `poms report shop` has all of it as it is now. It closes by itself when the next night finds nothing. Dismiss it to have what it lists not told again.", &[Dismiss]),
    code(Bounced, bounced, Document, Hold, "a document came back",
        "A customer's: amend customer.email. A vendor's: correct it with `poms vendors import`, then retry.", &[Retry, Amend, Dismiss, Cancel]),
    code(PoRejected, po_rejected, Document, Hold, "the vendor will not deliver",
        "Place it with another vendor, ask the customer, or cancel the line.", &[OtherVendor, CancelLine, AskCustomer, Cancel, Dismiss]),
    code(PoBackordered, po_backordered, Document, Hold, "the vendor will deliver later",
        "Wait (dismiss), ask the customer, place it with another vendor, or cancel the line.", &[Dismiss, OtherVendor, AskCustomer, CancelLine, Cancel]),
    code(PoUnacknowledged, po_unacknowledged, Document, Hold, "a vendor has not answered a purchase order in time (poms' own code)",
        "Telephone the vendor; wait (dismiss), or place it with another vendor after telling this one.", LATE),
    code(PoUnshipped, po_unshipped, Document, Hold, "a vendor has not said that goods left in time (poms' own code)",
        "Ask the vendor for the tracking number; wait (dismiss), or place it with another vendor after telling this one.", LATE),
    code(PoLate, po_late, Document, Hold, "goods did not leave on the day that the vendor promised (poms' own code)",
        "Ask the vendor for a new date; wait (dismiss), ask the customer, or place it with another vendor after telling this one.", LATE),
    code(VendorSilent, vendor_silent, Document, Hold, "a vendor has not answered, shipped or kept its word in time, and did not answer when asked: lists its purchase orders (poms' own code)",
        "Telephone the vendor. Decide about one purchase order with --po NUMBER, or about all that are listed: wait (dismiss), ask the customer, or place it with another vendor after telling this one. What comes goes off the list by itself.", LATE),
    code(VendorClosed, vendor_closed, Document, Hold, "a purchase order is open with a vendor that is not active any more (poms' own code)",
        "Place it with another vendor, ask the customer, or cancel the line; dismiss it if the vendor still ships.", LATE),
    code(CustomerAnswer, customer_answer, Document, Hold, "a customer answered what shall become of goods that do not come (poms' own code)",
        "Do what the customer wants: wait (dismiss), cancel the line, cancel the order, or order elsewhere. It settles what was asked about.", ASKED),
    code(CustomerUnanswered, customer_unanswered, Document, Hold, "a customer did not answer in time what shall become of goods that do not come (poms' own code)",
        "Telephone the customer, or decide: wait (dismiss), cancel the line, cancel the order, or order elsewhere. It settles what was asked about.", ASKED),
    code(ShipmentStuck, shipment_stuck, Document, Hold, "the carrier has not seen a parcel for days (poms' own code)",
        "Ask the carrier and the vendor where it is, and tell the customer; it closes by itself when the parcel is seen again. Dismiss when it is settled.", &[Dismiss]),
    code(ParcelTrouble, parcel_trouble, Document, Hold, "a carrier writes that a parcel is lost, damaged, refused, returned, held, delivered in part or to a neighbour, or cannot be delivered (poms' own code)",
        "Read its mail with `poms message show`, ask the carrier and the vendor, and tell the customer: `poms return open` (kind lost_in_transit or refused_at_door) is what may follow. Dismiss when it is settled.", &[Dismiss]),
    code(PoNotOpen, po_not_open, Document, Hold, "a vendor answers or ships a purchase order that is cancelled, closed or not sent (poms' own code)",
        "Tell the vendor at once: goods may be on their way that nobody wants. That a cancellation came too late is noted with `poms po cancel-refused`; then retry, and what it says is taken. Dismiss when it is settled.", &[Retry, Dismiss]),
    code(CancellationUnanswered, cancellation_unanswered, Document, Hold, "a vendor has not answered a cancellation in time (poms' own code)",
        "Telephone the vendor, and note what it says: `poms po cancel-agreed` or `poms po cancel-refused`, either ends it. Dismiss to wait.", &[Dismiss]),
    code(CancellationRefused, cancellation_refused, Document, Hold, "a vendor does not take goods back that were cancelled: they come all the same (poms' own code)",
        "Ask the customer. Release it if they keep the goods: nothing is paid back for them then. What they send back is a return (`poms return open`, once it left), which pays when it is there. Dismiss it if the money goes back whatever becomes of the goods: it stays owed.", &[Release, Dismiss]),
    code(RevisionRefused, revision_refused, Document, Hold, "a vendor does not take a changed purchase order: what it had agreed to before counts (poms' own code)",
        "Where it is a mail, read it, and note a refusal with `poms po revision-refused`. Then tell the customer, change the order back or otherwise with `poms order change`, or cancel it; dismiss when it is settled.", &[Dismiss, Cancel]),
    code(UnknownPo, unknown_po, Document, Hold, "a document names a purchase order that poms never made",
        "Find out from the vendor which one is meant and amend po=NUMBER; retry when poms can know it.", &[Amend, Retry, Dismiss]),
    code(OverShipment, over_shipment, Document, Hold, "more was shipped than ordered",
        "Ask the vendor; amend SKU=PIECES to say what left, release to record only what is still open as shipped, or dismiss. Was the first word wrong: `poms shipment retrack` or `undo`, which `exceptions show` has ready.", &[Amend, Release, Retry, Dismiss]),
    code(AdviceUnclear, advice_unclear, Document, Hold, "a row of a shipping advice is not beyond doubt (poms' own code)",
        "Ask the vendor what left and say it: amend SKU=PIECES, one for each SKU. Release only if the row is right as it stands: what it says is recorded as shipped, and where it does not say which articles or how many, all that is still open; the customer is told that it left. Retry reads the row again.", &[Amend, Retry, Release, Dismiss]),
    code(TrackingReused, tracking_reused, Document, Hold, "a tracking number is given for a second purchase order (poms' own code)",
        "Ask the vendor; release if the goods share a parcel, or left after all; dismiss if not. A wrong number on record: `poms shipment retrack`.", &[Release, Dismiss]),
    code(UntrustedSender, untrusted_sender, Document, Hold, "a document whose sender could not be proved",
        "Read it with `poms message show`. Release it, with --po NUMBER, only if the vendor confirms it; else dismiss it.", &[Release, Dismiss, Retry]),
    code(ReplayedMail, replayed_mail, Message, Hold, "a vendor's signed mail came again, changed in what its signature does not cover (poms' own code)",
        "Nothing was changed by it. Compare both with `poms message show`; if the vendor knows nothing of it, somebody else sends its mails. Dismiss it.", &[Dismiss]),
    code(VendorMail, vendor_mail, Document, Hold, "a vendor wrote what a person must read (poms' own code)",
        "Read it with `poms message show`, do what it asks, and answer it with `poms message answer`, which closes it, or dismiss it. Where it refuses what is still to come, order it elsewhere, cancel the lines or ask the customer here; another answer in it: `poms po answer`; a shipment in it: `poms shipment add`. Many: `poms import-advices` with a table of po_number,sku,status,date or po_number,sku,qty,carrier,tracking_number,ship_date.", &[Dismiss, OtherVendor, CancelLine, AskCustomer]),
    code(RemitToChanged, remit_to_changed, Document, Hold, "a vendor's paper speaks of another bank account or place to pay to: more often a fraud than not (poms' own code)",
        "Change nothing and pay nothing by it. Call the vendor at the number on file, never at one in the mail; the mail itself, `poms message show`, proves nothing. Release it if the vendor confirms it: the same words are no alarm from then on. Else dismiss it with what was said and by whom.", &[Release, Dismiss]),
    code(TrackingCheckDigit, tracking_check_digit, Document, Warn, "a tracking number's check digit is wrong",
        "Ask the vendor for the right number, and put it in place with `poms shipment retrack`.", &[Dismiss]),
    code(InvoiceUnmatched, invoice_unmatched, Document, Hold, "an invoice fits no purchase order",
        "Amend vendor=ID to say whose name it is (learnt for good), or po=NUMBER to say what it bills (po=NUMBER,NUMBER or po=NUMBER:AMOUNT,NUMBER:AMOUNT for several); dispute it if you ordered nothing, dismiss it if it is not this shop's.", &[Amend, Dispute, Dismiss, Retry]),
    code(InvoicePrice, invoice_price, Document, Hold, "billed at another price than ordered",
        "Dispute it (a mail to the vendor), expect a credit that was promised, or release it to pay as billed, with the reason. If that price was agreed since, `poms po cost` puts it on the purchase order, and this ends.", VARIANCE),
    code(InvoiceQuantity, invoice_quantity, Document, Hold, "billed in another quantity than ordered",
        "Dispute it (a mail to the vendor), expect a credit that was promised, or release it to pay as billed, with the reason.", VARIANCE),
    code(InvoiceNotShipped, invoice_not_shipped, Document, Hold, "billed and not shipped",
        "It ends by itself when the shipping advice comes. Dispute it if nothing was sent; release it to pay all the same.", VARIANCE),
    code(InvoiceFreight, invoice_freight, Document, Hold, "billed more freight or fees than agreed",
        "Dispute it (a mail to the vendor), expect a credit that was promised, or release it to pay as billed, with the reason.", VARIANCE),
    code(InvoiceDate, invoice_date, Document, Hold, "a bill dated before its purchase order, or far ahead (poms' own code)",
        "Find out whether it is for this purchase order, and whether day and month were mixed up. Release it if it is right; if not, ask the vendor, and leave this open until it is mended: dismissed, the bill is paid as billed.", &[Release, Dismiss]),
    code(WorkFailed, work_failed, Document, Hold, "poms itself failed at one thing of many: a bill, a mail to a customer, a parcel; the others were done (poms' own code)",
        "`poms verify` says what is wrong in the ledger. When that, or what the reason names, is mended, the next run does it, and this ends by itself; a file of bills must be imported again with `poms import-invoices`, which takes nothing twice. Dismiss it if it is settled otherwise.", &[Dismiss]),
    code(ReturnOverdue, return_overdue, Document, Hold, "goods of an authorised return did not come by its deadline (poms' own code)",
        "Ask the customer. `poms return receive` if they came, `poms return reject` to end the return; dismiss to wait.", &[Dismiss]),
    code(RefundDue, refund_due, Document, Hold, "a customer is owed money for what does not ship, and no refund is recorded (poms' own code)",
        "Pay it back and record it: `poms order refund`; `poms report refunds-due` has all of them. With --final and --note it ends without. Dismiss to wait.", &[Dismiss]),
    code(ReturnWaiting, return_waiting, Document, Hold, "a return waits for the shop: to be authorised, looked at, refunded or rejected (poms' own code)",
        "`poms return show` says what it waits for and what to type. It ends by itself when the return goes on; dismiss to wait.", &[Dismiss]),
    code(CreditOverdue, credit_overdue, Document, Hold, "a vendor's credit for a return did not come in time (poms' own code)",
        "Ask the vendor. It ends by itself when the credit is imported; dismiss to wait.", &[Dismiss]),
    code(CreditUnclear, credit_unclear, Document, Hold, "a vendor's credit that could be for several things owed (poms' own code)",
        "Say what it is for: amend credit=NAME, or credit=NAME,NAME for several; dismiss it if it is for none of them.", &[Amend, Retry, Dismiss]),
    code(CustomerMail, customer_mail, Message, Hold, "a customer wrote about an order (poms' own code)",
        "Read it and do what it asks, if it can still be done. Answer it with `poms message answer`, which closes it; dismiss it if it needs no answer.", &[Dismiss, Cancel]),
    code(ReturnMail, return_mail, Message, Hold, "somebody answered a mail about a return (poms' own code)",
        "Read it with `poms message show`, do what it asks, and answer it with `poms message answer`, which closes it, or dismiss it.", &[Dismiss]),
    code(InvoiceDuplicate, invoice_duplicate, Document, Hold, "billed before",
        "Do not pay it: dispute it (a mail to the vendor) or dismiss it. Release it if it is a bill of its own: it is then compared like any other.", &[Dispute, Dismiss, Release]),
}

/// Codes of messages of which nobody knows who wrote them, or what.
pub const UNPROVED: &[Code] = &[
    Code::Unsigned,
    Code::UntrustedSigner,
    Code::BadSignature,
    Code::SignerKeyInvalid,
    Code::SignatureTime,
    Code::NotForUs,
    Code::MixedContent,
    Code::WeakCrypto,
    Code::TooLarge,
    Code::UnreadableMessage,
    Code::ReplayedMail,
    Code::UntrustedSender,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_each_can_be_resolved() {
        for (place, code) in DEFINITIONS.iter().enumerate() {
            assert!(
                DEFINITIONS[..place]
                    .iter()
                    .all(|other| other.word != code.word),
                "{} twice",
                code.word
            );
            assert_eq!(CODES[place].as_str(), code.word);
            assert!(!code.remedies.is_empty(), "{} has no remedy", code.word);
            assert!(code.advice.ends_with('.'), "{}", code.word);
        }
    }

    #[test]
    fn few_codes_warn() {
        let warns = DEFINITIONS.iter().filter(|c| c.severity == Severity::Warn);
        let warns: Vec<_> = warns.map(|c| c.word).collect();
        let few = "similar_number payment_pending missing_phone bad_phone required_by tracking_check_digit";
        assert_eq!(warns.join(" "), few);
    }
}
