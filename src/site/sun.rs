//! Where the sun stands, and what a panel gets of it under a clear sky.
//!
//! Position: PSA+ (Blanco, Milidonis, Bonanos 2020, "Updating the PSA sun position algorithm", Solar Energy 212), within
//! 0.0084 degrees for the years 2020 to 2050; before and after that it drifts slowly. Clear sky: Haurwitz 1945, from the
//! zenith angle alone; it knows neither haze nor height. Panel: Erbs, Klein, Duffie 1982 part the global irradiance into
//! direct and diffuse, Liu and Jordan 1963 spread the diffuse part evenly over the sky, and the ground reflects evenly. Left
//! out: clouds, horizon, shadows, reflection at the glass, temperature of the cells.
//!
//! Angles are in degrees where they leave this room, azimuths clockwise from north; irradiance is in W/m².

use std::f64::consts::{PI, TAU};

use crate::math;

/// Solar constant, W/m² (Kopp and Lean 2011: 1,360.8).
const SOLAR_CONSTANT: f64 = 1_361.0;
/// Radius of the Earth over its distance from the sun (PSA): 6,371.01 km / 149,597,890 km.
const PARALLAX: f64 = 6_371.01 / 149_597_890.0;
/// A sun lower than this zenith angle in degrees gives diffuse light only: the parting of Erbs et al. divides by the cosine,
/// and a small error would become a flash on a steep panel. The limit is pvlib's.
const MAX_ZENITH_DEG: f64 = 87.0;

/// Where the sun stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sun {
    /// Angle from straight up, without refraction; above 90 the sun's centre is below the horizon.
    pub zenith_deg: f64,
    /// Angle from north over east (90) and south (180), 0 to 360.
    pub azimuth_deg: f64,
}

/// The sun over a place at a moment: `day_of_year` from 1, and hours of universal time since that day's midnight, which may
/// lie outside 0 to 24 (Japan's morning is the day before).
pub fn position(year: i32, day_of_year: u16, utc_hours: f64, lat_deg: f64, lng_deg: f64) -> Sun {
    // Days since 2000-01-01 12:00.
    let days = days_to_new_year(year) + (f64::from(day_of_year) - 1.0) - 0.5 + utc_hours / 24.0;

    // The sun against the stars.
    let node = 2.267_127_827 - 9.300_339_267e-4 * days;
    let mean_longitude = 4.895_036_035 + 1.720_279_602e-2 * days;
    let anomaly = 6.239_468_336 + 1.720_200_135e-2 * days;
    let longitude =
        mean_longitude + 3.338_320_972e-2 * math::sin(anomaly) + 3.497_596_876e-4 * math::sin(2.0 * anomaly)
            - 1.544_353_226e-4
            - 8.689_729_360e-6 * math::sin(node);
    let obliquity = 4.090_904_909e-1 - 6.213_605_399e-9 * days + 4.418_094_944e-5 * math::cos(node);
    let right_ascension = math::atan2(math::cos(obliquity) * math::sin(longitude), math::cos(longitude));
    // Rounding may not carry a sine or cosine past 1.
    let sin_declination = (math::sin(obliquity) * math::sin(longitude)).clamp(-1.0, 1.0);
    let cos_declination = (1.0 - sin_declination * sin_declination).sqrt();

    // The place under the stars.
    let sidereal_hours = 6.697_096_103 + 6.570_984_737e-2 * days + utc_hours;
    let hour_angle = (sidereal_hours * 15.0 + lng_deg).to_radians() - right_ascension;
    let (sin_lat, cos_lat) = (math::sin(lat_deg.to_radians()), math::cos(lat_deg.to_radians()));
    let (sin_hour, cos_hour) = (math::sin(hour_angle), math::cos(hour_angle));
    let up = (cos_lat * cos_hour * cos_declination + sin_lat * sin_declination).clamp(-1.0, 1.0);
    let north = sin_declination * cos_lat - cos_declination * sin_lat * cos_hour;
    let east = -sin_hour * cos_declination;
    let azimuth = math::atan2(east, north);
    let azimuth = if azimuth < 0.0 { azimuth + TAU } else { azimuth };

    let zenith = math::acos(up);
    let zenith = zenith + PARALLAX * math::sin(zenith);
    Sun { zenith_deg: zenith.to_degrees(), azimuth_deg: azimuth.to_degrees() }
}

