// The charts and the map as pictures (PNG): on paper, with what one has to know who sees them elsewhere.
import uPlot from 'uplot';
import type { App } from '../app';
import { chartGrid, chartLines, chartRange, chartSeries, FONT, numbersAxis, type Line } from '../charts';
import { clock } from '../format';
import { creditsOf } from '../outside/background';
import { hasBatteries, heatSpan, type ChartName, type Result } from '../state';
import { CIVIDIS, colour } from '../theme';
import { FEWEST, hasOwnTrips } from './masking';

/** Room around what is drawn, and from one line of text to the next, pixels. */
const MARGIN = 24;
const LINE = 24;

/** Size of a chart, pixels. */
const WIDTH = 1_200;
const HEIGHT = 240;

const BOLD = FONT.replace('14px', 'bold 16px');

/** A sheet of paper to draw on in pixels of the page, however fine those of the screen are. */
function sheet(width: number, height: number, ratio: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const c = canvas.getContext('2d')!;
  c.scale(ratio, ratio);
  c.fillStyle = colour('paper');
  c.fillRect(0, 0, width, height);
  c.textBaseline = 'middle';
  return c;
}

const png = ({ canvas }: CanvasRenderingContext2D): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png'),
  );

function write(c: CanvasRenderingContext2D, text: string, x: number, y: number, font = FONT, ink = 'ink'): number {
  c.font = font;
  c.fillStyle = colour(ink);
  c.fillText(text, x, y);
  return c.measureText(text).width;
}

/** The town and its day. */
const heading = (app: App, { scenario }: Result): string => app.words.heading(app.say(scenario.name));

// --- Charts ------------------------------------------------------------------------------------------------------------

/** All charts of the day shown, one below the other. */
export async function chartsPicture(app: App, result: Result): Promise<Blob> {
  const { words, format } = app;
  const names: ChartName[] = hasBatteries(result.report) ? ['riders', 'energy', 'power'] : ['riders'];
  const charts = [];
  for (const name of names) {
    const { lines, top } = chartLines(app, name);
    charts.push({ title: words.day[name], lines, drawing: await drawn(app, lines, top) });
  }
  const measuring = document.createElement('canvas').getContext('2d')!;
  const rows = charts.map(({ lines }) => legendRows(measuring, lines));
  const head = MARGIN + 2 * LINE + 8;
  const height = charts.reduce((sum, _, index) => sum + (1 + rows[index]!.length) * LINE + HEIGHT + MARGIN, head) + LINE + MARGIN / 2;
  const c = sheet(WIDTH, height, window.devicePixelRatio);
  write(c, heading(app, result), MARGIN, MARGIN + LINE / 2, FONT.replace('14px', 'bold 20px'));
  write(c, format.day(result.scenario.day.date), MARGIN, MARGIN + 1.5 * LINE, FONT, 'muted');
  let y = head;
  charts.forEach(({ title, drawing }, index) => {
    write(c, title, MARGIN, y + LINE / 2, BOLD);
    y += LINE;
    for (const row of rows[index]!) {
      for (const { line, x } of row) {
        c.fillStyle = line.stroke;
        c.fillRect(x, y + LINE / 2 - 2, 16, 4);
        write(c, entry(line), x + 24, y + LINE / 2);
      }
      y += LINE;
    }
    c.drawImage(drawing, MARGIN, y, WIDTH - 2 * MARGIN, HEIGHT);
    y += HEIGHT + MARGIN;
  });
  write(c, `${words.name} · ${words.figures.checksum} ${result.report.log_hash}`, MARGIN, y + LINE / 2, FONT, 'muted');
  return png(c);
}

const entry = ({ label, unit }: Line): string => (unit ? `${label} (${unit})` : label);

/** Where the names of lines stand, in as many rows as they need. */
function legendRows(c: CanvasRenderingContext2D, lines: Line[]): { line: Line; x: number }[][] {
  c.font = FONT;
  const rows: { line: Line; x: number }[][] = [[]];
  let x = MARGIN;
  for (const line of lines) {
    const width = 24 + c.measureText(entry(line)).width + MARGIN;
    if (x + width > WIDTH && x > MARGIN) {
      rows.push([]);
      x = MARGIN;
    }
    rows.at(-1)!.push({ line, x });
    x += width;
  }
  return rows;
}

