//! Plots with two logarithmic axes, as SVG that is readable on light and on dark paper.

use std::fmt::Write;

/// A decade or several.
#[derive(Clone, Copy)]
pub struct Axis {
    /// Where it begins, a power of ten.
    pub from: f64,
    /// Where it ends, a power of ten.
    pub to: f64,
    /// What it counts.
    pub unit: &'static str,
}

/// Points that belong together.
pub struct Series {
    /// What they are.
    pub name: String,
    /// Along both axes.
    pub points: Vec<(f64, f64)>,
}

/// One plot.
pub struct Panel {
    /// What it shows.
    pub title: &'static str,
    /// Along the bottom.
    pub x: Axis,
    /// Along the side.
    pub y: Axis,
    /// At most as many as there are [`SHAPES`].
    pub series: Vec<Series>,
}

/// Size of a panel, and of its frame within, in pixels.
const PANEL: (f64, f64) = (400.0, 320.0);
const FRAME: (f64, f64) = (300.0, 230.0);
/// The frame's corner in the panel.
const CORNER: (f64, f64) = (60.0, 45.0);
/// Width of a series' name.
const NAME: f64 = 105.0;

/// Colours of Okabe and Ito (2008), told apart by everybody and legible on white and on black, each with a mark of its own.
const SHAPES: [(&str, &str); 3] =
    [("#d55e00", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"), ("#0072b2", "M-4 -4h8v8h-8z"), ("#009e73", "M0 -5l5 9h-10z")];

/// Text in the colour that the reader's paper needs.
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#8884}.line{fill:none;stroke-width:2}\
                     @media(prefers-color-scheme:dark){text{fill:#ddd}}";

impl Axis {
    /// Where a value lies between the ends, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        (value / self.from).log10() / (self.to / self.from).log10()
    }

    /// The powers of ten.
    fn decades(&self) -> impl Iterator<Item = f64> {
        let (first, last) = (self.from.log10().round() as i32, self.to.log10().round() as i32);
        (first..=last).map(|power| 10f64.powi(power))
    }
}

/// The panels, side by side.
pub fn svg(panels: &[Panel]) -> String {
    let (width, height) = (PANEL.0 * panels.len() as f64, PANEL.1);
    let mut svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\n");
    let mut line = |text: String| writeln!(svg, "{text}").expect("text grows");
    line(format!("<style>{STYLE}</style>"));
    for (number, panel) in panels.iter().enumerate() {
        line(format!("<g transform=\"translate({} {})\">", PANEL.0 * number as f64 + CORNER.0, CORNER.1));
        draw(panel, &mut line);
        line("</g>".to_string());
    }
    svg + "</svg>\n"
}

fn draw(panel: &Panel, line: &mut impl FnMut(String)) {
    let (width, height) = FRAME;
    line(format!("<text x=\"0\" y=\"-25\" font-weight=\"bold\">{}, {}</text>", panel.title, panel.y.unit));
    for value in panel.x.decades() {
        let x = panel.x.share(value) * width;
        line(format!("<path class=\"grid\" d=\"M{x:.1} 0v{height}\"/>"));
        line(format!("<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{value}</text>", height + 18.0));
    }
    line(format!("<text x=\"{width}\" y=\"{}\" text-anchor=\"end\">{}</text>", height + 36.0, panel.x.unit));
    for value in panel.y.decades() {
        let y = (1.0 - panel.y.share(value)) * height;
        line(format!("<path class=\"grid\" d=\"M0 {y:.1}h{width}\"/>"));
        line(format!("<text x=\"-6\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>", y + 4.0));
    }
    for (number, (series, (colour, mark))) in panel.series.iter().zip(SHAPES).enumerate() {
        let place = |&(x, y): &(f64, f64)| (panel.x.share(x) * width, (1.0 - panel.y.share(y)) * height);
        let points: Vec<(f64, f64)> = series.points.iter().map(place).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        line(format!("<path class=\"line\" stroke=\"{colour}\" d=\"M{}\"/>", path.join("L")));
        // The names stand above the frame: lines may end at the same point.
        let name = (number as f64 * NAME + 5.0, -11.0);
        for (x, y) in points.iter().chain([&name]) {
            line(format!("<path fill=\"{colour}\" transform=\"translate({x:.1} {y:.1})\" d=\"{mark}\"/>"));
        }
        line(format!("<text x=\"{:.1}\" y=\"-7\">{}</text>", name.0 + 9.0, series.name));
    }
}