/// Days from 2000-01-01 to the first of January of a year, by the Gregorian calendar.
fn days_to_new_year(year: i32) -> f64 {
    let since = i64::from(year) - 1;
    let leap_days = since.div_euclid(4) - since.div_euclid(100) + since.div_euclid(400);
    // Before 2000 there were 1,999 years with 499 - 19 + 4 = 484 leap days: 730,119 days.
    (since * 365 + leap_days - 730_119) as f64
}

/// Where the sun seems to stand: refraction lifts it, by half a degree at the horizon. Reda and Andreas 2004 (SPA), after
/// Bennett 1982, at 1,013.25 hPa and 12 degrees Celsius; none once the whole disc is down.
pub fn apparent_zenith_deg(zenith_deg: f64) -> f64 {
    // Half the disc, and the refraction at the horizon.
    const SET_DEG: f64 = 0.266_67 + 0.566_7;
    let elevation_deg = 90.0 - zenith_deg;
    if elevation_deg < -SET_DEG {
        return zenith_deg;
    }
    let weather = 1_013.25 / 1_010.0 * (283.0 / (273.0 + 12.0));
    let angle = (elevation_deg + 10.3 / (elevation_deg + 5.11)).to_radians();
    zenith_deg - weather * 1.02 / (60.0 * math::tan(angle))
}

/// Global irradiance on level ground under a clear sky, W/m², where the sun truly stands at a zenith angle: refraction is
/// added here, as pvlib does.
pub fn haurwitz_ghi(zenith_deg: f64) -> f64 {
    haurwitz_apparent_ghi(apparent_zenith_deg(zenith_deg))
}

/// The formula of Haurwitz 1945, 1098 cos z exp(-0.059 / cos z), with z the zenith angle at which the sun is seen. 0.059 is
/// pvlib's number, from whose data the tests are; 0.057 is also in print.
pub fn haurwitz_apparent_ghi(apparent_zenith_deg: f64) -> f64 {
    let cos_zenith = math::cos(apparent_zenith_deg.to_radians());
    if cos_zenith > 0.0 { 1_098.0 * cos_zenith * math::exp(-0.059 / cos_zenith) } else { 0.0 }
}

/// Irradiance on a plane, W/m², from the global one on level ground: tilt 0 is level and 90 a wall, the azimuth is where its
/// face looks, `albedo` the share of light that the ground reflects (0.2 is usual).
///
/// Level, it is `ghi` again; no light is made or lost by the parting.
pub fn plane(ghi: f64, sun: &Sun, day_of_year: u16, tilt_deg: f64, azimuth_deg: f64, albedo: f64) -> f64 {
    let cos_zenith = math::cos(sun.zenith_deg.to_radians());
    let direct_normal = direct_normal(ghi, sun, day_of_year);
    let diffuse = ghi - direct_normal * cos_zenith;

    let (tilt, turn) = (tilt_deg.to_radians(), (sun.azimuth_deg - azimuth_deg).to_radians());
    let cos_incidence =
        cos_zenith * math::cos(tilt) + math::sin(sun.zenith_deg.to_radians()) * math::sin(tilt) * math::cos(turn);
    let (sky, ground) = ((1.0 + math::cos(tilt)) / 2.0, (1.0 - math::cos(tilt)) / 2.0);
    direct_normal * cos_incidence.max(0.0) + diffuse * sky + ghi * albedo * ground
}

/// Irradiance straight from the sun on a plane that faces it, W/m².
fn direct_normal(ghi: f64, sun: &Sun, day_of_year: u16) -> f64 {
    if !(0.0..=MAX_ZENITH_DEG).contains(&sun.zenith_deg) {
        return 0.0;
    }
    let cos_zenith = math::cos(sun.zenith_deg.to_radians());
    let outside = extraterrestrial(day_of_year);
    let clearness = (ghi / (outside * cos_zenith)).clamp(0.0, 1.0);
    // More than what comes from outside does not come straight.
    ((1.0 - diffuse_share(clearness)) * ghi / cos_zenith).clamp(0.0, outside)
}

/// Share of diffuse light in the global one by the clearness index (Erbs et al. 1982).
fn diffuse_share(k: f64) -> f64 {
    if k <= 0.22 {
        1.0 - 0.09 * k
    } else if k <= 0.8 {
        0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)))
    } else {
        0.165
    }
}

