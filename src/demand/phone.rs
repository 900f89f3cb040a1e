//! Calls by phone: a queue with several operators, first come, first served, calls of one length (M/D/c in Kendall's notation
//! where calls come by chance). Nobody hangs up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::scenario::{Channel, Phone, Trip};
use crate::units::Time;

const DAY: Time = Time(24 * Time::HOUR.0);

/// Whoever has not got through by then, at the end of the next day, gets no ride in any case: no wait goes on.
const END: Time = Time(48 * Time::HOUR.0);

/// When each trip is known to the service: at once in the app, and by phone when the call is over. O(n log n).
pub(super) fn known(phone: Option<&Phone>, trips: &[(Trip, String)]) -> Vec<Time> {
    let mut known: Vec<Time> = trips.iter().map(|(trip, _)| Time::from_s(trip.request_s)).collect();
    let Some(phone) = phone else { return known };
    let mut calls: Vec<usize> = (0..trips.len()).filter(|&i| trips[i].0.channel == Channel::Phone).collect();
    calls.sort_by_key(|&call| known[call]);
    let mut free: BinaryHeap<Reverse<Time>> = vec![Reverse(Time(i32::MIN)); phone.operators as usize].into();
    for call in calls {
        let Reverse(operator) = free.pop().expect("a checked phone has an operator");
        let begin = taken(phone, known[call].max(operator));
        known[call] = known[call].max(END.min(begin + Time(phone.call_s as i32 * 1_000)));
        free.push(Reverse(known[call]));
    }
    known
}

/// The first time from `time` on at which a call is taken.
fn taken(phone: &Phone, time: Time) -> Time {
    let (opens, closes) = (phone.opens.unwrap_or_default().0, phone.closes.map_or(DAY, |closes| closes.0));
    let today = time.0.div_euclid(DAY.0);
    // Hours of the day before may go on past midnight.
    let open = (today - 1..).map(|day| (Time(day * DAY.0) + opens, Time(day * DAY.0) + closes));
    open.into_iter().find(|&(_, closes)| time < closes).map_or(time, |(opens, _)| time.max(opens))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Clock;

    fn call(time: &str) -> (Trip, String) {
        let request_s = Clock::parse(time).expect("a time").0.s();
        (Trip { request_s, channel: Channel::Phone, ..Trip::default() }, String::new())
    }

    fn clocks(phone: &Phone, trips: &[(Trip, String)]) -> Vec<String> {
        known(Some(phone), trips).into_iter().map(|time| Clock(time).to_string()).collect()
    }

    #[test]
    fn calls_queue_for_the_operators() {
        let mut phone = Phone { operators: 2, call_s: 180, opens: None, closes: None };
        // Two are taken at once, the third waits until the first is done, the app does not wait; the list is in no order.
        let mut app = call("09:01");
        app.0.channel = Channel::App;
        let trips = [call("09:02"), call("09:00"), app, call("09:00:30")];
        assert_eq!(clocks(&phone, &trips), ["09:06", "09:03", "09:01", "09:03:30"]);
        phone.operators = 1;
        assert_eq!(clocks(&phone, &trips), ["09:09", "09:03", "09:01", "09:06"]);
    }

    #[test]
    fn calls_out_of_hours_wait_until_it_opens() {
        let hour = |hour: i32| Some(Clock(Time(hour * Time::HOUR.0)));
        let mut phone = Phone { operators: 1, call_s: 120, opens: hour(8), closes: hour(17) };
        let trips = [call("06:00"), call("07:00"), call("16:59"), call("17:00")];
        // 32 o'clock is eight the next morning; a call that was taken in time is not cut off.
        assert_eq!(clocks(&phone, &trips), ["08:02", "08:04", "17:01", "32:02"]);
        // The evening before is the day before.
        let evening = [(Trip { request_s: -3_600.0, ..call("00:00").0 }, String::new())];
        assert_eq!(clocks(&phone, &evening), ["08:02"]);
        // Hours past midnight: half past one is still yesterday's.
        (phone.opens, phone.closes) = (hour(20), hour(26));
        assert_eq!(clocks(&phone, &[call("01:30"), call("02:00")]), ["01:32", "20:02"]);
    }

    #[test]
    fn a_queue_that_never_ends_ends_with_the_next_day() {
        let phone = Phone { operators: 1, call_s: 3_600, opens: None, closes: None };
        let trips: Vec<_> = (0..1_000).map(|_| call("10:00")).collect();
        assert_eq!(known(Some(&phone), &trips).into_iter().max(), Some(END));
    }
}
