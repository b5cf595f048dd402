/** Styles of the HTML report: quiet on the screen, and printable. */
import { colourVariables } from '../figures/theme.ts'

const serif = "Charter, 'Bitstream Charter', 'Source Serif 4', 'Libertinus Serif', Cambria, Georgia, serif"
const sans = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
const mono = "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"

const light = `--ink:#22262b;--muted:#5c636b;--line:#d9dde1;--ground:#fefefe;--raised:#f4f6f7;--link:#00598c;${colourVariables('light')}`
const dark = `--ink:#e4e6e9;--muted:#a2a9b1;--line:#3a4047;--ground:#17191c;--raised:#1f2226;--link:#7cc4f0;${colourVariables('dark')}`

export const styles = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
@media print{:root{color-scheme:light;${light}}}
*{box-sizing:border-box}
html{font:17px/1.55 ${serif};color:var(--ink);background:var(--ground);-webkit-text-size-adjust:100%}
body{max-width:46rem;margin:0 auto;padding:3.5rem 1.25rem 4rem;overflow-wrap:anywhere}
h1{font-size:2.1rem;line-height:1.15;font-weight:600;margin:.2rem 0 .6rem;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.25;font-weight:600;margin:3.2rem 0 1rem;break-after:avoid}
h3{font-size:1rem;font-weight:600;margin:1.6rem 0 .5rem;break-after:avoid}
p{margin:.8rem 0;text-wrap:pretty}
a{color:var(--link);text-underline-offset:.15em}
code,pre{font-family:${mono};font-size:.86em;font-variant-ligatures:none}
.kind{font:600 .74rem/1.2 ${sans};letter-spacing:.08em;text-transform:uppercase;color:var(--muted);margin:0}
.subtitle{color:var(--muted);margin:0}
nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;list-style:none;padding:0;margin:1.1rem 0 0;font:.82rem/1.6 ${sans}}
ol{padding-left:1.4rem;margin:.8rem 0}
li{margin:.35rem 0;text-wrap:pretty}
nav li{margin:0}
.numbers{display:flex;flex-wrap:wrap;margin:1rem 0 1.2rem;background:var(--raised);gap:1px;border:1px solid var(--line);border-radius:6px;overflow:hidden;break-inside:avoid}
.numbers div{flex:1 1 7.2rem;box-shadow:0 0 0 1px var(--line);padding:.8rem .9rem}
.numbers dt{font:600 .74rem/1.3 ${sans};color:var(--muted)}
.numbers dd{margin:0}
.numbers .value{font-size:1.5rem;line-height:1.35;font-variant-numeric:lining-nums tabular-nums;white-space:nowrap}
.numbers .note{overflow-wrap:normal;font:.74rem/1.35 ${sans};color:var(--muted)}
figure{margin:2rem 0 2.4rem;break-inside:avoid}
figure svg{display:block;width:100%;height:auto;font-family:${sans}}
figcaption,caption{font:.84rem/1.5 ${sans};color:var(--muted);text-align:left;text-wrap:pretty}
figcaption{margin-top:.7rem}
figcaption b,caption b{color:var(--ink);font-weight:600}
.table{overflow-x:auto;margin:2rem 0}
table{border-collapse:collapse;width:100%;font:.84rem/1.45 ${sans};font-variant-numeric:lining-nums tabular-nums;overflow-wrap:normal}
td code{overflow-wrap:anywhere}
caption{margin-bottom:.6rem}
th,td{padding:.38rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:1.5px solid var(--ink);border-bottom:1px solid var(--ink);font-weight:600;white-space:nowrap}
tbody tr:last-child>*{border-bottom:1.5px solid var(--ink)}
tbody th{font-weight:400;min-width:6rem}
tr{break-inside:avoid}
.right{text-align:right;white-space:nowrap}
pre code{font-size:1em}
pre{font-size:.76rem;background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.9rem 1rem;margin:.5rem 0 1.4rem;overflow-x:auto;line-height:1.5;white-space:pre-wrap}
footer{margin-top:3.5rem;border-top:1px solid var(--line);font:.78rem/1.5 ${sans};color:var(--muted)}
@page{size:A4;margin:20mm 20mm 22mm}
@media print{html{font-size:10.5pt}body{max-width:none;padding:0}nav{display:none}a{color:inherit}h2{margin-top:2rem}p,li{orphans:3;widows:3}}
`.replaceAll('\n', '')
