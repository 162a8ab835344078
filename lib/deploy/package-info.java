/** A deploy: what would stop it, the image, the push, and what becomes of it. */
package lib.deploy;
