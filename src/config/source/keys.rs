//! Every key of `[[source]]`, with the kinds of source that have it.

/// `kind`, as it is written.
type Kind = &'static str;

const ALL: &[Kind] = &["folder", "sftp", "https", "shopify", "woocommerce"];
const FILES: &[Kind] = &["folder", "sftp"];
const LISTS: &[Kind] = &["folder", "sftp", "https"];
const SFTP: &[Kind] = &["sftp"];
const LOGIN: &[Kind] = &["sftp", "https"];
const HTTPS: &[Kind] = &["https"];
const REMOTE: &[Kind] = &["sftp", "https", "shopify", "woocommerce"];
const WEB: &[Kind] = &["shopify", "woocommerce", "https"];
const ADDRESS: &[Kind] = &["woocommerce", "https"];
const SHOPS: &[Kind] = &["shopify", "woocommerce"];
const SHOPIFY: &[Kind] = &["shopify"];
const WOOCOMMERCE: &[Kind] = &["woocommerce"];

/// The keys.
pub(super) const KEYS: [(&str, &[Kind]); 57] = [
    ("name", ALL),
    ("kind", ALL),
    ("format", ALL),
    ("order_prefix", ALL),
    ("path", FILES),
    ("trusted", FILES),
    ("stock_of", LISTS),
    ("number_column", LISTS),
    ("on_hand_column", LISTS),
    ("next_column", LISTS),
    ("cost_column", LISTS),
    ("settle_seconds", FILES),
    ("processed_folder", FILES),
    ("failed_folder", FILES),
    ("host", SFTP),
    ("port", SFTP),
    ("user", LOGIN),
    ("host_key", SFTP),
    ("key_file", SFTP),
    ("key_passphrase", SFTP),
    ("key_passphrase_file", SFTP),
    ("key_passphrase_command", SFTP),
    ("key_passphrase_credential", SFTP),
    ("password", LOGIN),
    ("password_file", LOGIN),
    ("password_command", LOGIN),
    ("password_credential", LOGIN),
    ("timeout_seconds", REMOTE),
    ("shop", SHOPIFY),
    ("client_id", SHOPIFY),
    ("client_secret", SHOPIFY),
    ("client_secret_file", SHOPIFY),
    ("client_secret_command", SHOPIFY),
    ("client_secret_credential", SHOPIFY),
    ("api_version", SHOPIFY),
    ("base_url", SHOPIFY),
    ("token", HTTPS),
    ("token_file", HTTPS),
    ("token_command", HTTPS),
    ("token_credential", HTTPS),
    ("every_minutes", HTTPS),
    ("url", ADDRESS),
    ("consumer_key", WOOCOMMERCE),
    ("consumer_secret", WOOCOMMERCE),
    ("consumer_secret_file", WOOCOMMERCE),
    ("consumer_secret_command", WOOCOMMERCE),
    ("consumer_secret_credential", WOOCOMMERCE),
    ("since", SHOPS),
    ("allow_plaintext", WEB),
    ("allow_private", WEB),
    ("ca_file", WEB),
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
