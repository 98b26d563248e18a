using IntraDA.Cli.Gateways;

namespace IntraDA.Cli.Tests.Gateways;

public sealed class GatewayAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:7410/")]
    [InlineData("localhost:80", "http://localhost/")]
    [InlineData("http://gpu-box:9000", "http://gpu-box:9000/")]
    [InlineData("https://gpu-box", "https://gpu-box/")]
    [InlineData("[::1]:7500", "http://[::1]:7500/")]
    public void Short_forms_become_whole_addresses(string text, string address) =>
        Assert.Equal(address, GatewayAddress.Parse(text, "--gateway").ToString());

    [Theory]
    [InlineData("http://127.0.0.1:7410", true)]
    [InlineData("http://[::1]:7410", true)]
    [InlineData("http://localhost:7410", true)]
    [InlineData("http://10.0.0.3:7410", false)]
    public void Loopback_addresses_are_local(string address, bool isLocal) =>
        Assert.Equal(isLocal, GatewayAddress.IsLocal(new Uri(address)));

    [Fact]
    public void A_line_of_json_with_a_gateway_is_read_and_other_lines_are_not()
    {
        var addresses = ServiceAddresses.TryParse("""{"gateway":"http://127.0.0.1:7410","segmenter":"http://127.0.0.1:7411","pid":7}""");

        Assert.Equal("http://127.0.0.1:7410/", addresses!.Gateway.ToString());
        Assert.Equal(["gateway", "segmenter"], addresses.All.Keys.Order());
        Assert.Null(ServiceAddresses.TryParse("info: listening on http://127.0.0.1:7410"));
        Assert.Null(ServiceAddresses.TryParse("""{"trainer":"http://127.0.0.1:7413"}"""));
    }
}
