//SOURCES Failure.java
//SOURCES Http.java
//SOURCES Printable.java
//SOURCES Secret.java
package lib;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import lib.Failure.ErrorCode;
import lib.Http.Authority;

/** What the environment says of connections: which proxy they take, and whom they trust. */
final class Network {
    private Network() {}

    /**
     * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name, in either case, which the JDK does
     * not read. Loopback is never proxied.
     */
    static final class EnvironmentProxy extends ProxySelector {
        /** @param authorization what the proxy is told, for {@code Proxy-Authorization} */
        private record Address(InetSocketAddress socket, Optional<Secret> authorization) {}

        private static final Pattern NETWORK = Pattern.compile("([0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*)/([0-9]{1,3})");
        private static final Pattern ADDRESS = Pattern.compile("[0-9]+(?:\\.[0-9]+){3}|\\[.*]");

        private final Map<String, String> variables;

        EnvironmentProxy(Map<String, String> variables) {
            this.variables = Map.copyOf(variables);
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(address(uri)
                    .map(address -> new Proxy(Proxy.Type.HTTP, address.socket()))
                    .orElse(Proxy.NO_PROXY));
        }

        /** The proxy on the way to this address, as a person would look for it. */
        static Optional<String> named(ProxySelector proxies, URI uri) {
            return proxies.select(uri).stream()
                    .map(Proxy::address)
                    .filter(InetSocketAddress.class::isInstance)
                    .map(InetSocketAddress.class::cast)
                    .map(proxy -> proxy.getHostString() + ":" + proxy.getPort())
                    .findFirst();
        }

        /** What a request to this address must tell the proxy on its way. */
        Optional<Secret> authorization(URI uri) {
            return address(uri).flatMap(Address::authorization);
        }

        private Optional<Address> address(URI uri) {
            String host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
            if (isLoopback(host) || isExempt(host, uri.getPort())) return Optional.empty();
            String name = "https".equalsIgnoreCase(uri.getScheme()) ? "https_proxy" : "http_proxy";
            return text(name).map(value -> parse(name, value.strip()));
        }

        // Wider than the rule for plain http: what could be this machine is no business of a proxy.
        private static boolean isLoopback(String host) {
            return Authority.isLoopback(host) || host.endsWith(".localhost") || host.matches("127\\.[0-9.]+");
        }

