// The wire as a sequence diagram that grows. The style sheet of the pages draws
// it as it draws the diagrams of the lessons.

// Lane 2 is the server's. Connections have the others, in their order; those
// that are too many share the last.
const server = 2, lastLane = 5;

function laneOf(conn) {
	return conn === 1 ? 1 : Math.min(conn + 1, lastLane);
}

export class Wire {
	static most = 500; // rows; older ones go

	constructor(figure) {
		this.figure = figure;
		this.rows = figure.querySelector("ol");
		this.heads = figure.querySelector(".lanes");
		document.getElementById("hex").addEventListener("change", event => {
			figure.classList.toggle("in-hex", event.target.checked);
		});
		this.clear();
	}

	clear() {
		this.rows.replaceChildren();
		this.heads.replaceChildren(head("client"), " ", head("server"));
		this.lanes(2);
	}

	lanes(count) {
		this.count = count;
		this.figure.className = this.figure.className.replace(/lanes-\d/, `lanes-${count}`);
	}

	// show adds what has crossed.
	show(crossing) {
		const lane = laneOf(crossing.conn);
		while (lane > this.count) {
			this.lanes(this.count + 1);
			this.heads.append(" ", head(""));
		}
		const label = this.heads.children[lane - 1];
		const name = lane === lastLane && crossing.conn > lastLane - 1 ? `clients ${lastLane - 1} and up` : `client ${crossing.conn}`;
		if (["connect", "first"].includes(crossing.kind) || !label.textContent) {
			label.textContent = name;
		}
		const fromServer = crossing.from === "server";
		const from = fromServer ? server : lane, to = fromServer ? lane : server;
		const row = document.createElement("li");
		row.className = `message from-${from} to-${to} ${from < to ? "right" : "left"} ${crossing.kind}`;
		if (["connect", "first", "fin", "rst", "refused"].includes(crossing.kind)) {
			row.classList.add("dashed");
		}
		const text = document.createElement("span");
		text.className = "text";
		text.append(
			small("unseen", fromServer ? `server to ${name}: ` : `${name} to server: `),
			small("at", `+${crossing.at < 10_000 ? crossing.at.toFixed(1) + " ms" : (crossing.at / 1000).toFixed(1) + " s"} `),
			...words(crossing, lane === lastLane),
		);
		row.append(text);
		this.append(row);
	}

	// note adds a line about what the relay has been told to do.
	note(fault) {
		this.say(inWords(fault));
	}

	say(text) {
		const row = document.createElement("li");
		row.className = `note from-1 to-${this.count}`;
		row.append(small("text", text));
		this.append(row);
	}

	append(row) {
		const box = this.figure;
		const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
		this.rows.append(row);
		while (this.rows.children.length > Wire.most) {
			this.rows.firstElementChild.remove();
		}
		if (atEnd) {
			box.scrollTop = box.scrollHeight;
		}
	}
}

function inWords(fault) {
	const [verb, side, n] = fault.split(" ");
	switch (verb) {
	case "lose":
		return `The relay will lose the next ${n === "1" ? "datagram" : `${n} datagrams`} of the ${side}.`;
	case "cut":
		return `The relay will break a connection off after ${n} more bytes of the ${side}.`;
	case "finish":
		return n ? `The relay will end what the ${side} sends after ${n} more bytes.` : `The relay ends what the ${side} sends.`;
	default:
		return "The relay breaks all connections off.";
	}
}

function head(name) {
	const span = document.createElement("span");
	span.textContent = name;
	return span;
}

function small(kind, text) {
	const span = document.createElement("span");
	span.className = kind;
	span.textContent = text;
	return span;
}

// words says what crossed, as text and in hex.
function words(crossing, shared) {
	const who = shared ? `[${crossing.conn}] ` : "";
	const by = crossing.byRelay ? " (by the relay)" : "";
	switch (crossing.kind) {
	case "connect":
		return [small("event", `${who}connect`), small("detail", ` from ${crossing.local}; the server sees ${crossing.remote}`)];
	case "first":
		return [small("event", `${who}first datagram`), small("detail", ` from ${crossing.local}; the server sees ${crossing.remote}`)];
	case "refused":
		return [small("event", `${who}refused`)];
	case "fin":
		return [small("event", `${who}FIN${by}`)];
	case "rst":
		return [small("event", `${who}RST${by}`)];
	}
	const bytes = Uint8Array.from(atob(crossing.data ?? ""), c => c.charCodeAt(0));
	const more = crossing.size > bytes.length ? "…" : "";
	const lost = crossing.kind === "lost" ? ", lost" : "";
	const dump = document.createElement("code");
	dump.className = "hexdump";
	dump.textContent = Array.from(bytes, b => b.toString(16).padStart(2, "0")).join(" ") + more;
	return [
		small("event", `${who}${crossing.size} ${crossing.size === 1 ? "byte" : "bytes"}${lost} `),
		small("quoted", quoted(bytes, more)),
		dump,
	];
}

function escape(code) {
	return code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

const escapes = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\"": "\\\"", "\\": "\\\\"};

// quoted is the bytes as text, with what cannot be seen in the way of Go.
function quoted(bytes, more) {
	const text = new TextDecoder().decode(bytes);
	return `"${text.replace(/["\\\p{C}\p{Zl}\p{Zp}\uFFFD]/gu, c => escapes[c] ?? (c === "\uFFFD" ? c : escape(c.codePointAt(0))))}"${more}`;
}
