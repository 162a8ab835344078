/** Runs a command and ends it: options, console, failures, exit codes. */
package lib.cli;
