package lib.cli;

import picocli.CommandLine.IVersionProvider;

/** The one place that names this collection's version. */
public final class Version implements IVersionProvider {
    public static final String NUMBER = "0.1.0";

    @Override
    public String[] getVersion() {
        return new String[] {"${COMMAND-FULL-NAME} " + NUMBER};
    }
}
