"""Questions as nobody types them: shuffled, spliced, cut, in odd characters, too long. The same seed gives the same."""

import random
import string

from bot.commands import commands
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.registry import SYNONYMS
from bot.language.grammar import GLUE_WORDS
from calculator.catalog import gpu_keys, model_keys

ODD = "“”‘’„—–−×≤…\u00a0\u202f\u200b\ufeff\u0000\u0007\u001b\u2028\u0085😀é漢אİß½²٣１Ⅷ\U0001f1e9\ud800"
MARKUP = ("<!channel>", "<@U123|x>", "<#C123|>", "<#C123>", "<http://a|b>", "*bold*", "`code`", "&amp;lt;", "&#x41;", "&nbsp;",
          "<!date^1^{date}|x>", "{}", "{0}", "%s", "\\", "'; DROP TABLE x", "\n", "\t", "|", "```")  # fmt: skip
NUMBERS = ("0", "-1", "1e99", "9" * 40, "1e-99", "0.0000001", ".5", "1,5", "1,500,00", "1_0", "3.", "1e5", "$", "$-1/h", "101%",
           "-5%", "1/0", "inf", "nan", "0x10", "1e999999", "1.2.3", "8x", "0xH100", "99999999999xH100", "4097 gpus")  # fmt: skip
SEPARATORS = (" ", ", ", "; ", "  ", "\n", "", "-", "=", ": ", " on ", " vs ", " in ", " x ", "/")


def vocabulary() -> tuple[str, ...]:
    """Everything that a question may be made of, and what it should not hold."""
    usage = [text for command in commands() for text in command.usage]
    examples = [phrase.example() for phrase in EstimateQuestion.phrases()]
    forms = [
        form.format(n) for phrase in EstimateQuestion.phrases() for form in phrase.forms for n in ("8", "2s", "60%")
    ]
    assigned = [f"{phrase.field}={phrase.quantity.example}" for phrase in EstimateQuestion.phrases()]
    words = [command.word for command in commands()] + list(SYNONYMS) + list(GLUE_WORDS)
    return (*usage, *examples, *forms, *assigned, *words, *model_keys(), *gpu_keys(), *MARKUP, *NUMBERS)


class Mutator:
    """Draws questions."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._words = vocabulary()
        self._usage = tuple(text for command in commands() for text in command.usage)
        self._changes = (
            self._shuffled,
            self._spliced,
            self._cut,
            self._odd,
            self._number,
            self._repeated,
            self._recased,
        )

    def text(self) -> str:
        """One question: a valid one or a pile of words, changed up to four times."""
        chance = self.chance
        text = chance.choice(self._usage) if chance.random() < 0.6 else self._pile()
        for _ in range(chance.randrange(5)):
            text = chance.choice(self._changes)(text)
        return self._long(text) if chance.random() < 0.005 else text

    def _pile(self) -> str:
        chance = self.chance
        return "".join(chance.choice(self._words) + chance.choice(SEPARATORS) for _ in range(chance.randrange(1, 7)))

    def _shuffled(self, text: str) -> str:
        words = text.split()
        self.chance.shuffle(words)
        return " ".join(words)

    def _spliced(self, text: str) -> str:
        at, other = self.chance.randrange(len(text) + 1), self.chance.choice(self._words)
        return text[:at] + self.chance.choice(SEPARATORS) + other + self.chance.choice(SEPARATORS) + text[at:]

    def _cut(self, text: str) -> str:
        first, last = sorted(self.chance.randrange(len(text) + 1) for _ in range(2))
        return text[:first] + text[last:] if self.chance.random() < 0.5 else text[first:last]

    def _odd(self, text: str) -> str:
        at = self.chance.randrange(len(text) + 1)
        return text[:at] + self.chance.choice(ODD + string.punctuation) + text[at + self.chance.randrange(2) :]

    def _number(self, text: str) -> str:
        words = text.split(" ")
        words[self.chance.randrange(len(words))] = self.chance.choice(NUMBERS)
        return " ".join(words)

    def _repeated(self, text: str) -> str:
        return f"{text}{self.chance.choice(SEPARATORS)}{text}"

    def _recased(self, text: str) -> str:
        return self.chance.choice((str.upper, str.title, str.swapcase))(text)

    def _long(self, text: str) -> str:
        return (text + self.chance.choice(SEPARATORS)) * (self.chance.randrange(1, 4000) // (len(text) + 1) + 1)
