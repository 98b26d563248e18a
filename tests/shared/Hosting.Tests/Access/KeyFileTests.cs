using IntraDA.Access;

namespace IntraDA.Hosting.Tests.Access;

public sealed class KeyFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(CallerRole.Predict)]
    [InlineData(CallerRole.Operate)]
    [InlineData(CallerRole.Admin)]
    [InlineData(CallerRole.Service)]
    public void A_key_is_found_by_what_is_written_of_it_and_is_not_in_it(CallerRole role)
    {
        var key = ApiKey.Create();
        var line = KeyFile.Write(new KeyRecord(new Caller(ApiKey.CreateId(), role), ApiKey.Hash(key)), "somebody \"else\"\n", Now);
        Assert.DoesNotContain(key, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        var ring = KeyFile.Parse(["# people", "", line], "keys");
        Assert.Equal(role, ring.Find(key)!.Role);
        Assert.Null(ring.Find(ApiKey.Create()));
        Assert.Null(ring.Find(key + "x"));
        Assert.Null(ring.Find(ring.Records[0].Sha256));
    }

    [Fact]
    public void Keys_are_long_random_and_of_the_accepted_form()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKey.Create()).ToList();
        Assert.Equal(100, keys.Distinct().Count());
        Assert.All(keys, key => Assert.True(ApiKey.IsWellFormed(key) && key.Length == 51));
    }

    [Theory]
    [InlineData("intrada_plain_key_put_here_by_mistake_0000000000")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"a\",\"role\":\"root\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}")]
    [InlineData("{\"id\":\"a\",\"role\":\"admin\",\"sha256\":\"00\"}")]
    [InlineData("{\"id\":\"a\",\"role\":\"admin\",\"sha256\":\"ZZ00000000000000000000000000000000000000000000000000000000000000\"}")]
    [InlineData("{\"id\":\"\",\"role\":\"admin\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}")]
    [InlineData("{\"id\":1,\"role\":\"admin\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\",\"role\":\"admin\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}")]
    public void A_line_that_is_no_record_is_refused_by_number_and_never_quoted(string line)
    {
        var error = Assert.Throws<KeyFileException>(() => KeyFile.Parse(["", line], "keys"));
        Assert.StartsWith("keys, line 2:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_stands_twice_is_refused()
    {
        var line = KeyFile.Write(new KeyRecord(new Caller("a", CallerRole.Admin), ApiKey.Hash(ApiKey.Create())), "", Now);
        Assert.Contains("'a' stands twice", Assert.Throws<KeyFileException>(() => KeyFile.Parse([line, line], "keys")).Message, StringComparison.Ordinal);
    }
}
