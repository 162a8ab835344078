/**
 * The words that every package shares: secrets, failures, references and digests.
 *
 * <p>The head of each file names what that file uses, and {@code just format} writes it. A library and its version stand in
 * the one file that owns it: {@code //DEPS} lines are written by hand.
 */
package lib;
