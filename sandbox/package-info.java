/**
 * The cloud in one process, for the demo, the tests and local development: {@link sandbox.Cloud} is the way in.
 *
 * <p>Everything is real but the size: real http on loopback, a real registry that engines push to, tokens that expire.
 */
package sandbox;
