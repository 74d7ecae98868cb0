// How the photos of an album share their space: rows of equal height, as square as they can be.
const WIDTH = 430;
const GAP = 2;
const LOWEST = 90;
const HIGHEST = 430;

/** Boxes `{x, y, width, height}` for photos of these ratios (width / height), and the height of all. */
export function layOut(ratios, width = WIDTH) {
  const bounded = ratios.map((ratio) => Math.min(Math.max(ratio, 0.6), 1.8));
  let best = null;
  for (const rows of partitions(bounded.length)) {
    const heights = heightsOf(rows, bounded, width);
    const total = heights.reduce((sum, height) => sum + height + GAP, -GAP);
    const uneven = heights.reduce((sum, height) => sum + Math.abs(Math.log(height / (width / 2.6))), 0) / heights.length;
    const cost = uneven + Math.abs(Math.log(total / (width * 0.95))) * 1.4 + (rows.some((count) => count > 3) ? 0.4 : 0);
    if (best === null || cost < best.cost) best = { rows, heights, total, cost };
  }
  return { boxes: boxesOf(best, bounded, width), height: best.total };
}

/** Every way to break `count` photos into rows of 1 to 4. */
function partitions(count) {
  if (count === 0) return [[]];
  const ways = [];
  for (let first = 1; first <= Math.min(4, count); first += 1) {
    for (const rest of partitions(count - first)) ways.push([first, ...rest]);
  }
  return ways;
}

function heightsOf(rows, ratios, width) {
  let at = 0;
  return rows.map((count) => {
    const sum = ratios.slice(at, at + count).reduce((total, ratio) => total + ratio, 0);
    at += count;
    return Math.min(Math.max((width - GAP * (count - 1)) / sum, LOWEST), HIGHEST);
  });
}

function boxesOf({ rows, heights }, ratios, width) {
  const boxes = [];
  let at = 0;
  let y = 0;
  rows.forEach((count, row) => {
    const sum = ratios.slice(at, at + count).reduce((total, ratio) => total + ratio, 0);
    const free = width - GAP * (count - 1);
    let x = 0;
    for (let index = 0; index < count; index += 1) {
      const share = (ratios[at + index] / sum) * free;
      boxes.push({ x, y, width: share, height: heights[row] });
      x += share + GAP;
    }
    at += count;
    y += heights[row] + GAP;
  });
  return boxes;
}
