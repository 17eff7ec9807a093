"""`crmsync explain`: how far a customer is, by whose word, since when, and what the other system says."""

from __future__ import annotations

from dataclasses import replace

from apply.pairs import Person
from crmsync.commands.lifecycles import asked_with_stories, lifecycles_text, with_lifecycles
from crmsync.commands.rendering import explanations_json
from crmsync.core.lifecycle import Lifecycle

WHO = "ana@people.example"


def test_a_customer_comes_with_the_word_of_every_system(person: Person) -> None:
    person.in_hubspot(lifecyclestage="marketingqualifiedlead")
    person.pair.pull()
    asked, stories = asked_with_stories(person.pair.workspace, WHO, many=False)
    (found,) = asked.found
    story = stories[found.view.key]
    assert (story.standing.current, story.standing.decided_by) == ("mql", "hubspot")
    assert {each.system: each.how for each in story.by_system} == {
        "hubspot": "property", "salesforce": "nothing_said",
    }  # fmt: skip
    entered = [each for each in story.events if each.stage == "mql"]
    assert [(each.kind, each.when.precision) for each in entered] == [("entered", "instant")]
    assert person.hubspot in lifecycles_text(stories, "en")


def test_the_json_of_a_customer_has_the_lifecycle_and_null_without_one(person: Person) -> None:
    person.pair.pull()
    asked, stories = asked_with_stories(person.pair.workspace, WHO, many=True)
    told = explanations_json(asked.found, None, unmask=True)
    (whole,) = with_lifecycles(told, stories)
    assert whole["lifecycle"]["systems"][0]["system"] == "hubspot"
    (bare,) = with_lifecycles(told, {})
    assert bare["lifecycle"] is None


def test_a_workspace_that_says_nothing_of_stages_is_told_nothing(person: Person) -> None:
    person.pair.pull()
    workspace = person.pair.workspace
    silent = replace(workspace.mapping, lifecycle=Lifecycle(systems={}))
    _, stories = asked_with_stories(replace(workspace, mapping=silent), WHO, many=False)
    assert lifecycles_text(stories, "en") == ""
