using System.ComponentModel.DataAnnotations;

namespace IntraDA.Gateway.Options;

/// <summary>Settings of the gateway, bound from the root of the configuration; the sections are the names of the properties.</summary>
public sealed class GatewayOptions : IValidatableObject
{
    /// <summary>Where the other services answer.</summary>
    public ServiceAddresses Services { get; set; } = new();

    /// <summary>Which directories may be registered as data sets.</summary>
    public DatasetOptions Datasets { get; set; } = new();

    /// <summary>The HTTP/1.1 port of download links and reports.</summary>
    public WebOptions Web { get; set; } = new();

    /// <summary>How workflows are driven.</summary>
    public WorkflowOptions Workflows { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, address) in Services.All())
        {
            if (!IsHttp(address))
            {
                yield return new($"Services:{name}: '{address}' is not a URL such as http://127.0.0.1:7411.");
            }
        }

        foreach (var root in Datasets.AllowedRoots.Where(root => !Path.IsPathFullyQualified(root)))
        {
            yield return new($"Datasets:AllowedRoots: '{root}' is not an absolute path.");
        }

        if (Web.PublicUrl.Length > 0 && !IsHttp(Web.PublicUrl))
        {
            yield return new($"Web:PublicUrl: '{Web.PublicUrl}' is not a URL.");
        }

        var nested = new List<ValidationResult>();
        Validator.TryValidateObject(Workflows, new ValidationContext(Workflows), nested, validateAllProperties: true);
        foreach (var violation in nested)
        {
            yield return new($"Workflows: {violation.ErrorMessage}");
        }
    }

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
