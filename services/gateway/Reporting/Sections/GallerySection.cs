using IntraDA.Gateway.Reporting.Analysis;
using IntraDA.Gateway.Reporting.Gallery;
using IntraDA.Gateway.Reporting.Html;

namespace IntraDA.Gateway.Reporting.Sections;

/// <summary>The easiest, median and hardest validation images as the networks see them.</summary>
public static class GallerySection
{
    /// <summary>Draws the section; nothing where there is neither an image nor a reason why.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="data">The report.</param>
    /// <param name="gallery">The images.</param>
    public static void Render(HtmlWriter html, ReportData data, GalleryResult gallery)
    {
        if (gallery.Rows.Count == 0 && gallery.Problem is null)
        {
            return;
        }

        using var section = html.Open("section", ("id", "gallery"));
        html.Element("h2", "Gallery");
        html.Element(
            "p",
            "Validation images chosen by their score under the inter network alone: the easiest, those around the median, the hardest.",
            ("class", "lead"));
        if (gallery.Problem is { } problem)
        {
            using var notes = html.Open("ul", ("class", "notes"));
            html.Element("li", problem, ("class", "caution"));
        }

        if (gallery.Rows.Count == 0)
        {
            return;
        }

        Legend(html, data);
        foreach (var group in gallery.Rows.GroupBy(r => r.Group))
        {
            html.Element("h3", Heading(group.Key));
            foreach (var row in group)
            {
                Row(html, row, data.Ranking.Validation.Count);
            }
        }
    }

    private static void Legend(HtmlWriter html, ReportData data)
    {
        var classes = (data.Request.Validation ?? data.Request.Target).Classes;
        using (html.Open("ul", ("class", "classes"), ("aria-label", "Colours of the classes")))
        {
            for (var id = 0; id < classes.Names.Count; id++)
            {
                using var item = html.Open("li");
                ClassSection.Swatch(html, classes, id);
                html.Text(classes.Names[id]);
            }

            using var ignored = html.Open("li");
            html.Element("span", "", ("class", "sw"), ("style", "background:#000000"));
            html.Text("not labelled");
        }

        using var line = html.Open("p", ("class", "rampline"));
        html.Text("entropy 0");
        html.Void("img", ("class", "ramp"), ("alt", "from dark, certain, to bright, uncertain"), ("src", Ramp().Url));
        html.Text("1");
    }

    private static Picture Ramp()
    {
        byte[] levels = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        return new Picture("image/png", Data.Labels.PngWriter.Palette8(256, 1, levels, EntropyRamp.Palette()), 256, 1);
    }

    private static string Heading(GalleryGroup group) => group switch
    {
        GalleryGroup.Easiest => "Easiest",
        GalleryGroup.Median => "Around the median",
        _ => "Hardest",
    };

    private static void Row(HtmlWriter html, GalleryRow row, int images)
    {
        using var block = html.Open("div", ("class", "row"));
        using (html.Open("p"))
        {
            html.Element("b", row.Image.Id);
            html.Text(
                $" \u00B7 place {Format.Count(row.Rank)} of {Format.Count(images)} \u00B7 score {Format.Compact(row.Image.Score)} \u00B7 "
                + $"{Format.Percent(row.Image.Error)} of the pixels wrong");
            if (row.Image.Condition is { } condition)
            {
                html.Text($" \u00B7 {condition}");
            }
        }

        using var cells = html.Open("div", ("class", "cells"));
        Cell(html, "Image", row.Photo, row.Image.Id, isMap: false);
        Cell(html, "Truth", row.Truth, row.Image.Id, isMap: true);
        Cell(html, "Inter", row.Inter, row.Image.Id, isMap: true);
        Cell(html, "Inter, entropy", row.Entropy, row.Image.Id, isMap: true);
        Cell(html, "Intra", row.Intra, row.Image.Id, isMap: true);
    }

    private static void Cell(HtmlWriter html, string caption, Picture? picture, string id, bool isMap)
    {
        using var figure = html.Open("figure");
        if (picture is null)
        {
            html.Element("div", "not available", ("class", "missing"));
        }
        else
        {
            html.Void(
                "img", ("class", isMap ? "map" : null), ("src", picture.Url), ("width", Format.Svg(picture.Width)),
                ("height", Format.Svg(picture.Height)), ("alt", $"{caption} of {id}"), ("loading", "lazy"));
        }

        html.Element("figcaption", caption);
    }
}
