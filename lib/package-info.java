//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson.core:jackson-databind:2.21.3
//DEPS org.snakeyaml:snakeyaml-engine:3.2
//COMPILE_OPTIONS -encoding UTF-8 -XDstringConcat=inline
//SOURCES Authority.java
//SOURCES ChildProcess.java
//SOURCES Credential.java
//SOURCES Digest.java
//SOURCES EnvironmentProxy.java
//SOURCES ErrorCode.java
//SOURCES Failure.java
//SOURCES Finding.java
//SOURCES Http.java
//SOURCES Invocation.java
//SOURCES Json.java
//SOURCES Needle.java
//SOURCES Parallel.java
//SOURCES Platform.java
//SOURCES Printable.java
//SOURCES RedactedStream.java
//SOURCES Redactor.java
//SOURCES Reference.java
//SOURCES Retry.java
//SOURCES Secret.java
//SOURCES SecretFields.java
//SOURCES Stage.java
//SOURCES Tls.java
//SOURCES WebPage.java
/**
 * The words that every room shares: secrets, failures, references and digests.
 *
 * <p>The head of this file names the libraries and their versions; one that the sandbox alone uses stands in its head.
 * Each room's {@code package-info.java} names that room's files and the rooms it builds on, so a script names only the
 * rooms it enters.
 *
 * <p>Texts are joined inline, as before Java 9: to link each shape of a joined text at its first use costs a start up to
 * 0.1 s.
 */
package lib;
