//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../project/Project.java
//SOURCES ../project/Tenant.java
package lib.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import lib.Failure;
import lib.project.Project.ProjectFile;
import lib.project.Tenant;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The text of a profile, in which {@code cloud.tenant_id} can be set without touching anything else: comments, order,
 * quotes and line ends stay byte for byte. No other key is ever added, {@code enabled} least of all.
 *
 * @param file for messages
 */
public record ProfileEditor(Path file, String text) {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** A change of the text: what stands from one index to another becomes something else. */
    private record Edit(int from, int to, String insertion) {}

    /** @throws Failure {@code config} when the file cannot be read */
    public static ProfileEditor read(Path file) {
        return new ProfileEditor(
                file, new ProjectFile(file, "Correct the profile, or choose another with --profile").text());
    }

    /**
     * The text with this tenant.
     *
     * @throws Failure {@code config} when the document has a shape in which that cannot be done without touching more
     */
    public String withTenant(Tenant.Id id) {
        try {
            JsonNode wanted = wanted(id);
            Edit edit = edit(id);
            String edited = text.substring(0, edit.from()) + edit.insertion() + text.substring(edit.to());
            if (ProjectFile.tree(edited).equals(wanted)) return edited;
        } catch (YamlEngineException | IllegalArgumentException e) {
            throw byHand(id).causedBy(e);
        }
        throw byHand(id);
    }

    private Failure byHand(Tenant.Id id) {
        return new ProjectFile(file, "Write 'tenant_id: " + scalar(id) + "' under 'cloud:' by hand")
                .malformed("cannot be changed without touching more than one line");
    }

    /** What the changed text must mean: everything as before, and this tenant. */
    private JsonNode wanted(Tenant.Id id) {
        JsonNode tree = ProjectFile.tree(text);
        if (!tree.isObject()) throw new IllegalArgumentException("no mapping");
        JsonNode cloud = tree.path("cloud");
        ObjectNode target = cloud.isObject() ? (ObjectNode) cloud : ((ObjectNode) tree).putObject("cloud");
        target.put("tenant_id", id.value());
        return tree;
    }

    private Edit edit(Tenant.Id id) {
        Node root = new Compose(ProjectFile.YAML)
                .composeString(withoutMark(text))
                .orElseThrow(() -> new IllegalArgumentException("empty"));
        Optional<NodeTuple> cloud = key(root, "cloud");
        if (cloud.isEmpty()) return atTheEnd(id);
        Node block = cloud.get().getValueNode();
        Optional<NodeTuple> tenant = key(block, "tenant_id");
        if (tenant.isPresent()) return asValue(tenant.get().getValueNode(), id);
        if (block instanceof MappingNode mapping) return asFirstKey(mapping, id);
        return asOnlyKey(cloud.get(), id);
    }

    // Of duplicates the last one counts.
    private static Optional<NodeTuple> key(Node node, String name) {
        if (!(node instanceof MappingNode mapping)) return Optional.empty();
        return mapping.getValue().stream()
                .filter(pair -> pair.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name))
                .reduce((first, second) -> second);
    }

    private Edit asValue(Node value, Tenant.Id id) {
        int from = index(value.getStartMark());
        int to = index(value.getEndMark());
        if (from == to) return new Edit(from, to, (text.charAt(from - 1) == ':' ? " " : "") + scalar(id));
        char quote = text.charAt(from);
        boolean quoted = quote == '"' || quote == '\'';
        return new Edit(from, to, quoted ? quote + id.value() + quote : scalar(id));
    }

    private Edit asFirstKey(MappingNode mapping, Tenant.Id id) {
        String pair = "tenant_id: " + scalar(id);
        if (mapping.getFlowStyle() == FlowStyle.FLOW) {
            int inside = text.indexOf('{', index(mapping.getStartMark())) + 1;
            return new Edit(inside, inside, mapping.getValue().isEmpty() ? pair : pair + ", ");
        }
        Mark first = mapping.getValue().get(0).getKeyNode().getStartMark().orElseThrow();
        int at = index(Optional.of(first));
        return new Edit(at, at, pair + lineEnd() + " ".repeat(first.getColumn()));
    }

    /** {@code cloud:} with nothing below it, or with a null. */
    private Edit asOnlyKey(NodeTuple cloud, Tenant.Id id) {
        if (!isNull(cloud.getValueNode())) throw new IllegalArgumentException("no mapping");
        int from = index(cloud.getValueNode().getStartMark());
        int to = index(cloud.getValueNode().getEndMark());
        if (from != to) return new Edit(from, to, "{tenant_id: " + scalar(id) + "}");
        int column = cloud.getKeyNode().getStartMark().orElseThrow().getColumn();
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') end++;
        return new Edit(end, end, lineEnd() + " ".repeat(column + 2) + "tenant_id: " + scalar(id));
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private Edit atTheEnd(Tenant.Id id) {
        int end = text.length();
        String start = text.endsWith("\n") ? "" : lineEnd();
        return new Edit(end, end, start + "cloud:" + lineEnd() + "  tenant_id: " + scalar(id) + lineEnd());
    }

    private String lineEnd() {
        int newline = text.indexOf('\n');
        return newline > 0 && text.charAt(newline - 1) == '\r' ? "\r\n" : "\n";
    }

    private static String withoutMark(String yaml) {
        return yaml.startsWith(BYTE_ORDER_MARK) ? yaml.substring(1) : yaml;
    }

    /** The index in the text; marks count code points, and start after the byte order mark. */
    private int index(Optional<Mark> mark) {
        int start = text.length() - withoutMark(text).length();
        return text.offsetByCodePoints(start, mark.orElseThrow().getIndex());
    }

    /** The id as YAML of either version reads it as a text: {@code 12}, {@code 1e5} or {@code no} want quotes. */
    private static String scalar(Tenant.Id id) {
        boolean plain = id.value().matches("[A-Za-z][A-Za-z0-9]*[_-][A-Za-z0-9_-]*");
        return plain ? id.value() : '"' + id.value() + '"';
    }
}
