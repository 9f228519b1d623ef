//! Exports of a shop, and the format by which a site describes them: a row for each line of an order.

/// The head of an export.
pub const HEAD: &str = "Order,Placed,Name,E-mail,Street,SKU,Qty,Price,Total\n";

/// The format's file, with what each order costs to send.
pub fn format(shipping: &str) -> String {
    FORMAT.replace("SHIPPING", shipping)
}

const FORMAT: &str = "\
[document]
kind = \"table\"
headings = [\"Order\", \"SKU\", \"Qty\"]
numbers = \"1,234.56\"
dates = \"MM/DD/YYYY\"
timezone = \"America/New_York\"
[gate]
always = \"place\"
[order]
order_number = \"Order\"
date = \"Placed\"
currency = { constant = \"USD\" }
customer.name = \"Name\"
customer.email = \"E-mail\"
ship_to.name = \"Name\"
ship_to.street1 = \"Street\"
ship_to.city = { constant = \"South Willie\" }
ship_to.state = { constant = \"MO\" }
ship_to.zip = { constant = \"65367\" }
ship_to.country = { constant = \"US\" }
shipping = { constant = \"SHIPPING\" }
tax = { constant = \"0.00\" }
total = \"Total\"
[line]
sku = \"SKU\"
qty = \"Qty\"
unit_price = \"Price\"
";
