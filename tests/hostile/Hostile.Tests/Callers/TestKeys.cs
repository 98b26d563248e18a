using IntraDA.Access;

namespace IntraDA.Hostile.Tests.Callers;

/// <summary>A key file with a key of each role.</summary>
internal sealed class TestKeys
{
    private readonly Dictionary<CallerRole, string> _keys = [];

    public TestKeys(string path)
    {
        Path = path;
        foreach (var role in Enum.GetValues<CallerRole>())
        {
            var key = ApiKey.Create();
            _keys[role] = key;
            var record = new KeyRecord(new Caller(ApiKey.CreateId(), role), ApiKey.Hash(key));
            File.AppendAllText(path, KeyFile.Write(record, "", TimeProvider.System.GetUtcNow()) + "\n");
        }
    }

    public string Path { get; }

    public IEnumerable<string> All => _keys.Values;

    public string this[CallerRole role] => _keys[role];
}
