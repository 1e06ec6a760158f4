"""What can go wrong in the calculator, as a tree.

    CalculatorError
    +-- QuestionError    a misunderstanding: names the field, quotes what was typed, says what to type instead
    +-- CatalogError     a data file of the catalog breaks its schema: names the file, the block and the fault

That something does not fit, misses a limit or has no price is never an error: it is a result with its reason.
"""


class CalculatorError(Exception):
    """Anything that the calculator raises on purpose."""


class QuestionError(CalculatorError):
    """A question that was not understood; the message says what to type instead."""

    def __init__(self, field: str, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.field = field
        """The document's name of the field: model_size, hardware_type, tokens, batch_size, precision, ..."""
        self.message = message
        """A sentence for a person, with what to type instead."""
        self.suggestions = suggestions
        """Catalog keys that may have been meant, best first."""

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type["QuestionError"], tuple[str, str, tuple[str, ...]]]:
        return type(self), (self.field, self.message, self.suggestions)


class CatalogError(CalculatorError):
    """A block of a data file that does not follow the schema."""
