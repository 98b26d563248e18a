using IntraDA.Cli.Composition;

return await CliApplication.RunAsync(args, CliHost.ForThisProcess());
