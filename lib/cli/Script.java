//SOURCES Answer.java
//SOURCES CommonOptions.java
//SOURCES Run.java
package lib.cli;

/** One command of a script: its options are its fields, its work is {@link #call(Run)}. */
public interface Script {
    CommonOptions common();

    /**
     * @throws lib.Failure when it cannot go on
     * @throws InterruptedException when the run was interrupted
     */
    Answer call(Run run) throws InterruptedException;
}
