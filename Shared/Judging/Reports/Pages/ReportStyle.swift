/// The style sheet of the report: light and dark, and for paper.
enum ReportStyle {
    static let text = base + ColourScale.style + print

    private static let base = """
        :root{color-scheme:light dark;--page:#fbfbfa;--card:#fff;--text:#1a1f26;--soft:#5a6470;--line:#dfe2e6;--faint:#eef0f2;--accent:#12548f;\
        --s0:#0b6fb0;--s1:#d98200;--s2:#00855f;--s3:#b3558f;--s4:#5b5fc7;--s5:#7a6a00}
        @media (prefers-color-scheme:dark){:root{--page:#14171b;--card:#1b1f25;--text:#e6e9ed;--soft:#a2abb6;--line:#343b44;--faint:#262c34;--accent:#7db8ea;\
        --s0:#58aee6;--s1:#f0a63c;--s2:#3fc49c;--s3:#e08cc0;--s4:#9ea2f5;--s5:#cdbb45}}
        *{box-sizing:border-box}
        html{scroll-behavior:auto}
        body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:9}
        header{background:var(--card);border-bottom:1px solid var(--line);padding:1.1rem 1.5rem 0}
        header>*{max-width:1320px;margin-left:auto;margin-right:auto}main,footer{max-width:calc(1320px + 3rem);margin-left:auto;margin-right:auto}
        .brand{margin:0 auto;color:var(--soft);font-size:.8rem;letter-spacing:.04em;text-transform:uppercase}
        h1{font-size:1.55rem;line-height:1.25;margin:.1rem auto .7rem;overflow-wrap:anywhere}
        h2{font-size:1.3rem;margin:0 0 .8rem;overflow-wrap:anywhere}h2:focus{outline:none}
        h3{font-size:1.05rem;margin:1.8rem 0 .5rem}h4{font-size:.95rem;margin:1rem 0 .4rem}
        header nav ul{display:flex;flex-wrap:wrap;gap:.2rem;list-style:none;margin:0;padding:0}
        header nav a{display:block;padding:.5rem .85rem;text-decoration:none;color:var(--soft);border-bottom:3px solid transparent}
        header nav a:hover{color:var(--text)}header nav a[aria-current]{color:var(--accent);border-color:var(--accent);font-weight:600}
        a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        main{padding:1.6rem 1.5rem 2rem}main:focus{outline:none}
        section{margin-bottom:3rem}.js main>section{scroll-margin-top:100vh}
        footer{padding:0 1.5rem 2rem;color:var(--soft);font-size:.82rem}
        main p,main li{max-width:62rem}.note{color:var(--soft);font-size:.86rem;margin:.4rem 0 .8rem}
        .scroll{overflow-x:auto;margin:0 0 1.1rem}
        table{border-collapse:separate;border-spacing:0;font-size:.82rem;background:var(--card);border:1px solid var(--line);border-radius:6px}
        caption{text-align:left;color:var(--soft);padding:.2rem 0 .45rem;font-size:.88rem}caption b{color:var(--text)}
        th,td{padding:.28rem .5rem;text-align:right;border-bottom:1px solid var(--faint);white-space:nowrap;font-weight:400}
        thead th{color:var(--soft);font-weight:600;border-bottom:1px solid var(--line);vertical-align:bottom;white-space:normal}thead th.text{text-align:left}
        th[scope=row],thead th:first-child{text-align:left;font-weight:600;position:sticky;left:0;background:var(--card)}
        tbody tr:last-child>*{border-bottom:0}
        td b{font-weight:650}td small{display:block;font-size:.77rem;opacity:.85}
        td[class^=q]{border-bottom-color:color-mix(in srgb,var(--card) 40%,transparent);border-left:1px solid color-mix(in srgb,var(--card) 40%,transparent)}
        td.none{color:var(--soft)}
        tr.all>*{border-top:2px solid var(--text)}
        .text,.bad td:last-child,.bad th:last-child{white-space:normal;text-align:left}.definitions .text{min-width:22rem}
        .reasons ul,ul.reasons{margin:0;padding:0;list-style:none}.bad td.reasons{min-width:26rem}
        .cause{display:inline-block;padding:0 .45rem;border:1px solid var(--line);border-radius:9px;font-size:.78rem;color:var(--soft);margin-right:.25rem}
        .bad th,.bad td{vertical-align:top}
        .ramp{display:inline-flex;align-items:center;gap:0;font-size:.78rem;color:var(--soft);white-space:nowrap}
        .ramp i{width:.85rem;height:.85rem;display:inline-block}.ramp i:first-child{margin-left:.4rem}.ramp i:last-child{margin-right:.4rem}
        .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.86rem;color:var(--soft);margin:.4rem 0}
        .legend span{display:inline-flex;align-items:center;gap:.4rem}.swatch{width:.9rem;height:.9rem;flex:none}
        .cards{display:flex;flex-wrap:wrap;gap:1rem}.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.2rem 1.1rem .9rem;flex:1 1 20rem;max-width:34rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:0;font-size:.86rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        .tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0}.tile{border:1px solid var(--line);border-radius:8px;padding:.45rem .9rem;font-size:.8rem;min-width:6.2rem}
        .tile b{display:block;font-size:1.25rem;line-height:1.3}
        .controls{display:none}.js .controls{display:block}.js .controls.row{display:flex;flex-wrap:wrap;gap:.5rem 1.2rem;align-items:end;margin-bottom:.6rem}
        select,button{font:inherit;font-size:.86rem;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:5px;padding:.25rem .6rem}
        button:hover{background:var(--faint)}
        fieldset{border:0;margin:0;padding:0;font-size:.86rem}legend{padding:0;color:var(--soft);font-size:.76rem}fieldset label{margin-right:.6rem;white-space:nowrap}
        .steps{display:flex;flex-wrap:wrap;gap:1.2rem;margin-bottom:.6rem;font-size:.9rem}
        .beside{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}.beside>div{min-width:0}.beside>div:last-child{flex:1 1 16rem}
        .figure{max-width:100%;height:auto;display:block}
        svg text{fill:var(--soft);font-size:11px;dominant-baseline:central}
        .tick{text-anchor:middle}.tick.start{text-anchor:start}.value{text-anchor:end}.strong{font-weight:700;fill:var(--text)}
        .grid{stroke:var(--line);stroke-width:1;fill:none}.zero{stroke:var(--soft);stroke-width:1.2;fill:none}
        .side{font-size:11px}.side.end{text-anchor:end}.turned{font-size:11px}
        .frame{fill:var(--card);stroke:var(--line)}.cell{text-anchor:middle;font-size:9.5px;fill:#14181d}.cell.light{fill:#fff}
        .s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}
        .dots{stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-opacity:.45;fill:none}
        .box{fill:currentColor;fill-opacity:.2;stroke:currentColor;stroke-width:1.1}.line{stroke:currentColor;stroke-width:1.2;fill:none}
        .median{stroke:var(--text);stroke-width:2;fill:none}.knob{fill:currentColor}
        .trend{stroke:currentColor;stroke-width:1.2;fill:none;stroke-opacity:.55}.knots{stroke:currentColor;stroke-width:6;stroke-linecap:round;fill:none}
        .interval{stroke:var(--text);stroke-width:1.4}.even{fill:var(--soft)}.better{fill:#3e86bc}.worse{fill:#ce584a}
        .slices{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.4rem;background:#0d0f12;padding:.6rem;border-radius:8px;align-items:center}
        .slices .head{color:#d9dde2;text-align:center;font-size:.84rem}
        .panel{width:100%;max-height:30rem;display:block;background:#000}
        .panel text{fill:#fff;stroke:#000;stroke-width:2.2px;paint-order:stroke;stroke-linejoin:round;text-anchor:middle;font-size:11px;font-weight:600}
        .panel .scale{text-anchor:start;font-size:9px}.panel .bar{stroke:#fff;stroke-width:2}.panel .guide{stroke:#9fd0ff;stroke-width:.7;stroke-dasharray:1.5 4;fill:none}
        .scene{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem;display:none}
        .js.gl .scene{display:block}.js.gl .stills{display:none}
        .stage{display:flex;gap:1rem;align-items:flex-start}
        .stage canvas{flex:1 1 auto;min-width:0;width:100%;height:34rem;border-radius:6px;background:#f3f4f6;touch-action:none;cursor:grab}.stage canvas:active{cursor:grabbing}
        .classes{flex:none;columns:2;column-gap:.8rem;max-height:34rem;overflow:auto}.classes label{display:flex;align-items:center;gap:.3rem;margin:0 0 .1rem}
        .bar{display:block;max-width:100%;height:auto;margin-top:.4rem}.scene svg.bar,.limit{display:none}.distance svg.bar,.distance .limit{display:block}
        .stills{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-end;background:#fff;border-radius:8px;padding:.6rem}.stills figure{margin:0;text-align:center}
        .stills img{max-width:100%;height:auto}.stills text{fill:#444}figcaption{font-size:.82rem;color:#333}
        @media screen{.js main>section:not(.current),.js .choice:not(.chosen){display:none}}
        @media (max-width:760px){main,header{padding-left:.8rem;padding-right:.8rem}.slices{grid-template-columns:repeat(2,minmax(0,1fr))}.slices .head{display:none}.stage{flex-direction:column}.classes{columns:4}.stage canvas{height:24rem}}

        """

