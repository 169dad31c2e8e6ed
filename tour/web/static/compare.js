// Python and Go side by side: the lines that take the same steps light up
// together.

import "./tour.js";

const steps = document.querySelectorAll("#steps [data-step]");
const hint = document.querySelector("#steps .hint");
const linked = document.querySelectorAll(".linked");

function numbers(line) {
	return line.dataset.steps.trim().split(" ");
}

function light(line) {
	const chosen = numbers(line);
	for (const other of linked) {
		other.classList.toggle("lit", numbers(other).some(n => chosen.includes(n)));
	}
	for (const step of steps) {
		step.hidden = !chosen.includes(step.dataset.step);
	}
	hint.hidden = true;
	// On the other side, the first of them comes into view.
	for (const column of document.querySelectorAll(".columns > section")) {
		if (!column.contains(line)) {
			column.querySelector(".lit")?.scrollIntoView({block: "nearest"});
		}
	}
}

for (const line of linked) {
	line.addEventListener("pointerenter", () => light(line));
	line.addEventListener("focus", () => light(line));
	line.addEventListener("click", () => light(line));
}
