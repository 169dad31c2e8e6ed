// The page on which programs run: a terminal for each, and the wire between them.

import {connect, mark} from "./tour.js";
import {Wire} from "./wire.js";

const status = document.getElementById("status");
const terminals = document.querySelector(".terminals");
const stop = document.getElementById("stop");
const wire = new Wire(document.getElementById("wire"));
const panes = new Map(); // from a terminal's name to its pane
const own = "Your run", prompt = ">>> ";
let title = "";
let mine = false; // it is the learner's turn

const order = connect(take, reason => {
	status.textContent = reason;
	stop.disabled = true;
	panes.forEach(pane => pane.close());
});

// A pane shows one terminal. Everything that comes from outside is put into it
// as text.
class Pane {
	static longest = 200_000; // characters; a page that holds more becomes slow
	static beginning = 2000;  // of them, when some are left out

	constructor(name) {
		this.root = document.getElementById("terminal").content.firstElementChild.cloneNode(true);
		this.title = this.root.querySelector("h3");
		this.screen = this.root.querySelector("pre");
		this.title.textContent = name;
		this.root.setAttribute("aria-label", name);
		this.screen.setAttribute("aria-label", `what ${name} shows`);
		const line = this.root.querySelector("input");
		this.root.querySelector("form").addEventListener("submit", event => {
			event.preventDefault();
			order({do: "type", terminal: name, text: line.value});
			line.value = "";
		});
		for (const button of this.root.querySelectorAll("[data-do]")) {
			button.addEventListener("click", () => order({do: button.dataset.do, terminal: name}));
		}
		terminals.append(this.root);
	}

	// print shows what the program prints. A prompt may come after what is typed,
	// and then it stands there already.
	print(text) {
		if (this.early && text.startsWith(prompt)) {
			text = text.slice(prompt.length);
		}
		this.early = false;
		this.add(text, "printed");
	}

	type(line) {
		this.early = !this.prompted();
		this.act(this.early ? prompt + line : line, "typed");
	}

	// add puts text at the end of the screen, of a kind that the style sheet knows.
	add(text, kind) {
		if (!text) {
			return;
		}
		const atEnd = this.screen.scrollHeight - this.screen.scrollTop - this.screen.clientHeight < 40;
		const last = this.screen.lastChild;
		if (last && last.className === kind) {
			last.firstChild.appendData(text);
		} else {
			const span = document.createElement("span");
			span.className = kind;
			span.append(document.createTextNode(text));
			this.screen.append(span);
		}
		this.shorten();
		if (atEnd) {
			this.screen.scrollTop = this.screen.scrollHeight;
		}
	}

	// shorten takes away from the middle. What was started stands at the beginning.
	shorten() {
		let surplus = this.screen.textContent.length - Pane.longest;
		if (surplus > 0 && !this.gap) {
			let before = 0, span = this.screen.firstChild;
			for (; before + span.firstChild.length < Pane.beginning; span = span.nextSibling) {
				before += span.firstChild.length;
			}
			const rest = span.cloneNode();
			rest.append(span.firstChild.splitText(Pane.beginning - before));
			this.gap = document.createElement("span");
			this.gap.className = "gap";
			this.gap.append(document.createTextNode("\n[what stood here is left out]\n"));
			span.after(this.gap, rest);
		}
		while (surplus > 0) {
			const text = this.gap.nextSibling.firstChild;
			surplus -= text.length;
			if (surplus >= 0) {
				this.gap.nextSibling.remove();
			} else {
				text.deleteData(0, text.length + surplus);
			}
		}
	}

	prompted() {
		return this.screen.textContent.endsWith(prompt);
	}

	// act puts what somebody does on a line of its own, unless a prompt stands there.
	act(text, kind) {
		const shown = this.screen.textContent;
		this.add((shown === "" || shown.endsWith("\n") || this.prompted() ? "" : "\n") + text + "\n", kind);
	}

	start(command) {
		this.root.classList.add("runs");
		this.root.classList.remove("failed");
		this.able(true);
		this.act("$ " + command, "start");
	}

