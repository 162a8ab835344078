//SOURCES Access.java
//SOURCES Answer.java
//SOURCES ArchiveContents.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES ArchivePush.java
//SOURCES BlobReader.java
//SOURCES Blobs.java
//SOURCES CappedBody.java
//SOURCES Challenge.java
//SOURCES Compression.java
//SOURCES Descriptor.java
//SOURCES DockerSave.java
//SOURCES Endpoint.java
//SOURCES ImageArchive.java
//SOURCES ImageManifest.java
//SOURCES LayerCache.java
//SOURCES LayerPush.java
//SOURCES LayerState.java
//SOURCES OciLayout.java
//SOURCES PassingTrouble.java
//SOURCES Patience.java
//SOURCES PushPermission.java
//SOURCES PushProgress.java
//SOURCES PushedArchive.java
//SOURCES RegistryClient.java
//SOURCES RegistryLogin.java
//SOURCES Retry.java
//SOURCES Sentence.java
//SOURCES Session.java
//SOURCES StreamedBody.java
//SOURCES TarFiles.java
//SOURCES Transport.java
//SOURCES Uploads.java
//SOURCES ../package-info.java
/**
 * Pushes an image archive straight to an OCI registry, with no engine, and proves the permission to push.
 *
 * <p>{@link lib.registry.ImageArchive} reads what is to be pushed, {@link lib.registry.ArchivePush} sends it,
 * {@link lib.registry.PushPermission} asks whether it could. Source: OCI distribution, image and image layout
 * specifications; distribution's token authentication.
 */
package lib.registry;
