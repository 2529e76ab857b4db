"""What the server answers, and whom it refuses."""

import http.client
import json
import re
import shutil
import time
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
from page.served import asked, heard, served, unpacked, value
from stored import stored

from groklab.page.packing import as_json, packed
from groklab.store import Store, to_json

SMALL = ("p=5", "fraction=0.8", "model=mlp", "width=8")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(str(tmp_path_factory.mktemp("page") / "runs"))
    for seed in (0, 1):
        stored(store, *SMALL, f"seed={seed}", embedding=np.eye(7))
    stored(store, *SMALL, "weight_decay=0", train=(0, 0, 0, 0, 0), embedding=np.eye(7))
    return store


@pytest.fixture(scope="module")
def address(store):
    with served(store) as address:
        yield address


@pytest.mark.parametrize("array", [np.arange(5), np.array([70_000, -1]), np.array([2**40]), np.array([True, False]),
                                   np.array([[0.5, np.nan, np.inf]]), np.zeros((0, 2))])  # fmt: skip
def test_arrays_come_back_as_they_were(array):
    found = unpacked(packed(array))
    assert found.shape == array.shape
    np.testing.assert_array_equal(found, array)


def test_numbers_that_are_none_are_null():
    assert json.loads(as_json({"a": [np.float32("nan"), float("inf"), 1.5, np.int64(3)]})) == {
        "a": [None, None, 1.5, 3]
    }


def test_the_list_has_every_run_its_settings_and_what_seeds_share(store, address):
    found = value(address, "runs")
    assert [run["name"] for run in found["runs"]] == [run.name for run in store.runs()]
    decay = found["settings"]["optimizer.weight_decay"]
    by_name = {run["name"]: decay["values"][at] for run, at in zip(found["runs"], decay["at"], strict=True)}
    wanted = {run.name: run.plan()["plan"]["optimizer"]["weight_decay"] for run in store.runs()}
    assert by_name == wanted
    groups = [run["group"] for run in found["runs"]]
    assert sorted(groups.count(group) for group in set(groups)) == [1, 2]
    assert {run["memorized_at"] for run in found["runs"]} == {10, None}


def test_a_run_has_its_numbers_its_family_and_what_opens_it(store, address):
    run = store.runs()[0]
    found = value(address, f"runs/{run.id}")
    for name, values in run.metrics().items():
        if name != "run":
            np.testing.assert_allclose(unpacked(found["columns"][name]), values)
    assert found["milestones"]["memorized_at"] == run.status()["memorized_at"]
    made: dict = {}
    exec(found["python"].rpartition("plan, weights")[0], made)  # these runs have no weights
    assert made["run"].name == run.name


def test_a_table_has_the_answers_at_its_milestones(store, address):
    run = next(run for run in store.runs() if run.status()["memorized_at"] is not None)
    found = value(address, f"runs/{run.id}/table")
    arrays, about = run.table()
    np.testing.assert_array_equal(unpacked(found["truth"]), arrays["truth"])
    assert found["words"] == about["words"]
    assert [each["step"] for each in found["answers"]] == [0, 10, 1000]


def test_the_page_asks_for_all_of_its_scripts_at_once(address):
    index = asked(address, "")[2]
    found = re.findall(r'<link rel="modulepreload" href="static/([\w./-]+)">', index)
    assert {"main.js", "panels/all.js", "views/run.js"} <= set(found)
    for name in found:
        status, headers, _ = asked(address, f"static/{name}")
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/javascript")


