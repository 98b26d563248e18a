using IntraDA.Hosting;

namespace IntraDA.Ranker;

/// <summary>Puts the ranker together.</summary>
public static class RankerApplication
{
    /// <summary>Builds the service.</summary>
    /// <param name="args">Command line: <c>--Listen</c>, <c>--Store:Kind</c>, <c>--Store:Directory</c> and so on.</param>
    /// <returns>The application, not started.</returns>
    public static WebApplication Create(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(RankerService.Name, args);
        var app = builder.Build();
        app.MapGrpcService<RankerService>();
        ServiceHost.MapDefaults(app);
        return app;
    }
}