        private boolean isExempt(String host, int port) {
            for (String entry : text("no_proxy").orElse("").split("[ ,]+")) {
                String domain = entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
                if (domain.equals("*") || isWithin(domain, host)) return true;
                boolean named = domain.endsWith(":" + port);
                if (named) domain = domain.substring(0, domain.lastIndexOf(':'));
                if (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain))) return true;
            }
            return false;
        }

        /** Whether the host is an address in this network. No name is looked up for that, as by Docker. */
        private static boolean isWithin(String network, String host) {
            Matcher parts = NETWORK.matcher(network);
            if (!parts.matches() || !ADDRESS.matcher(host).matches()) return false;
            try {
                byte[] address = InetAddress.getByName(host).getAddress();
                byte[] first = InetAddress.getByName(parts.group(1)).getAddress();
                int others = 8 * address.length - Integer.parseInt(parts.group(2));
                return address.length == first.length
                        && others >= 0
                        && new BigInteger(1, address)
                                .shiftRight(others)
                                .equals(new BigInteger(1, first).shiftRight(others));
            } catch (UnknownHostException e) {
                return false;
            }
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(variables.get(name))
                    .or(() -> Optional.ofNullable(variables.get(name.toUpperCase(Locale.ROOT))))
                    .filter(value -> !value.isBlank());
        }

        // Its text may hold a password, so no message shows it.
        private static Address parse(String name, String value) {
            try {
                URI uri = URI.create(value.contains("://") ? value : "http://" + value);
                if (!"http".equalsIgnoreCase(uri.getScheme()) || !Authority.isUsable(uri)) throw unusable(name);
                int port = uri.getPort() < 0 ? 80 : uri.getPort();
                return new Address(
                        InetSocketAddress.createUnresolved(uri.getHost(), port),
                        Optional.ofNullable(uri.getUserInfo()).map(EnvironmentProxy::basic));
            } catch (IllegalArgumentException e) {
                throw unusable(name);
            }
        }

        private static Failure unusable(String name) {
            return new Failure(
                    ErrorCode.CONFIG,
                    name.toUpperCase(Locale.ROOT) + " names no http proxy",
                    "Such as http://proxy.example.com:3128; a user and password go before the host, percent-encoded");
        }

        // The password is masked by itself too, should the proxy quote it.
        private static Secret basic(String userInfo) {
            String password = userInfo.substring(userInfo.indexOf(':') + 1);
            if (!password.isEmpty()) Secret.of(password);
            return Secret.of("Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            // The request's own failure tells of it.
        }

        @Override
        public String toString() {
            return "EnvironmentProxy";
        }
    }

    /**
     * Whom TLS trusts: a company's own CA, and those whom the JDK trusts. Neither is read before a server shows its
     * certificate, for that takes longer than all else that starts; and the JDK's are not where the company's are enough.
     */
    static final class Tls extends X509ExtendedTrustManager {
        /** Bytes; a system's own has 0.2 MB. */
        private static final int LARGEST_FILE = 16 << 20;

        private static final Pattern CERTIFICATE =
                Pattern.compile("-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[^-]++-----END \\1-----");

        private final Optional<String> pem;
        private Optional<X509ExtendedTrustManager> added = Optional.empty();
        private Optional<X509ExtendedTrustManager> known = Optional.empty();

        private Tls(Optional<String> pem) {
            this.pem = pem;
        }

        /** @param pem a file of certificates, as {@code SSL_CERT_FILE} names it; read when it is first needed */
        static SSLContext context(Optional<String> pem) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new Tls(pem)}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** @throws Failure {@code config} when the file that was named holds no certificate */
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
                throws CertificateException {
            Optional<CertificateException> refusal = Optional.empty();
            if (pem.isPresent()) {
                try {
                    added().checkServerTrusted(chain, keyExchange, engine);
                    return;
                } catch (CertificateException e) {
                    // Of a signer that is known to the file, the JDK would only say that it is not to it.
                    refusal = Optional.of(e).filter(each -> !(each.getCause() instanceof CertPathBuilderException));
                }
            }
            try {
                known().checkServerTrusted(chain, keyExchange, engine);
            } catch (CertificateException e) {
                throw refusal.orElse(e);
            }
        }

        /** Why a certificate was refused, without the names of the JDK's classes. */
        static String refusal(Throwable e) {
            Throwable root = e;
            while (root.getCause() != null) root = root.getCause();
            boolean isDated =
                    root instanceof CertificateExpiredException || root instanceof CertificateNotYetValidException;
            String when = isDated
                    ? "the certificate is not valid by this machine's clock, "
                            + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ": "
                    : "";
            return when + root.getMessage();
        }

        private synchronized X509ExtendedTrustManager added() {
            if (added.isEmpty()) added = Optional.of(reading(pem.orElseThrow()));
            return added.get();
        }

        private synchronized X509ExtendedTrustManager known() throws CertificateException {
            try {
                // Without a store, the factory takes the JDK's own, or the one that javax.net.ssl.trustStore names.
                if (known.isEmpty()) known = Optional.of(trusting(null));
                return known.get();
            } catch (GeneralSecurityException e) {
                throw new CertificateException("The JDK's own certificates cannot be read", e);
            }
        }

        private static X509ExtendedTrustManager reading(String pem) {
            try (InputStream file = Files.newInputStream(Path.of(pem))) {
                Collection<? extends Certificate> read = CertificateFactory.getInstance("X.509")
                        .generateCertificates(certificates(file.readNBytes(LARGEST_FILE)));
                if (read.isEmpty()) throw new IOException("no certificate in it");
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                int number = 0;
                for (Certificate certificate : read) store.setCertificateEntry("added-" + number++, certificate);
                return trusting(store);
            } catch (IOException | GeneralSecurityException | InvalidPathException e) {
                throw new Failure(
                                ErrorCode.CONFIG,
                                "SSL_CERT_FILE holds no certificates that can be read: " + Printable.of(pem),
                                "It names a PEM file; unset it to trust only whom the JDK trusts")
                        .causedBy(e);
            }
        }

        /** What the JDK can read: of PEM, the certificates alone, which may stand among keys, lists and marks of an editor. */
        private static InputStream certificates(byte[] content) {
            String pem = CERTIFICATE
                    .matcher(new String(content, StandardCharsets.ISO_8859_1))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.joining("\n"));
            return new ByteArrayInputStream(pem.isEmpty() ? content : pem.getBytes(StandardCharsets.ISO_8859_1));
        }

        private static X509ExtendedTrustManager trusting(KeyStore store) throws GeneralSecurityException {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) return found;
            }
            throw new GeneralSecurityException("no X.509");
        }

        /** Only what proves whose host it is, too, is used: a check without the connection could not. */
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
