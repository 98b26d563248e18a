using System.Net;
using IntraDA.Gateway.Segmenters;

namespace IntraDA.Gateway.Tests.Segmenters;

public sealed class SegmenterPoolTests
{
    [Theory]
    [InlineData("10.0.0.2 10.0.0.1 10.0.0.2", "10.0.0.1 10.0.0.2")]
    [InlineData("fd00::2 fd00::1", "fd00::1 fd00::2")]
    [InlineData("fd00::1 10.0.0.1 fd00::2 10.0.0.2", "10.0.0.1 10.0.0.2")]
    public void A_name_stands_for_each_machine_once_whichever_family_its_addresses_are_of(string found, string expected) =>
        Assert.Equal(expected, string.Join(' ', SegmenterPool.OneEach([.. found.Split(' ').Select(IPAddress.Parse)])));
}
