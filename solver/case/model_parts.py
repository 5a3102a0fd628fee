"""What all models of a case share: strictness, choices by `kind`, and named words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from solver.case.number_fields import described, wrong


class Spec(BaseModel):
    """A frozen mapping of a case: no unknown keys, no conversion between types."""

    # Built with the case that holds it, not once more by itself: the parts of a case are never read alone.
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,
    )


TAGGED: Final[dict[str, type[Spec]]] = {}
"""The models behind the tags that choices leave in the location of an error."""


def tag_of(model: type[Spec]) -> str:
    """Return the tag of a model: in angle brackets, so that no key of a case can equal it."""
    tag = f"<{model.__name__}>"
    TAGGED[tag] = model
    return tag


@dataclass(frozen=True)
class Choice:
    """Annotation of a union of models told apart by the word under `key`.

    A missing or unknown word gives an error of type `choice` whose context holds the key and the words; the
    explainer puts it at the key.

    Attributes:
        models: each holds `key` as a Literal field.
        key: the discriminating key.
    """

    models: tuple[type[Spec], ...]
    key: str = "kind"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A union with tags in angle brackets."""
        words = {word: tag_of(model) for model in self.models for word in literal_words(model, self.key)}

        def discriminate(value: Any) -> str | None:
            if isinstance(value, Spec):
                return tag_of(type(value))
            word = value.get(self.key) if isinstance(value, dict) else None
            return words.get(word) if isinstance(word, str) else None

        context: dict[str, Any] = {"key": self.key, "words": tuple(words)}
        return core_schema.tagged_union_schema(
            {tag_of(model): handler.generate_schema(model) for model in self.models},
            discriminate,
            custom_error_type="choice",
            custom_error_message="no such choice",
            custom_error_context=context,
        )


def literal_words(model: type[Spec], key: str) -> tuple[str, ...]:
    """Return the words that a model's Literal field `key` admits."""
    words: tuple[str, ...] = model.model_fields[key].annotation.__args__  # type: ignore[union-attr]
    return words


def mapping_only(what: str) -> Callable[[Any], Any]:
    """Return a validator that admits mappings only, so that the error says what was meant."""

    def check(value: Any) -> Any:
        if isinstance(value, dict | Spec):
            return value
        raise wrong(f"{described(value)} is no mapping", what)

    return check
