//! Line plots, as SVG files beside the report.

use std::path::Path;

use plotters::prelude::*;

/// Points joined by a line.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<(f64, f64)>,
}

#[derive(Debug)]
pub(crate) struct Plot {
    name: &'static str,
    pub(crate) title: &'static str,
    x: &'static str,
    y: &'static str,
    pub(crate) series: Vec<Series>,
}

const COLOURS: [RGBColor; 4] = [
    RGBColor(0xd1, 0x4b, 0x16),
    RGBColor(0x4c, 0x78, 0xa8),
    RGBColor(0x54, 0xa2, 0x4b),
    RGBColor(0x80, 0x80, 0x80),
];

impl Plot {
    pub(crate) fn new(
        name: &'static str,
        title: &'static str,
        x: &'static str,
        y: &'static str,
    ) -> Self {
        Self {
            name,
            title,
            x,
            y,
            series: Vec::new(),
        }
    }

    pub(crate) fn file(&self) -> String {
        format!("{}.svg", self.name)
    }

    /// Writes it into a folder.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(self.file());
        self.draw(&path)
            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
    }

    fn draw(&self, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let most = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(0.0, f64::max).max(1e-9);
        let (x, y) = (most(|p| p.0), most(|p| p.1) * 1.05);
        let area = SVGBackend::new(path, (720, 400)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..x, 0.0..y)?;
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(0xe4, 0xe4, 0xe4))
            .draw()?;
        for (series, colour) in self.series.iter().zip(COLOURS) {
            chart
                .draw_series(LineSeries::new(
                    series.points.iter().copied(),
                    colour.stroke_width(2),
                ))?
                .label(series.name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
        }
        if self.series.len() > 1 {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperLeft)
                .background_style(WHITE.mix(0.8))
                .border_style(RGBColor(0xe4, 0xe4, 0xe4))
                .draw()?;
        }
        area.present()?;
        Ok(())
    }
}
