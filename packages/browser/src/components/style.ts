/** Tokens a page may set, with what they are otherwise. Lengths are in rem and em: large type enlarges everything. */
const BASE = `
:host{--_ink:var(--hefu-ink,#1b2127);--_quiet:var(--hefu-quiet,#57626d);--_line:var(--hefu-line,#d9dee4);--_surface:var(--hefu-surface,#fff);--_tint:var(--hefu-tint,#f4f6f8);
--_accent:var(--hefu-accent,#14559e);--_on-accent:var(--hefu-on-accent,#fff);--_good:var(--hefu-good,#0b6b3a);--_bad:var(--hefu-bad,#b3261e);--_warn:var(--hefu-warn,#855400);
--_radius:var(--hefu-radius,.5rem);--_font:var(--hefu-font,"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC",system-ui,sans-serif);
display:block;box-sizing:border-box;color:var(--_ink);font:1rem/1.6 var(--_font);text-align:start;-webkit-text-size-adjust:100%;text-size-adjust:100%}
:host(:lang(en)){--_font:var(--hefu-font,system-ui,"Segoe UI","Noto Sans",Arial,"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif)}
:host([hidden]){display:none}
*,*::before,*::after{box-sizing:border-box}
h2,h3,p,ul,ol,dl,dd{margin:0;padding:0}
h2{font-size:1.125rem;line-height:1.45;font-weight:600}
h3{font-size:1rem;line-height:1.5;font-weight:600}
ul,ol{list-style:none}
button,input{font:inherit;color:inherit}
button{min-height:2.75rem;padding:.45rem 1.1rem;white-space:nowrap;border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface);cursor:pointer;transition:background .12s,border-color .12s}
button:hover{background:var(--_tint)}
button.primary{border-color:var(--_accent);background:var(--_accent);color:var(--_on-accent);font-weight:600}
button.primary:hover{filter:brightness(1.08)}
button.plain{min-height:2.75rem;border-color:transparent;background:none;color:var(--_accent);padding:.45rem .6rem}
button.plain:hover{background:var(--_tint)}
button[disabled]{opacity:.55;cursor:not-allowed}
:focus-visible{outline:3px solid var(--_accent);outline-offset:2px}
a{color:var(--_accent)}
.quiet{color:var(--_quiet)}
.small{font-size:.875rem}
.row{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
.stack>*+*{margin-top:.75rem}
.card{padding:1rem 1.1rem;border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface)}
.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.8125rem;overflow-wrap:anywhere;word-break:break-all}
.hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.notice{display:flex;gap:.7rem;padding:.8rem .95rem;border-radius:var(--_radius);background:var(--_tint);border-inline-start:4px solid var(--_quiet)}
.notice.good{border-color:var(--_good);background:#eef7f1}.notice.bad{border-color:var(--_bad);background:#fcefee}.notice.warn{border-color:var(--_warn);background:#fdf5e6}
.notice .mark{flex:none;font-weight:700}.notice.good .mark{color:var(--_good)}.notice.bad .mark{color:var(--_bad)}.notice.warn .mark{color:var(--_warn)}
.tag{display:inline-block;padding:.05rem .55rem;border-radius:1rem;background:var(--_tint);color:var(--_quiet);font-size:.8125rem;line-height:1.6;white-space:nowrap}
.tag.good{background:#e3f2e9;color:var(--_good)}.tag.bad{background:#fae3e1;color:var(--_bad)}.tag.warn{background:#fbeccd;color:var(--_warn)}
.bar{height:.5rem;border-radius:1rem;background:var(--_line);overflow:hidden}
.bar>div{height:100%;border-radius:1rem;background:var(--_accent);transform-origin:0 50%}
summary{cursor:pointer;color:var(--_accent);min-height:2.25rem;display:flex;align-items:center;width:fit-content}
summary::before{content:"";width:.45em;height:.45em;margin-inline-end:.55em;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(-45deg);transition:transform .12s}
details[open]>summary::before{transform:rotate(45deg)}
@media (prefers-reduced-motion:reduce){*,*::before,*::after{animation-duration:.001ms!important;animation-iteration-count:1!important;transition:none!important}}
@media (forced-colors:active){.bar>div{background:Highlight}.notice,.card{border:1px solid CanvasText}}
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
