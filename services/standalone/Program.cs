using IntraDA.Standalone;

return await StandaloneHost.RunAsync(args);
