//! Randomness: one seed, and one named stream for each use, so that drawing more numbers in one place does not change
//! what another place draws.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng};
use twox_hash::XxHash64;

/// A stream of random numbers: ChaCha with 8 rounds (Bernstein 2008), the same on every target.
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// The stream `name` of `seed`.
    pub fn new(seed: u64, name: &str) -> Rng {
        let mut chacha = ChaCha8Rng::seed_from_u64(seed);
        chacha.set_stream(XxHash64::oneshot(0, name.as_bytes()));
        Rng(chacha)
    }

    /// Uniform in [0, 1), with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// An index below `count`, each as likely as another. Rounding must not make it `count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count - 1)
    }

    /// An index drawn in proportion to `weights` (not negative, not all zero), by inversion: O(n).
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (index, &weight) in weights.iter().enumerate() {
            if rest < weight {
                return index;
            }
            rest -= weight;
        }
        // Rounding can leave a crumb after the last weight.
        weights.iter().rposition(|&w| w > 0.0).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_differ() {
        let draw = |seed, name| Rng::new(seed, name).unit();
        assert_eq!(draw(7, "demand"), draw(7, "demand"));
        assert_ne!(draw(7, "demand"), draw(8, "demand"));
        assert_ne!(draw(7, "demand"), draw(7, "fleet"));
    }

    #[test]
    fn weights_are_shares() {
        let mut rng = Rng::new(1, "test");
        let mut counts = [0; 3];
        for _ in 0..30_000 {
            counts[rng.weighted(&[1.0, 0.0, 2.0])] += 1;
        }
        // Expected 10,000 and 20,000; five standard deviations are 5 * sqrt(30,000 * 2/9) = 408.
        assert_eq!(counts[1], 0);
        assert!((f64::from(counts[0]) - 10_000.0).abs() < 408.0, "{counts:?}");
    }
}
