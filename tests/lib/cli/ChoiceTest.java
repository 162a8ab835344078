package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import lib.cli.Prompt.Choice;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    @Test
    void theIdComesFirstThenTheNameThenWhatIsSpelledLikeEither() {
        List<Choice> among = List.of(
                new Choice("x", "ten_1", "ten_2"), new Choice("x", "ten_2", "Shop"), new Choice("x", "ten_3", "shop"));
        assertEquals(List.of(1), Choice.called("ten_2", among));
        assertEquals(List.of(2), Choice.called("shop", among));
        assertEquals(List.of(1), Choice.called("Shop", among));
        assertEquals(List.of(1, 2), Choice.called("SHOP", among));
        assertEquals(List.of(0), Choice.called(" TEN_1 ", among));
        assertEquals(List.of(), Choice.called("sho", among));
        assertEquals(List.of(), Choice.called("", among));
    }

    @Test
    void aNameIsTheSameHoweverItIsComposedAndWhateverNobodySeesInIt() {
        List<Choice> among = named("👩\u200d💻 Team", "Caf\u00e9", "  Gap\u00a0 Year ", "Stra\u00dfe", "a\u202eb");
        assertEquals(List.of(0), Choice.called("👩\u200d💻 Team", among));
        assertEquals(List.of(0), Choice.called("👩💻 team", among));
        assertEquals(List.of(0), Choice.called("👩 💻 Team", among), "as it is shown");
        assertEquals(List.of(1), Choice.called("CAFE\u0301", among));
        assertEquals(List.of(2), Choice.called("gap year", among));
        assertEquals(List.of(3), Choice.called("STRASSE", among));
        assertEquals(List.of(4), Choice.called("ab", among));
    }

    @Test
    void theNearestAreThoseThatHoldItAndThoseOfFewOtherLetters() {
        List<Choice> among = named("production-eu", "staging", "production-us", "demo", "prod");
        assertEquals(List.of(1), Menu.nearest("stagign", among, 1));
        assertEquals(List.of(0, 2), Menu.nearest("PRODUCTION", among, 2));
        assertEquals(List.of(3), Menu.nearest("dmeo", among, 1));
        assertEquals(2, Menu.nearest("x".repeat(100_000), among, 2).size());
    }

    private static List<Choice> named(String... names) {
        return Stream.of(names).map(Choice::of).toList();
    }
}