	end(code) {
		if (this.root.classList.contains("runs") && code !== undefined) {
			this.act(`[exit ${code}]`, "exit");
			this.root.classList.toggle("failed", code !== 0);
		}
		this.root.classList.remove("runs");
		this.able(false);
	}

	// close is for a stage that is no more.
	close() {
		this.end();
		for (const control of this.root.querySelectorAll("input, button")) {
			control.disabled = true;
		}
	}

	able(yes) {
		for (const control of this.root.querySelectorAll("input, button")) {
			control.disabled = yes === (control.dataset.do === "again");
		}
	}
}

function pane(name) {
	if (!panes.has(name)) {
		panes.set(name, new Pane(name));
	}
	return panes.get(name);
}

const acts = {
	start: (to, text) => to.start(text),
	type: (to, text) => to.type(text),
	eof: to => to.act("^D", "typed"),
	interrupt: to => to.act("^C", "typed"),
	kill: to => to.act("[killed]", "typed"),
};

// take shows one piece of news.
function take(news) {
	switch (news.is) {
	case "stage":
		panes.clear();
		terminals.replaceChildren();
		wire.clear();
		stop.disabled = false;
		mine = false;
		break;
	case "step":
		if (news.terminal === "wire") {
			wire.note(news.text);
		} else {
			acts[news.action](pane(news.terminal), news.text);
		}
		if (mine) {
			turn();
		} else {
			status.textContent = `${title}: running.`;
		}
		break;
	case "print":
		pane(news.terminal).print(news.text);
		break;
	case "ended":
		pane(news.terminal).end(news.status ?? 0);
		if (news.terminal.startsWith("server")) {
			wire.say("The server has ended. From now on its port is the kernel's to refuse, and nothing of that is shown here.");
		}
		if (mine && !runs()) {
			turn();
		}
		break;
	case "stopped":
		mine = false;
		stop.disabled = true;
		panes.forEach(pane => pane.close());
		status.textContent = "Stopped.";
		break;
	case "wire":
		wire.show(news.wire);
		break;
	case "yours":
		mine = true;
		turn();
		mark("run");
		if (title === own) { // who has chosen a client will want to type into it
			terminals.querySelector('[aria-label^="client"] input:enabled')?.focus({preventScroll: true});
		}
		break;
	case "note":
		status.textContent = news.text;
		break;
	case "error":
		status.textContent = news.text;
		break;
	}
}

function runs() {
	return terminals.querySelector(".runs") !== null;
}

function turn() {
	status.textContent = title + (runs() ? ": it is your turn. Type into a terminal, end it, or disturb the wire."
		: ": that was all. Every program has ended; each can be started again.");
}

function begin(what, name) {
	if (!order(what)) {
		return; // the status says why
	}
	title = name;
	mine = false; // what ends now is of the run before
	status.textContent = `${name}: running.`;
	document.getElementById("stage").scrollIntoView({block: "nearest"});
}

for (const button of document.querySelectorAll(".play")) {
	button.addEventListener("click", () => begin({
		do: "play",
		run: Number(button.dataset.run),
		way: Number(button.dataset.way),
		paced: document.getElementById("paced").checked,
	}, button.dataset.title));
}

const choose = document.getElementById("choose");
choose.addEventListener("change", () => {
	for (const set of choose.querySelectorAll("fieldset")) {
		set.hidden = set.disabled = set.dataset.exchange !== choose.elements.exchange.value;
	}
});
choose.addEventListener("submit", event => {
	event.preventDefault();
	const chosen = new FormData(choose);
	begin({
		do: "start",
		exchange: Number(chosen.get("exchange")),
		server: Number(chosen.get("server")),
		clients: chosen.getAll("client").filter(Boolean).map(Number),
	}, own);
});
stop.addEventListener("click", () => order({do: "stop"}));
for (const button of document.querySelectorAll("[data-fault]")) {
	button.addEventListener("click", () => order({do: "fault", text: button.dataset.fault}));
}
