// What every page does: the theme, and what the learner has done. Both are kept
// in this browser.

const done = "tour.done", theme = "tour.theme";

function load(key, otherwise) {
	try {
		return JSON.parse(localStorage.getItem(key)) ?? otherwise;
	} catch {
		return otherwise; // it is full, forbidden, or not ours
	}
}

function save(key, value) {
	try {
		localStorage.setItem(key, JSON.stringify(value));
	} catch {
		// the page works without
	}
}

// The name of the page's lesson, or undefined.
export const lesson = document.body.dataset.lesson;

// mark notes that the learner has read, run or proven the page's lesson.
export function mark(what) {
	const all = load(done, {});
	all[lesson] = {...all[lesson], [what]: true};
	save(done, all);
	showProgress();
}

function showProgress() {
	const all = load(done, {});
	for (const place of document.querySelectorAll(".done, .progress")) {
		const things = ["read", "run", "proven"].filter(what => all[place.dataset.lesson]?.[what]);
		if (place.className === "done") {
			place.textContent = things.length === 3 ? "✓" : "•".repeat(things.length);
			place.title = things.join(", ");
		} else if (things.length) {
			place.textContent = things.join(", ");
		}
	}
}

function showTheme(name) {
	if (name) {
		document.documentElement.dataset.theme = name;
	}
}

showTheme(load(theme));
showProgress();

document.getElementById("theme").addEventListener("click", () => {
	const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
	const next = now === "dark" ? "light" : "dark";
	save(theme, next);
	showTheme(next);
});

// A lesson is read when its end has been on the screen.
const end = document.getElementById("end");
if (end) {
	new IntersectionObserver(entries => entries.some(e => e.isIntersecting) && mark("read")).observe(end);
}

// connect opens the page's socket, and hands each piece of news to take. It
// returns a function that sends an order, and returns false when it cannot; lost is
// called when the socket has closed.
export function connect(take, lost) {
	const address = new URL("socket", location.href);
	address.protocol = "ws:";
	address.search = address.hash = "";
	const socket = new WebSocket(address);
	const waiting = [];
	socket.addEventListener("open", () => waiting.splice(0).forEach(order => socket.send(order)));
	socket.addEventListener("message", event => JSON.parse(event.data).forEach(take));
	socket.addEventListener("close", event => lost(event.reason ||
		"The tour is not there any more, or eight other pages run programs. Load this page again, or start the tour again and open the address that it shows."));
	return order => {
		const text = JSON.stringify(order);
		if (socket.readyState === WebSocket.CONNECTING) {
			waiting.push(text);
		} else if (socket.readyState === WebSocket.OPEN) {
			socket.send(text);
		} else {
			return false;
		}
		return true;
	};
}
