package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HttpPortTest {
    private HttpPort server;

    @BeforeEach
    void echo() throws IOException {
        server = new HttpPort("test", 0);
        server.serve(request -> Response.text(200, request.method() + " " + request.path() + " " + request.text()));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private int port() {
        return Integer.parseInt(server.host().split(":")[1]);
    }

    /** Sends it all, says that nothing more will come, and reads to the end. */
    private String talk(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersATlsHandshakeAtOnceInClearText() throws Exception {
        assertTrue(talk("\u0016\u0003\u0001\u0002\u0000").startsWith("HTTP/1.0 400 "));
        try (SSLSocket tls =
                (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket("127.0.0.1", port())) {
            assertThrows(IOException.class, tls::startHandshake);
        }
    }

    @Test
    void servesOneRequestAfterTheOther() throws IOException {
        String answers =
                talk("GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\r\n\r\n");
        assertTrue(answers.contains("GET /a \n"), answers);
        assertTrue(answers.contains("POST /b hi\n"), answers);
        assertTrue(answers.endsWith("GET /c \n"), answers);
    }

    @Test
    void readsChunksWithExtensionsAndTrailers() throws IOException {
        String answer = talk("PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
        assertTrue(answer.endsWith("PUT /x abc0123456789\n"), answer);
    }

    @Test
    void drainsWhatNobodyReadBeforeTheNextRequest() throws IOException {
        server.close();
        server = new HttpPort("test", 0);
        server.serve(request -> Response.text(401, request.path()));
        String answers = talk("POST /a HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000)
                + "GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
        assertTrue(answers.contains("/a\n") && answers.endsWith("/b\n"), answers);
    }

    @Test
    void sendsTheLengthAndNoBodyToAHead() throws IOException {
        String answer = talk("HEAD /x HTTP/1.1\r\n\r\n");
        assertTrue(answer.contains("\r\nContent-Length: 9\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void asksForTheBodyThatAClientHoldsBack() throws IOException {
        String answer = talk("PUT /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
        assertTrue(answer.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"), answer);
    }

    @Test
    void saysNothingToWhatIsNoHttp() throws IOException {
        assertEquals("", talk("HELO example.com\r\n"));
        assertEquals("", talk("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"));
        assertEquals("", talk("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"));
        assertEquals("", talk("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"));
    }

    @Test
    void takesBrokenPercentEncodingAsItIs() throws IOException {
        assertTrue(talk("GET /a?b=%zz HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertEquals("%zz", Fields.ofForm("b=%zz").first("b").orElseThrow());
    }

    @Test
    void tellsADefectFromAnAnswer() throws IOException {
        server.close();
        server = new HttpPort("test", 0);
        server.serve(request -> {
            throw new IllegalStateException("oops");
        });
        assertTrue(talk("GET / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 500 "));
    }
}
