"""The review page in a real Chromium, as those who answer use it."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from pipelines.answers import AnswerStore, standing_of
from test_review import HOSTILE, make_run

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("starlette", reason="starlette is not installed")

expect = sync_api.expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("paged") / "run")


class Command:
    """The command, started and killed like a user's."""

    def __init__(self, folder, **words):
        more = [part for name, value in words.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelines", "review", str(folder), "--no-browser", *more],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = self.process.stdout.readline().strip()

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def start():
    running = []

    def begin(folder, **words):
        running.append(Command(folder, **words))
        return running[-1]

    yield begin
    for command in running:
        command.kill()


@pytest.fixture
def opened(browser):
    """A function that opens an address in a browser of its own; it fails on foreign requests."""
    contexts, wrong, asked = [], [], []

    def open_page(address, **options):
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        expect(page.locator("#question")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
    assert all(url.startswith("http://127.0.0.1:") for url in asked)


def answers(folder):
    return list(AnswerStore(folder / "answers").read().events)


def press(page, key):
    """Answer by a key and wait until the answer is kept and the next question is there."""
    before = mine(page)
    page.keyboard.press(key)
    expect(page.locator("#progress")).to_contain_text(f"You answered {before + 1};")


def mine(page):
    return int(re.search(r"You answered (\d+);", page.locator("#progress").inner_text())[1])


def test_forty_answers_by_keyboard_with_undo_reload_and_a_kill(run_folder, start, opened):
    folder = run_folder
    command = start(folder, coder="Ann")
    page = opened(command.address)
    for number in range(20):
        press(page, "ynyu"[number % 4])
    page.keyboard.press("z")
    expect(page.locator("#status")).to_have_text("Undone; it is asked again.")
    expect(page.locator("#progress")).to_contain_text("You answered 19;")
    press(page, "n")
    page.reload()
    expect(page.locator("#progress")).to_contain_text("You answered 20;")
    os.kill(command.process.pid, signal.SIGKILL)
    command.process.wait()
    page.keyboard.press("y")
    expect(page.locator("#problem")).to_contain_text("Not saved")
    assert len([event for event in answers(folder) if event.kind == "answer"]) == 21
    page = opened(start(folder, coder="Ann").address)
    expect(page.locator("#progress")).to_contain_text("You answered 20;")
    for number in range(20):
        press(page, "yns"[number % 3])
    found = answers(folder)
    assert len({event.event_id for event in found}) == len(found) == 42  # 41 answers, one undone
    assert {event.who for event in found} == {"Ann"}


def test_a_key_held_down_answers_once_and_caps_lock_is_no_matter(run_folder, start, opened):
    page = opened(start(run_folder, coder="Hal").address)
    page.keyboard.down("Y")
    expect(page.locator("#progress")).to_contain_text("You answered 1;")
    page.keyboard.down("Y")  # as a keyboard repeats it
    page.keyboard.up("Y")
    press(page, "n")
    expect(page.locator("#progress")).to_contain_text("You answered 2;")


def test_a_server_that_stops_after_it_saved_is_not_said_to_have_lost_it(run_folder, start, opened):
    page = opened(start(run_folder, coder="Ian").address)
    page.route("**/next?*", lambda route: route.abort())
    page.keyboard.press("y")
    expect(page.locator("#problem")).to_contain_text("The server has stopped.")
    expect(page.locator("#status")).to_have_text("Saved: yes.")
    expect(page.locator("#problem")).not_to_contain_text("Not saved")


def test_two_browsers_at_once_answer_different_questions(run_folder, start, opened):
    command = start(run_folder, coder="Ben")
    one, two = opened(command.address), opened(command.address)
    two.fill("#who", "Cat")
    two.keyboard.press("Tab")
    expect(two.locator("#progress")).to_contain_text("You answered 0;")
    before = len(answers(run_folder))
    for _ in range(5):
        press(one, "y")
        press(two, "n")
    found = answers(run_folder)[before:]
    assert len(found) == 10
    asked = [(event.finding, event.slug) for event in found]
    assert len(set(asked)) == 10
    assert not standing_of(answers(run_folder)).disputed


def test_all_themes_can_be_ticked_by_keyboard(run_folder, start, opened):
    page = opened(start(run_folder, coder="Dan", order="random").address)
    before = len(answers(run_folder))
    expect(page.locator("#list")).to_be_visible()
    boxes = page.locator("#themes input")
    for box in boxes.all():
        box.uncheck()
    page.locator("#question").focus()
    page.keyboard.press("2")
    chosen = boxes.nth(1).get_attribute("value")
    press(page, "Enter")
    kept = [event for event in answers(run_folder)[before:] if event.level == "theme"]
    assert [event.slugs for event in kept] == [(chosen,)]
    assert kept[0].shown["order"] == "random"


def test_the_page_begins_with_the_order_that_was_asked_for_however_it_is_written(
    run_folder, start, opened
):
    """It fell back on its own, without a word, where the list had it not to the letter."""
    page = opened(start(run_folder, coder="Fay", order="THEME:outcomes").address)
    expect(page.locator("#order")).to_have_value("THEME:outcomes")
    expect(page.locator("#asked")).to_have_text("Is this about Outcomes?")


def test_a_memo_is_kept_and_shown(run_folder, start, opened):
    page = opened(start(run_folder, coder="Eve").address)
    page.keyboard.press("m")
    page.keyboard.type("Ask the unit. yn")
    page.get_by_role("button", name="Keep the memo").click()
    expect(page.locator("#status")).to_have_text("Memo kept.")
    assert [event.text for event in answers(run_folder) if event.kind == "memo"] == [
        "Ask the unit. yn"
    ]
    page.reload()
    expect(page.locator("#memos")).to_contain_text("Ask the unit.")


def test_keys_can_be_turned_off(run_folder, start, opened):
    page = opened(start(run_folder, coder="Fay").address)
    page.uncheck("#keys")
    page.locator("#question").focus()
    before = len(answers(run_folder))
    page.keyboard.press("y")
    time.sleep(0.5)
    assert len(answers(run_folder)) == before
    page.get_by_role("button", name=re.compile("Yes")).click()
    expect(page.locator("#status")).to_have_text("Saved: yes.")


def test_a_finding_with_a_script_is_words(run_folder, start, opened):
    command = start(run_folder, coder="Gus")
    page = opened(command.address)
    title = page.title()
    page.route(
        "**/next?*",
        lambda route: route.fulfill(
            json={**(told := route.fetch().json()), "card": {**told["card"], "text": HOSTILE}}
        ),
    )
    page.reload()
    expect(page.locator("#text")).to_have_text(HOSTILE)
    assert page.title() == title
    assert page.locator("#text script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 360])
def test_axe_finds_nothing_and_nothing_runs_out(run_folder, start, opened, scheme, width, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe")
    # The page's policy lets no other script in: axe is put in past it, and the page is the same.
    page = opened(
        start(run_folder, coder="Hal").address,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        bypass_csp=True,
    )
    for listed in (False, True):
        if listed:
            page.keyboard.press("a")
            expect(page.locator("#list")).to_be_visible()
        found = axe.Axe().run(page).response["violations"]
        assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=tmp_path / f"review-{scheme}-{width}-{listed}.png", full_page=True)
