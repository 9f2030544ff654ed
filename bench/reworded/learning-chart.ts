/** A point of the learning curve, as `learningCurve` gives it. */
type Point = {
  readonly confirmed: number
  readonly macroRecall: { readonly before: number; readonly after: number }
  readonly recall: { readonly before: number; readonly after: number }
  readonly steps: { readonly before: number; readonly after: number }
}

const WIDTH = 640
const HEIGHT = 300
const LEFT = 60
const TOP = 40
const PANEL = 230
const GAP = 80

/** The learning curve as SVG: recall on the left, calls to the finding on the right, without what was learned beside it. */
export function learningChart(points: readonly Point[]): string {
  const most = Math.max(...points.map(({ confirmed }) => confirmed), 1)
  const least = Math.min(...points.flatMap(({ recall }) => [recall.before, recall.after]), 1)
  const calls = Math.max(...points.flatMap(({ steps }) => [steps.before, steps.after]), 0.1)
  const left = panel(LEFT, 'recall on other runs of the goal', {
    points,
    most,
    low: Math.max(0, Math.floor(least * 10 - 0.5) / 10),
    high: 1,
    of: ({ recall }) => recall,
    label: (value) => value.toFixed(2),
  })
  const right = panel(LEFT + PANEL + GAP, 'mean calls to the finding', {
    points,
    most,
    low: 0,
    high: Math.ceil(calls * 2) / 2,
    of: ({ steps }) => steps,
    label: (value) => value.toFixed(2),
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#444">`,
    `<title>What confirmed incidents of a goal teach</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...left,
    ...right,
    `<line x1="${LEFT}" x2="${LEFT + 24}" y1="${HEIGHT - 12}" y2="${HEIGHT - 12}" stroke="#1a6b4f" stroke-width="2"/>`,
    `<text x="${LEFT + 30}" y="${HEIGHT - 8}">after learning</text>`,
    `<line x1="${LEFT + 140}" x2="${LEFT + 164}" y1="${HEIGHT - 12}" y2="${HEIGHT - 12}" stroke="#999" stroke-width="2" stroke-dasharray="4 3"/>`,
    `<text x="${LEFT + 170}" y="${HEIGHT - 8}">the same runs without</text>`,
    '</svg>',
    '',
  ].join('\n')
}

type Panel = {
  readonly points: readonly Point[]
  readonly most: number
  readonly low: number
  readonly high: number
  readonly of: (point: Point) => { readonly before: number; readonly after: number }
  readonly label: (value: number) => string
}

function panel(x: number, title: string, { points, most, low, high, of, label }: Panel): readonly string[] {
  const bottom = HEIGHT - 60
  // By the root, so that the first few, which matter most, stand apart.
  const at = (confirmed: number): number => x + Math.sqrt(confirmed / most) * PANEL
  const up = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - TOP)
  const path = (side: 'before' | 'after'): string =>
    points.map((point) => `${at(point.confirmed).toFixed(1)},${up(of(point)[side]).toFixed(1)}`).join(' ')
  const ticks = [low, (low + high) / 2, high]
  return [
    `<text x="${x}" y="${TOP - 16}" font-weight="bold">${title}</text>`,
    ...ticks.flatMap((value) => [
      `<line x1="${x}" x2="${x + PANEL}" y1="${up(value).toFixed(1)}" y2="${up(value).toFixed(1)}" stroke="#ddd"/>`,
      `<text x="${x - 8}" y="${(up(value) + 4).toFixed(1)}" text-anchor="end">${label(value)}</text>`,
    ]),
    ...points.map(
      ({ confirmed }) =>
        `<text x="${at(confirmed).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${confirmed}</text>`,
    ),
    `<text x="${x + PANEL / 2}" y="${bottom + 34}" text-anchor="middle">confirmed incidents</text>`,
    `<polyline points="${path('before')}" fill="none" stroke="#999" stroke-width="2" stroke-dasharray="4 3"/>`,
    `<polyline points="${path('after')}" fill="none" stroke="#1a6b4f" stroke-width="2"/>`,
    ...points.map(
      (point) =>
        `<circle cx="${at(point.confirmed).toFixed(1)}" cy="${up(of(point).after).toFixed(1)}" r="3" fill="#1a6b4f"/>`,
    ),
  ]
}
