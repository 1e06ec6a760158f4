"""Published scores of an answer's model: its tier, each score with its scale, and where they are from."""

import re

from bot.answers.kinds import EstimateAnswer, OneAnswer
from calculator.catalog import quality
from calculator.catalog.resolved import Quality

BARE_SIZE = re.compile(r"\d+(?:\.\d+)?\s?b(?:illion)?", re.IGNORECASE)
"""`7B` alone stands for a size, not for the scores of one model."""
SCORES = (("MMLU", "mmlu"), ("MMLU-Pro", "mmlu_pro"), ("GPQA Diamond", "gpqa_diamond"))
RATINGS = (("LMArena 2025-08", "lmarena_elo_2025_08"), ("Arena 2026-04", "arena_score_2026_04"))


def scores_of(answer: OneAnswer) -> Quality | None:
    """What is published of the model; None for a bare size and for a model that nobody scored."""
    if BARE_SIZE.fullmatch(answer.model_size.strip()):
        return None
    key = answer.estimate.deployment.model.key if isinstance(answer, EstimateAnswer) else answer.model_key
    return quality(key)


def quality_text(answer: OneAnswer) -> str:
    """`Quality: good. MMLU 86.0 %, LMArena 2025-08 1275. From: …`; that no score is known where there is none."""
    found = scores_of(answer)
    if found is None:
        return "Quality: no published score is known of it."
    shares = [
        f"{name} {value:.1%}".replace("%", " %")
        for name, field in SCORES
        if (value := getattr(found, field)) is not None
    ]
    ratings = [f"{name} {value:g}" for name, field in RATINGS if (value := getattr(found, field)) is not None]
    return f"Quality: {found.tier}. {', '.join([*shares, *ratings])}. From: {found.sources}"
