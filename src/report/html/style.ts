/**
 * The look of the page: ink on paper, and one accent, which always means wrong. No font, image or rule comes from elsewhere.
 */

/** The style sheet. */
export const style = `
:root{color-scheme:light dark;--paper:#fcfbf8;--ink:#1c1b19;--soft:#65615a;--faint:#8d887f;--line:#e2ded5;--panel:#f5f3ed;--accent:#b3371b;--tint:#fbeae4;--mono:ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{--paper:#161513;--ink:#ece8df;--soft:#aaa498;--faint:#8b857a;--line:#34312c;--panel:#1f1d1a;--accent:#ff8763;--tint:#3a211a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 var(--sans);font-variant-numeric:tabular-nums}
main,body>header,body>footer{max-width:64rem;margin:0 auto;padding:0 1.5rem}
body>header{padding-top:3rem}
body>footer{padding-top:2rem;padding-bottom:3rem;color:var(--soft);font-size:.875rem}
a{color:inherit;text-underline-offset:.2em;text-decoration-color:var(--faint)}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1.5rem;top:1rem}
h1{margin:0 0 1.25rem;color:var(--soft);font-size:.8125rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
h2{margin:4rem 0 1rem;padding-top:1rem;border-top:1px solid var(--ink);font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
h2 small{margin-left:.5rem;color:var(--soft);font-size:.875rem;font-weight:400;letter-spacing:0}
h3{margin:0;font-size:1.125rem;line-height:1.4;font-weight:600}
h3.heading{margin:2rem 0 1rem}
h4{margin:1.5rem 0 .5rem;font-size:.875rem;font-weight:600;color:var(--soft)}
code,.word,.bits,.value,.steps td,.steps th[scope=row]{font-family:var(--mono);font-size:.875em}
.verdict{display:flex;gap:.75rem;margin:0 0 .75rem;font-size:1.625rem;line-height:1.3;letter-spacing:-.015em;text-wrap:balance;overflow-wrap:anywhere}
.verdict strong{font-weight:700}
.verdict .mark{flex:none;width:1.25em;text-align:center;color:var(--soft)}
.falsified .mark,.warnings .mark{color:var(--accent)}
.meta{margin:1rem 0 0;color:var(--soft);font-size:.875rem}
.contents{margin:1.5rem 0 0;padding:0;list-style:none;font-size:.9375rem}
.contents li{display:flex;flex-wrap:wrap;gap:0 .75rem;padding:.3rem 0;border-top:1px solid var(--line)}
.contents li:last-child{border-bottom:1px solid var(--line)}
.contents code{overflow-wrap:anywhere}
.contents span:last-child{color:var(--soft)}
.notes{margin:0 0 1rem;padding:0;list-style:none;color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
.fault{margin:0 0 2.5rem;padding:1.25rem 1.5rem 1.5rem;border:1px solid var(--line);border-left:3px solid var(--faint);border-radius:4px;background:var(--panel)}
.fault.error,.fault.warning{border-left-color:var(--accent)}
.fault>header{display:flex;align-items:baseline;gap:.75rem;flex-wrap:wrap}
.fault h3{flex:1 1 16rem}
.status{padding:.05rem .5rem;border:1px solid currentColor;border-radius:1rem;color:var(--soft);font-size:.75rem;font-weight:600;letter-spacing:.02em}
.error .status{border-color:var(--accent);background:var(--accent);color:var(--paper)}
.warning .status{color:var(--accent)}
.anchor{color:var(--soft);font:.8125rem var(--mono);text-decoration:none}.anchor:hover{text-decoration:underline}
.cause{margin:.5rem 0 0}
.call{margin:1.25rem 0;font-size:1.25rem;line-height:1.4;overflow-wrap:anywhere}
.facts{margin:0;font-size:.9375rem}
.facts div{display:grid;grid-template-columns:7rem 1fr;gap:.75rem;padding:.2rem 0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
.facts dd .wrong{color:var(--accent);font-weight:600}
.facts.more{margin-top:1rem;color:var(--soft);font-size:.875rem}
.scroll{margin:1.25rem 0;overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem;line-height:1.45}
caption{padding:0 0 .4rem;color:var(--soft);font-size:.8125rem;text-align:left}
th,td{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:baseline;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-weight:500;border-bottom:1px solid var(--line)}
tbody th{font-weight:500}
tbody tr+tr>*{border-top:1px solid var(--line)}
.number{text-align:right}
.strip tr+tr>*{border-top:0}
.strip .bits{letter-spacing:.06em;color:var(--soft)}
.strip b,.steps .wrong td,.steps .wrong th{color:var(--accent)}
.strip b{font-weight:700}
.steps td,.steps th{padding-top:.1rem;padding-bottom:.1rem}
.steps tr+tr>*{border-top:0}
.steps .note{font-family:var(--sans);white-space:normal;min-width:12rem}
.steps .skipped td{color:var(--soft);font-family:var(--sans)}
.steps .wrong>*{background:var(--tint)}
.meter{display:block;width:100%;max-width:32rem;height:.375rem;margin:.75rem 0 0}
.meter+p{margin:.15rem 0 0;color:var(--soft);font-size:.8125rem}
.code{margin-top:1rem}.code p{margin:.75rem 0 .25rem;color:var(--soft);font-size:.8125rem;font-weight:500}.code pre{margin:0 0 .5rem;overflow-x:auto;font-size:.8125rem}.code pre code{font-size:1em}
.meter .allowed{fill:var(--line)}.meter .beyond{fill:var(--accent)}
.replay{display:flex;align-items:center;gap:.75rem;margin:1.25rem 0 0;padding:.6rem .75rem;border:1px solid var(--line);border-radius:4px;background:var(--paper)}
.replay code{flex:1;min-width:0;overflow-wrap:anywhere}
button{flex:none;padding:.25rem .75rem;border:1px solid var(--faint);border-radius:4px;background:none;color:inherit;font:500 .8125rem var(--sans);cursor:pointer}
button:hover{border-color:var(--ink)}
details{border-top:1px solid var(--line)}
details:last-child{border-bottom:1px solid var(--line)}
summary{padding:.45rem 0;cursor:pointer;overflow-wrap:anywhere}
summary .brief{color:var(--soft);font:.8125rem var(--mono)}
details.fault{margin:0;padding:0 0 0 .75rem;border-width:1px 0 0 3px;border-radius:0;background:none}details.fault:last-of-type{border-bottom-width:1px}details.fault[open]{padding:0 1.5rem 1.5rem .75rem;margin-bottom:1rem;background:var(--panel)}details.fault>summary .status{margin-right:.25rem}details.fault>summary .brief{margin-left:.5rem}
details[open]>summary{margin-bottom:.5rem}
details .call{font-size:1rem}
.accuracy,.plots{margin:2.5rem 0}
.accuracy .share span{display:inline-block;min-width:3rem}
figure{margin:2rem 0}
figure h3,figure h4{margin:0;color:var(--ink);font-size:1rem}
.panel{margin:0 0 .25rem;font-size:.875rem;font-weight:500}
.legend{max-width:46rem;margin:.25rem 0 1rem;color:var(--soft);font-size:.875rem}
.key{display:inline-block;max-width:100%;margin-right:.75rem;overflow-wrap:anywhere}
.key.wrong{color:var(--accent)}
.key i{font-style:normal}.key .dot,.key .dash{display:inline-block;vertical-align:middle}
.key .dot{width:.4rem;height:.4rem;border-radius:50%;background:var(--ink)}
.key .dash{width:.7rem;height:0;border-top:2px solid var(--faint)}
.swatch{vertical-align:-1px}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(13.5rem,100%),1fr));gap:1.25rem 1rem}
.single svg{max-width:20rem}.single .heat{max-width:36rem}
.plot{display:block;width:100%;height:auto;font-family:var(--sans);overflow:visible}
.plot text{fill:var(--soft)}
.plot .grid{stroke:var(--line)}.plot .rule,.plot .guide{stroke:var(--faint)}.plot .axis{stroke:var(--faint)}
.plot .guide{stroke-dasharray:1 3}
.plot .dots{stroke:var(--ink)}.plot .dots.over,.plot .crosses{stroke:var(--accent)}

.plot .series{fill:none;stroke:var(--ink)}.plot .series.b{stroke:var(--soft)}
.plot .allowed{stroke:var(--faint)}
.plot .bar{fill:var(--soft)}.plot .bar.high{fill:var(--ink)}
.cell{fill:var(--ink)}.cell.bad{fill:var(--accent)}.hatch{stroke:var(--line);stroke-width:1}.heat .mark{stroke:var(--paper)}
.data td,.data th+th{text-align:right}.data{margin-top:.75rem;border:0}.data:last-child{border:0}.data summary{color:var(--soft);font-size:.875rem}
.share .bar{display:inline-block;width:5rem;height:.375rem;margin-right:.5rem;vertical-align:middle}
.share .room{fill:var(--line)}.share .used{fill:var(--soft)}
:target{outline:2px solid var(--accent);outline-offset:4px}
@media (max-width:40rem){main,body>header,body>footer{padding-left:1rem;padding-right:1rem}body>header{padding-top:1.5rem}.verdict{font-size:1.25rem}.fault{padding:1rem}.facts div{grid-template-columns:1fr;gap:0}.facts dt{font-size:.8125rem}.call{font-size:1.0625rem}.replay{flex-wrap:wrap}}
@media print{:root{--paper:#fff;--panel:#fff;--ink:#000;--soft:#444;--faint:#777;--line:#ccc;--accent:#a02c12;--tint:#fff}body{font-size:10pt}.fault,figure{break-inside:avoid}.scroll{overflow:visible}button,.skip{display:none}.error .status{background:none;color:var(--accent)}th,td{white-space:normal}h2{break-after:avoid}}
`;
