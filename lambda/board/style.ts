import { Html } from './html.ts';

/** As the viewer has set CloudWatch. */
export type Theme = 'light' | 'dark';

/** Colours by what they say; each of text and its ground has a contrast of 4.5 to 1 or more. */
interface Palette {
  readonly ground: string;
  readonly text: string;
  /** Second in importance. */
  readonly quiet: string;
  readonly line: string;
  /** The empty part of a bar. */
  readonly track: string;
  readonly link: string;
  /** Text and ground of a label, and of the bars beside it. */
  readonly bad: readonly [text: string, ground: string, bar: string];
  readonly warn: readonly [text: string, ground: string, bar: string];
  readonly busy: readonly [text: string, ground: string, bar: string];
  readonly good: readonly [text: string, ground: string, bar: string];
  readonly idle: readonly [text: string, ground: string, bar: string];
}

const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    ground: '#ffffff',
    text: '#16191f',
    quiet: '#545b64',
    line: '#e3e6e8',
    track: '#e9ebed',
    link: '#0754a8',
    bad: ['#a3160b', '#fdecea', '#d13212'],
    warn: ['#7a4a00', '#fff3d6', '#d98300'],
    busy: ['#0754a8', '#e6f2fd', '#0972d3'],
    good: ['#14613a', '#e5f5ec', '#1d8102'],
    idle: ['#414750', '#eef0f2', '#8d99a8'],
  },
  dark: {
    ground: '#0f1b2a',
    text: '#e9ebed',
    quiet: '#a6b2c2',
    line: '#2b3b50',
    track: '#26364b',
    link: '#7cc0ff',
    bad: ['#ffb3a8', '#4a1a17', '#ff5d4a'],
    warn: ['#ffd591', '#45300a', '#f2a33a'],
    busy: ['#a5d3ff', '#12365c', '#4aa3ff'],
    good: ['#a4e5bd', '#123f2a', '#3fb374'],
    idle: ['#c3ccd8', '#2b3b50', '#72839a'],
  },
};

/** What a colour says. */
export type Tone = 'bad' | 'warn' | 'busy' | 'good' | 'idle';
const tones: readonly Tone[] = ['bad', 'warn', 'busy', 'good', 'idle'];

/** The style sheet of the board, which touches nothing outside of it. */
export function styleOf(theme: Theme): Html {
  const palette = palettes[theme];
  const { ground, text, quiet, line, track, link } = palette;
  const ofTones = tones.map((tone) => {
    const [ink, paper, bar] = palette[tone];
    return `.vct .${tone}{color:${ink};background:${paper}}.vct .fill-${tone}{background:${bar}}.vct .row-${tone}>td:first-child{box-shadow:inset 3px 0 0 ${bar}}`;
  });
  return new Html(`<style>
.vct{background:${ground};color:${text};font:13px/1.45 "Amazon Ember","Helvetica Neue",Roboto,Arial,sans-serif;padding:12px 14px}
.vct p{margin:0 0 8px;color:${text}}
.vct .quiet{color:${quiet};font-size:12px}
.vct .chips{display:flex;flex-wrap:wrap;align-items:center;gap:6px 8px;margin:0 0 10px}
.vct .chips .quiet{margin-left:auto}
.vct .label{display:inline-block;border-radius:10px;padding:1px 9px;font-weight:600;font-size:12px;white-space:nowrap}
.vct .notice{border-radius:6px;padding:7px 11px;margin:0 0 10px}
.vct table{width:100%;border-collapse:collapse;table-layout:fixed;margin:0;background:transparent}
.vct th{padding:5px 10px;border:0;border-bottom:1px solid ${line};background:transparent;color:${quiet};font-size:12px;font-weight:600;text-align:left}
.vct td{padding:9px 10px;border:0;border-top:1px solid ${line};background:transparent;color:${text};vertical-align:top;overflow-wrap:anywhere}
.vct tbody tr:first-child td{border-top:0}
.vct tr.why td{border-top:0;padding:0 10px 10px;font-size:12px}
.vct .name{font-weight:600}
.vct code{padding:0;border:0;background:none;color:${quiet};font:12px/1.4 Monaco,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.vct .bar{height:6px;margin:4px 0 3px;border-radius:3px;background:${track};overflow:hidden}
.vct .bar i{display:block;height:6px;border-radius:3px}
.vct .acts{text-align:right;white-space:nowrap}
.vct a{color:${link}}
.vct a.btn{display:inline-block;padding:3px 12px;border:1px solid ${link};border-radius:14px;background:transparent;color:${link};font-size:12px;font-weight:700;line-height:1.5;text-decoration:none;cursor:pointer}
.vct a.btn:hover{background:${palette.busy[1]}}
${ofTones.join('\n')}
</style>`);
}
