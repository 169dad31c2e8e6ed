// The page on which the lesson's tests run: each claim turns green or red.

import {connect, mark} from "./tour.js";

const status = document.getElementById("status");
const stop = document.getElementById("stop");
const progress = document.getElementById("proving");
const output = document.getElementById("output");
const claims = new Map(); // from a test's name to the places that name it
let asked = [], ended = new Map();

for (const code of document.querySelectorAll("#proof [data-test]")) {
	const name = code.dataset.test;
	const button = document.createElement("button");
	button.type = "button";
	button.className = "test";
	button.title = `Run ${name}`;
	if (code.nextSibling?.data?.startsWith(",")) {
		code.nextSibling.remove(); // each button has a line of its own
	}
	code.replaceWith(button);
	button.append(code);
	button.addEventListener("click", () => prove([name]));
	claims.set(name, [...(claims.get(name) ?? []), button]);
}

const order = connect(take, reason => {
	halt();
	status.textContent = reason;
});

function prove(names) {
	if (!order({do: "prove", tests: names})) {
		return; // the status says why
	}
	asked = names.length ? names : [...claims.keys()].filter(name => !name.startsWith("Benchmark"));
	ended = new Map();
	output.hidden = true;
	output.querySelectorAll("details").forEach(old => old.remove());
	for (const place of asked.flatMap(name => claims.get(name) ?? [])) {
		place.dataset.ended = "running";
		delete place.closest("tr")?.dataset.claim;
	}
	progress.hidden = false;
	progress.max = asked.length;
	progress.value = 0;
	stop.disabled = false;
	status.textContent = "Compiling the tests.";
}

const marks = {pass: "passed", fail: "failed", skip: "skipped here"};

function take(news) {
	switch (news.is) {
	case "test":
		ended.set(news.text, news.action);
		for (const place of claims.get(news.text) ?? []) {
			place.dataset.ended = news.action;
			place.setAttribute("aria-label", `${news.text}: ${marks[news.action]}`);
		}
		judge(news.text);
		progress.value = ended.size;
		status.textContent = `${ended.size} of ${Math.max(ended.size, asked.length)}`;
		if (news.action === "fail") {
			say(news.text, news.output);
		}
		break;
	case "proven":
		finish(news.output);
		break;
	case "error":
		status.textContent = news.text;
		halt();
		break;
	}
}

// judge colours the claims that a test stands for: red when one of their tests has
// failed, green when all have passed.
function judge(name) {
	for (const place of claims.get(name) ?? []) {
		const row = place.closest("tr");
		const tests = [...row?.querySelectorAll(".test") ?? []].map(test => test.dataset.ended);
		if (tests.includes("fail")) {
			row.dataset.claim = "fail";
		} else if (tests.length && tests.every(how => how === "pass")) {
			row.dataset.claim = "pass";
		}
	}
}

function finish(text) {
	const failed = [...ended.values()].filter(how => how === "fail").length;
	const skipped = [...ended.values()].filter(how => how === "skip").length;
	const missing = asked.filter(name => !ended.has(name));
	if (missing.length) {
		say("The tests did not all run", text ?? "");
	}
	status.textContent = `${ended.size} ${ended.size === 1 ? "test" : "tests"}: ${ended.size - failed - skipped} passed, ${failed} failed, ${skipped} skipped` +
		(missing.length ? `; ${missing.length} did not run` : "") + (failed || missing.length ? ". Why is said below the table." : "");
	if (!failed && !missing.length && asked.length > 1) {
		mark("proven");
	}
	halt();
}

// say shows why a test has failed, as text.
function say(name, text) {
	const details = document.createElement("details");
	const summary = document.createElement("summary");
	const pre = document.createElement("pre");
	summary.textContent = name;
	pre.textContent = text ?? "";
	details.append(summary, pre);
	details.open = true;
	output.append(details);
	output.hidden = false;
}

function halt() {
	stop.disabled = true;
	progress.hidden = true;
	for (const place of document.querySelectorAll('[data-ended="running"]')) {
		delete place.dataset.ended;
	}
}

document.getElementById("prove-all").addEventListener("click", () => prove([]));
stop.addEventListener("click", () => {
	order({do: "stop"});
	status.textContent = "Stopped.";
	halt();
});
