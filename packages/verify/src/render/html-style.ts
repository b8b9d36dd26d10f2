/** The one style of HTML reports. Change it and its hash together: the test says what the hash is. */
export const HTML_STYLE: string = `:root{color-scheme:light;--ink:#1a1f24;--quiet:#59636e;--line:#dfe3e8;--passed:#0b6b3a;--failed:#b3261e;--indeterminate:#8a5a00}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:#f3f5f7;color:var(--ink);font:16px/1.6 "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei","Source Han Sans SC",system-ui,sans-serif}
main{max-width:52rem;margin:2rem auto;padding:2rem 2.5rem 1.5rem;background:#fff;border:1px solid var(--line);border-radius:6px}
.title{margin:0 0 1rem;color:var(--quiet);font-size:.9rem;letter-spacing:.04em}
header{display:flex;gap:1rem;align-items:center;padding:1.1rem 1.3rem;border-left:5px solid;border-radius:3px}
header .symbol{flex:none;width:2.6rem;height:2.6rem;border-radius:50%;font-size:1.5rem;line-height:2.6rem;text-align:center;color:#fff}
header.passed{border-color:var(--passed);background:#eef7f1}header.passed .symbol{background:var(--passed)}header.passed h1{color:var(--passed)}
header.failed{border-color:var(--failed);background:#fcefee}header.failed .symbol{background:var(--failed)}header.failed h1{color:var(--failed)}
header.indeterminate{border-color:var(--indeterminate);background:#fdf5e6}header.indeterminate .symbol{background:var(--indeterminate)}header.indeterminate h1{color:var(--indeterminate)}
h1{margin:0;font-size:1.3rem;line-height:1.4}
h2{margin:0 0 .6rem;font-size:1.05rem;line-height:1.4}
h3{margin:1.2rem 0 .4rem;font-size:.95rem}
small{color:var(--quiet);font-size:.8rem;font-weight:400}
section{margin-top:1.6rem}
section+section,footer{padding-top:1.4rem;border-top:1px solid var(--line)}
p{margin:0}
dl{margin:0}
dl div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:0 1rem;padding:.18rem 0}
dt{color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere}
.basis{font-size:.9rem}
.basis .code{font-size:.74rem}
.code{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.82rem;overflow-wrap:anywhere;word-break:break-all;color:var(--quiet)}
.reasons,.path{margin:0;padding-left:1.5rem}
.reasons>li+li,.path>li+li{margin-top:1.1rem}
.reasons .message{font-weight:600}
.note{color:var(--quiet)}
ul{margin:0;padding-left:1.5rem}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:.85rem}
td{padding:.3rem .6rem .3rem 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td:first-child{min-width:1.6rem}
.block td:first-child{width:1.6rem}
.block td:nth-child(2){width:15rem}
.words td:nth-child(2){white-space:nowrap}
.outcome{font-weight:700;color:var(--quiet)}
.outcome.passed{color:var(--passed)}.outcome.failed{color:var(--failed)}.outcome.indeterminate,.outcome.warning{color:var(--indeterminate)}
footer{margin-top:1.6rem;color:var(--quiet);font-size:.85rem}
@media (max-width:40rem){main{margin:0;padding:1.2rem 1rem;border:0;border-radius:0}header{padding:.9rem 1rem;gap:.8rem}h1{font-size:1.12rem}dl div{grid-template-columns:1fr;padding:.35rem 0}dt{font-size:.82rem}.block td:nth-child(2){width:8.5rem}}
@media print{@page{size:A4;margin:16mm}body{background:#fff;font-size:10.5pt}main{max-width:none;margin:0;padding:0;border:0}header,.reasons>li,.path>li,tr,dl div{break-inside:avoid}h2,h3{break-after:avoid}header,header .symbol{-webkit-print-color-adjust:exact;print-color-adjust:exact}.scroll{overflow:visible}}
`;

export const HTML_STYLE_HASH: string = 'sha256-r9d4ZSmTkj/3bDiu+dRF58R2JPodApLV4Qkm3iLgJTs=';
