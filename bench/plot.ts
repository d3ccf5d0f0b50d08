/** A line chart with two logarithmic axes, as an SVG that can be read on light and on dark ground. */

export interface Series {
  readonly name: string;
  /** Which of the colours and markers; series that belong together share one. */
  readonly look: keyof typeof looks;
  readonly isDashed?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
  /** How a decade of the vertical axis is written. */
  readonly yTick: (value: number) => string;
}

/** Colours on light and on dark ground, of a contrast of 4.5 to 1 or more; and a marker, for those who cannot tell them apart. */
const looks = {
  ours: { light: '#0754a8', dark: '#6cb6ff', marker: 'circle' },
  script: { light: '#a3460b', dark: '#f0883e', marker: 'square' },
  construct: { light: '#14613a', dark: '#57c278', marker: 'diamond' },
  floor: { light: '#545b64', dark: '#a6b2c2', marker: 'triangle' },
  numbers: { light: '#6b2fb3', dark: '#c297ff', marker: 'cross' },
} as const;

const [width, height] = [800, 400];
const plot = { left: 92, right: 584, top: 44, bottom: 346 };
const legend = { left: 608, top: 66, step: 24 };

export function lineChart({ title, xLabel, series, yTick }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const xs = decades(points.map(([x]) => x));
  const ys = decades(points.map(([, y]) => y));
  const xOf = scale(xs, plot.left, plot.right);
  const yOf = scale(ys, plot.bottom, plot.top);
  const grid = [
    ...ys.map(
      (y) =>
        `<path class="grid" d="M${plot.left} ${yOf(y)}H${plot.right}"/>` +
        `<text class="tick" x="${plot.left - 8}" y="${yOf(y) + 4}" text-anchor="end">${yTick(y)}</text>`,
    ),
    ...xs.map(
      (x) =>
        `<path class="grid" d="M${xOf(x)} ${plot.top}V${plot.bottom}"/>` +
        `<text class="tick" x="${xOf(x)}" y="${plot.bottom + 20}" text-anchor="middle">${x.toLocaleString('en-US')}</text>`,
    ),
  ];
  const lines = series.map((one) => {
    const at = one.points.map(([x, y]) => [xOf(x), yOf(y)] as const);
    return pathOf(one, at) + at.map(([x, y]) => markerOf(one, x, y)).join('');
  });
  const names = series.map((one, i) => {
    const y = legend.top + i * legend.step;
    const ends = [
      [legend.left, y],
      [legend.left + 28, y],
    ] as const;
    return `${pathOf(one, ends)}${markerOf(one, legend.left + 14, y)}<text class="name" x="${legend.left + 36}" y="${y + 4}">${one.name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<style>${styles()}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    `<text class="title" x="${plot.left}" y="26">${title}</text>`,
    ...grid,
    `<text class="tick" x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 42}" text-anchor="middle">${xLabel}</text>`,
    ...lines,
    ...names,
    '</svg>',
    '',
  ].join('\n');
}

/** The powers of ten around the values. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`));
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [first = 1, last = 10] = [ticks[0], ticks.at(-1)];
  const share = (value: number) => Math.log(value / first) / Math.log(last / first);
  return (value) => Math.round((from + share(value) * (to - from)) * 10) / 10;
}

function pathOf({ look, isDashed }: Series, at: readonly (readonly [number, number])[]): string {
  const dashes = isDashed ? ' stroke-dasharray="6 5"' : '';
  return `<path class="line ${look}"${dashes} d="M${at.map(([x, y]) => `${x} ${y}`).join('L')}"/>`;
}

function markerOf({ look, isDashed }: Series, x: number, y: number): string {
  const shape = {
    circle: `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`,
    square: `M${x - 4} ${y - 4}h8v8h-8Z`,
    diamond: `M${x} ${y - 5}l5 5l-5 5l-5 -5Z`,
    triangle: `M${x} ${y - 5}l5 9h-10Z`,
    cross: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`,
  }[looks[look].marker];
  return `<path class="marker ${look}${isDashed ? ' open' : ''}" d="${shape}"/>`;
}

function styles(): string {
  const colours = (ground: 'light' | 'dark') =>
    Object.entries(looks)
      .map(([name, look]) => `.${name}{stroke:${look[ground]}}.marker.${name}{fill:${look[ground]}}`)
      .join('');
  return [
    'text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}.title{font-weight:600;font-size:15px}',
    '.line{fill:none;stroke-width:2}.marker{stroke-width:1.5}',
    '.ground{fill:#fff}.title,.name{fill:#16191f}.tick{fill:#545b64}.grid{stroke:#e3e6e8}',
    colours('light'),
    '.marker.open{fill:#fff}',
    '@media(prefers-color-scheme:dark){.ground{fill:#0f1b2a}.title,.name{fill:#e9ebed}.tick{fill:#a6b2c2}.grid{stroke:#2b3a4d}',
    colours('dark'),
    '.marker.open{fill:#0f1b2a}}',
  ].join('');
}
