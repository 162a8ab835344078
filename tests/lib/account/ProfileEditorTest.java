package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.Failure;
import lib.project.Tenant;
import org.junit.jupiter.api.Test;

class ProfileEditorTest {
    private static final Tenant.Id ID = new Tenant.Id("ten_new");

    @Test
    void changesOneLineOfACommentedProfileAndNoOther() {
        String before = """
            # Ours; don't touch
            target: cloud   # generation 2
            name: prod

            server:
              port:   8080
              trusted: ["fc00::/7",    '66.0.0.0/8']
            cloud:
              # the tenant we ship to
              validation: strict
              tenant_id: ten_old   # until March
            rate_limits: {}
            """;
        String after = set(before);
        assertEquals(List.of("  tenant_id: ten_new   # until March"), changedLines(before, after));
    }

    @Test
    void keepsTheQuotesThatTheValueHas() {
        assertEquals("cloud:\n  tenant_id: \"ten_new\"\n", set("cloud:\n  tenant_id: \"ten_old\"\n"));
        assertEquals("cloud:\n  tenant_id: 'ten_new' # x\n", set("cloud:\n  tenant_id: 'it''s' # x\n"));
        assertEquals("cloud: {tenant_id: 'ten_new'}", set("cloud: {tenant_id: ''}"));
    }

    @Test
    void fillsAKeyThatHasNoValue() {
        assertEquals("cloud:\n  tenant_id: ten_new\nname: x\n", set("cloud:\n  tenant_id:\nname: x\n"));
        assertEquals("cloud:\n  tenant_id: ten_new # which?\n", set("cloud:\n  tenant_id: # which?\n"));
        assertEquals("cloud:\n  tenant_id: ten_new", set("cloud:\n  tenant_id:"));
        assertEquals("cloud:\n  tenant_id: ten_new\n  a: b\n", set("cloud:\n  tenant_id: ~\n  a: b\n"));
        assertEquals("cloud:\n  tenant_id: ten_new\n", set("cloud:\n  tenant_id: null\n"));
    }

    @Test
    void addsTheKeyAsOneLineToABlockThatLacksIt() {
        String before = "name: x\ncloud:\n    # how\n    validation: strict\n    a: b\nlast: y\n";
        String after =
                "name: x\ncloud:\n    # how\n    tenant_id: ten_new\n    validation: strict\n    a: b\nlast: y\n";
        assertEquals(after, set(before));
    }

    @Test
    void fillsACloudBlockThatIsEmpty() {
        assertEquals("cloud: # soon\n  tenant_id: ten_new\nname: x\n", set("cloud: # soon\nname: x\n"));
        assertEquals("name: x\ncloud:\n  tenant_id: ten_new", set("name: x\ncloud:"));
        assertEquals("cloud: {tenant_id: ten_new}\nname: x\n", set("cloud: ~\nname: x\n"));
        assertEquals("cloud: {tenant_id: ten_new}\nname: x\n", set("cloud: {}\nname: x\n"));
    }

    @Test
    void changesAFlowMappingInPlace() {
        assertEquals("cloud: {a: b, tenant_id: ten_new, c: d} # x\n", set("cloud: {a: b, tenant_id: t, c: d} # x\n"));
        assertEquals("cloud: {tenant_id: ten_new, a: b }\n", set("cloud: {a: b }\n"));
        assertEquals(
                "cloud: { tenant_id: ten_new }\n",
                set("cloud: { tenant_id: }\n").replace("new}", "new }"));
        assertEquals(
                "{\"name\": \"x\", \"cloud\": {\"tenant_id\": \"ten_new\"}}",
                set("{\"name\": \"x\", \"cloud\": {\"tenant_id\": \"t\"}}"));
    }

    @Test
    void addsACloudBlockAtTheEnd() {
        assertEquals("name: x\ncloud:\n  tenant_id: ten_new\n", set("name: x\n"));
        assertEquals("name: x\ncloud:\n  tenant_id: ten_new\n", set("name: x"));
        assertEquals("a:\n  - b\n# end\ncloud:\n  tenant_id: ten_new\n", set("a:\n  - b\n# end\n"));
    }

    @Test
    void keepsTheLineEndsOfWindows() {
        assertEquals("name: x\r\ncloud:\r\n  tenant_id: ten_new\r\n", set("name: x\r\n"));
        assertEquals("cloud:\r\n  tenant_id: ten_new\r\n  a: b\r\n", set("cloud:\r\n  a: b\r\n"));
        assertEquals("cloud:\r\n  tenant_id: ten_new\r\n", set("cloud:\r\n  tenant_id: ten_old\r\n"));
    }

    @Test
    void countsCharactersBeyondTheBasicPlaneAndAByteOrderMark() {
        assertEquals(
                "name: 🚀🚀 # é🚀\ncloud:\n  tenant_id: ten_new\n", set("name: 🚀🚀 # é🚀\ncloud:\n  tenant_id: t\n"));
        assertEquals("\ufeffcloud:\n  tenant_id: ten_new\n", set("\ufeffcloud:\n  tenant_id: t\n"));
    }

    @Test
    void quotesAnIdThatYamlWouldReadAsSomethingElse() {
        for (String id : List.of("123", "1e5", "no", "true", "null", "0x1F", "12_3", "y"))
            assertEquals(
                    "cloud:\n  tenant_id: \"" + id + "\"\n",
                    yaml("cloud:\n  tenant_id: t\n").withTenant(new Tenant.Id(id)));
    }

    @Test
    void leavesATenantIdElsewhereAlone() {
        String before = "tenant_id: a\nold:\n  cloud:\n    tenant_id: b\ncloud:\n  tenant_id: c\n";
        assertEquals(List.of("  tenant_id: ten_new"), changedLines(before, set(before)));
    }

    @Test
    void neverAddsEnabled() {
        for (String before : List.of("target: cloud\n", "target: cloud\ncloud:\n", "name: x\ncloud:\n  a: b\n"))
            assertTrue(!set(before).contains("enabled"), before);
    }

    @Test
    void refusesWhatCannotBeDoneInPlaceAndSaysWhatToWrite() {
        for (String text : List.of(
                "id: &t ten_old\ncloud:\n  tenant_id: *t\n",
                "base: &b {tenant_id: x}\ncloud: *b\n",
                "name: x\n---\nname: y\n",
                "name: x\n...\n",
                "cloud: [a]\n",
                "cloud: word\n",
                "{name: x}\n",
                "name: [x\n",
                "- a\n",
                "")) {
            Failure failure = assertThrows(Failure.class, () -> set(text), text);
            assertEquals(78, failure.code().exitCode());
            assertTrue(failure.hint().contains("tenant_id: ten_new"), failure.hint());
        }
    }

    private static ProfileEditor yaml(String text) {
        return new ProfileEditor(Path.of("profile.yaml"), text);
    }

    private static String set(String text) {
        return yaml(text).withTenant(ID);
    }

    private static List<String> changedLines(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        assertEquals(old.size(), now.size());
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < old.size(); i++) if (!old.get(i).equals(now.get(i))) changed.add(now.get(i));
        return changed;
    }
}
