package collection;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The {@code //SOURCES} and {@code //FILES} lines at the head of each file: exactly what its own code names. By them
 * JBang and {@code bin/vendor} find what a script needs.
 *
 * <p>{@code just format} writes them, so this runs as {@code java Heads.java} too and uses the JDK alone. Files that do
 * not compile yet are parsed all the same.
 */
final class Heads {
    /** The root packages of the libraries, and what a {@code //DEPS} line calls it in the one file that owns it. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "picocli", "info.picocli:picocli:",
            "com.fasterxml.jackson", "com.fasterxml.jackson.core:jackson-databind:",
            "org.snakeyaml.engine", "org.snakeyaml:snakeyaml-engine:",
            "com.github.luben.zstd", "com.github.luben:zstd-jni:",
            "org.eclipse.jetty", "org.eclipse.jetty:jetty-server:",
            "org.apache.commons.compress", "org.apache.commons:commons-compress:");

    private static final List<String> OF_THE_JDK = List.of("java.", "javax.", "jdk.", "com.sun.", "sun.");

    private final Path root;
    private final SortedMap<Path, CompilationUnitTree> units = new TreeMap<>();

    /** The file of each type that no other encloses, by its qualified name, and of each library, by its root package. */
    private final Map<String, Path> owners = new HashMap<>();

    /** @param root the folder of the repository */
    Heads(Path root) throws IOException {
        this.root = root;
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources()));
            for (CompilationUnitTree unit : task.parse())
                units.put(Path.of(unit.getSourceFile().toUri()), unit);
        }
        for (Path file : units.keySet()) own(file);
    }

    private List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !root.relativize(file).toString().startsWith("."))
                    .toList();
        }
    }

    private void own(Path file) throws IOException {
        CompilationUnitTree unit = units.get(file);
        for (Tree type : unit.getTypeDecls()) {
            if (type instanceof ClassTree named) owners.put(packageOf(unit) + named.getSimpleName(), file);
        }
        List<String> head =
                Files.readString(file).lines().takeWhile(Heads::isHead).toList();
        LIBRARIES.forEach((name, dependency) -> {
            if (head.stream().anyMatch(line -> line.startsWith("//DEPS " + dependency))) owners.put(name, file);
        });
    }

    /** Writes the heads; with {@code --check} names the files whose head is another, changes none, and fails. */
    public static void main(String... arguments) throws IOException {
        SortedMap<Path, String> corrections = new Heads(Path.of("").toRealPath()).corrections();
        corrections.keySet().forEach(System.err::println);
        if (!List.of(arguments).contains("--check")) {
            for (Path file : corrections.keySet()) Files.writeString(file, corrections.get(file));
        } else if (!corrections.isEmpty()) {
            System.err.println("heads: " + corrections.size() + " files have another head. Run 'just format'");
            System.exit(1);
        }
    }

    /** Returns the files whose head is another than it must be, with the text that each must have. */
    SortedMap<Path, String> corrections() throws IOException {
        SortedMap<Path, String> corrections = new TreeMap<>();
        for (Path file : files()) {
            String text = Files.readString(file);
            String corrected = corrected(file, text);
            if (!corrected.equals(text)) corrections.put(file, corrected);
        }
        return corrections;
    }

    /** Returns the files that have a head. Tests have none: {@code tests/run.java} takes all. */
    List<Path> files() {
        return units.keySet().stream()
                .filter(file -> !file.startsWith(root.resolve("tests")))
                .toList();
    }

    private String corrected(Path file, String text) throws IOException {
        Stream<String> kept = text.lines()
                .takeWhile(Heads::isHead)
                .filter(line -> !line.startsWith("//SOURCES ") && !line.startsWith("//FILES "));
        Stream<String> rest = text.lines().dropWhile(Heads::isHead);
        return Stream.of(kept, lines(file).stream(), rest)
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns the {@code //FILES} and {@code //SOURCES} lines that the file's head must have. */
    List<String> lines(Path file) throws IOException {
        Mentions mentions = new Mentions(file);
        List<String> lines = new ArrayList<>();
        for (Path resource : mentions.resources) {
            lines.add("//FILES " + root.relativize(resource) + "="
                    + file.getParent().relativize(resource));
        }
        mentions.sources.stream()
                .map(source -> "//SOURCES " + file.getParent().relativize(source))
                .sorted()
                .forEach(lines::add);
        return lines;
    }

    private static boolean isHead(String line) {
        return line.startsWith("//");
    }

    /** The package with a dot behind it; empty for a script, which has none. */
    private static String packageOf(CompilationUnitTree unit) {
        return unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
    }

    /** What the code of one file names. */
    private final class Mentions extends TreeScanner<Void, Void> {
        final Set<Path> sources = new HashSet<>();
        final Set<Path> resources = new TreeSet<>();

        private final Path file;
        private final Set<String> packages = new HashSet<>();
        private final Set<String> declared = new HashSet<>();

        Mentions(Path file) {
            this.file = file;
            CompilationUnitTree unit = units.get(file);
            packages.add(packageOf(unit));
            unit.getImports().forEach(this::follow);
            new Declarations(declared).scan(unit, null);
            scan(unit, null);
            sources.remove(file);
        }

        private void follow(ImportTree line) {
            String name = line.getQualifiedIdentifier().toString();
            int end = name.lastIndexOf('.');
            Optional<Path> source = source(name);
            source.ifPresent(sources::add);
            if (name.endsWith(".*")) {
                packages.add(name.substring(0, end + 1));
            } else if (source.isEmpty() && OF_THE_JDK.stream().noneMatch(name::startsWith)) {
                throw new IllegalStateException(file + " imports " + name + ", and no file here is or owns that");
            }
            declared.add(name.substring(end + 1));
        }

        @Override
        public Void visitImport(ImportTree line, Void nothing) {
            return null;
        }

        @Override
        public Void visitPackage(PackageTree line, Void nothing) {
            return null;
        }

        @Override
        public Void visitIdentifier(IdentifierTree simple, Void nothing) {
            mention(simple.getName().toString());
            return null;
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
            ExpressionTree first = select;
            while (first instanceof MemberSelectTree chain) first = chain.getExpression();
            if (!(first instanceof IdentifierTree)) return super.visitMemberSelect(select, nothing);
            mention(select.toString());
            return null;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            ExpressionTree method = call.getMethodSelect();
            if (method instanceof MemberSelectTree select
                    && select.getIdentifier().toString().startsWith("getResource")) {
                call.getArguments().forEach(this::load);
            }
            scan(call.getTypeArguments(), nothing);
            if (!(method instanceof IdentifierTree)) scan(method, nothing);
            return scan(call.getArguments(), nothing);
        }

        /** A name declared in the file hides a type's: nothing here has a variable that is named as a type that it uses. */
        private void mention(String name) {
            if (declared.contains(name.split("\\.")[0])) return;
            packages.stream()
                    .flatMap(each -> source(each + name).stream())
                    .findFirst()
                    .or(() -> name.contains(".") ? source(name) : Optional.empty())
                    .ifPresent(sources::add);
        }

        /** The file of a type, or of the library that it is from; the name may go on, to a member of it. */
        private Optional<Path> source(String name) {
            for (String type = name; !type.isEmpty(); type = type.substring(0, Math.max(0, type.lastIndexOf('.')))) {
                if (owners.containsKey(type)) return Optional.of(owners.get(type));
            }
            return Optional.empty();
        }

        private void load(ExpressionTree name) {
            ExpressionTree first = name;
            while (first instanceof BinaryTree sum) first = sum.getLeftOperand();
            if (!(first instanceof LiteralTree literal)) return;
            String path = literal.getValue().toString();
            Path named = path.startsWith("/") ? root.resolve(path.substring(1)) : file.resolveSibling(path);
            try (Stream<Path> found = Files.walk(named)) {
                found.filter(Files::isRegularFile).forEach(resources::add);
            } catch (IOException e) {
                throw new IllegalStateException(file + " loads " + path + ", which is not there", e);
            }
        }
    }

    /** Collects the names of what a file declares. */
    private static final class Declarations extends TreeScanner<Void, Void> {
        private final Set<String> names;

        Declarations(Set<String> names) {
            this.names = names;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            names.add(type.getSimpleName().toString());
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitTypeParameter(TypeParameterTree type, Void nothing) {
            names.add(type.getName().toString());
            return super.visitTypeParameter(type, nothing);
        }

        @Override
        public Void visitVariable(VariableTree variable, Void nothing) {
            names.add(variable.getName().toString());
            return super.visitVariable(variable, nothing);
        }
    }
}
