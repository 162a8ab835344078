//SOURCES Failure.java
//SOURCES Printable.java
package lib;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import lib.Failure.ErrorCode;

/**
 * Whom TLS trusts: a company's own CA, and those whom the JDK trusts. Neither is read before a server shows its
 * certificate, for that takes longer than all else that starts; and the JDK's are not where the company's are enough.
 */
final class Tls extends X509ExtendedTrustManager {
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
        if (pem.isPresent()) {
            try {
                added().checkServerTrusted(chain, keyExchange, engine);
                return;
            } catch (CertificateException e) {
                // Then the JDK has the word.
            }
        }
        known().checkServerTrusted(chain, keyExchange, engine);
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
        try (InputStream content = Files.newInputStream(Path.of(pem))) {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(content);
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
