package io.gatecast.app.command.mixin;

import io.gatecast.app.look.ApiClient;
import java.net.URI;
import picocli.CommandLine.Option;

/// Which running instance is asked. A token is taken from the environment, where no list of processes shows it.
public final class InstanceOptions {
    @Option(names = "--url", paramLabel = "URL", defaultValue = "http://127.0.0.1:8080", description = "HTTP API of any instance (default: ${DEFAULT-VALUE}); its token, if it asks for one, is GATECAST_TOKEN in the environment.")
    private URI url;

    public ApiClient open() {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("--url: expected an address as http://127.0.0.1:8080, found " + url);
        }
        return new ApiClient(url, System.getenv("GATECAST_TOKEN"));
    }
}
