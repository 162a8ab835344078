/** What would stop a run, found before it starts: everything at once, each with its fix. */
package lib.preflight;
