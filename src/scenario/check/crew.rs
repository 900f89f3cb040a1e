//! What can be wrong with those who work for the service.

use super::*;

impl Check {
    pub(super) fn phone(&mut self, phone: &Phone) {
        let at = "service.phone";
        numbers!(self, at, phone: operators in from(1.0, 1_000.0), call_s in from(0.0, 3_600.0));
        let (opens, closes) = (phone.opens.unwrap_or_default(), phone.closes.unwrap_or(Clock(Time(24 * Time::HOUR.0))));
        self.need(opens < closes, format_args!("{at}.closes"), || {
            Text::new(
                format!("{closes} は始まりの {opens} より後ではありません。真夜中を越えるなら 25:00 のように書いてください。"),
                format!("{closes} is not after the opening at {opens}: write hours past midnight as 25:00"),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of the problems after a change to the village.
    fn paths(change: impl FnOnce(&mut Scenario)) -> Vec<String> {
        let mut scenario = Scenario::village();
        change(&mut scenario);
        let problems = scenario.problems();
        for Problem { path, message } in &problems {
            assert!(!message.ja.is_ascii() && !message.en.is_empty(), "{path}: {message:?}");
        }
        problems.into_iter().map(|problem| problem.path).collect()
    }

    #[test]
    fn names_what_is_wrong_with_the_phone() {
        let hour = |hour: i32| Some(Clock(Time(hour * Time::HOUR.0)));
        let phone = |operators, call_s, opens, closes| {
            paths(|s| s.service.phone = Some(Phone { operators, call_s, opens, closes }))
        };
        assert_eq!(phone(2, 180, hour(8), hour(26)), [""; 0]);
        assert_eq!(phone(0, 180, None, None), ["service.phone.operators"]);
        assert_eq!(phone(2, 3_601, None, None), ["service.phone.call_s"]);
        assert_eq!(phone(2, 180, hour(17), hour(8)), ["service.phone.closes"]);
        let share = paths(|s| s.demand.generator.as_mut().unwrap().phone_share = Some(1.1));
        assert_eq!(share, ["demand.generator.phone_share"]);
    }
}
