//! Labels of columns in their many spellings, and the header row that carries them.

use crate::tabular::rows::Row;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillColumn {
    Date,
    /// Kind of transaction: Bill, Vendor Credit, …
    Type,
    /// The vendor's invoice number, or the cheque's in payment reports.
    Number,
    Vendor,
    Memo,
    Account,
    Split,
    Amount,
    Debit,
    Credit,
    OpenBalance,
    /// Running balance: never summed.
    Balance,
    OriginalAmount,
    PaidAmount,
    Due,
    /// Date of the bill that a payment pays.
    InvoiceDate,
    /// Number of the bill that a payment pays.
    InvoiceNumber,
    Item,
    Description,
    Quantity,
    Price,
    /// QuickBooks Desktop's number of the transaction, the same on all its lines.
    Transaction,
    PoNumber,
    VendorOrder,
    Freight,
    Fee,
    Tax,
    Total,
    /// Code or name of the transaction's currency.
    Currency,
    ExchangeRate,
}

/// How many kinds of columns there are.
const KINDS: usize = BillColumn::ExchangeRate as usize + 1;

/// Columns with amounts that a report adds up.
pub const SUMMED: [BillColumn; 6] = [
    BillColumn::Amount,
    BillColumn::Debit,
    BillColumn::Credit,
    BillColumn::OpenBalance,
    BillColumn::OriginalAmount,
    BillColumn::PaidAmount,
];

/// What a label means. Compared without case, blanks, marks, and what stands in parentheses behind
/// it (`Amount (USD)`).
pub fn meaning(label: &str) -> Option<BillColumn> {
    use BillColumn::*;
    let bare: String = without_unit(label)
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '#')
        .flat_map(char::to_lowercase)
        .collect();
    Some(match bare.as_str() {
        "date" | "transactiondate" | "txndate" | "transdate" | "billdate" => Date,
        "type" | "transactiontype" | "txntype" | "transtype" | "kind" => Type,
        "num" | "no" | "number" | "refno" | "ref" | "ref#" | "refnumber" | "refnum"
        | "referenceno" | "referencenumber" | "docnum" | "docno" | "billno" | "bill#"
        | "billnumber" | "billnum" | "docnumber" | "documentnumber" | "reference" | "#" => Number,
        "name"
        | "vendor"
        | "vendorname"
        | "supplier"
        | "suppliername"
        | "payee"
        | "sourcename"
        | "billfrom"
        | "soldby"
        | "vendordisplayname"
        | "supplierdisplayname"
        | "vendorfullname" => Vendor,
        "memo" | "memodescription" | "memodesc" | "privatenote" | "notes" => Memo,
        "description" | "itemdescription" | "linedescription" | "productservicedescription" => {
            Description
        }
        "account"
        | "accountname"
        | "accountfullname"
        | "distributionaccount"
        | "distributionaccountfullname" => Account,
        "split"
        | "splitaccount"
        | "itemsplitaccount"
        | "itemsplitaccountfullname"
        | "splitaccountfullname"
        | "category" => Split,
        amount => return money(amount),
    })
}

/// What a label means that is about goods and money.
fn money(bare: &str) -> Option<BillColumn> {
    use BillColumn::*;
    Some(match bare {
        "amount" | "lineamount" | "totalamount" | "billamount" | "foreignamount" | "net"
        | "netamount" => Amount,
        "debit" => Debit,
        "credit" => Credit,
        "openbalance" | "balancedue" | "amountdue" | "openamount" | "amountopen" => OpenBalance,
        "balance" | "runningbalance" => Balance,
        "originalamount" => OriginalAmount,
        "amountpaid" | "paidamount" => PaidAmount,
        "duedate" | "due" => Due,
        "invoicedate" | "invdate" | "dateofinvoice" => InvoiceDate,
        "invoiceno"
        | "invoicenumber"
        | "invoicenum"
        | "invoice#"
        | "invoice"
        | "inv"
        | "inv#"
        | "invno"
        | "invnumber"
        | "invnum"
        | "vendorinvoice"
        | "vendorinvoiceno"
        | "vendorinvoicenumber"
        | "vendorinvoice#" => InvoiceNumber,
        "trans#" | "transno" | "transactionid" | "transactionno" => Transaction,
        "po"
        | "po#"
        | "ponumber"
        | "pono"
        | "ponum"
        | "purchaseorder"
        | "purchaseorderno"
        | "purchaseordernumber"
        | "customerpo"
        | "custpo"
        | "customerponumber"
        | "customerpono"
        | "customerpo#"
        | "custpono"
        | "custpo#"
        | "ourpo"
        | "yourpono"
        | "yourpo#"
        | "yourpo" => PoNumber,
        "vendororder" | "vendorordernumber" | "vendororderno" | "salesorder" => VendorOrder,
        "freight" | "shipping" | "freightamount" => Freight,
        "fee" | "fees" | "dropshipfee" | "handling" => Fee,
        "tax" | "salestax" => Tax,
        "total" | "invoicetotal" | "gross" | "grosstotal" | "grossamount" => Total,
        "currency" | "currencycode" | "ccy" | "curr" | "txncurrency" | "transactioncurrency" => {
            Currency
        }
        "exchangerate" | "exchrate" | "fxrate" | "rateofexchange" => ExchangeRate,
        goods => return of_goods(goods),
    })
}

