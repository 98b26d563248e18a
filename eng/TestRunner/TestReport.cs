using System.Xml;
using System.Xml.Linq;

namespace IntraDA.TestRunner;

/// <summary>The results of one test project.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failures">Name and reason of each test, or of anything around tests, that failed.</param>
/// <param name="Skips">Name and reason of each test that was skipped.</param>
internal sealed record TestReport(int Passed, IReadOnlyList<(string Name, string Reason)> Failures, IReadOnlyList<(string Name, string Reason)> Skips)
{
    /// <summary>A project that gave no results.</summary>
    /// <param name="name">The project.</param>
    /// <param name="reason">What happened.</param>
    /// <returns>A report with one failure.</returns>
    public static TestReport Broken(string name, string reason) => new(0, [(name, reason)], []);

    /// <summary>Reads the XML that xunit.v3 runners write with <c>-xml</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The report; null where the file is missing or cut off, as after a crash.</returns>
    public static TestReport? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            // Failure messages may hold control characters that XML 1.0 does not allow; they are no reason to lose the results.
            using var reader = XmlReader.Create(path, new XmlReaderSettings { CheckCharacters = false });
            var document = XDocument.Load(reader);
            var tests = document.Descendants("test").ToList();
            var failures = tests.Where(test => Result(test) == "Fail").Select(test => (Name(test), Reason(test)))
                .Concat(document.Descendants("error").Select(error => ($"{(string?)error.Attribute("type")} {(string?)error.Attribute("name")}".Trim(), Reason(error))));
            var skips = tests.Where(test => Result(test) is "Skip" or "NotRun" && test.Element("reason") is not null)
                .Select(test => (Name(test), test.Element("reason")!.Value.Trim()));
            return new TestReport(tests.Count(test => Result(test) == "Pass"), [.. failures], [.. skips]);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string? Result(XElement test) => (string?)test.Attribute("result");

    private static string Name(XElement test) => (string?)test.Attribute("name") ?? "unnamed test";

    private static string Reason(XElement element)
    {
        var failure = element.Element("failure");
        return string.Join('\n', new[] { failure?.Element("message")?.Value, failure?.Element("stack-trace")?.Value }
            .Where(part => !string.IsNullOrWhiteSpace(part))
            .Select(part => part!.TrimEnd()));
    }
}
