package secrecy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a tree of processes wrote to files and started, as {@code strace -ff} wrote it down.
 *
 * @param files all that was written to each regular file, in the order of time, whichever process wrote it
 * @param starts the arguments and the environment of every program that was started
 * @param unseen ways by which bytes went to a file without passing under this trace's eyes
 */
record Trace(Map<String, byte[]> files, List<Start> starts, List<String> unseen) {
    record Start(List<String> words) {}

    private static final Pattern CALL = Pattern.compile("([0-9]+\\.[0-9]+) ([a-z0-9_]+)\\((.*)");
    private static final Pattern STRING = Pattern.compile("\"((?:\\\\x[0-9a-f]{2})*)\"(\\.\\.\\.)?");
    private static final Pattern DESCRIPTOR = Pattern.compile("[0-9]+<((?:\\\\x[0-9a-f]{2})+)(?:\\(deleted\\))?>");
    private static final Pattern FOLDER = Pattern.compile("(?:AT_FDCWD|[0-9]+)<((?:\\\\x[0-9a-f]{2})+)>");
    private static final Set<String> WRITES = Set.of("write", "pwrite64", "writev", "pwritev", "pwritev2");
    private static final Set<String> COPIES = Set.of("sendfile", "splice", "tee", "copy_file_range", "vmsplice");
    private static final Set<String> FORGETS =
            Set.of("unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat");

    /** The system calls that must be traced. */
    static final String CALLS =
            String.join(",", WRITES) + "," + String.join(",", COPIES) + "," + String.join(",", FORGETS)
                    + ",execve,execveat,mknod,mknodat,open,openat,openat2,creat,mmap,io_uring_setup";

    private record Call(double time, String name, String rest) {
        boolean failed() {
            return rest.contains(") = -1 ");
        }

        List<String> strings() {
            List<String> strings = new ArrayList<>();
            for (Matcher found = STRING.matcher(rest); found.find(); ) strings.add(text(decoded(found.group(1))));
            return strings;
        }

        byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (Matcher found = STRING.matcher(rest); found.find(); ) bytes.writeBytes(decoded(found.group(1)));
            return bytes.toByteArray();
        }

        boolean isCut() {
            return rest.contains("\"...");
        }

        /** Its first string, a path, made absolute by the folder that strace shows beside it. */
        String path() {
            String path = strings().get(0);
            Matcher folder = FOLDER.matcher(rest);
            return path.startsWith("/") || !folder.lookingAt() ? path : text(decoded(folder.group(1))) + "/" + path;
        }

        /** The paths of the descriptors among its arguments that are files, in their order; empty text for what is none. */
        List<String> descriptors() {
            List<String> paths = new ArrayList<>();
            String arguments = STRING.matcher(rest).replaceAll("");
            for (Matcher each = Pattern.compile("[0-9]+<[^,]*>").matcher(arguments); each.find(); ) {
                Matcher file = DESCRIPTOR.matcher(each.group());
                String path = file.matches() ? text(decoded(file.group(1))) : "";
                paths.add(path.startsWith("/") ? path : "");
            }
            return paths;
        }
    }

    /** @param prefix the beginning of the names of strace's files, one for each thread */
    static Trace read(Path prefix) throws IOException {
        List<Call> calls = new ArrayList<>();
        try (Stream<Path> files = Files.list(prefix.getParent())) {
            for (Path file : files.filter(it -> it.getFileName().toString().startsWith(prefix.getFileName() + "."))
                    .toList()) {
                for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    Matcher call = CALL.matcher(line);
                    if (call.matches())
                        calls.add(new Call(Double.parseDouble(call.group(1)), call.group(2), call.group(3)));
                }
            }
        }
        calls.sort(Comparator.comparingDouble(Call::time));
        if (calls.stream().noneMatch(call -> call.name().equals("execve")))
            throw new IOException("an empty trace: " + prefix);
        return of(calls);
    }

    private static Trace of(List<Call> calls) {
        Set<String> pipes = namedPipes(calls);
        Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();
        List<Start> starts = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        for (Call call : calls) {
            List<String> descriptors = call.descriptors();
            String target = descriptors.isEmpty() ? "" : descriptors.get(0);
            if (WRITES.contains(call.name()) && !target.isEmpty() && !pipes.contains(target)) {
                files.computeIfAbsent(target, path -> new ByteArrayOutputStream())
                        .writeBytes(call.bytes());
                if (call.isCut()) unseen.add("a long write to " + target);
            } else if (call.name().startsWith("exec")) {
                starts.add(new Start(call.strings()));
                if (call.isCut())
                    unseen.add("a long argument of " + call.strings().get(0));
            } else if (COPIES.contains(call.name()) && !call.failed()) {
                boolean sendfile = call.name().equals("sendfile");
                String from = descriptors.get(sendfile ? descriptors.size() - 1 : 0);
                String to = descriptors.get(sendfile ? 0 : descriptors.size() - 1);
                // What comes from a file was seen when it was written there.
                boolean known =
                        !from.isEmpty() && !pipes.contains(from) && !call.name().equals("vmsplice");
                if (!to.isEmpty() && !pipes.contains(to) && !known) unseen.add(call.name() + " to " + to);
            } else if (call.name().equals("io_uring_setup") && !call.failed()) {
                unseen.add("io_uring");
            } else if (call.name().equals("mmap") && isSharedForWriting(call) && !target.isEmpty()) {
                // The JVM's own counters: they hold its command line, which is judged by itself.
                if (!target.contains("/hsperfdata_") && !Files.exists(Path.of(target))) unseen.add("mmap of " + target);
            }
        }
        Map<String, byte[]> written = new LinkedHashMap<>();
        files.forEach((path, bytes) -> written.put(path, bytes.toByteArray()));
        return new Trace(written, starts, unseen);
    }

    private static boolean isSharedForWriting(Call call) {
        return call.rest().contains("PROT_WRITE") && call.rest().contains("MAP_SHARED");
    }

    // A path at which a named pipe was made, and never anything else.
    private static Set<String> namedPipes(List<Call> calls) {
        Set<String> pipes = new HashSet<>();
        Set<String> gone = new HashSet<>();
        for (Call call : calls) {
            if (call.failed() || call.strings().isEmpty()) continue;
            if (call.name().startsWith("mknod") && call.rest().contains("S_IFIFO")) pipes.add(call.path());
            if (FORGETS.contains(call.name())) gone.add(call.path());
            boolean creates = call.rest().contains("O_CREAT") || call.name().equals("creat");
            if (creates && gone.contains(call.path())) pipes.remove(call.path());
            if (call.name().startsWith("rename") || call.name().startsWith("link")) pipes.removeAll(call.strings());
        }
        return pipes;
    }

    private static byte[] decoded(String escaped) {
        byte[] bytes = new byte[escaped.length() / 4];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(escaped.substring(4 * i + 2, 4 * i + 4), 16);
        }
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