    private static let print = """

        @media print{
        @page{size:A4;margin:10mm 11mm}
        :root{color-scheme:light;--page:#fff;--card:#fff;--text:#000;--soft:#444;--line:#bbb;--faint:#e4e4e4;--accent:#000;\
        --s0:#0b6fb0;--s1:#d98200;--s2:#00855f;--s3:#b3558f;--s4:#5b5fc7;--s5:#7a6a00}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        body{font-size:9pt;line-height:1.35}header{border:0;padding:0}h1{font-size:15pt}h2{font-size:13pt;margin-bottom:.4rem}h3{margin:.9rem 0 .3rem}
        header nav,.skip,.steps,.js .controls,.js .controls.row,.scene,.js.gl .scene{display:none!important}
        main{padding:0;max-width:none}footer{padding:0}section{break-before:page;margin:0;orphans:1;widows:1}section:first-of-type{break-before:auto}
        .choice:not(.leading):not(.chosen){display:none!important}
        .scroll{overflow:visible;margin-bottom:.6rem}table{font-size:6.2pt;break-inside:avoid}.all-cases{break-inside:auto}th,td{padding:.03rem .3rem;line-height:1.08}td small{font-size:5pt}caption{padding:0 0 .1rem}
        [data-group=side].leading,[data-group=side].chosen,[data-group=model] .scroll{display:inline-block;vertical-align:top;margin-right:4mm}
        .comparison th,.comparison td{padding:.08rem .2rem}.bad,.key,.definitions,.all-cases{font-size:7pt}
        th[scope=row],thead th:first-child{position:static}
        thead{display:table-header-group}tr,figure,.card,.tile,svg.figure{break-inside:avoid}h2,h3,h4,caption{break-after:avoid}
        a{text-decoration:none}.forest{max-height:95mm;width:auto}.confusion{max-height:150mm;width:auto}
        .tiles{gap:.3rem;margin:.4rem 0}.tile{padding:.15rem .5rem;min-width:0;font-size:7pt}.tile b{font-size:10pt}
        .slices{grid-template-columns:repeat(4,1fr);gap:.15rem;padding:.25rem;break-inside:avoid}.panel{max-height:50mm}
        .js.gl .stills,.stills{display:flex;flex-wrap:nowrap;justify-content:space-around;break-inside:avoid;padding:0}.stills img{max-height:62mm;width:auto}
        .definitions .text,.bad td.reasons{min-width:0}.definitions .ramp i{width:.5rem}
        }
        """
}
