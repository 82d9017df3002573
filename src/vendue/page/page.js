// The list of lots, the clock that moves them, the connection's state.

import { showUser } from "./account.js";
import { lots, start } from "./feed.js";
import { openLot, shownLot, showLot, tickLot } from "./lot.js";
import { fill, isOver, put, tick } from "./show.js";

const $ = (selector, root = document) => root.querySelector(selector);
const LINKS = {
  connecting: "Connecting…",
  live: "Live",
  down: "Connection lost: trying again. Prices may be old.",
};
const cards = new Map();

function newCard(lot) {
  const card = $("#card").content.firstElementChild.cloneNode(true);
  $(".title", card).href = `#${lot.id}`;
  cards.set(lot.id, card);
  return card;
}

function showCard(lot) {
  fill(cards.get(lot.id) ?? newCard(lot), lot);
  arrangeSoon();
}

const SECTIONS = [
  ["live", (lot) => lot.standing.status === "live", (lot) => lot.standing.ends_at],
  ["scheduled", (lot) => lot.standing.status === "scheduled", (lot) => lot.standing.starts_at],
  ["over", (lot) => isOver(lot.standing), (lot) => -(lot.standing.closed_at ?? 0)],
];
let arranging = false;

function arrangeSoon() {
  if (arranging) return;
  arranging = true;
  setTimeout(arrange, 60);
}

// The lots ending soonest first. The card with the focus is never moved, the others go around it.
function arrange() {
  arranging = false;
  const all = [...lots.values()];
  for (const [name, belongs, by] of SECTIONS) {
    const wanted = all.filter(belongs).sort((a, b) => by(a) - by(b)).map((lot) => cards.get(lot.id)).filter(Boolean);
    const list = $(`#${name}`), focused = wanted.find((card) => card.contains(document.activeElement));
    const pivot = focused?.parentElement === list ? wanted.indexOf(focused) : -1;
    wanted.forEach((card, at) => {
      if (at < pivot && list.children[at] !== card) list.insertBefore(card, at ? wanted[at - 1].nextSibling : list.firstChild);
      if (at > pivot && wanted[at - 1]?.nextSibling !== card) list.insertBefore(card, at ? wanted[at - 1].nextSibling : list.firstChild);
    });
    const count = $(`#${name}-count`);
    if (count) put(count, String(wanted.length));
    list.closest("section").hidden = !wanted.length && name !== "live";
  }
  $("#live-none").hidden = !all.length || all.some((lot) => lot.standing.status === "live");
}

function tickAll() {
  if (document.hidden) return;
  for (const [id, card] of cards) if (lots.has(id)) tick(card, lots.get(id));
  tickLot();
}

function showLink(state) {
  document.body.dataset.link = state;
  put($("#link"), LINKS[state]);
}

function showAll() {
  showUser();
  for (const lot of lots.values()) if (cards.has(lot.id)) fill(cards.get(lot.id), lot);
  showLot();
}

for (const each of document.querySelectorAll("dialog")) {
  $(".close", each).addEventListener("click", () => each.close());
  each.addEventListener("click", (event) => event.target === each && each.close()); // outside the sheet
}
addEventListener("hashchange", () => openLot(location.hash.slice(1)));

start((what, id) => {
  if (what === "link") showLink(id);
  else if (what === "user") showAll();
  else if (what === "gone") {
    cards.get(id)?.remove();
    cards.delete(id);
  } else {
    showCard(lots.get(id));
    if (id === shownLot()) showLot();
    else if (id === location.hash.slice(1) && !shownLot()) openLot(id);
  }
});
setInterval(tickAll, 100);
