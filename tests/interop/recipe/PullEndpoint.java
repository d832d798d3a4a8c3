import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.edc.connector.dataplane.spi.Endpoint;
import org.eclipse.edc.connector.dataplane.spi.iam.DataPlaneAuthorizationService;
import org.eclipse.edc.connector.dataplane.spi.iam.PublicEndpointGeneratorService;
import org.eclipse.edc.runtime.metamodel.annotation.Inject;
import org.eclipse.edc.spi.security.Vault;
import org.eclipse.edc.spi.system.ServiceExtension;
import org.eclipse.edc.spi.system.ServiceExtensionContext;

/**
 * HttpData-PULL for an EDC 0.15.1 out of Maven Central, which holds neither the endpoint that trades a
 * token for data nor a way to put the keys of those tokens into the vault.
 *
 * Setting: interop.pull.port, on loopback.
 */
public class PullEndpoint implements ServiceExtension {

    private static final int THREADS = 4;

    @Inject
    private Vault vault;
    @Inject
    private PublicEndpointGeneratorService addresses;
    @Inject
    private DataPlaneAuthorizationService tokens;

    private final HttpClient client = HttpClient.newHttpClient();
    private ExecutorService workers;
    private HttpServer server;

    @Override
    public String name() {
        return "interop: pull endpoint";
    }

    @Override
    public void initialize(ServiceExtensionContext context) {
        var config = context.getConfig();
        var port = config.getInteger("interop.pull.port");
        try {
            storeKeys(config.getString("edc.participant.context.id"));
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
        workers = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(workers);
        server.createContext("/data", this::serve);
        server.start();
        addresses.addGeneratorFunction("HttpData", source -> Endpoint.url("http://localhost:" + port + "/data"));
    }

    @Override
    public void shutdown() {
        if (server != null) {
            server.stop(0);
            workers.shutdownNow();
        }
    }

    /** The vault is asked with and without the participant's context; both find the same pair. */
    private void storeKeys(String participantContext) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        for (var partition : new String[] {null, participantContext}) {
            vault.storeSecret(partition, "pull-private", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            vault.storeSecret(partition, "pull-public", pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var header = exchange.getRequestHeaders().getFirst("Authorization");
            var token = header == null ? "" : header.replaceFirst("(?i)^bearer\\s+", "");
            var source = tokens.authorize(token, Map.of());
            if (source.failed()) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            var request = HttpRequest.newBuilder(URI.create(source.getContent().getStringProperty("baseUrl"))).build();
            var answer = client.send(request, BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                exchange.sendResponseHeaders(answer.statusCode(), 0);
                body.transferTo(exchange.getResponseBody());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String pem(String what, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, body, what);
    }
}
