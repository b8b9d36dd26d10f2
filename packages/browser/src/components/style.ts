/** Tokens a page may set (`--hefu-ink`), with what they are otherwise: where the page's `color-scheme` is light, and where it is dark. */
const TOKENS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ink: ['#1b2127', '#e8ecf0'], quiet: ['#57626d', '#a7b2bd'], line: ['#d9dee4', '#3d4650'], surface: ['#fff', '#1b2127'], tint: ['#f1f4f7', '#262e36'],
  accent: ['#14559e', '#8dbdf5'], 'on-accent': ['#fff', '#10161c'],
  good: ['#0b6b3a', '#74cf9b'], bad: ['#b3261e', '#f59a93'], warn: ['#7a4d00', '#e9b864'], 'good-tint': ['#e9f5ee', '#16301f'], 'bad-tint': ['#fcecea', '#3c1d1b'], 'warn-tint': ['#fdf2dc', '#382a10'],
};
const tokens = (value: (light: string, dark: string) => string): string => `:host{${Object.entries(TOKENS).map(([name, [light, dark]]) => `--_${name}:var(--hefu-${name},${value(light, dark)})`).join(';')}}`;

/** Lengths are in rem and em: large type enlarges everything. `.good`, `.bad` and `.warn` colour whatever shows a kind. */
const BASE = `${tokens((light) => light)}
@supports (color:light-dark(red,red)){${tokens((light, dark) => `light-dark(${light},${dark})`)}}
:host{--_radius:var(--hefu-radius,.5rem);--_font:var(--hefu-font,"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC",system-ui,sans-serif);
display:block;box-sizing:border-box;color:var(--_ink);font:1rem/1.6 var(--_font);text-align:start;overflow-wrap:anywhere;-webkit-text-size-adjust:100%;text-size-adjust:100%}
:host(:lang(en)){--_font:var(--hefu-font,system-ui,"Segoe UI","Noto Sans",Arial,"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif)}
:host([hidden]){display:none}
*,*::before,*::after{box-sizing:border-box}
h2,h3,p,ul,ol,dl,dd{margin:0;padding:0}
h2{font-size:1.125rem;line-height:1.45;font-weight:600}
h3{font-size:1rem;line-height:1.5;font-weight:600}
h2:focus{outline:none}
ul,ol{list-style:none}
button,input{font:inherit;color:inherit}
button,a.button{max-width:100%;min-height:2.75rem;padding:.45rem 1.1rem;border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface);cursor:pointer;transition:background .12s}
button:hover{background:var(--_tint)}
a.primary,button.primary,button.primary:hover{border-color:var(--_accent);background:var(--_accent);color:var(--_on-accent);font-weight:600}
button.primary:hover{filter:brightness(1.08)}
button.plain{min-width:2.75rem;border-color:transparent;background:none;color:var(--_accent);padding:.45rem .6rem}
button.plain:hover{background:var(--_tint)}
button[disabled]{border-color:var(--_line);background:var(--_tint);color:var(--_quiet);cursor:not-allowed;filter:none}
:focus-visible{outline:3px solid var(--_accent);outline-offset:2px}
.good{--_k:var(--_good);--_t:var(--_good-tint)}.bad{--_k:var(--_bad);--_t:var(--_bad-tint)}.warn{--_k:var(--_warn);--_t:var(--_warn-tint)}
.kind{color:var(--_k)}
.quiet{color:var(--_quiet)}
.small{font-size:.875rem}
.row{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
.row>div{flex:1 1 12rem;min-width:0}
.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.8125rem}
.number{font-size:1.75rem;line-height:1.3;font-weight:700;letter-spacing:.12em}
.number,.time{font-variant-numeric:tabular-nums}
.hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.notice{padding:.8rem 1rem;border-radius:var(--_radius);background:var(--_t,var(--_tint));border-inline-start:4px solid var(--_k,var(--_quiet))}
.symbol{flex:none;width:2.25rem;height:2.25rem;border-radius:50%;background:var(--_k);color:var(--_surface);font-size:1.25rem;line-height:2.25rem;text-align:center;font-weight:700}
.tag{padding:.05rem .6rem;border-radius:.8rem;background:var(--_t,var(--_tint));color:var(--_k,var(--_quiet));font-size:.8125rem}
.tags{display:flex;flex-wrap:wrap;gap:.35rem}
progress{-webkit-appearance:none;appearance:none;display:block;width:100%;height:.5rem;border:0;border-radius:1rem;background:var(--_line);overflow:hidden}
::-webkit-progress-bar{background:none}
::-webkit-progress-value{background:var(--_accent)}
::-moz-progress-bar{background:var(--_accent)}
summary{cursor:pointer;color:var(--_accent);min-height:2.75rem;display:flex;align-items:center;width:fit-content}
summary::before{content:"";flex:none;width:.45em;height:.45em;margin-inline-end:.55em;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(-45deg);transition:transform .12s}
details[open]>summary::before{transform:rotate(45deg)}
@media (prefers-reduced-motion:reduce){*,*::before,*::after{animation:none!important;transition:none!important}}
@media (forced-colors:active){progress{border:1px solid}::-webkit-progress-value{background:Highlight}.notice,.tag,.symbol{border:1px solid}button[disabled]{color:GrayText}}
`;

const sheets = new Map<string, CSSStyleSheet>();

/** A constructed sheet is no inline style: a page's `style-src 'self'` allows it. */
export function sheetOf(css: string): CSSStyleSheet {
  let sheet = sheets.get(css);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  return sheet;
}

export function baseSheet(): CSSStyleSheet {
  return sheetOf(BASE);
}