/** A chart as uPlot draws it, with the hours below. */
function drawn(app: App, lines: Line[], top: number | undefined): Promise<HTMLCanvasElement> {
  const { begin_s, end_s } = app.clock;
  const grid = chartGrid(begin_s, end_s);
  return new Promise((resolve) => {
    new uPlot(
      {
        width: WIDTH - 2 * MARGIN,
        height: HEIGHT,
        padding: [8, 24, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [begin_s, end_s] }, y: { range: chartRange(top) } },
        axes: [
          { ...numbersAxis(app, 28), space: 48, incrs: [3_600, 7_200, 10_800, 21_600], values: (_, times) => times.map(clock) },
          numbersAxis(app, 48),
        ],
        series: chartSeries(lines, uPlot.paths),
        // It draws a moment later.
        hooks: { draw: [(plot) => resolve(plot.ctx.canvas)] },
      },
      [grid, ...lines.map(({ values }) => values(grid))],
    );
  });
}

// --- The map -----------------------------------------------------------------------------------------------------------

/** The map as it is seen, with town and moment, a scale, what the demand map's colours mean, and whose work it is. */
export async function mapPicture(app: App, result: Result): Promise<Blob> {
  const { words, format, state } = app;
  const own = hasOwnTrips(result.scenario);
  const { drawing, cells, metres } = await app.mapPicture!(own);
  const ratio = window.devicePixelRatio;
  const [width, height] = [drawing.width / ratio, drawing.height / ratio];
  const credits = creditsOf(state).map(({ credit }) => app.say(credit));
  const day = [format.day(result.scenario.day.date), ...(own ? [] : [clock(app.clock.t_s)])].join(' · ');
  const legend = cells !== undefined;
  const below = [
    ...(own ? [words.carry.maskedMap(format.number(FEWEST))] : []),
    `${words.name} · ${words.figures.checksum} ${result.report.log_hash}`,
    ...(credits.length > 0 ? [credits.join(' · ')] : []),
  ];
  const measuring = document.createElement('canvas').getContext('2d')!;
  const texts = below.flatMap((text) => broken(measuring, text, width - MARGIN));
  const foot = (2 + (legend ? 1 : 0) + texts.length) * LINE + 16;
  const c = sheet(width, height + foot, ratio);
  c.drawImage(drawing, 0, 0, width, height);
  scaleBar(c, metres, MARGIN / 2, height - MARGIN / 2, width);
  let y = height + 8 + LINE / 2;
  const x = MARGIN / 2;
  write(c, heading(app, result), x, y, BOLD);
  write(c, day, x, (y += LINE));
  if (legend) {
    const counts = cells.map(({ trips }) => trips);
    y += LINE;
    const { from_s, to_s } = heatSpan(state.heat, app.clock.t_s);
    const hours = state.heat.hours === 'day' ? [] : [`${clock(from_s)}–${clock(to_s)}`];
    let at = x + write(c, [words.map[state.heat.end], ...hours, `${words.map.legendCalls} 1`].join(' · '), x, y) + 8;
    for (const shade of CIVIDIS) {
      c.fillStyle = shade;
      c.fillRect(at, y - 6, 12.5, 12);
      at += 12;
    }
    write(c, format.number(Math.max(1, ...counts)), at + 8, y);
  }
  for (const text of texts) write(c, text, x, (y += LINE), FONT, 'muted');
  return png(c);
}

/** A text in lines of a width: broken at spaces, and before any letter of Japanese. */
function broken(c: CanvasRenderingContext2D, text: string, width: number): string[] {
  c.font = FONT;
  const lines = [''];
  for (const part of text.split(/(?<= )|(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u)) {
    const line = lines.at(-1)! + part;
    if (c.measureText(line).width > width && lines.at(-1) !== '') lines.push(part);
    else lines[lines.length - 1] = line;
  }
  return lines;
}

/** A length on the map in round metres or kilometres, at most a fourth of its width. */
function scaleBar(c: CanvasRenderingContext2D, metres: number, left: number, bottom: number, width: number): void {
  const most = metres * Math.min(160, width / 4);
  const power = 10 ** Math.floor(Math.log10(most));
  const length_m = power * ([5, 2].find((step) => step * power <= most) ?? 1);
  const length = length_m / metres;
  const name = length_m < 1_000 ? `${length_m} m` : `${length_m / 1_000} km`;
  c.fillStyle = colour('paper');
  c.globalAlpha = 0.85;
  c.fillRect(left, bottom - 32, length + 16, 32);
  c.globalAlpha = 1;
  write(c, name, left + 8, bottom - 20);
  c.strokeStyle = colour('ink');
  c.lineWidth = 2;
  c.beginPath();
  c.moveTo(left + 8, bottom - 12);
  c.lineTo(left + 8, bottom - 6);
  c.lineTo(left + 8 + length, bottom - 6);
  c.lineTo(left + 8 + length, bottom - 12);
  c.stroke();
}
