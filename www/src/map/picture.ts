// Roads from afar, as dots, with the part that is chosen; another part is chosen by drawing it.
import { colour } from '../theme';
import type { Box } from '../state';

/** Room around the roads, pixels. */
const MARGIN = 8;

/** Smallest side that is taken for a box and not for a click, pixels. */
const SMALLEST = 8;

/** Draws points (longitude and latitude in turn) of a map `whole` on a canvas, and a box on them that the pointer changes. */
export function picture(canvas: HTMLCanvasElement, points: Float64Array, whole: Box, box: Box, change: (box: Box) => void): void {
  const ratio = window.devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) {
    // Not laid out yet.
    requestAnimationFrame(() => canvas.isConnected && canvas.clientWidth > 0 && picture(canvas, points, whole, box, change));
    return;
  }
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const [west, south, east, north] = whole;
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((width - 2 * MARGIN) / Math.max((east - west) * narrow, 1e-9), (height - 2 * MARGIN) / Math.max(north - south, 1e-9));
  const [left, top] = [(width - (east - west) * narrow * scale) / 2, (height - (north - south) * scale) / 2];
  const x = (lng: number) => left + (lng - west) * narrow * scale;
  const y = (lat: number) => top + (north - lat) * scale;
  const lng = (at: number) => west + (at - left) / (narrow * scale);
  const lat = (at: number) => north - (at - top) / scale;
  const c = canvas.getContext('2d')!;

  const draw = (chosen: Box) => {
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, height);
    c.fillStyle = colour('muted');
    for (let at = 0; at < points.length; at += 2) c.fillRect(x(points[at]!) - 0.5, y(points[at + 1]!) - 0.5, 1, 1);
    const [x1, y1, x2, y2] = [x(chosen[0]), y(chosen[3]), x(chosen[2]), y(chosen[1])];
    c.strokeStyle = c.fillStyle = colour('accent');
    c.globalAlpha = 0.12;
    c.fillRect(x1, y1, x2 - x1, y2 - y1);
    c.globalAlpha = 1;
    c.lineWidth = 2;
    c.strokeRect(x1, y1, x2 - x1, y2 - y1);
  };
  draw(box);

  canvas.onpointerdown = (down) => {
    canvas.setPointerCapture(down.pointerId);
    const drawn = (event: PointerEvent): Box => {
      const [a, b] = [lng(down.offsetX), lng(event.offsetX)];
      const [d, e] = [lat(down.offsetY), lat(event.offsetY)];
      return [Math.min(a, b), Math.min(d, e), Math.max(a, b), Math.max(d, e)];
    };
    canvas.onpointermove = (move) => draw(drawn(move));
    const end = () => (canvas.onpointermove = canvas.onpointerup = canvas.onpointercancel = null);
    canvas.onpointercancel = () => {
      end();
      draw(box);
    };
    canvas.onpointerup = (up) => {
      end();
      const isBox = Math.abs(up.offsetX - down.offsetX) >= SMALLEST && Math.abs(up.offsetY - down.offsetY) >= SMALLEST;
      if (isBox) change(drawn(up));
      else draw(box);
    };
  };
}
