/**
 * Pushes an image archive straight to an OCI registry, with no engine, and proves the permission to push.
 *
 * <p>{@link lib.registry.ImageArchive} reads what is to be pushed, {@link lib.registry.ImagePush} sends it,
 * {@link lib.registry.PushPermission} asks whether it could. Source: OCI distribution, image and image layout
 * specifications; distribution's token authentication.
 */
package lib.registry;
