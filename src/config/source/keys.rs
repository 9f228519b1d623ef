//! Every key of `[[source]]`, with the kinds of source that have it.

/// `kind`, as it is written.
type Kind = &'static str;

const ALL: &[Kind] = &["folder", "sftp", "shopify", "woocommerce"];
const FILES: &[Kind] = &["folder", "sftp"];
const SFTP: &[Kind] = &["sftp"];
const REMOTE: &[Kind] = &["sftp", "shopify", "woocommerce"];
const SHOPS: &[Kind] = &["shopify", "woocommerce"];
const SHOPIFY: &[Kind] = &["shopify"];
const WOOCOMMERCE: &[Kind] = &["woocommerce"];

/// The keys.
pub(super) const KEYS: [(&str, &[Kind]); 52] = [
    ("name", ALL),
    ("kind", ALL),
    ("format", ALL),
    ("order_prefix", ALL),
    ("path", FILES),
    ("trusted", FILES),
    ("stock_of", FILES),
    ("number_column", FILES),
    ("on_hand_column", FILES),
    ("next_column", FILES),
    ("cost_column", FILES),
    ("settle_seconds", FILES),
    ("processed_folder", FILES),
    ("failed_folder", FILES),
    ("host", SFTP),
    ("port", SFTP),
    ("user", SFTP),
    ("host_key", SFTP),
    ("key_file", SFTP),
    ("key_passphrase", SFTP),
    ("key_passphrase_file", SFTP),
    ("key_passphrase_command", SFTP),
    ("key_passphrase_credential", SFTP),
    ("password", SFTP),
    ("password_file", SFTP),
    ("password_command", SFTP),
    ("password_credential", SFTP),
    ("timeout_seconds", REMOTE),
    ("shop", SHOPIFY),
    ("client_id", SHOPIFY),
    ("client_secret", SHOPIFY),
    ("client_secret_file", SHOPIFY),
    ("client_secret_command", SHOPIFY),
    ("client_secret_credential", SHOPIFY),
    ("api_version", SHOPIFY),
    ("base_url", SHOPIFY),
    ("url", WOOCOMMERCE),
    ("consumer_key", WOOCOMMERCE),
    ("consumer_secret", WOOCOMMERCE),
    ("consumer_secret_file", WOOCOMMERCE),
    ("consumer_secret_command", WOOCOMMERCE),
    ("consumer_secret_credential", WOOCOMMERCE),
    ("since", SHOPS),
    ("allow_plaintext", SHOPS),
    ("allow_private", SHOPS),
    ("ca_file", SHOPS),
    ("tracking", SHOPS),
    ("notify_customer", SHOPS),
    ("close_orders", SHOPS),
    ("compare", SHOPS),
    ("compare_hour", SHOPS),
    ("compare_seconds", SHOPS),
];

/// Their names.
pub(in crate::config) const NAMES: [&str; KEYS.len()] = names();

const fn names() -> [&'static str; KEYS.len()] {
    let mut names = [""; KEYS.len()];
    let mut place = 0;
    while place < KEYS.len() {
        names[place] = KEYS[place].0;
        place += 1;
    }
    names
}
