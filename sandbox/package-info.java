//SOURCES ../lib/package-info.java
//DEPS org.apache.commons:commons-compress:1.28.0
//SOURCES BearerTokens.java
//SOURCES Blobs.java
//SOURCES Cloud.java
//SOURCES CloudState.java
//SOURCES Console.java
//SOURCES Deployment.java
//SOURCES ExternalRegistry.java
//SOURCES Fault.java
//SOURCES FaultInjector.java
//SOURCES Generation.java
//SOURCES HttpServer.java
//SOURCES ManagementApi.java
//SOURCES Manifests.java
//SOURCES OAuth.java
//SOURCES Page.java
//SOURCES RecordedRequest.java
//SOURCES Registry.java
//SOURCES RegistryAuth.java
//SOURCES RegistryCredential.java
//SOURCES RegistryTokenIssuer.java
//SOURCES Request.java
//SOURCES Response.java
//SOURCES SampleArchive.java
//SOURCES SampleProject.java
//SOURCES Tenant.java
/**
 * The cloud in one process, for the demo, the tests and local development: {@link sandbox.Cloud} is the way in.
 *
 * <p>Everything is real but the size: real http on loopback, a real registry that engines push to, tokens that expire.
 */
package sandbox;
