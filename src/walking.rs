//! How far people walk to a stop: from the place where they are to the one that is nearest.

use crate::math::{METERS_PER_DEGREE, distance_m};

/// A walk against the straight line. The two are roughly proportional (Koshizuka and Kobayashi 1983); 1.3 is a usual value.
pub const DETOUR: f64 = 1.3;

/// A place farther than this from any stop as the crow flies, in metres, is outside: nobody walks a quarter of an hour (1.3 km at
/// the 80 m a minute of Japanese property advertisements) to a stop whose purpose is to be near.
pub const FARTHEST_M: f64 = 1_000.0;

/// Length in metres of the walk between two places given as `(lat, lng)` in degrees: the great circle, by
/// [`distance_m`], times [`DETOUR`].
pub fn walk_m(from: (f64, f64), to: (f64, f64)) -> f64 {
    DETOUR * distance_m(from, to)
}

/// Places by latitude, to find the nearest one.
pub(crate) struct Nearest {
    /// Latitude, longitude and number of each, from south to north.
    places: Vec<(f64, f64, usize)>,
}

impl Nearest {
    /// Of places `(lat, lng)`, numbered in their order. O(n log n).
    pub(crate) fn new(places: impl IntoIterator<Item = (f64, f64)>) -> Nearest {
        let mut places: Vec<_> =
            places.into_iter().enumerate().map(|(number, (lat, lng))| (lat, lng, number)).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        Nearest { places }
    }

    /// The number of the nearest place, the first of equals, and its distance in metres as the crow flies. Looks at places from
    /// the nearest latitude on, both ways: O(log n) and those that are no farther north or south than the nearest is away.
    pub(crate) fn of(&self, place: (f64, f64)) -> Option<(usize, f64)> {
        let middle = self.places.partition_point(|&(lat, ..)| lat < place.0);
        let (south, north) = self.places.split_at(middle);
        let mut best: Option<(usize, f64)> = None;
        let mut look = |&(lat, lng, number): &(f64, f64, usize)| {
            let at_least = (lat - place.0).abs() * METERS_PER_DEGREE;
            if best.is_some_and(|(_, nearest)| nearest < at_least) {
                return false;
            }
            let distance = distance_m(place, (lat, lng));
            if best.is_none_or(|(first, nearest)| distance < nearest || distance == nearest && number < first) {
                best = Some((number, distance));
            }
            true
        };
        let _ = south.iter().rev().all(&mut look);
        let _ = north.iter().all(&mut look);
        best
    }
}

/// Walks, added up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Walks {
    /// How many.
    pub(crate) count: u32,
    sum_m: f64,
    /// The longest, in metres.
    pub(crate) longest_m: f64,
}

impl Walks {
    /// One more.
    pub(crate) fn add(&mut self, length_m: f64) {
        self.count += 1;
        self.sum_m += length_m;
        self.longest_m = self.longest_m.max(length_m);
    }

    /// Their mean length in metres; 0 without any.
    pub(crate) fn mean_m(&self) -> f64 {
        self.sum_m / f64::from(self.count.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn a_walk_is_longer_than_the_straight_line() {
        // 0.001 degrees of latitude are 111.2 m, and 1.3 times that 144.6 m.
        assert!((walk_m((35.0, 140.0), (35.001, 140.0)) - 144.6).abs() < 0.05);
        let mut walks = Walks::default();
        assert_eq!(walks.mean_m(), 0.0);
        [100.0, 300.0, 200.0].into_iter().for_each(|length_m| walks.add(length_m));
        assert_eq!((walks.count, walks.mean_m(), walks.longest_m), (3, 200.0, 300.0));
    }

    #[test]
    fn the_nearest_place_is_what_a_full_scan_finds() {
        let mut rng = Rng::new(1, "places");
        let mut place = |grid: f64| {
            // On a grid some places share a latitude, and some are the same.
            let mut on = |from: f64, wide: f64| ((from + wide * rng.unit()) / grid).round() * grid;
            (on(35.0, 0.05), on(140.0, 0.05))
        };
        let places: Vec<_> = (0..300).map(|_| place(0.004)).collect();
        let nearest = Nearest::new(places.iter().copied());
        for _ in 0..2_000 {
            let at = place(0.0005);
            let slow = places.iter().map(|&other| distance_m(at, other)).enumerate();
            let slow = slow.min_by(|(_, a), (_, b)| a.total_cmp(b));
            assert_eq!(nearest.of(at), slow, "{at:?}");
        }
        assert_eq!(Nearest::new([]).of((35.0, 140.0)), None);
    }
}
