using IntraDA.Artifacts.Store;
using IntraDA.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IntraDA.Ranker;

/// <summary>Puts the ranker together.</summary>
public static class RankerApplication
{
    /// <summary>Builds the service.</summary>
    /// <param name="args">Command line: <c>--Listen</c>, <c>--Store:Kind</c>, <c>--Store:Directory</c> and so on.</param>
    /// <returns>The application, not started.</returns>
    /// <exception cref="OptionsValidationException">The options are not allowed; every violation is listed.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(RankerService.Name, args);
        var store = builder.Configuration.GetSection(StoreOptions.Section).Get<StoreOptions>() ?? new StoreOptions();
        if (store.Validate() is { Count: > 0 } violations)
        {
            throw new OptionsValidationException(StoreOptions.Section, typeof(StoreOptions), violations);
        }

        builder.Services.TryAddSingleton(services => ArtifactStoreFactory.Create(store, services.GetRequiredService<TimeProvider>()));
        var app = builder.Build();
        app.MapGrpcService<RankerService>();
        ServiceHost.MapDefaults(app);
        return app;
    }
}
