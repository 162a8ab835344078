//SOURCES ../package-info.java
//SOURCES ../project/package-info.java
//SOURCES Answer.java
//SOURCES Cli.java
//SOURCES CommonOptions.java
//SOURCES Console.java
//SOURCES Input.java
//SOURCES Question.java
//SOURCES RawTerminal.java
//SOURCES Run.java
//SOURCES Script.java
//SOURCES Signals.java
//SOURCES Spinner.java
//SOURCES Terminal.java
//SOURCES Timings.java
//SOURCES Version.java
/** Runs a command and ends it: options, console, failures, exit codes. */
package lib.cli;