/// Irradiance outside the atmosphere on a plane that faces the sun, W/m²; the distance of the sun after Spencer 1971.
fn extraterrestrial(day_of_year: u16) -> f64 {
    let angle = 2.0 * PI * (f64::from(day_of_year) - 1.0) / 365.0;
    let eccentricity = 1.00011
        + 0.034221 * math::cos(angle)
        + 0.00128 * math::sin(angle)
        + 0.000719 * math::cos(2.0 * angle)
        + 0.000077 * math::sin(2.0 * angle);
    SOLAR_CONSTANT * eccentricity
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) -> bool {
        (a - b).abs() <= tolerance
    }

    #[test]
    fn counts_days_from_the_year_2000() {
        // 2001 is 366 days later; 1999 began 365 days earlier; 2025 is 25 x 365 + 7 leap days (2000, 04 ... 24) later.
        assert_eq!([2000, 2001, 1999, 2025].map(days_to_new_year), [0.0, 366.0, -365.0, 9_132.0]);
        // 1900 was no leap year: 100 years and the 24 leap days 1904 ... 1996.
        assert_eq!(days_to_new_year(1900), -36_524.0);
    }

    #[test]
    fn the_sun_stands_over_the_tropic_at_the_solstice() {
        // June 21, 2025, 02:42 UTC: the declination is the obliquity, 23.44 degrees, and at 141.0 east mean noon is at
        // 12 - 141.0 / 15 = 2.6 h; the equation of time of -1.8 min makes it 2.63 h.
        let noon = position(2025, 172, 2.6302, 23.44, 141.0);
        assert!(noon.zenith_deg < 0.05, "{noon:?}");
        // In Namie, 14.05 degrees farther north, it stands that much to the south.
        let namie = position(2025, 172, 2.6302, 37.49, 141.0);
        assert!(near(namie.zenith_deg, 14.05, 0.02) && near(namie.azimuth_deg, 180.0, 0.2), "{namie:?}");
    }

    #[test]
    fn an_equinox_rises_in_the_east_and_sets_in_the_west() {
        // March 20, 2025, 09:01 UTC is the equinox: on the equator the sun goes up straight, and 6 hours (90 degrees) make
        // the way from the horizon to the top. The equation of time is -7.4 min. The declination grows by 0.0165 degrees an
        // hour: -0.048 at 6:07, 2.9 hours before the equinox, and 0.150 at 18:07, 9.1 hours after it.
        let noon = 12.0 + 7.4 / 60.0;
        for (hours, azimuth_deg) in [(noon - 6.0, 90.048), (noon + 6.0, 270.150)] {
            let sun = position(2025, 79, hours, 0.0, 0.0);
            assert!(near(sun.zenith_deg, 90.0, 0.05) && near(sun.azimuth_deg, azimuth_deg, 0.01), "{sun:?}");
        }
    }

    #[test]
    fn hours_may_reach_into_other_days() {
        let there = position(2024, 366, 23.5, 37.5, 141.0);
        for other in [position(2025, 1, -0.5, 37.5, 141.0), position(2024, 365, 47.5, 37.5, 141.0)] {
            assert!(near(there.zenith_deg, other.zenith_deg, 1e-8), "{there:?} {other:?}");
            assert!(near(there.azimuth_deg, other.azimuth_deg, 1e-8), "{there:?} {other:?}");
        }
    }

    #[test]
    fn refraction_lifts_the_horizon_by_half_a_degree() {
        // The formula by hand at 0 degrees: tan(10.3 / 5.11 = 2.0157 degrees) = 0.035196; 1.02 / (60 x 0.035196) = 0.48302;
        // times 1.0032178 x 0.9929825 = 0.9961777 is 0.48117.
        assert!(near(apparent_zenith_deg(90.0), 89.518_83, 1e-4), "{}", apparent_zenith_deg(90.0));
        // High up there is almost none, and none below the horizon.
        assert!(near(apparent_zenith_deg(20.0), 20.0, 0.01));
        assert_eq!(apparent_zenith_deg(91.0), 91.0);
    }

    #[test]
    fn clear_sky_by_hand() {
        // Overhead: 1098 x exp(-0.059) = 1098 x 0.942707 = 1035.09; at 60 degrees 549 x exp(-0.118) = 549 x 0.888696 =
        // 487.89.
        assert!(near(haurwitz_apparent_ghi(0.0), 1_035.09, 0.01));
        assert!(near(haurwitz_apparent_ghi(60.0), 487.89, 0.01));
        assert_eq!([120.0, 180.0, f64::NAN].map(haurwitz_apparent_ghi), [0.0; 3]);
        // The sun is seen a little before it is up.
        assert!(haurwitz_ghi(89.9) > haurwitz_apparent_ghi(89.9));
    }

    #[test]
    fn parts_the_light_by_hand() {
        // k = 0.2: 1 - 0.018 = 0.982. k = 0.5: 0.9511 - 0.0802 + 1.097 - 2.07975 + 0.771 = 0.65915. Beyond 0.8: 0.165.
        assert!(near(diffuse_share(0.2), 0.982, 1e-12));
        assert!(near(diffuse_share(0.5), 0.659_15, 1e-12));
        assert_eq!(diffuse_share(0.9), 0.165);
        // January 1: 1.00011 + 0.034221 + 0.000719 = 1.03505, times 1361 is 1408.70.
        assert!(near(extraterrestrial(1), 1_408.70, 0.01));
    }

    #[test]
    fn a_panel_by_hand() {
        // January 1, sun in the south at a zenith angle of 60 degrees, half of 1408.70 / 2 = 704.35 W/m²: k = 0.5, direct on
        // level ground 352.18 x (1 - 0.65915) = 120.04, diffuse 232.14. On a wall to the south: direct 120.04 / cos 60 x
        // sin 60 = 207.91, half the sky 116.07, half the ground's 0.2 x 352.18 = 35.22: 359.20.
        let sun = Sun { zenith_deg: 60.0, azimuth_deg: 180.0 };
        let ghi = extraterrestrial(1) / 4.0;
        assert!(near(plane(ghi, &sun, 1, 90.0, 180.0, 0.2), 359.20, 0.02), "{}", plane(ghi, &sun, 1, 90.0, 180.0, 0.2));
        // A wall to the north sees no sun: 116.07 + 35.22.
        assert!(near(plane(ghi, &sun, 1, 90.0, 0.0, 0.2), 151.29, 0.02));
        // Tilted to face the sun, the direct part is 120.04 / 0.5 = 240.08, with 3/4 of the sky and 1/4 of the ground.
        assert!(near(plane(ghi, &sun, 1, 60.0, 180.0, 0.2), 240.08 + 174.10 + 17.61, 0.02));
    }

    #[test]
    fn a_panel_gets_what_pvlib_gives_it() {
        // pvlib 0.16.1, Spencer's distance with 1361 W/m², Erbs, isotropic sky, albedo 0.2; tilted by 30 degrees to the south.
        for (day, zenith_deg, azimuth_deg, ghi, expected) in [
            (172, 30.0, 180.0, 800.0, 891.639_80),
            (172, 70.0, 250.0, 300.0, 368.247_87),
            (1, 60.0, 180.0, 400.0, 534.861_76),
            (300, 85.0, 120.0, 100.0, 327.649_92),
            (100, 50.0, 140.0, 200.0, 190.956_11),
        ] {
            let ours = plane(ghi, &Sun { zenith_deg, azimuth_deg }, day, 30.0, 180.0, 0.2);
            assert!(near(ours, expected, 1e-4), "{day} {zenith_deg}: {ours} {expected}");
        }
    }

    #[test]
    fn a_level_plane_gets_the_global_irradiance() {
        for zenith_deg in [0.0, 30.0, 60.0, 80.0, 86.9, 87.1, 90.0, 95.0] {
            for ghi in [0.0, 1.0, 100.0, 700.0, 1_500.0] {
                let sun = Sun { zenith_deg, azimuth_deg: 123.0 };
                assert!(near(plane(ghi, &sun, 200, 0.0, 180.0, 0.2), ghi, 1e-9), "{zenith_deg} {ghi}");
                // However tilted, no panel gets more than the sun sends and the world reflects.
                assert!(plane(ghi, &sun, 200, 90.0, 123.0, 0.2) <= 1_361.0 * 1.04 + ghi);
            }
        }
    }

    #[test]
    fn no_input_stops_it() {
        for x in [0.0, -1e300, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let sun = position(i32::MAX, u16::MAX, x, x, x);
            let _ =
                (haurwitz_ghi(sun.zenith_deg), plane(x, &sun, 0, x, x, x), position(i32::MIN, 0, 1e9, -91.0, 721.0));
        }
    }
}
