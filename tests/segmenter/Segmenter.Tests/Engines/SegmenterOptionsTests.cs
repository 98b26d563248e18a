using System.ComponentModel.DataAnnotations;
using IntraDA.Segmenter.Engines;

namespace IntraDA.Segmenter.Tests.Engines;

public sealed class SegmenterOptionsTests
{
    [Fact]
    public void The_defaults_are_allowed() => Assert.Empty(Violations(new SegmenterOptions()));

    [Fact]
    public void All_violations_are_reported_at_once()
    {
        var violations = Violations(new SegmenterOptions { Precision = "float16", BatchPixels = 0, StreamAhead = 65 });
        Assert.Equal(3, violations.Count);
        Assert.Contains("Segmenter:Precision is float32, auto or bfloat16.", violations.Select(v => v.ErrorMessage));
    }

    private static List<ValidationResult> Violations(SegmenterOptions options)
    {
        var violations = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), violations, validateAllProperties: true);
        return violations;
    }
}
