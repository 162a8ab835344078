//DEPS info.picocli:picocli:4.7.7
//COMPILE_OPTIONS -encoding UTF-8 -XDstringConcat=inline
package lib.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * The one place that names this collection's version.
 *
 * <p>Every script names it, so how all are compiled stands here: string concatenation inline, because indy concatenation
 * costs up to 0.1 s of start-up.
 */
public final class Version implements IVersionProvider {
    public static final String NUMBER = "0.1.0";

    @Override
    public String[] getVersion() {
        return new String[] {"${COMMAND-FULL-NAME} " + NUMBER};
    }
}
