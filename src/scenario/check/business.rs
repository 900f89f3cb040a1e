//! Whether prices of the year's account are known and make sense.

use super::*;
use crate::business;

impl Check {
    pub(super) fn business(&mut self, scenario: &Scenario) {
        let Some(Business { prices }) = &scenario.business else { return };
        let mut parameters = business::usual(scenario);
        let mut seen = BTreeSet::new();
        for (i, price) in prices.iter().enumerate() {
            let at = format!("business.prices[{i}].key");
            self.need(seen.insert(&price.key), &at, || {
                Text::new(
                    format!("「{}」はもう書かれています。一度だけ書いてください。", price.key),
                    format!("\"{}\" has a price already: give it once", price.key),
                )
            });
            self.need(parameters.iter().any(|parameter| parameter.key == price.key), &at, || {
                let keys: Vec<&str> = parameters.iter().map(|parameter| parameter.key.as_str()).collect();
                let keys = keys.join(", ");
                Text::new(
                    format!("「{}」という値はありません。次のどれかにしてください: {keys}", price.key),
                    format!("\"{}\" is not known: give one of {keys}", price.key),
                )
            });
        }
        business::change(&mut parameters, prices);
        for problem in business::problems(&parameters) {
            if let Some(i) = prices.iter().position(|price| price.key == problem.path) {
                self.need(false, format_args!("business.prices[{i}]"), || problem.message);
            }
        }
    }
}
