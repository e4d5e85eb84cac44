"""Asking: what it is going to cost, and answers that are kept as they come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from workbench.errors import WorkbenchError
from workbench.llm.answers import Answers, answer_key
from workbench.llm.base import Completion, Prompt, Provider, estimated_tokens
from workbench.wording import how_many

HOW_ESTIMATED = "a token is taken as four characters, and every answer as long as is asked for"

OnAnswer = Callable[["Tally"], None]


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, read and written, in whatever currency."""

    per_million_in: float
    per_million_out: float

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.per_million_in + tokens_out * self.per_million_out) / 1e6


@dataclass(frozen=True)
class Estimate:
    """What a job is going to ask; tokens and cost are of what is not kept yet.

    Attributes:
        prompts: questions in all.
        kept: those among them whose answers are on disk already.
        tokens_in: estimated tokens of the prompts to come.
        tokens_out: estimated tokens of their answers.
        cost: of both, or None where no prices were given.
    """

    prompts: int
    kept: int
    tokens_in: int
    tokens_out: int
    cost: float | None


@dataclass(frozen=True)
class Tally:
    """How far a job is: answers and their tokens, counted by the provider or else estimated.

    `kept` answers were on disk before; tokens and cost are of the others.
    """

    prompts: int
    kept: int = 0
    asked: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    counted: bool = True

    @property
    def done(self) -> int:
        """Answers that are there."""
        return self.kept + self.asked

    def after(self, prompt: Prompt, answer: Completion) -> Tally:
        """The same with one more answer."""
        counted = answer.tokens_in is not None and answer.tokens_out is not None
        read = estimated_tokens(prompt.text) if answer.tokens_in is None else answer.tokens_in
        written = estimated_tokens(answer.text) if answer.tokens_out is None else answer.tokens_out
        return replace(
            self,
            asked=self.asked + 1,
            tokens_in=self.tokens_in + read,
            tokens_out=self.tokens_out + written,
            counted=self.counted and counted,
        )

    def cost(self, prices: Prices) -> float:
        """What the answers so far cost."""
        return prices.cost(self.tokens_in, self.tokens_out)

    def expected_cost(self, prices: Prices, estimate: Estimate) -> float:
        """What all will have cost: as the answers so far, once there are some."""
        to_ask = self.prompts - self.kept
        return self.cost(prices) / self.asked * to_ask if self.asked else estimate.cost or 0.0


def estimate(
    prompts: Sequence[Prompt],
    written: int,
    provider: Provider,
    answers: Answers,
    prices: Prices | None = None,
) -> Estimate:
    """Price a job before it is run.

    Args:
        prompts: what will be asked.
        written: tokens of an answer that the prompts ask for.
        provider: who will be asked.
        answers: what is kept already.
        prices: None leaves the cost open.
    """
    open_prompts = [prompt for prompt in prompts if answer_key(prompt, provider) not in answers]
    tokens_in = sum(estimated_tokens(prompt.text) for prompt in open_prompts)
    tokens_out = written * len(open_prompts)
    cost = prices.cost(tokens_in, tokens_out) if prices else None
    return Estimate(len(prompts), len(prompts) - len(open_prompts), tokens_in, tokens_out, cost)


def ask(
    prompts: Sequence[Prompt],
    provider: Provider,
    answers: Answers,
    on_answer: OnAnswer = lambda tally: None,
) -> tuple[list[Completion], Tally]:
    """All answers in the order of the prompts: those that are kept, and those asked now, kept one by one.

    Raises:
        WorkbenchError: when the provider gives up; what was answered before stays kept.
    """
    keys = [answer_key(prompt, provider) for prompt in prompts]
    found = {position: answers[key] for position, key in enumerate(keys) if key in answers}
    tally = Tally(len(prompts), kept=len(found))
    on_answer(tally)
    missing = [position for position in range(len(prompts)) if position not in found]
    try:
        with closing(_asked(provider, [prompts[position] for position in missing])) as arriving:
            for place, answer in arriving:
                position = missing[place]
                answers.keep(keys[position], answer)
                found[position] = answer
                tally = tally.after(prompts[position], answer)
                on_answer(tally)
    except WorkbenchError as error:
        raise WorkbenchError(
            f"{error} {tally.done:,} of {how_many(tally.prompts, 'answer')} kept: the same command goes on."
        ) from None
    return [found[position] for position in range(len(prompts))], tally


def _asked(provider: Provider, prompts: Sequence[Prompt]) -> Generator[tuple[int, Completion], None, None]:
    if prompts:
        with closing(provider.stream(prompts)) as arriving:
            yield from arriving
