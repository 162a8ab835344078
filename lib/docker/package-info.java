/** The Docker command: commands as data, one runner, and a login that leaves nothing behind. */
package lib.docker;
