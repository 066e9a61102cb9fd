using AgentHost;
using AgentHost.Options;

try
{
    await using var app = HostApp.Create(args);
    await app.RunAsync();
    return 0;
}
catch (BadOptionException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
