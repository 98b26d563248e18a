using MinEntTrainer.Service;

return await TrainerHost.RunAsync(args);
