using System.Text;

namespace IntraDA.Gateway.Reporting.Html;

/// <summary>The report's style sheet: light, dark and printed, from a phone's width to a desk's.</summary>
public static class StyleSheet
{
    private const string Rules = """
        *,*::before,*::after{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--ink);
          font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        main,header{max-width:1180px;margin:0 auto;padding:0 20px}
        header{padding-top:40px}
        h1{font-size:clamp(1.6rem,1.2rem + 1.8vw,2.3rem);line-height:1.2;letter-spacing:-.015em;margin:0 0 6px;text-wrap:balance;
          overflow-wrap:anywhere}
        h2{font-size:1.35rem;letter-spacing:-.01em;line-height:1.3;margin:0 0 6px}
        h3{font-size:1rem;margin:26px 0 8px;line-height:1.35}
        h3 small{font-weight:400;color:var(--muted);margin-left:8px}
        p{margin:0 0 14px;max-width:72ch}
        .kicker{color:var(--muted);font-size:.8rem;letter-spacing:.08em;text-transform:uppercase;font-weight:600;margin:0 0 6px}
        .facts{color:var(--muted);font-size:.9rem;display:flex;flex-wrap:wrap;gap:2px 20px;margin:0;padding:0;list-style:none}
        .facts b{color:var(--ink);font-weight:600}
        section{background:var(--surface);border:1px solid var(--grid);border-radius:10px;padding:26px;margin:22px 0}
        .lead{color:var(--muted)}
        .verdict{font-size:1.02rem;margin:0 0 20px;padding:0;list-style:none;max-width:80ch}
        .verdict li{margin:0 0 8px}
        .verdict li:first-child{font-size:1.25rem;line-height:1.4;font-weight:600;letter-spacing:-.005em;margin-bottom:12px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 26px}
        .tile{border:1px solid var(--grid);border-radius:8px;padding:12px 14px;display:flex;flex-direction:column;justify-content:space-between}
        .tile dt{color:var(--muted);font-size:.82rem;line-height:1.35}
        .tile dd{margin:0;font-size:1.6rem;font-weight:650;letter-spacing:-.02em;line-height:1.3}
        .tile dd small{font-size:.85rem;font-weight:400;letter-spacing:0;color:var(--muted);margin-left:4px}
        .split{display:grid;grid-template-columns:minmax(0,1fr);gap:30px}
        @media(min-width:900px){.split{grid-template-columns:minmax(0,1.15fr) minmax(0,1fr)}}
        .notes{margin:0;padding:0;list-style:none;font-size:.9rem}
        .notes li{padding:8px 12px;border-left:3px solid var(--grid);margin:0 0 8px;color:var(--muted)}
        .notes.columns{margin-top:22px}
        @media(min-width:900px){.notes.columns{columns:2;column-gap:30px}.notes.columns li{break-inside:avoid}}
        .notes li.caution{border-color:var(--caution);background:var(--caution-surface);color:var(--ink);border-radius:0 6px 6px 0}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:26px}
        .charts.wide>.bars:nth-child(odd):last-child{grid-column:1/-1}
        .charts.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr))}
        figure{margin:0}
        .chart{max-width:520px;break-inside:avoid}
        .chart.bars{max-width:none}
        .chart svg{display:block;width:100%;overflow:visible}
        figcaption{margin:0 0 8px;line-height:1.4}
        figcaption strong{display:block;font-size:.95rem}
        figcaption span{display:block;color:var(--muted);font-size:.84rem}
        svg text{fill:var(--muted);font-size:12.5px}
        .charts:not(.wide) svg text{font-size:15px}
        @media(max-width:560px){svg text,svg text.title{font-size:15px}}
        svg text.title{fill:var(--ink)}
        svg text.note{fill:var(--ink);font-size:12px;font-weight:600;paint-order:stroke;stroke:var(--surface);stroke-width:4px;
          stroke-linejoin:round}
        .chart.bars svg text{fill:var(--ink);font-size:14px}
        .chart.bars svg text.heading{fill:var(--muted);font-size:12px;font-weight:600;letter-spacing:.05em;text-transform:uppercase}
        .chart.bars svg text.value{font-weight:650}
        .chart.bars svg text.absent{fill:var(--muted);font-weight:400}
        .grid{stroke:var(--grid);stroke-width:1;fill:none}
        .axis{stroke:var(--muted);stroke-width:1;fill:none}
        .line{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round;stroke-linecap:round}
        .line.dashed{stroke-dasharray:5 5}
        .line.raw{stroke-width:1;opacity:.3}
        .mark{fill:var(--c)}
        .point{stroke:var(--surface);stroke-width:.8;fill-opacity:.85}
        .bar{fill:var(--c)}
        .bar.own{fill:var(--accent)}
        .bar.control{fill:var(--control)}
        .cut{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
        .legend{display:flex;flex-wrap:wrap;gap:3px 16px;margin:0 0 6px;padding:0;list-style:none;font-size:.84rem}
        .legend li{display:flex;align-items:center;gap:6px}
        .legend svg{width:18px;flex:none}
        .scroll{overflow-x:auto;-webkit-overflow-scrolling:touch;margin:0 0 12px}
        table{border-collapse:collapse;font-size:.9rem;min-width:100%}
        th,td{padding:6px 10px;text-align:right;border-bottom:1px solid var(--grid);vertical-align:middle}
        thead th{font-weight:600;line-height:1.25;vertical-align:bottom;font-size:.84rem}
        th:first-child,td:first-child{text-align:left}
        tbody th{font-weight:500;white-space:nowrap}
        td.text,th.text{text-align:left}
        td.long{overflow-wrap:anywhere;min-width:16ch}
        tr.total th,tr.total td{font-weight:650;border-top:2px solid var(--muted)}
        .first-control{border-left:2px solid var(--muted)}
        .pinned thead th:not(:first-child){width:13.5%;min-width:76px}
        .pinned th:first-child{position:sticky;left:0;background:var(--surface);z-index:1}
        .sw{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:8px;vertical-align:-1px;
          border:1px solid var(--muted)}
        .shares{white-space:nowrap}
        .shares b{display:inline-block;min-width:3.6em;font-weight:400}
        .share{display:inline-block;width:96px;height:10px;margin-right:10px;background:var(--grid);border-radius:2px;vertical-align:0}
        .share rect{fill:var(--accent)}
        .classes{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 8px;padding:0;list-style:none;font-size:.86rem}
        .ramp{display:block;width:160px;height:12px;border-radius:3px;border:1px solid var(--grid)}
        .rampline{display:flex;align-items:center;gap:8px;font-size:.86rem;margin:0 0 6px}
        .row{margin:0 0 20px;break-inside:avoid}
        .row>p{margin:0 0 6px;font-size:.86rem;color:var(--muted);max-width:none;overflow-wrap:anywhere}
        .row>p b{color:var(--ink);font-weight:600}
        .cells{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}
        @media(min-width:720px){.cells{grid-template-columns:repeat(5,minmax(0,1fr))}}
        .cells figcaption{font-size:.8rem;color:var(--muted);margin:3px 0 0}
        .cells img{display:block;width:100%;height:auto;border-radius:4px;background:var(--grid)}
        .cells img.map{image-rendering:pixelated}
        .missing{display:grid;place-items:center;border:1px dashed var(--muted);border-radius:4px;color:var(--muted);font-size:.8rem;
          text-align:center;padding:6px;aspect-ratio:16/10}
        details{border-top:1px solid var(--grid);padding:10px 0}
        details:last-child{padding-bottom:0}
        summary{cursor:pointer;font-weight:600;padding:2px 0}
        summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
        details>*:not(summary){margin-top:12px}
        code{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        footer{color:var(--muted);font-size:.84rem;padding:0 0 40px}
        @media(max-width:719px){.cells figure:first-child{grid-column:1/-1}}
        @media(max-width:560px){main,header{padding-left:12px;padding-right:12px}section{padding:18px 14px;margin:14px 0}
          header{padding-top:24px}th,td{padding:5px 7px}.share{width:56px;margin-right:4px}}
        @media print{body{font-size:11pt;background:#fff}section{border:0;padding:0;margin:0 0 22pt}main,header{max-width:none;padding:0}
          .scroll{overflow:visible}h2,h3{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;

    /// <summary>Writes the style sheet.</summary>
    /// <returns>CSS without '&lt;' and '&amp;'.</returns>
    public static string Write()
    {
        var css = new StringBuilder();
        css.Append(":root{color-scheme:light dark}");
        css.Append(Variables(Theme.Light));
        // Paper is white, whatever the screen is.
        css.Append("@media screen and (prefers-color-scheme:dark){").Append(Variables(Theme.Dark)).Append('}');
        css.Append(Rules);
        return css.ToString();
    }

    private static string Variables(Theme theme)
    {
        var css = new StringBuilder(":root{");
        (string Name, string Colour)[] named =
        [
            ("page", theme.Page), ("surface", theme.Surface), ("ink", theme.Ink), ("muted", theme.Muted), ("grid", theme.Grid),
            ("accent", theme.Accent), ("control", theme.Control), ("caution", theme.Caution), ("caution-surface", theme.CautionSurface),
        ];
        foreach (var (name, colour) in named)
        {
            css.Append("--").Append(name).Append(':').Append(colour).Append(';');
        }

        css.Append('}');
        for (var i = 0; i < theme.Series.Count; i++)
        {
            css.Append(".s").Append(i).Append("{--c:").Append(theme.Series[i]).Append('}');
        }

        for (var i = 0; i < Theme.HeatSteps; i++)
        {
            css.Append("td.h").Append(i).Append("{background:").Append(theme.Heat(i)).Append('}');
        }

        return css.ToString();
    }
}
