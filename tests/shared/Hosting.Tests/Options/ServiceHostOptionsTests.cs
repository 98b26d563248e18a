using Microsoft.Extensions.Options;

namespace IntraDA.Hosting.Tests.Options;

public sealed class ServiceHostOptionsTests
{
    [Theory]
    [InlineData("http://0.0.0.0:7410", "--insecure")]
    [InlineData("http://0.0.0.0:7410", "Auth:KeysFile")]
    [InlineData("http://[::]:7410", "--insecure")]
    [InlineData("ftp://127.0.0.1", "is not a URL")]
    [InlineData("http://example.org:1", "is not an IP address")]
    [InlineData("https://0.0.0.0:1", "CertificateFile")]
    public void An_address_that_is_not_allowed_is_refused_with_the_fix(string listen, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => ServiceHost.CreateBuilder("intrada-gateway", ["--Listen", listen]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://localhost:0")]
    public void Loopback_needs_no_tls(string listen) =>
        Assert.NotNull(ServiceHost.CreateBuilder("intrada-gateway", ["--Listen", listen]));

    [Fact]
    public void Insecure_alone_does_not_open_the_network_to_callers_without_names()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => ServiceHost.CreateBuilder("intrada-gateway", ["--insecure", "--Listen", "http://0.0.0.0:0"]));
        Assert.Contains("Auth:KeysFile", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("say --insecure", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--insecure", "--Auth:ServiceKey", "0123456789abcdef0123456789abcdef")]
    [InlineData("--Auth:ServiceKey", "0123456789abcdef0123456789abcdef", "--insecure")]
    [InlineData("--Auth:ServiceKey", "0123456789abcdef0123456789abcdef", "--insecure", "true")]
    public void The_network_is_open_to_who_says_insecure_and_asks_who_calls(params string[] args) =>
        Assert.NotNull(ServiceHost.CreateBuilder("intrada-gateway", ["--Listen", "http://0.0.0.0:0", .. args]));

    [Fact]
    public void Options_out_of_range_are_reported_by_name()
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            ServiceHost.CreateBuilder("intrada-gateway", ["--MaxMessageBytes", "1"]));
        Assert.Contains("MaxMessageBytes", error.Message, StringComparison.Ordinal);
    }
}
