"""Each kind of fact has its answer for the day on which the account that wrote it turns out to have been stolen."""

from lamplit.basics.fact import REGISTRY
from lamplit.cli.undo.answers import ANSWERS
from lamplit.config.wiring import FOLDS


def test_no_kind_of_fact_is_missing() -> None:
    assert set(ANSWERS) == set(FOLDS) == set(REGISTRY.values()), set(FOLDS) ^ set(ANSWERS)


def test_each_answer_can_be_given() -> None:
    for fact, answer in ANSWERS.items():
        clear = fact.schema.clear
        assert answer.how != "again" or (answer.act and answer.setters), fact
        assert not answer.key or all(answer.key in one.schema.clear for one in answer.setters), fact
        assert not answer.setters or fact in answer.setters, (fact, clear)
        assert answer.words.endswith("."), fact
