using IntraDA.Trainer.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntraDA.Trainer.Tests.Training;

/// <summary>How long a job that is stopped may take for its last checkpoint.</summary>
public sealed class FarewellTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(60, "--ShutdownSeconds", "50")]
    [InlineData(280, "--ShutdownSeconds", "280")]
    [InlineData(20, "--ShutdownSeconds", "30", "--Trainer:FarewellSeconds", "20")]
    public async Task It_is_what_the_service_takes_to_end_and_a_minute_at_least_unless_an_option_says_less(int seconds, params string[] options)
    {
        await using var app = TrainerApplication.Create(["--Listen", "http://127.0.0.1:0", .. options]);
        Assert.Equal(TimeSpan.FromSeconds(seconds), app.Services.GetRequiredService<CheckpointInterval>().Farewell);
    }

    [Fact]
    public async Task More_than_the_service_takes_to_end_is_refused()
    {
        await using var app = TrainerApplication.Create(["--Listen", "http://127.0.0.1:0", "--ShutdownSeconds", "30", "--Trainer:FarewellSeconds", "31"]);
        var error = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<CheckpointInterval>());
        Assert.Contains("ShutdownSeconds", error.Message, StringComparison.Ordinal);
    }
}
