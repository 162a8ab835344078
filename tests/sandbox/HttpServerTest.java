package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HttpServerTest {
    private HttpServer server;

    @BeforeEach
    void echo() throws IOException {
        server = new HttpServer("test", 0);
        server.serve(request -> Response.text(200, request.method() + " " + request.path() + " " + request.text()));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private int port() {
        return Integer.parseInt(server.host().split(":")[1]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends it all, says that nothing more will come, and reads to the end. */
    private String talk(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes(request));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersATlsHandshakeAtOnceInClearText() throws Exception {
        assertTrue(talk("\u0016\u0003\u0001\u0002\u0000").startsWith("HTTP/1.1 400 "));
        try (SSLSocket tls =
                (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket("127.0.0.1", port())) {
            assertThrows(IOException.class, tls::startHandshake);
        }
    }

    @Test
    void servesOneRequestAfterTheOther() throws IOException {
        String answers = talk("GET /a HTTP/1.1\r\n"
                + "Host: x\r\n\r\n"
                + "POST /b HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Content-Length: 2\r\n\r\n"
                + "hiGET /c HTTP/1.1\r\n"
                + "Host: x\r\n\r\n");
        assertTrue(answers.contains("GET /a \n"), answers);
        assertTrue(answers.contains("POST /b hi\n"), answers);
        assertTrue(answers.endsWith("GET /c \n"), answers);
    }

    @Test
    void readsChunksWithExtensionsAndTrailers() throws IOException {
        String answer = talk("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
        assertTrue(answer.endsWith("PUT /x abc0123456789\n"), answer);
    }

    @Test
    void drainsWhatNobodyReadBeforeTheNextRequest() throws IOException {
        server.close();
        server = new HttpServer("test", 0);
        server.serve(request -> Response.text(401, request.path()));
        String answers = talk("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000)
                + "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answers.contains("/a\n") && answers.endsWith("/b\n"), answers);
    }

    @Test
    void sendsTheLengthAndNoBodyToAHead() throws IOException {
        String answer = talk("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
        assertTrue(answer.contains("\r\nContent-Length: 9\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void asksForTheBodyThatAClientHoldsBack() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes("PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
            String asked = "HTTP/1.1 100 Continue\r\n\r\n";
            assertEquals(asked, new String(socket.getInputStream().readNBytes(asked.length())));
            out.write(bytes("hi"));
            socket.shutdownOutput();
            assertTrue(new String(socket.getInputStream().readAllBytes()).endsWith("PUT /x hi\n"));
        }
    }

    /** Such a wait takes 40 ms, and comes when a response is sent in two parts. */
    @Test
    void waitsForNoDelayedAcknowledgement() throws Exception {
        Caller caller = Caller.of("http://" + server.host());
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            long start = System.nanoTime();
            assertEquals(200, caller.post("/x", "hello").status());
            times.add(System.nanoTime() - start);
        }
        Collections.sort(times);
        assertTrue(times.get(7) < 35_000_000L, times.toString());
    }

    @Test
    void closesWhileARequestIsStillBeingHandled() throws Exception {
        server.close();
        server = new HttpServer("test", 0);
        CountDownLatch reached = new CountDownLatch(1);
        server.serve(request -> {
            reached.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return Response.of(200);
        });
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.getOutputStream().write(bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            reached.await();
            long start = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - start < 2_000_000_000L);
            assertEquals("", new String(socket.getInputStream().readAllBytes()));
        }
    }

    @Test
    void handlesNothingThatIsNoHttp() throws IOException {
        for (String request : List.of(
                "HELO example.com\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")) {
            String answer = talk(request);
            assertTrue(answer.matches("(?s)HTTP/1.1 (400|505) .*"), answer);
        }
    }

    @Test
    void takesBrokenPercentEncoding() throws IOException {
        server.close();
        server = new HttpServer("test", 0);
        server.serve(request -> Response.text(200, request.query("b").orElse("")));
        assertTrue(talk("GET /a?b=%zz HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertTrue(talk("GET /a?b=%41%2f HTTP/1.1\r\nHost: x\r\n\r\n").endsWith("A/\n"));
    }

    @Test
    void tellsADefectFromAnAnswer() throws IOException {
        server.close();
        server = new HttpServer("test", 0);
        server.serve(request -> {
            throw new IllegalStateException("oops");
        });
        assertTrue(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 500 "));
    }
}
