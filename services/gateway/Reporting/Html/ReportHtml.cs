using System.Globalization;
using System.Text;
using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Gallery;
using IntraDA.Gateway.Reporting.Sections;

namespace IntraDA.Gateway.Reporting.Html;

/// <summary>Writes report.html.</summary>
public static class ReportHtml
{
    /// <summary>Writes a report.</summary>
    /// <param name="data">What it says.</param>
    /// <param name="gallery">Its images.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Write(ReportData data, GalleryResult gallery)
    {
        var html = new HtmlWriter();
        using (html.Open("html", ("lang", "en")))
        {
            using (html.Open("head"))
            {
                html.Void("meta", ("charset", "utf-8"));
                html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
                html.Element("title", $"{data.Title} \u00B7 IntraDA report");
                html.Style(StyleSheet.Write());
            }

            using var body = html.Open("body");
            Header(html, data);
            using (html.Open("main"))
            {
                SummarySection.Render(html, data);
                ClassSection.Render(html, data);
                SplitSection.Render(html, data);
                TrustSection.Render(html, data);
                GallerySection.Render(html, data, gallery);
                CurveSection.Render(html, data);
                LineageSection.Render(html, data);
                using var footer = html.Open("footer");
                html.Text("Method: F. Pan et al., Unsupervised intra-domain adaptation for semantic segmentation through "
                    + "self-supervision, CVPR 2020. The figures of this page, and more digits of them, are in report.json.");
            }
        }

        return Encoding.UTF8.GetBytes(html.ToDocument());
    }

    private static void Header(HtmlWriter html, ReportData data)
    {
        using var header = html.Open("header");
        html.Element("p", "Two-step domain adaptation", ("class", "kicker"));
        html.Element("h1", data.Title);
        using var facts = html.Open("ul", ("class", "facts"));
        Fact(html, "Source", data.Request.Source.Name);
        Fact(html, "Target", data.Request.Target.Name);
        if (data.Request.Validation is { } validation)
        {
            Fact(html, "Validation", validation.Name);
        }

        if (data.Workflow.Spec is { Architecture.Length: > 0 } spec)
        {
            Fact(html, "Network", spec.Architecture);
        }

        Fact(html, "Seed", (data.Workflow.Spec?.Seed ?? 0).ToString(CultureInfo.InvariantCulture));
        Fact(html, "Workflow", data.Workflow.Id);
        if (data.Workflow.CreateTime is { } created)
        {
            Fact(html, "Created", created.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        }
    }

    private static void Fact(HtmlWriter html, string name, string value)
    {
        using var item = html.Open("li");
        html.Text(name + " ");
        html.Element("b", value);
    }
}
