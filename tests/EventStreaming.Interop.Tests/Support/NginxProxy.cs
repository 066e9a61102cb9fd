using System.Globalization;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>nginx before a host, buffering as it does by default and compressing all it may.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nginx-");
    private readonly ChildProcess _process;

    private NginxProxy(Uri upstream, int port)
    {
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var configuration = Path.Combine(_folder.FullName, "nginx.conf");
        File.WriteAllText(configuration, Configure(upstream));
        _process = ChildProcess.Start(
            "nginx", ["-p", _folder.FullName, "-c", configuration, "-e", "stderr"], announcement: "start worker process ");
    }

    public Uri Address { get; }

    public static async Task<NginxProxy> StartAsync(Uri upstream, int port)
    {
        var proxy = new NginxProxy(upstream, port);
        await proxy._process.ReadyAsync();
        return proxy;
    }

    /// <summary>Kills it, and all connections through it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <remarks>Its workers would be of another user, who may not enter the folder.</remarks>
    private string Configure(Uri upstream) => $$"""
        {{(Environment.UserName is "root" ? "user root;" : string.Empty)}}
        daemon off;
        pid nginx.pid;
        error_log stderr notice;
        events {}
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            gzip on;
            gzip_types *;
            gzip_proxied any;
            gzip_min_length 1;
            server {
                listen {{Address.Authority}};
                location / {
                    proxy_pass {{upstream.GetLeftPart(UriPartial.Authority)}};
                }
            }
        }
        """;
}
