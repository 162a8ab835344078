package lib;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom TLS trusts: those whom the JDK trusts, and a company's own CA besides. */
final class Trust {
    private Trust() {}

    /**
     * @param pem certificates, as {@code SSL_CERT_FILE} names them
     * @throws Failure {@code config} when the file holds none that can be read
     */
    static SSLContext including(String pem) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate known : knownToTheJdk()) trusted.setCertificateEntry("jdk-" + number++, known);
            for (Certificate added : read(Path.of(pem))) trusted.setCertificateEntry("added-" + number++, added);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(trusted), null);
            return context;
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw new Failure(
                            ErrorCode.CONFIG,
                            "SSL_CERT_FILE holds no certificates that can be read: " + Printable.of(pem),
                            "It names a PEM file; unset it to trust only whom the JDK trusts")
                    .causedBy(e);
        }
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream content = Files.newInputStream(file)) {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(content);
            if (read.isEmpty()) throw new IOException("no certificate in it");
            return read;
        }
    }

    private static Collection<? extends Certificate> knownToTheJdk() throws GeneralSecurityException {
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager known) return List.of(known.getAcceptedIssuers());
        }
        return List.of();
    }

    /** @param store null for the JDK's own, or the one that {@code javax.net.ssl.trustStore} names */
    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