/// What a label means that is about the goods of a line.
fn of_goods(bare: &str) -> Option<BillColumn> {
    use BillColumn::{Item, Price, Quantity};
    Some(match bare {
        "item"
        | "productservice"
        | "sku"
        | "productservicefullname"
        | "productservicename"
        | "itemname"
        | "product"
        | "vendorsku"
        | "suppliersku"
        | "vendoritem"
        | "itemnumber"
        | "itemno"
        | "item#"
        | "part"
        | "partnumber"
        | "partno"
        | "part#" => Item,
        "qty" | "quantity" | "qtyinvoiced" | "invoicedqty" | "quantityinvoiced" | "qtybilled"
        | "billedqty" | "quantitybilled" | "qtyshipped" | "shippedqty" | "quantityshipped" => {
            Quantity
        }
        "rate" | "unitprice" | "costprice" | "salesprice" | "unitcost" | "price" | "netprice"
        | "netunitprice" => Price,
        _ => return None,
    })
}

/// `Amount (USD)` → `Amount`; a label that is nothing else stays.
fn without_unit(label: &str) -> &str {
    let cut = label.strip_suffix(')').and_then(|rest| rest.rfind('('));
    match cut.map(|at| label[..at].trim_end()) {
        Some(bare) if !bare.is_empty() => bare,
        _ => label,
    }
}

/// Labels that mean a column only where no better one stands beside them: the name of a line may be
/// a customer's, and an amount in foreign money is not the books'.
fn second_best(label: &str) -> bool {
    let bare: String = label.chars().filter(|c| c.is_alphanumeric()).collect();
    let items = [
        "itemname",
        "vendorsku",
        "suppliersku",
        "vendoritem",
        "itemnumber",
        "itemno",
        "part",
        "partnumber",
        "partno",
    ];
    let bare = bare.to_lowercase();
    ["name", "payee", "foreignamount"].contains(&bare.as_str()) || items.contains(&bare.as_str())
}

/// Whether a label is that of amounts in the transaction's money.
fn is_foreign(label: &str) -> bool {
    meaning(label) == Some(BillColumn::Amount) && second_best(label)
}

/// The header row: where each column is, and what stood above it.
#[derive(Clone, Debug)]
pub struct Header {
    /// Index of its row.
    pub at: usize,
    places: [Option<usize>; KINDS],
    /// Columns before the first labelled one: headings and totals stand there. In a report whose
    /// first column is labelled, zero.
    pub margin: usize,
    /// Whether the kind of transaction is headed `Transaction Type` (QuickBooks Online) rather than
    /// `Type` (Desktop).
    pub online: bool,
    /// Whether the vendor's column is headed `Name` or `Payee`, and so may hold a customer.
    pub any_name: bool,
    /// Whether amounts stand twice, in the transaction's money and in the books'.
    pub both_moneys: bool,
    /// The titles above it, in small letters, one text.
    pub titles: String,
}

impl Header {
    /// Finds it: the first row among the first forty with a date-like label and a type-, number- or
    /// invoice-number-like one.
    pub fn find(rows: &[Row]) -> Option<Header> {
        let mut titles = String::new();
        for (at, row) in rows.iter().take(40).enumerate() {
            if let Some(header) = Header::read(at, row) {
                return Some(Header { titles, ..header });
            }
            for cell in row.cells.iter().filter(|cell| !cell.is_empty()) {
                titles.push_str(&cell.to_lowercase());
                titles.push('\n');
            }
        }
        None
    }

    fn read(at: usize, row: &Row) -> Option<Header> {
        let mut places = [None; KINDS];
        let mut online = false;
        for (place, cell) in row.cells.iter().enumerate() {
            let Some(column) = meaning(cell) else {
                continue;
            };
            let slot = places.get_mut(column as usize)?;
            let worse = |at: usize| second_best(row.cell(at)) && !second_best(cell);
            if slot.is_none_or(worse) {
                *slot = Some(place);
            }
            if column == BillColumn::Type {
                online |= cell.to_lowercase().starts_with("transaction");
            }
        }
        let has = |column: BillColumn| places.get(column as usize).is_some_and(Option::is_some);
        let dated = has(BillColumn::Date) || has(BillColumn::InvoiceDate);
        let named = [
            BillColumn::Type,
            BillColumn::Number,
            BillColumn::InvoiceNumber,
        ];
        let margin = row.cells.iter().take_while(|cell| cell.is_empty()).count();
        (dated && named.into_iter().any(has)).then_some(Header {
            at,
            places,
            margin,
            online,
            both_moneys: places[BillColumn::Amount as usize].is_some_and(|at| {
                !second_best(row.cell(at)) && row.cells.iter().any(|label| is_foreign(label))
            }),
            any_name: places[BillColumn::Vendor as usize]
                .is_some_and(|at| second_best(row.cell(at))),
            titles: String::new(),
        })
    }

    /// Whether there is such a column.
    pub fn has(&self, column: BillColumn) -> bool {
        self.place(column).is_some()
    }

    /// Where the column is.
    pub fn place(&self, column: BillColumn) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }

    /// The row's cell in a column; empty when there is none.
    pub fn cell<'a>(&self, row: &'a Row, column: BillColumn) -> &'a str {
        self.place(column).map_or("", |place| row.cell(place))
    }

    /// The text in the margin, if any: a heading or the label of a total.
    pub fn margin_text<'a>(&self, row: &'a Row) -> &'a str {
        (0..self.margin)
            .map(|place| row.cell(place))
            .find(|cell| !cell.is_empty())
            .unwrap_or("")
    }
}