@pytest.mark.parametrize(("path", "status", "words"), [
    ("values/runs/000000000000", 404, "No run in this store has the id '000000000000'"),
    ("values/runs/..%2f..%2fetc", 404, "address"),
    ("values/nothing", 404, "No page has the address 'nothing'"),
    ("pictures/..%2fplan.json", 404, "No page has the address '/pictures/../plan.json'"),
    ("nowhere", 404, "No page has the address '/nowhere'"),
    ("pictures/plan.json", 404, "No picture has the name 'plan.json'"),
    ("static/..%2f..%2fpacking.py", 404, "No file of the page has the name"),
    ("static/nothing.js", 404, "No file of the page has the name 'nothing.js'"),
])  # fmt: skip
def test_an_address_that_stands_for_nothing_is_refused_in_a_sentence(address, path, status, words):
    found = asked(address, path)
    assert found[0] == status
    assert words in json.loads(found[2])["trouble"]


@pytest.mark.parametrize("follow", ["%00:x,:1", f"a:{'1' * 5000}", "a:٣", "a:-"])
def test_what_cannot_be_followed_is_passed_over(address, follow):
    assert heard(address, quote(follow, safe="%:,"), until=lambda *_: True)


def test_weights_that_are_not_those_of_the_plan_are_refused_before_a_network_is_built(store, address):
    run = store.runs()[0]
    status, _, text = asked(address, f"values/runs/{run.id}/moments/7")
    assert status == 500
    assert f"`{run.name}` has a checkpoint that does not fit its plan: `weights.embedding` should have shape" in text


@pytest.mark.parametrize(("headers", "status"), [
    ({"Host": "evil.example"}, 400),
    ({"Host": "127.0.0.1.evil.example"}, 400),
    ({"Host": ""}, 400),
    ({"Host": "[bad"}, 400),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://["}, 403),
    ({"Host": "evil@localhost"}, 400),
    ({"Host": "192.168.0.1"}, 400),  # without a token
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
])  # fmt: skip
def test_names_in_disguise_and_other_pages_are_refused(address, headers, status):
    for path in ("", "values/runs", "events"):
        assert asked(address, path, **headers)[0] == status


