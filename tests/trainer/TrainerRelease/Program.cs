using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Hosting;
using IntraDA.Trainer;
using IntraDA.Trainer.Jobs;

// VERSION CHECKPOINT_FORMAT [options of the trainer ...]
if (args is not [var version, var format, .. var options])
{
    await Console.Error.WriteLineAsync("error: say which version and which checkpoint format").ConfigureAwait(false);
    return 2;
}

var release = new TrainerRelease(new ServiceInfo { Name = TrainerApplication.Name, Version = version, Build = $"{version}+test" }, format);
return await ServiceHost.RunAsync(() => TrainerApplication.Create(options, release)).ConfigureAwait(false);
