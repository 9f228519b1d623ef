//! Currencies and their minor units (ISO 4217, list one, of 2026).

/// Of hundredths.
const HUNDREDTHS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
    CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS \
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
    NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP \
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
/// Without parts.
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Of thousandths.
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// Digits after the point of amounts in a currency; `None` where no currency has this code.
pub fn decimals(name: &str) -> Option<u32> {
    let has = |listed: &str| listed.split_ascii_whitespace().any(|one| one == name);
    [(HUNDREDTHS, 2), (WHOLE, 0), (THOUSANDTHS, 3)]
        .into_iter()
        .find_map(|(codes, decimals)| has(codes).then_some(decimals))
}

/// Whether poms keeps amounts of this currency: those of hundredths.
pub fn is_kept(name: &str) -> bool {
    decimals(name) == Some(2)
}

/// Why poms does not keep amounts of it.
pub fn why_not_kept(name: &str) -> String {
    let code = name.chars().take(12).collect::<String>();
    let code = code.escape_debug();
    match decimals(name) {
        Some(0) => format!("currency '{code}' has no parts (ISO 4217), and poms keeps hundredths"),
        Some(_) => {
            format!("currency '{code}' has thousandths (ISO 4217), and poms keeps hundredths")
        }
        None => format!("currency '{code}' is no code of ISO 4217"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once_and_is_three_capitals() {
        let all = [HUNDREDTHS, WHOLE, THOUSANDTHS].join(" ");
        let mut codes: Vec<&str> = all.split_ascii_whitespace().collect();
        let count = codes.len();
        let is_code = |code: &&str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        assert!(codes.iter().all(is_code), "{codes:?}");
        codes.sort_unstable();
        codes.dedup();
        assert_eq!((count, codes.len()), (155, 155));
    }

    #[test]
    fn only_hundredths_are_kept_and_the_rest_is_told() {
        for (code, why) in [
            ("JPY", "has no parts"),
            ("KWD", "has thousandths"),
            ("usd", "is no code"),
            ("XYZ", "is no code"),
            ("", "is no code"),
        ] {
            assert!(!is_kept(code), "{code}");
            assert!(why_not_kept(code).contains(why), "{code}");
        }
        assert!(["USD", "SEK", "PLN", "INR"].into_iter().all(is_kept));
    }
}