@pytest.mark.parametrize("headers", [
    {"Host": "LOCALHOST."}, {"Host": "[::1]:80"}, {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
])  # fmt: skip
def test_names_of_this_machine_and_links_from_elsewhere_are_answered(address, headers):
    assert asked(address, "", **headers)[0] == 200


@pytest.mark.parametrize(("method", "path", "body", "status", "words"), [
    ("PUT", "values/runs", None, 405, "`method` must be GET or HEAD here, got PUT."),
    ("OPTIONS", "play", None, 405, "`method` must be POST here, got OPTIONS."),
    ("POST", "play", "[" * 4000, 400, "`body` must be settings as a JSON object."),
    ("POST", "play", '{"\\ud800": 1}', 400, "is not a setting of the page"),
    ("POST", "play", '{"' + "a" * 5000 + '": 1}', 413, "`body` must have at most 4,096 bytes, got more."),
])  # fmt: skip
def test_what_is_sent_amiss_is_refused_in_a_sentence(address, method, path, body, status, words):
    found = asked(address, path, method=method, body=body, Content_Type="Application/JSON; charset=utf-8")
    assert found[0] == status
    assert words in json.loads(found[2])["trouble"]


def test_what_looks_like_the_right_type_is_not(address):
    kind = "text/plain; a=application/json"
    assert asked(address, "play", method="POST", body="{}", Content_Type=kind)[0] == 415


def test_our_own_errors_are_told_in_a_sentence_and_printed_once(store, monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("a slip")

    monkeypatch.setattr("groklab.page.documents.listing", broken)
    with served(store) as address:
        for _ in range(2):
            status, _, text = asked(address, "values/runs")
            assert status == 500
            assert "RuntimeError: a slip" in json.loads(text)["trouble"]
    assert capsys.readouterr().err.count("Traceback") == 1


def test_every_answer_forbids_what_the_page_does_not_need(address):
    for path in ("", "values/runs", "values/nothing", "static/main.js", "nowhere"):
        headers = asked(address, path)[1]
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_nothing_is_begun_by_a_form_of_another_page(address):
    host = address.removeprefix("http://").rstrip("/")
    plain = asked(address, "play", method="POST", body="{}", Content_Type="text/plain")
    assert plain[0] == 415
    other = asked(
        address, "play", method="POST", body="{}", Content_Type="application/json", Origin="http://evil.example"
    )
    assert other[0] == 403
    own = asked(address, "play", method="POST", body="[]", Content_Type="application/json", Origin=f"http://{host}")
    assert own[0] == 400
    assert "JSON object" in own[2]


def test_elsewhere_a_token_is_needed_once_and_kept_in_a_cookie(store):
    with served(store, hosts=("127.0.0.1", "box"), token="secret") as address:
        assert asked(address, "values/runs")[0] == 403
        assert asked(address, "?token=wrong")[0] == 403
        status, headers, _ = asked(address, "?token=secret")
        assert (status, headers["location"]) == (303, "/")
        assert "HttpOnly" in headers["set-cookie"]
        assert "SameSite=lax" in headers["set-cookie"]  # a link from elsewhere opens it
        cookie = headers["set-cookie"].split(";")[0]
        name = cookie.partition("=")[0]
        assert name == f"groklab_token_{urlsplit(address).port}"  # that of another server stays beside it
        for each in (cookie, f'a=[1,{{"b":2}}]; {name}=other; {cookie};c', f"{name}=;{cookie}"):
            assert asked(address, "values/runs", Cookie=each)[0] == 200
        for each in ("other", "é".encode().decode("latin-1"), ""):
            assert asked(address, "values/runs", Cookie=f"{name}={each}")[0] == 403
        for host in ("BOX", "box.", "10.1.2.3:80", "[fe80::1]"):
            assert asked(address, "values/runs", Cookie=cookie, Host=host)[0] == 200
        assert asked(address, "values/runs", Cookie=cookie, Host="evil.example")[0] == 400


def ids(address, **headers):
    """Return the first events of a new connection, with their ids."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.request("GET", "/events", headers=headers)
    answer, found = connection.getresponse(), []
    while not found or found[-1][0] != "play":
        lines = iter(answer.readline, b"\n")
        parts = dict(line.decode().rstrip("\n").split(": ", 1) for line in lines)
        if "event" in parts:
            found.append((parts["event"], parts.get("id"), json.loads(parts["data"])))
    connection.close()
    return found


def test_a_connection_goes_on_from_the_last_event_and_after_a_new_start_from_all(tmp_path):
    store = Store(str(tmp_path / "runs"))
    with served(store) as address:
        first = stored(store, *SMALL)
        value(address, "runs")
        time.sleep(1.1)  # the library looks once a second
        value(address, "runs")
        (name, known, _), *rest = ids(address)
        assert (name, [each[0] for each in rest]) == ("begin", ["play"])
        second = stored(store, *SMALL, "seed=1")
        time.sleep(1.1)
        value(address, "runs")
        found = ids(address, **{"Last-Event-ID": known})
        told = next(value for name, _, value in found if name == "runs")
        assert ([run["name"] for run in told["runs"]], told["isWhole"]) == ([second.name], False)
        found = ids(address, **{"Last-Event-ID": "0badcafe-1"})
        told = next(value for name, _, value in found if name == "runs")
        assert {run["name"] for run in told["runs"]} == {first.name, second.name}
        assert told["isWhole"]
        assert found[-1][1].split("-")[0] == known.split("-")[0]


def test_rows_are_told_with_the_milestones_and_phases_that_all_rows_have(tmp_path):
    store = Store(str(tmp_path / "runs"))
    run = stored(store, *SMALL)
    with served(store) as address:
        found = heard(address, f"{run.id}:100", until=lambda name, _: name == "rows")[-1][1]
        whole = value(address, f"runs/{run.id}")
    assert unpacked(found["columns"]["step"]).tolist() == [1000]
    assert found["milestones"] == whole["milestones"]
    assert found["milestones"]["memorized_at"] == 10
    assert found["phases"] == whole["phases"]


def test_new_runs_and_new_rows_are_told_as_they_come(tmp_path):
    store = Store(str(tmp_path / "runs"))
    with served(store) as address:
        assert value(address, "runs")["runs"] == []
        run = stored(store, *SMALL)
        names = set()
        found = heard(address, f"{run.id}:10", until=lambda name, _: {"runs", "rows"} <= (names.add(name) or names))
        shutil.rmtree(run.folder.local_path)
        gone = heard(address, "", until=lambda name, value: name == "runs" and value["gone"])
    assert gone[-1][1]["gone"] == [run.id]
    (line,) = next(value for name, value in found if name == "runs")["runs"]
    assert (line["name"], line["settings"]["task.operation.p"]) == (run.name, 5)
    rows = next(value for name, value in found if name == "rows")
    assert unpacked(rows["columns"]["step"]).tolist() == [100, 1000]
    assert rows["last"] == 1000


def test_rows_that_are_not_yet_saved_are_shown(tmp_path):
    """A run that is trained elsewhere: its plan is there, and rows that no checkpoint covers."""
    store = Store(str(tmp_path / "runs"))
    with served(store) as address:
        done = stored(Store(str(tmp_path / "other")), *SMALL)
        run = store.run("addition", done.id)
        run.begin(done.plan())
        rows = {name: values[:3] for name, values in done.metrics().items()}
        run.show(rows)
        found = heard(address, f"{run.id}:-1", until=lambda name, value: name == "rows")
        assert unpacked(found[-1][1]["columns"]["step"]).tolist() == [0, 1, 10]
        (line,) = value(address, "runs")["runs"]
        assert line["state"] == "running"
        began = time.monotonic()
        run.show({name: values[:4] for name, values in done.metrics().items()})
        found = heard(address, f"{run.id}:10", until=lambda name, value: name == "rows")
        assert unpacked(found[-1][1]["columns"]["step"]).tolist() == [100]
        assert time.monotonic() - began < 5
        run.release()


def test_hostile_names_and_damaged_runs_are_told_as_text(tmp_path):
    store = Store(str(tmp_path / "runs"))
    run = stored(store, *SMALL)
    hostile = tmp_path / "runs" / "<img src=x onerror=alert(1)>-&"
    hostile.mkdir()
    (hostile / "plan.json").write_text("{}")
    with served(store) as address:
        found = {line["name"]: line for line in value(address, "runs")["runs"]}
        assert found[hostile.name]["state"] == "damaged"
        assert "is damaged" in found[hostile.name]["trouble"]
        assert found[run.name]["state"] == "finished"
        key = found[hostile.name]["key"]
        status, headers, text = asked(address, f"values/runs/{key}")
        assert status == 500
        assert "is damaged" in text
        assert headers["content-type"] == "application/json"


def test_a_copied_folder_and_a_plan_of_another_program_hide_no_run(tmp_path):
    store = Store(str(tmp_path / "runs"))
    run = stored(store, *SMALL)
    shutil.copytree(run.folder.local_path, tmp_path / "runs" / f"copy-{run.id}")
    odd = tmp_path / "runs" / "odd-0123456789ab"
    odd.mkdir()
    (odd / "plan.json").write_bytes(to_json({"id": "0123456789ab", "task": 3, "plan": [1]}))
    with served(store) as address:
        found = {line["name"]: line for line in value(address, "runs")["runs"]}
        assert {name: line["state"] for name, line in found.items()} == {
            run.name: "finished", f"copy-{run.id}": "finished", odd.name: "damaged",
        }  # fmt: skip
        assert len({line["key"] for line in found.values()}) == 3
        for name, line in found.items():
            status, _, text = asked(address, f"values/runs/{line['key']}")
            assert (status == 200) == (name != odd.name)
            assert "Traceback" not in text
            assert json.loads(text).get("name", name) == name
        assert "Was it made by another program?" in found[odd.name]["trouble"]
