using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntraDA.Access;

/// <summary>
/// The file of accepted keys: one JSON object a line, <c>{"id": "...", "role": "operate", "sha256": "64 digits"}</c>; other
/// members, empty lines and lines that begin with '#' are for people. It holds no key, only hashes.
/// </summary>
public static class KeyFile
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its keys.</returns>
    /// <exception cref="KeyFileException">It cannot be read, or a line is not of this form.</exception>
    public static KeyRing Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? Parse(File.ReadAllLines(path), path)
                : throw new KeyFileException($"The key file '{path}' is larger than {MaxBytes} bytes; is it the right file?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file '{path}' cannot be read; make one with `intrada keys create --out FILE`.", e);
        }
    }

    /// <summary>Reads lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="KeyFileException">A line is not of this form, or an id stands twice.</exception>
    public static KeyRing Parse(IReadOnlyList<string> lines, string name)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var records = new List<KeyRecord>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            // The line itself is never quoted: somebody may have put a key there by mistake.
            var record = ParseLine(line)
                ?? throw new KeyFileException(
                    $"{name}, line {i + 1}: not of the form {{\"id\": \"...\", \"role\": \"{string.Join('|', CallerRoles.Names)}\", \"sha256\": \"64 lower-case digits\"}}.");
            if (!ids.Add(record.Caller.Id))
            {
                throw new KeyFileException($"{name}, line {i + 1}: the id '{record.Caller.Id}' stands twice; ids tell keys apart.");
            }

            records.Add(record);
        }

        return new KeyRing(records);
    }

    /// <summary>One line for a new key.</summary>
    /// <param name="record">The key at rest.</param>
    /// <param name="note">For people, e.g. whose key it is; may be empty.</param>
    /// <param name="created">When it was made.</param>
    /// <returns>The line without its end.</returns>
    public static string Write(KeyRecord record, string note, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(note);
        var line = new JsonObject
        {
            ["id"] = record.Caller.Id,
            ["role"] = CallerRoles.NameOf(record.Caller.Role),
            ["sha256"] = record.Sha256,
            ["created"] = created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        };
        if (note.Length > 0)
        {
            line["note"] = note;
        }

        return line.ToJsonString();
    }

    private static KeyRecord? ParseLine(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject json
                && Text(json, "id") is { Length: > 0 and <= 64 } id
                && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
                && CallerRoles.Parse(Text(json, "role")) is { } role
                && Text(json, "sha256") is { Length: 64 } digest
                && digest.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
                    ? new KeyRecord(new Caller(id, role), Convert.FromHexString(digest))
                    : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
